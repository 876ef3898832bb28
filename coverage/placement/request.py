"""What a planner asks the placement for, and whether it makes sense before anything is searched."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from coverage.assessment import Assessment
from coverage.errors import PlacementError
from coverage.levels import KOMMUNE_LEVEL
from coverage.placement.candidates import Candidates
from coverage.sentences import phrase, said, sentence
from coverage.wording import say

OBJECTIVES = ("choice", "shortage", "second_distance")
HALF = 0.5
_WHERE = "placement request"


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How hard to search.

    Attributes
    ----------
    steps
        Of the annealing: with the seed they decide its answer, whatever the machine.
    exact
        Go on to a proof: a bound on what any choice of sites could reach.
    seconds
        At most so many for the proof; the answer may then depend on the machine.
    gap
        Enough: the bound is this share of the gain above it, 0.001 is 0.1 %.
    """

    steps: int = 3_000
    exact: bool = True
    seconds: float = 60.0
    gap: float = 0.001


@dataclass(frozen=True, kw_only=True)
class PlacementRequest:
    """Where to open so many capacities, to what end, under what conditions.

    Attributes
    ----------
    objective
        ``choice``: most people with two open practices within the limit. ``shortage``:
        fewest need-weighted people without a place. ``second_distance``: shortest mean
        distance to the second open practice.
    capacities
        In all, in steps of a half; all are placed.
    practices
        At most so many new sites; without it as many as the capacities are enough for.
    least_capacities, most_capacities
        Of a new practice; the most without a limit if None.
    level, quotas
        Area of that level -> least and most new capacities there.
    forced_in, forced_out
        Candidates that must, or may not, have a new practice.
    apart_m
        A new or moved practice is at least so many metres by road from any other; 0
        asks nothing. The line itself is far enough.
    serve_skal
        Every skal-area without a practice gets a site that counts for it, and none
        loses its last one by a move.
    movable
        Ydernumre of practices that may move within their kommune and the rule's distance.
        A closed one moves for the shortage only: elsewhere it would gain nobody anything.
    move_cost
        What a move must be worth, in the objective's unit.
    seed
        Of the annealing.
    """

    objective: str
    capacities: float
    practices: int | None = None
    least_capacities: float = 1.0
    most_capacities: float | None = None
    level: str = KOMMUNE_LEVEL
    quotas: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    forced_in: Sequence[str] = ()
    forced_out: Sequence[str] = ()
    apart_m: float = 0.0
    serve_skal: bool = False
    movable: Sequence[str] = ()
    move_cost: float = 0.0
    seed: int = 0
    effort: Effort = field(default_factory=Effort)

    @property
    def most_sites(self) -> int:
        """New sites there may be."""
        enough_for = round(self.capacities / HALF) // round(self.least_capacities / HALF)
        return enough_for if self.practices is None else min(self.practices, enough_for)


@dataclass(frozen=True)
class Watch:
    """What the core has not of its own: a clock, somebody who may stop it, and a listener.

    Attributes
    ----------
    keep_going
        Asked between batches of work and while the solver runs; False stops the search,
        and the best found so far is the answer.
    progress
        Told the stage and the share of it that is done, 0 to 1.
    gap
        Told, as the proof goes on, how far the answer can be from the best, as a share of
        the gain.
    stopwatch
        Returns seconds from any start. Without it only the solver's own seconds are known.
    """

    keep_going: Callable[[], bool] = lambda: True
    progress: Callable[[str, float], None] = lambda _stage, _share: None
    gap: Callable[[float], None] = lambda _share: None
    stopwatch: Callable[[], float] | None = None

    def tell_gap(self, worth: float, bound: float, nothing: float) -> None:
        """Tell the gap between an answer's worth and its bound; with no gain there is none yet.

        Parameters
        ----------
        nothing
            What the state without new practices is worth.
        """
        if worth > nothing and math.isfinite(bound):
            self.gap(max(0.0, bound - worth) / (worth - nothing))


def check_request(
    request: PlacementRequest, assessment: Assessment, candidates: Candidates
) -> None:
    """Raise for a request that cannot be meant, with all that is wrong with it.

    Raises
    ------
    PlacementError
    """
    problems = [
        *_numbers(request),
        *_quotas(request, assessment),
        *_sites(request, candidates),
        *_practices(request, assessment),
    ]
    if problems:
        told = sentence("{problems:; }", problems=tuple(problems))
        raise PlacementError(told, where=_WHERE, hint="Correct the request.")


