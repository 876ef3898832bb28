"""The objectives that are units of demand: two open practices, and the distance to the second.

Positions are numbered: the candidates first, then the present places of the practices that
may move. The other open practices are fixed: what they reach already is no demand.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.placement.candidates import Candidates
from coverage.placement.units import Bools, Demand, Floats, Ints, Units, merge_units

NEVER_M = np.inf


@dataclass(frozen=True)
class UnitObjective:
    """An objective of the form ``constant + factor * reached(open positions)``.

    Attributes
    ----------
    name, unit
        As reports name them: ``persons``, or ``m`` for a mean distance.
    units
        Over the positions.
    constant, factor
        The factor is below 0 where less is better.
    cutoff_m
        Of distances: farther away counts as this far; missing for others.
    """

    name: str
    unit: str
    units: Units
    constant: float
    factor: float
    cutoff_m: float = float("nan")

    @property
    def lower_is_better(self) -> bool:
        """Less is better."""
        return self.factor < 0

    def value(self, is_open: Bools) -> float:
        """Return the objective's value with these positions open."""
        return self.value_of_reached(self.units.reached(is_open))

    def value_of_reached(self, reached: float) -> float:
        """Return the objective's value where units of this weight are reached."""
        return self.constant + self.factor * reached


@dataclass(frozen=True)
class _Pairs:
    """Homes and positions within reach, by home, then distance; and what is fixed.

    ``origin, position, distance_m``: shape (pairs,). ``first_m, second_m``: shape
    (origins,), to the nearest two fixed open practices; inf beyond the cutoff.
    """

    origin: Ints
    position: Ints
    distance_m: Floats
    first_m: Floats
    second_m: Floats


def build_choice(
    assessment: Assessment, candidates: Candidates, movable: tuple[str, ...]
) -> UnitObjective:
    """Return the objective of most people with two open practices within the limit.

    Parameters
    ----------
    movable
        Ydernumre of the open practices that may move.
    """
    table = assessment.choice.by_origin
    limit_m = table["limit_m"].to_numpy(np.float64)
    persons = table["persons"].to_numpy(np.float64)
    pairs = _pairs(assessment, candidates, movable, limit_m)
    needed = round(assessment.choice.rules.practices_needed)
    fixed = _count_fixed(assessment, movable, limit_m)
    need = np.maximum(0, needed - fixed)
    start = np.searchsorted(pairs.origin, np.arange(len(table) + 1))
    some = np.flatnonzero((need > 0) & (np.diff(start) > 0))
    demand = Demand(pairs.position, start[some], np.diff(start)[some], persons[some], need[some])
    positions = len(candidates.table) + len(movable)
    return UnitObjective(
        "choice",
        "persons",
        merge_units(demand, positions),
        constant=float(persons[need == 0].sum()),
        factor=1.0,
    )


def build_second_distance(
    assessment: Assessment, candidates: Candidates, movable: tuple[str, ...]
) -> UnitObjective:
    """Return the objective of the least mean distance to the second nearest open practice.

    Every home's distance is a sum of levels between the distances to its positions: a
    level is saved if enough positions nearer than it are open, two below the nearest
    fixed practice and one above it. Beyond the cutoff the second practice counts as at
    the cutoff, so that a home without one weighs as much as one at that distance.
    """
    cutoff_m = min(assessment.matrix.cutoff_m, candidates.cutoff_m)
    table = assessment.choice.by_origin
    persons = table["persons"].to_numpy(np.float64)
    pairs = _pairs(assessment, candidates, movable, np.full(len(table), cutoff_m))
    second_m = np.minimum(pairs.second_m, cutoff_m)
    nearer = pairs.distance_m < second_m[pairs.origin]
    origin, position = pairs.origin[nearer], pairs.position[nearer]
    low_m = pairs.distance_m[nearer]
    start = np.searchsorted(origin, np.arange(len(table) + 1))
    size = np.arange(len(origin)) - start[origin] + 1
    is_last = np.append(origin[1:] != origin[:-1], True)[: len(origin)]
    high_m = np.where(is_last, second_m[origin], np.append(low_m[1:], 0.0)[: len(origin)])
    first_m = np.minimum(pairs.first_m, second_m)[origin]
    above = np.maximum(0.0, high_m - np.maximum(low_m, first_m))
    below = np.maximum(0.0, np.minimum(high_m, first_m) - low_m)
    people = persons[origin]
    demand = Demand(
        position,
        np.tile(start[origin], 2),
        np.tile(size, 2),
        np.concatenate([people * above, people * below]),
        np.repeat([1, 2], len(origin)),
    )
    everybody = float(persons.sum())
    share = 1.0 / everybody if everybody else 0.0
    return UnitObjective(
        "second_distance",
        "m",
        merge_units(demand, len(candidates.table) + len(movable)),
        constant=float(persons @ second_m) * share,
        factor=-share,
        cutoff_m=cutoff_m,
    )


def _open_movers(assessment: Assessment, movable: tuple[str, ...]) -> tuple[Bools, Ints]:
    """Return which sites of the matrix are fixed and open, and each site's number as a mover."""
    sites = assessment.matrix.site_ids
    is_open = sites.isin(assessment.choice.open_ids)
    position = np.full(len(sites), -1, dtype=np.int64)
    at = sites.get_indexer(pd.Index(movable, dtype="str"))
    position[at] = np.arange(len(movable))
    return is_open & (position < 0), position


def _count_fixed(
    assessment: Assessment, movable: tuple[str, ...], limit_m: Floats
) -> npt.NDArray[np.integer]:
    fixed, _ = _open_movers(assessment, movable)
    ids = assessment.matrix.site_ids[fixed]
    return assessment.matrix.count_within(limit_m, ids).to_numpy()


def _pairs(
    assessment: Assessment, candidates: Candidates, movable: tuple[str, ...], limit_m: Floats
) -> _Pairs:
    """Return the homes' pairs with positions within the limit, and their fixed practices."""
    fixed, moving = _open_movers(assessment, movable)
    origin, site, distance_m = assessment.matrix.pair_positions()
    held = fixed[site]
    first_m, second_m = _nearest_two(origin[held], distance_m[held], len(limit_m))
    moves = moving[site] >= 0
    origins = np.concatenate([candidates.origin, origin[moves]]).astype(np.int64)
    positions = np.concatenate(
        [candidates.site, len(candidates.table) + moving[site[moves]]]
    ).astype(np.int64)
    metres = np.concatenate([candidates.distance_m, distance_m[moves]])
    near = metres <= limit_m[origins]
    origins, positions, metres = origins[near], positions[near], metres[near]
    order = np.lexsort((positions, metres, origins))
    return _Pairs(origins[order], positions[order], metres[order], first_m, second_m)


def _nearest_two(origin: npt.NDArray[np.integer], metres: Floats, count: int) -> tuple[Floats, ...]:
    """Return each home's least two distances, the pairs being by home, then distance."""
    start = np.searchsorted(origin, np.arange(count + 1))
    answer = []
    for rank in (0, 1):
        least = np.full(count, NEVER_M)
        some = np.flatnonzero(np.diff(start) > rank)
        least[some] = metres[start[some] + rank]
        answer.append(least)
    return tuple(answer)
