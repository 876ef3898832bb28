"""Place new practices: check, search, prove, and say how good the answer is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.placement.candidates import Candidates
from coverage.placement.conditions import Conditions, build_conditions
from coverage.placement.exact import Proof
from coverage.placement.feasibility import check_feasible
from coverage.placement.objective import build_choice, build_second_distance
from coverage.placement.request import HALF, PlacementRequest, Watch, check_request
from coverage.placement.sharing import share_capacities, shared_claims
from coverage.placement.shortage_room import build_shortage
from coverage.placement.shortage_search import ShortageProblem, Staffing
from coverage.placement.tasks import Found, ShortageTask, Task, UnitTask
from coverage.placement.units import Floats, Ints

STOPPED_BY = ("optimal", "gap", "time", "interrupted", "heuristic")
_PERCENT = 100.0
_TIES_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where to open, what it does, and how far from the best possible it can be.

    Attributes
    ----------
    request
        What was asked.
    unit, lower_is_better
        Of the objective: persons, or m of the mean distance.
    sites
        One row a new practice, in the order of what each adds: ``step, site_id, name,
        x_m, y_m, kommune_code, area_id`` (of the request's level), ``capacities, gain``
        (after the steps before it) and ``value`` (then).
    moves
        ``step, ydernummer, site_id, name, x_m, y_m, kommune_code, gain, value``: the steps
        count through both tables.
    value_before, value_after
        Of the objective. The gains sum to their difference.
    moves_worth
        What the moves must be worth, in the objective's unit.
    bound
        No placement that meets the conditions has a better value, its moves' worth taken
        off. Missing without a proof.
    gap_of_value, gap_of_gain
        From the value, the moves' worth taken off, to the bound, as a share of the value
        and of the gain. Missing without a bound or where there is nothing to divide by.
    heuristic_value
        What greedy and annealing alone had found.
    ties
        Swaps of one site that are as good within the rule ``placement.tie_pct``:
        ``site_id, other_site_id, other_name, value``; the best first, at most 100.
    tie_count, swaps_tried
        How many such swaps were found among how many.
    seconds
        Stage -> seconds; of the solver only if the watch has no stopwatch.
    stopped_by
        ``optimal`` (proved), ``gap`` (near enough, proved), ``time``, ``interrupted``, or
        ``heuristic`` (no proof asked for).
    cutoff_m
        Farther away counts as this far; missing where distances are not measured.
    """

    request: PlacementRequest
    unit: str
    lower_is_better: bool
    sites: pd.DataFrame
    moves: pd.DataFrame
    value_before: float
    value_after: float
    moves_worth: float
    bound: float
    gap_of_value: float
    gap_of_gain: float
    heuristic_value: float
    ties: pd.DataFrame
    tie_count: int
    swaps_tried: int
    seconds: Mapping[str, float]
    stopped_by: str
    cutoff_m: float

    @property
    def gain(self) -> float:
        """What is gained, in the objective's unit: above 0 where it helps."""
        change = self.value_after - self.value_before
        return -change if self.lower_is_better else change