def is_in_halves(capacities: float) -> bool:
    """Return whether a number is a whole number of half capacities."""
    return math.isfinite(capacities) and float(capacities / HALF).is_integer()


def _numbers(request: PlacementRequest) -> Iterator[str]:
    if request.objective not in OBJECTIVES:
        yield sentence(
            "no objective is called '{name}', they are {known}",
            name=request.objective,
            known=", ".join(OBJECTIVES),
        )
    for name in ("capacities", "least_capacities", "most_capacities"):
        value = getattr(request, name)
        if value is not None and not (is_in_halves(value) and value > 0):
            yield sentence(
                "{name} is {value:g}, not a number of half capacities above 0",
                name=name,
                value=value,
            )
    most = request.most_capacities
    if most is not None and request.least_capacities > most:
        yield sentence(
            "least_capacities {least:g} is above most_capacities {most:g}",
            least=request.least_capacities,
            most=most,
        )
    effort = request.effort
    for name, value, least in (
        ("practices", request.practices, 1),
        ("apart_m", request.apart_m, 0),
        ("move_cost", request.move_cost, 0),
        ("seed", request.seed, 0),
        ("steps", effort.steps, 0),
        ("seconds", effort.seconds, 0),
        ("gap", effort.gap, 0),
    ):
        if value is not None and not (math.isfinite(value) and value >= least):
            yield sentence(
                "{name} is {value:g}, not at least {least}",
                name=name,
                value=value,
                least=least,
            )


def _quotas(request: PlacementRequest, assessment: Assessment) -> Iterator[str]:
    levels = {level.name: level for level in assessment.levels}
    if request.level not in levels:
        yield sentence(
            "no level is called '{name}', they are {known}",
            name=request.level,
            known=", ".join(levels),
        )
        return
    known = set(levels[request.level].shapes["area_id"])
    for area_id, (least, most) in request.quotas.items():
        if area_id not in known:
            yield sentence(
                "the level {level} has no area '{area}'", level=request.level, area=area_id
            )
        if not (is_in_halves(least) and least >= 0 and is_in_halves(most) and most >= 0):
            yield sentence(
                "the quota of area {area}, {least:g} to {most:g}, is not in half capacities",
                area=area_id,
                least=least,
                most=most,
            )
        elif least > most:
            yield sentence(
                "the least quota of area {area} is {least:g}, its most {most:g}",
                area=area_id,
                least=least,
                most=most,
            )


def _sites(request: PlacementRequest, candidates: Candidates) -> Iterator[str]:
    gone = dict(zip(candidates.left_out["site_id"], candidates.left_out["reason"], strict=True))
    known = set(candidates.site_ids)
    for name in ("forced_in", "forced_out"):
        for site_id in dict.fromkeys(getattr(request, name)):
            if site_id in known:
                continue
            if site_id in gone:
                yield sentence(
                    "{name} names '{site_id}', which is no candidate (left out: {reason})",
                    name=phrase(name),
                    site_id=site_id,
                    reason=said(gone[site_id], say(f"placement.reason.{gone[site_id]}", "da")),
                )
            else:
                yield sentence(
                    "{name} names '{site_id}', which is no candidate",
                    name=phrase(name),
                    site_id=site_id,
                )
    for site_id in sorted(set(request.forced_in) & set(request.forced_out)):
        yield sentence("'{site_id}' is forced in and forced out", site_id=site_id)


def _practices(request: PlacementRequest, assessment: Assessment) -> Iterator[str]:
    register = set(assessment.tables.practices["ydernummer"])
    placed = set(assessment.matrix.site_ids[assessment.matrix.sites.snaps.snapped])
    kommune = assessment.levels[0].of_practice
    for ydernummer in dict.fromkeys(request.movable):
        if ydernummer not in register:
            yield sentence(
                "movable names '{ydernummer}', which is no practice of the register",
                ydernummer=ydernummer,
            )
        elif ydernummer not in placed:
            yield sentence(
                "practice {ydernummer} may not move: it has no place on a road",
                ydernummer=ydernummer,
            )
        elif ydernummer not in kommune or kommune.isna()[ydernummer]:
            yield sentence(
                "practice {ydernummer} may not move: it lies outside the study",
                ydernummer=ydernummer,
            )
