"""What a set of sites must meet, as arrays: for the search and for the proof alike.

Positions are the candidates, then the present places of the practices that may move. A
``Draft`` says who is where; capacities are counted in halves, as whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from coverage.assessment import Assessment
from coverage.placement.candidates import Candidates
from coverage.placement.request import HALF, PlacementRequest
from coverage.placement.units import Bools, Ints
from coverage.travel import measure_travel

REST = ""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draft:
    """Who is where.

    Attributes
    ----------
    new
        Positions of the new sites, in order of number.
    moved
        Shape (movers,): the position of each practice that may move; its own present
        place unless it has moved.
    """

    new: tuple[int, ...]
    moved: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a draft must meet.

    Attributes
    ----------
    candidates
        How many there are: the first positions.
    mover_ids
        Ydernumre of the practices that may move; their present places are the last positions.
    most_sites
        New sites at most.
    halves
        Half capacities that are placed in all.
    least, most
        Of one new site, in halves.
    areas, area
        Ids with a quota, and each candidate's as a number, shape (candidates,). The
        last area, without a name, is everything that has no quota.
    area_least, area_most
        Shape (areas,), in halves.
    forced, barred
        Shape (candidates,): must, may not have a new site; a practice may not move
        to a barred one either.
    near
        Shape (positions, positions), symmetrical: may not both be open.
    beside_fixed
        Shape (candidates,): barred because too near to a practice that stays.
    serve, serve_names
        Sets of positions of which one must be open, and what each is called.
    destinations
        For each mover the candidates that it may move to.
    move_cost
        In the objective's unit.
    """

    candidates: int
    mover_ids: tuple[str, ...]
    most_sites: int
    halves: int
    least: int
    most: int
    areas: tuple[str, ...]
    area: Ints
    area_least: Counts
    area_most: Counts
    forced: Bools
    barred: Bools
    near: csr_array
    beside_fixed: Bools
    serve: tuple[Ints, ...]
    serve_names: tuple[str, ...]
    destinations: tuple[Ints, ...]
    move_cost: float

    @property
    def movers(self) -> int:
        """Practices that may move."""
        return len(self.mover_ids)

    @property
    def positions(self) -> int:
        """Candidates and present places."""
        return self.candidates + self.movers

    @property
    def homes(self) -> tuple[int, ...]:
        """The movers' present places."""
        return tuple(range(self.candidates, self.positions))

    @property
    def start(self) -> Draft:
        """Nothing opened, nobody moved."""
        return Draft((), self.homes)

    def with_practices(self, count: int) -> "Conditions":
        """Return the conditions for so many practices of the least size, and no more."""
        return replace(self, most_sites=count, halves=count * self.least)

    def is_open(self, draft: Draft) -> Bools:
        """Return which positions have an open practice, shape (positions,)."""
        opened = np.zeros(self.positions, dtype=np.bool_)
        opened[list(draft.new)] = True
        opened[list(draft.moved)] = True
        return opened

    def counts(self, draft: Draft) -> Counts:
        """Return new sites by area, shape (areas,)."""
        counted = np.bincount(self.area[list(draft.new)], minlength=len(self.areas))
        return counted.astype(np.int64, copy=False)

    def area_range(self, counts: Counts) -> tuple[Counts, Counts]:
        """Return the fewest and the most halves of each area with so many sites."""
        return (
            np.maximum(self.area_least, counts * self.least),
            np.minimum(self.area_most, counts * self.most),
        )

    def counts_fit(self, counts: Counts) -> bool:
        """Return whether the capacities can be shared out among so many sites by area."""
        low, high = self.area_range(counts)
        if counts.sum() > self.most_sites or (low > high).any():
            return False
        return bool(low.sum() <= self.halves <= high.sum())

    def areas_that_fit(self, counts: Counts) -> Bools:
        """Return where one more new site makes the counts fit, shape (areas,)."""
        low, high = self.area_range(counts)
        more_low, more_high = self.area_range(counts + 1)
        torn = low > high
        fits: Bools = (more_low <= more_high) & (torn.sum() - torn <= 0)
        fits &= low.sum() - low + more_low <= self.halves
        fits &= high.sum() - high + more_high >= self.halves
        fits &= counts.sum() < self.most_sites
        return fits

    def areas_that_lead_on(self, counts: Counts) -> Bools:
        """Return where one more new site leaves enough for the quotas still to be met."""
        wanted = -(-self.area_least // self.most)
        missing = np.maximum(0, wanted - counts)
        low, more_low = (np.maximum(self.area_least, k * self.least) for k in (counts, counts + 1))
        leads: Bools = (counts + 1) * self.least <= self.area_most
        leads &= low.sum() - low + more_low <= self.halves
        left = self.most_sites - counts.sum() - 1
        leads &= missing.sum() - (missing > 0) <= left
        return leads

    def moves(self, draft: Draft) -> int:
        """Return how many practices have moved."""
        return sum(place < self.candidates for place in draft.moved)

    def is_met(self, draft: Draft) -> bool:
        """Return whether the draft meets every condition."""
        places = [*draft.new, *draft.moved]
        opened = self.is_open(draft)
        new = np.zeros(self.candidates, dtype=np.bool_)
        new[list(draft.new)] = True
        return bool(
            len(set(places)) == len(places)
            and not (self.forced & ~new).any()
            and not (self.barred & opened[: self.candidates]).any()
            and all(
                place == home or place in to
                for place, home, to in zip(draft.moved, self.homes, self.destinations, strict=True)
            )
            and not (self.near @ opened.astype(np.float64))[opened].any()
            and all(opened[group].any() for group in self.serve)
            and self.counts_fit(self.counts(draft))
        )


def build_conditions(
    request: PlacementRequest, assessment: Assessment, candidates: Candidates
) -> Conditions:
    """Return the conditions of a request that has been checked."""
    movable = movers_of(request, assessment)
    ids = candidates.site_ids
    areas, area, least, most = _quota_arrays(request, candidates)
    near, beside_fixed = _nearness(request.apart_m, movable, assessment, candidates)
    serve, names = _skal_groups(movable, assessment, candidates) if request.serve_skal else ([], [])
    barred = ids.isin(request.forced_out) | beside_fixed
    return Conditions(
        candidates=len(candidates),
        mover_ids=movable,
        most_sites=request.most_sites,
        halves=_in_halves(request.capacities),
        least=_in_halves(request.least_capacities),
        most=_in_halves(request.most_capacities or request.capacities),
        areas=areas,
        area=area,
        area_least=least,
        area_most=most,
        forced=ids.isin(request.forced_in),
        barred=barred,
        near=near,
        beside_fixed=beside_fixed,
        serve=tuple(serve),
        serve_names=tuple(names),
        destinations=_destinations(movable, assessment, candidates, barred),
        move_cost=request.move_cost,
    )


def movers_of(request: PlacementRequest, assessment: Assessment) -> tuple[str, ...]:
    """Return the practices that may move: for all but the shortage a closed one stays put."""
    asked = tuple(dict.fromkeys(request.movable))
    if request.objective == "shortage":
        return asked
    return tuple(one for one in asked if one in assessment.choice.open_ids)


def _in_halves(capacities: float) -> int:
    return round(capacities / HALF)


def _quota_arrays(
    request: PlacementRequest, candidates: Candidates
) -> tuple[tuple[str, ...], Ints, Counts, Counts]:
    areas = (*request.quotas, REST)
    known = pd.Index(areas[:-1], dtype="str")
    number = known.get_indexer(pd.Index(candidates.area[request.level])).astype(np.int64)
    total = _in_halves(request.capacities)
    least = [_in_halves(low) for low, _ in request.quotas.values()]
    most = [_in_halves(high) for _, high in request.quotas.values()]
    return (
        areas,
        np.where(number < 0, len(known), number),
        np.array([*least, 0], dtype=np.int64),
        np.array([*most, total], dtype=np.int64),
    )


def _nearness(
    apart_m: float, movable: Sequence[str], assessment: Assessment, candidates: Candidates
) -> tuple[csr_array, Bools]:
    """Return which positions exclude each other, and which candidates a fixed practice bars.

    By road in the shorter direction.
    """
    size = len(candidates) + len(movable)
    beside = np.zeros(len(candidates), dtype=np.bool_)
    if apart_m <= 0 or not len(candidates):
        return csr_array((size, size)), beside
    matrix = assessment.matrix
    own, sites = candidates.places, matrix.sites
    home = {ydernummer: len(own) + at for at, ydernummer in enumerate(movable)}
    pairs: list[tuple[Ints, Ints]] = []
    for one, other in ((own, own), (own, sites), (sites, own)):
        first, second, metres = measure_travel(matrix.graph, one, other, apart_m).pair_positions()
        held = metres < apart_m
        pairs.append((first[held].astype(np.int64), second[held].astype(np.int64)))
    position = np.array([home.get(site_id, -1) for site_id in sites.ids], dtype=np.int64)
    candidate = np.concatenate([pairs[1][0], pairs[2][1]])
    practice = position[np.concatenate([pairs[1][1], pairs[2][0]])]
    beside[candidate[practice < 0]] = True
    first = np.concatenate([pairs[0][0], candidate[practice >= 0]])
    second = np.concatenate([pairs[0][1], practice[practice >= 0]])
    first, second = np.concatenate([first, second]), np.concatenate([second, first])
    key = np.unique((first * size + second)[first != second])
    return csr_array((np.ones(len(key)), (key // size, key % size)), shape=(size, size)), beside


def _skal_groups(
    movable: Sequence[str], assessment: Assessment, candidates: Candidates
) -> tuple[list[Ints], list[str]]:
    """Return for every skal-area without a practice that stays the positions that serve it."""
    found = assessment.skal
    graph, rules = assessment.matrix.graph, assessment.rules.skal
    place_of = found.stops.places_of(candidates.places, graph, rules).to_numpy(object)
    of_practice = found.practices.set_index("ydernummer")["place_id"]
    stays = set(of_practice[~of_practice.index.isin(list(movable))])
    homes = [of_practice.get(ydernummer) for ydernummer in movable]
    position_place = np.array([*place_of, *homes], dtype=object)
    wanted = found.places[found.places["is_skal"] & ~found.places["place_id"].isin(stays)]
    groups = [np.flatnonzero(position_place == place_id) for place_id in wanted["place_id"]]
    return groups, list(wanted["name"])


def _destinations(
    movable: Sequence[str], assessment: Assessment, candidates: Candidates, barred: Bools
) -> tuple[Ints, ...]:
    """Return the candidates in each mover's kommune and within the distance of a move."""
    if not movable:
        return ()
    matrix = assessment.matrix
    homes = matrix.sites.take(matrix.sites.positions(movable))
    within_m = assessment.rules.scenario.max_move_m
    mover, candidate, _ = measure_travel(
        matrix.graph, homes, candidates.places, within_m
    ).pair_positions()
    own = assessment.levels[0].of_practice.reindex(list(movable)).to_numpy(object)
    held = candidates.table["kommune_code"].to_numpy(object)[candidate] == own[mover]
    held &= ~barred[candidate]
    return tuple(
        np.sort(candidate[held & (mover == at)]).astype(np.int64) for at in range(len(movable))
    )