@dataclass
class Stages:
    """Seconds by stage, by the watch's clock."""

    watch: Watch
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and tell who listens that it has begun."""
        self.watch.progress(name, 0.0)
        started = self._now()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + self._now() - started

    def _now(self) -> float:
        return self.watch.stopwatch() if self.watch.stopwatch else 0.0


def place(
    assessment: Assessment,
    candidates: Candidates,
    request: PlacementRequest,
    watch: Watch | None = None,
    listen: Callable[[Placement], None] | None = None,
) -> Placement:
    """Return where the request's capacities do most good.

    A search that is stopped returns the best found so far, marked in ``stopped_by``.

    Parameters
    ----------
    listen
        Told the answer that greedy and annealing have found, before a proof begins; swaps
        as good are not looked for in it.

    Raises
    ------
    PlacementError
        For a request that cannot be meant, that lacks data, or that no sites can meet.
    """
    watch = watch or Watch()
    stages = Stages(watch)
    with stages.stage("prepare"):
        task = build_task(assessment, candidates, request, watch)
    with stages.stage("heuristic"):
        found = task.search(request.effort, request.seed, watch)
    heuristic = found
    proof: Proof | None = None
    stopped_by = "heuristic" if watch.keep_going() else "interrupted"
    if request.effort.exact and stopped_by == "heuristic":
        if listen is not None:
            halves = share_out(task.conditions, found, assessment, candidates)
            first = _Answer(task, found, found, halves, None, stopped_by, has_swaps=False)
            told = _report(first, request, assessment, candidates, stages)
            listen(replace(told, seconds=dict(stages.seconds)))
        with stages.stage("exact"):
            found, proof = task.prove(found, request.effort, watch)
        stopped_by = proof.stopped_by
        if watch.stopwatch is None:
            stages.seconds["exact"] = proof.seconds
    with stages.stage("report"):
        halves = share_out(task.conditions, found, assessment, candidates)
        return _report(
            _Answer(task, found, heuristic, halves, proof, stopped_by),
            request,
            assessment,
            candidates,
            stages,
        )


def build_task(
    assessment: Assessment, candidates: Candidates, request: PlacementRequest, watch: Watch
) -> Task:
    """Return the request's objective under its conditions, all of it checked.

    Raises
    ------
    PlacementError
    """
    check_request(request, assessment, candidates)
    conditions = build_conditions(request, assessment, candidates)
    check_feasible(request, conditions, candidates, watch)
    return task_of(request.objective, assessment, candidates, conditions)


def task_of(
    objective: str,
    assessment: Assessment,
    candidates: Candidates,
    conditions: Conditions,
) -> Task:
    """Return an objective under conditions that are built already.

    Raises
    ------
    PlacementError
        For an objective without the data that it needs.
    """
    movable = conditions.mover_ids
    if objective != "shortage":
        build = build_choice if objective == "choice" else build_second_distance
        return UnitTask(build(assessment, candidates, movable), conditions)
    shortage = build_shortage(assessment, candidates, movable)
    nothing = Staffing(conditions.start, np.zeros(conditions.candidates, dtype=np.int64))
    room = ShortageProblem(shortage, conditions, 0.0).room(nothing)
    return ShortageTask(shortage, conditions, shortage.value(room))


def share_out(
    conditions: Conditions, found: Found, assessment: Assessment, candidates: Candidates
) -> Ints:
    """Return the halves of every candidate: the objective's own, or by claims."""
    if found.halves is not None:
        return found.halves
    limit_m = assessment.choice.by_origin["limit_m"].to_numpy(np.float64)
    near = candidates.distance_m <= limit_m[candidates.origin]
    pairs = (candidates.origin[near], candidates.site[near])
    persons = assessment.origins.table["persons"].to_numpy(np.float64)
    for amount in (_lacking(assessment), persons):
        claims = shared_claims(pairs, amount, found.draft, conditions.candidates)
        if claims.any():
            break
    return share_capacities(conditions, found.draft, claims)


def _lacking(assessment: Assessment) -> Floats:
    """Return need-weighted persons without a place by home; 0 where no room is known at all."""
    table = assessment.capacity.by_origin
    without = table["persons_without_practice"] + table["persons_without_place"]
    if assessment.capacity.by_practice["room_persons"].isna().all():
        without *= 0.0
    return (without * table["need_weight"]).to_numpy(np.float64)


@dataclass(frozen=True)
class _Answer:
    """All that is known when the search has ended."""

    task: Task
    found: Found
    heuristic: Found
    halves: Ints
    proof: Proof | None
    stopped_by: str
    has_swaps: bool = True

    @property
    def nothing(self) -> Found:
        """Nothing opened, nobody moved."""
        halves = None if self.found.halves is None else np.zeros_like(self.halves)
        return Found(self.task.conditions.start, halves)


