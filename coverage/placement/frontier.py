"""What one practice more adds, and what one objective costs another."""

from dataclasses import replace

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.errors import PlacementError
from coverage.placement.candidates import Candidates
from coverage.placement.conditions import Conditions, Draft, build_conditions
from coverage.placement.feasibility import check_feasible
from coverage.placement.objective import UnitObjective
from coverage.placement.place import task_of
from coverage.placement.request import Effort, PlacementRequest, Watch, check_request
from coverage.placement.search_state import SearchState
from coverage.placement.shortage_search import ShortageProblem, no_units, staff
from coverage.placement.tasks import Found, ShortageTask, Task, UnitTask
from coverage.placement.units import join_units
from coverage.sentences import sentence


def frontier(
    assessment: Assessment,
    candidates: Candidates,
    request: PlacementRequest,
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Return the best value found for at most 1, 2, ... new practices, one row each.

    Each row has as many times the least capacities as it has practices.

    What only many practices can meet (the areas' least quotas, skal-areas) is left out, and
    so are moves; the other conditions hold. Every row is searched anew and from the row
    before with the best site added, so more practices never have a worse value.

    Parameters
    ----------
    request
        ``most_sites`` is the last row. With ``effort.exact`` each row has a bound, its part of
        the seconds spent on it.

    Returns
    -------
    DataFrame
        ``practices, capacities, value, gain, marginal_gain, bound, gap_of_gain, site_ids``
        (", " between them). Missing where so few practices meet no conditions, or without a
        proof. A search that is stopped has the rows up to there.

    Raises
    ------
    PlacementError
        As ``place``.
    """
    watch = watch or Watch()
    alone = replace(request, movable=(), serve_skal=False)
    check_request(alone, assessment, candidates)
    conditions = _without_least(build_conditions(alone, assessment, candidates))
    last = request.most_sites
    task = task_of(request.objective, assessment, candidates, conditions)
    effort = replace(request.effort, seconds=request.effort.seconds / max(1, last))
    rows, before, kept = [], task.value(_nothing(task)), None
    last_value = before
    for count in range(1, last + 1):
        watch.progress("frontier", (count - 1) / last)
        if not watch.keep_going():
            break
        few = task.with_conditions(conditions.with_practices(count))
        found = _best_of(few, kept, effort, request.seed, watch) if _is_able(few) else None
        value, bound, kept = _row(few, found, effort, watch)
        gain = abs(value - before)
        sites = list(kept.draft.new) if kept else []
        rows.append(
            {
                "practices": count,
                "capacities": count * request.least_capacities,
                "value": value,
                "gain": gain,
                "marginal_gain": abs(value - last_value),
                "bound": bound,
                "gap_of_gain": abs(bound - value) / gain if gain else np.nan,
                "site_ids": ", ".join(candidates.site_ids[sites]),
            }
        )
        last_value = last_value if np.isnan(value) else value
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    "practices",
    "capacities",
    "value",
    "gain",
    "marginal_gain",
    "bound",
    "gap_of_gain",
    "site_ids",
]


def _without_least(conditions: Conditions) -> Conditions:
    return replace(conditions, area_least=np.zeros_like(conditions.area_least))


def _nothing(task: Task) -> Found:
    halves = np.zeros(task.conditions.candidates, dtype=np.int64)
    return Found(task.conditions.start, halves if isinstance(task, ShortageTask) else None)


def _is_able(task: Task) -> bool:
    """Return whether so few practices can hold the forced sites."""
    return int(task.conditions.forced.sum()) <= task.conditions.most_sites


def _best_of(
    task: Task, kept: Found | None, effort: Effort, seed: int, watch: Watch
) -> Found | None:
    """Return the better of a search anew, and of one from the row before; None if none is able."""
    ways = []
    try:
        ways.append(task.search(effort, seed, watch))
    except PlacementError:
        return None
    more = _one_more(task, kept) if kept else None
    if more is not None:
        ways += [more, task.improve(more, effort, seed, watch)]
    sign = 1.0 if task.lower_is_better else -1.0
    return min(ways, key=lambda found: sign * task.value(found))


def _one_more(task: Task, kept: Found) -> Found | None:
    """Return the answer of the row before with the best site added, if one may be."""
    conditions = task.conditions
    units = task.objective.units if isinstance(task, UnitTask) else no_units(conditions.positions)
    state = SearchState(units, conditions, kept.draft)
    allowed = np.flatnonzero(state.allowed_new(conditions.areas_that_fit(state.counts)))
    if not len(allowed):
        return None
    if isinstance(task, ShortageTask):
        order = allowed[np.argmax(task.objective.left_over[allowed])]
    else:
        order = allowed[np.argmax(state.gain[allowed])]
    return _as_found(task, Draft(tuple(sorted((*kept.draft.new, int(order)))), kept.draft.moved))


def _as_found(task: Task, draft: Draft) -> Found:
    if not isinstance(task, ShortageTask):
        return Found(draft)
    staffing = staff(ShortageProblem(task.objective, task.conditions, task.before), draft)
    return Found(staffing.draft, staffing.halves)


def _row(
    task: Task, found: Found | None, effort: Effort, watch: Watch
) -> tuple[float, float, Found | None]:
    """Return value and bound of one row, and the answer behind it; missing without one."""
    if found is None:
        return np.nan, np.nan, None
    bound = np.nan
    if effort.exact and watch.keep_going():
        found, proof = task.prove(found, effort, watch)
        bound = task.value_of_worth(proof.bound)
    return task.value(found), bound, found


def trade_off(
    assessment: Assessment,
    candidates: Candidates,
    request: PlacementRequest,
    other: str,
    *,
    points: int = 9,
    watch: Watch | None = None,
) -> pd.DataFrame:
    """Return placements between the best for the request's objective and for another one.

    Two objectives of units of demand are searched by their weighted sum, each divided by its
    own best gain. The shortage is none: with it the first practices are placed by one
    objective, and the rest, given those, by the other, with every split; nothing moves then.
    By greedy and annealing, without a bound. Placements that another one beats in both are
    left out.

    Parameters
    ----------
    other
        Of ``request.OBJECTIVES``.
    points
        Weights that are tried, the two ends included.

    Returns
    -------
    DataFrame
        One row a placement, the best for the request's objective first: ``weight_of_other`` (0
        to 1; the share of practices where they are split), a column of values by the name of
        each objective, ``site_ids``.

    Raises
    ------
    PlacementError
        As ``place``, also for two objectives that are the same.
    """
    watch = watch or Watch()
    if other == request.objective:
        raise PlacementError(
            sentence("The objective '{name}' is weighed against itself", name=other),
            where="trade-off",
        )
    moving = "shortage" not in (request.objective, other)
    asked = request if moving else replace(request, movable=())
    for objective in (request.objective, other):
        check_request(replace(asked, objective=objective), assessment, candidates)
    conditions = build_conditions(asked, assessment, candidates)
    check_feasible(asked, conditions, candidates, watch)
    tasks = [
        task_of(objective, assessment, candidates, conditions)
        for objective in (request.objective, other)
    ]
    drafts = _weighted(tasks, asked, points, watch) if moving else _split(tasks, asked, watch)
    return _pareto(tasks, drafts, candidates)


def _weighted(
    tasks: list[Task], request: PlacementRequest, points: int, watch: Watch
) -> list[tuple[float, Draft]]:
    """Return the best draft for every weight of the second objective."""
    one, two = (task for task in tasks if isinstance(task, UnitTask))
    ends = [task.search(request.effort, request.seed, watch).draft for task in (one, two)]
    scales = [_gain_in_weight(task, draft) for task, draft in zip((one, two), ends, strict=True)]
    drafts = [(0.0, ends[0])]
    for share in np.linspace(0.0, 1.0, max(2, points))[1:-1]:
        if not watch.keep_going():
            break
        parts = [
            task.objective.units.scaled(weight / scale)
            for task, weight, scale in zip((one, two), (1.0 - share, share), scales, strict=True)
        ]
        objective = UnitObjective("sum", "share", join_units(*parts), 0.0, 1.0)
        # A move must be worth what it must be worth to the request's own objective.
        cost = one.conditions.move_cost / abs(one.objective.factor) / scales[0] * (1.0 - share)
        task = UnitTask(objective, replace(one.conditions, move_cost=cost))
        drafts.append((float(share), task.search(request.effort, request.seed, watch).draft))
        watch.progress("trade_off", float(share))
    return [*drafts, (1.0, ends[1])]


def _gain_in_weight(task: UnitTask, draft: Draft) -> float:
    units, conditions = task.objective.units, task.conditions
    start = units.reached(conditions.is_open(conditions.start))
    return max(units.reached(conditions.is_open(draft)) - start, 1e-9)


def _split(tasks: list[Task], request: PlacementRequest, watch: Watch) -> list[tuple[float, Draft]]:
    """Return for every split the first sites of the first objective and the rest by the second."""
    one, two = tasks
    first = one.search(request.effort, request.seed, watch)
    order = [step.number for step in one.steps(first) if not step.is_move]
    drafts = [(0.0, first.draft)]
    for kept in range(len(order) - 1, -1, -1):
        if not watch.keep_going():
            break
        forced = one.conditions.forced.copy()
        forced[order[:kept]] = True
        task = two.with_conditions(replace(two.conditions, forced=forced))
        found = task.search(request.effort, request.seed, watch)
        drafts.append((1.0 - kept / len(order), found.draft))
        watch.progress("trade_off", 1.0 - kept / len(order))
    return drafts


def _pareto(
    tasks: list[Task], drafts: list[tuple[float, Draft]], candidates: Candidates
) -> pd.DataFrame:
    """Return the drafts that none beats in both objectives, once each."""
    rows = []
    for share, draft in drafts:
        values = {task.name: task.value(_as_found(task, draft)) for task in tasks}
        ids = ", ".join(candidates.site_ids[list(draft.new)])
        rows.append({"weight_of_other": share, **values, "site_ids": ids})
    table = pd.DataFrame(rows)
    signs = np.array([1.0 if task.lower_is_better else -1.0 for task in tasks])
    points = table[[task.name for task in tasks]].to_numpy(np.float64) * signs
    kept = [
        not any(
            (other <= point).all() and ((other < point).any() or earlier < at)
            for earlier, other in enumerate(points)
            if earlier != at
        )
        for at, point in enumerate(points)
    ]
    order = np.lexsort((points[kept][:, 1], points[kept][:, 0]))
    return table[kept].iloc[order].reset_index(drop=True)