def _report(
    answer: _Answer,
    request: PlacementRequest,
    assessment: Assessment,
    candidates: Candidates,
    stages: Stages,
) -> Placement:
    task = answer.task
    before, after = task.value(answer.nothing), task.value(answer.found)
    sites, moves = _step_tables(answer, request, candidates, before)
    cost = task.conditions.move_cost * task.conditions.moves(answer.found.draft)
    sign = -1.0 if task.lower_is_better else 1.0
    net = after - sign * cost
    bound = np.nan if answer.proof is None else task.value_of_worth(answer.proof.bound)
    away = abs(bound - net)
    tolerance = assessment.rules.placement.tie_pct / _PERCENT * abs(after - before)
    ties, tie_count, swaps_tried = _ties(answer, candidates, tolerance, stages.watch)
    return Placement(
        request=request,
        unit=task.unit,
        lower_is_better=task.lower_is_better,
        sites=sites,
        moves=moves,
        value_before=before,
        value_after=after,
        moves_worth=cost,
        bound=bound,
        gap_of_value=_share(away, net),
        gap_of_gain=_share(away, net - before),
        heuristic_value=task.value(answer.heuristic),
        ties=ties,
        tie_count=tie_count,
        swaps_tried=swaps_tried,
        seconds=stages.seconds,
        stopped_by=answer.stopped_by,
        cutoff_m=task.objective.cutoff_m if isinstance(task, UnitTask) else np.nan,
    )


def _share(part: float, whole: float) -> float:
    if part <= 1e-9 * max(1.0, abs(whole)):
        return 0.0
    return part / abs(whole) if whole else np.nan


def _step_tables(
    answer: _Answer, request: PlacementRequest, candidates: Candidates, before: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    task, draft = answer.task, answer.found.draft
    steps = list(task.steps(answer.found))
    gain = np.array([step.gain for step in steps], dtype=np.float64)
    running = before + np.cumsum(gain) * (-1.0 if task.lower_is_better else 1.0)
    is_move = np.array([step.is_move for step in steps], dtype=np.bool_)
    number = np.array([step.number for step in steps], dtype=np.int64)
    target = [draft.moved[at] if moved else at for at, moved in zip(number, is_move, strict=True)]
    places = candidates.table.iloc[target].reset_index(drop=True)
    area = candidates.area[request.level].iloc[target].reset_index(drop=True)
    table = places.assign(
        step=np.arange(1, len(steps) + 1),
        area_id=area,
        capacities=answer.halves[target] * HALF,
        gain=gain,
        value=running,
    )
    movable = np.array([*task.conditions.mover_ids, ""], dtype=object)
    table["ydernummer"] = pd.Series(movable[np.where(is_move, number, -1)], dtype="str")
    own = ["step", "site_id", "name", "x_m", "y_m", "kommune_code"]
    sites = table.loc[~is_move, [*own, "area_id", "capacities", "gain", "value"]]
    moves = table.loc[is_move, ["step", "ydernummer", *own[1:], "gain", "value"]]
    return sites.reset_index(drop=True), moves.reset_index(drop=True)


def _ties(
    answer: _Answer, candidates: Candidates, tolerance: float, watch: Watch
) -> tuple[pd.DataFrame, int, int]:
    """Return the swaps as good as the answer, how many they are, and how many were tried."""
    sign = -1.0 if answer.task.lower_is_better else 1.0
    value = answer.task.value(answer.found)
    tried = list(answer.task.swaps(answer.found, watch)) if answer.has_swaps else []
    close = [swap for swap in tried if sign * (swap.value - value) >= -tolerance]
    close.sort(key=lambda swap: (-sign * swap.value, swap.out, swap.into))
    shown = close[:_TIES_SHOWN]
    ids = candidates.table["site_id"].to_numpy(object)
    names = candidates.table["name"].to_numpy(object)
    into = [swap.into for swap in shown]
    table = pd.DataFrame(
        {
            "site_id": pd.Series(ids[[swap.out for swap in shown]], dtype="str"),
            "other_site_id": pd.Series(ids[into], dtype="str"),
            "other_name": pd.Series(names[into], dtype="str"),
            "value": np.array([swap.value for swap in shown], dtype=np.float64),
        }
    )
    return table, len(close), len(tried)
