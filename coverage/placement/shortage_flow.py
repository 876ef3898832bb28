"""Least shortage: need-weighted people who find no place, whatever room is opened where.

Everybody is given to a practice within the limit that has room. How many are left over is a
transport problem, and by the theorem of the largest flow and the least cut (Ford LR, Fulkerson
DR (1956), Canadian Journal of Mathematics 8:399-404; for sets of homes: Hall P (1935), Journal
of the London Mathematical Society 10:26-30) it is the most that any set S of homes lacks::

    shortage = max over S of  need(S) - room of all practices that S reaches

Each S is a line below the shortage of every placement: with it the exact part proves its
bound (Benders JF (1962), Numerische Mathematik 4:238-252).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from coverage.assessment import Assessment
from coverage.choice import limits_m
from coverage.errors import PlacementError
from coverage.lists import effective_closing_limits
from coverage.need import NO_KNOWN_NEED
from coverage.placement.candidates import Candidates
from coverage.placement.request import HALF
from coverage.placement.units import Bools, Demand, Floats, Ints, merge_units, ranges

# A flow is counted in whole hundredths of a person, in 32 bits.
_PER_PERSON = 100
_MOST_PERSONS = 10_000_000
_CODE_SEED = 20260102


@dataclass(frozen=True)
class Lack:
    """What a set of homes lacks, as a line below the shortage of every placement.

    Attributes
    ----------
    constant
        Need of the set less the room of the fixed practices that it reaches.
    weight
        Shape (positions,): need of the set in reach of each.
    """

    constant: float
    weight: Floats

    def at(self, room: Floats) -> float:
        """Return the line's value with this room, shape (positions,)."""
        return self.constant - float(room[self.weight > 0].sum())


@dataclass(frozen=True)
class ShortageObjective:
    """Need, reach and room.

    Attributes
    ----------
    need
        Shape (kinds,): need-weighted persons of homes that reach the same.
    reach
        Shape (kinds, positions): 1 where the kind reaches the position.
    fixed_start, fixed_site, fixed_list
        Kind k reaches the fixed practices of list ``fixed_list[k]``, ``fixed_site
        [fixed_start[l]:fixed_start[l + 1]]``.
    fixed_room
        Shape (fixed practices,).
    room_per_half
        Shape (candidates,): what half a capacity has room for there.
    mover_room
        Shape (movers,): goes with the practice.
    nowhere
        Need of homes that reach no position and no practice with known room.
    left_over
        Shape (positions,): need without a place now in reach of each: where to look first.
    """

    need: Floats
    reach: csr_array
    fixed_start: Ints
    fixed_site: Ints
    fixed_list: Ints
    fixed_room: Floats
    room_per_half: Floats
    mover_room: Floats
    nowhere: float
    left_over: Floats

    name = "shortage"
    unit = "persons"
    lower_is_better = True

    def lacks(self, room: Floats) -> tuple[Lack, ...]:
        """Return the least and the largest set of homes that lack most, given the room.

        Parameters
        ----------
        room
            Shape (positions,), need-weighted persons.
        """
        used = np.flatnonzero(room > 0)
        rows, kind = self._coarse_kinds(used)
        need = np.bincount(kind, weights=self.need, minlength=len(rows)).astype(np.float64)
        reaches = self.reach[rows][:, used].tocsr()
        sets = _least_cuts(need, self._fixed_pairs(rows), reaches, self.fixed_room, room[used])
        return tuple(self._lack(homes[kind]) for homes in sets)

    def value(self, room: Floats) -> float:
        """Return the shortage with this room at the positions."""
        return max(0.0, *(lack.at(room) for lack in self.lacks(room)))

    def _coarse_kinds(self, used: Ints) -> tuple[Ints, Ints]:
        """Return one kind of each that reach the same of the used positions, and every kind's."""
        random = np.random.default_rng(_CODE_SEED)
        code = random.integers(0, 2**63, size=len(used), dtype=np.uint64)
        held = self.reach[:, used].toarray().astype(np.uint64)
        lists = random.integers(0, 2**63, size=len(self.fixed_start), dtype=np.uint64)
        _, first, kind = np.unique(
            held @ code + lists[self.fixed_list], return_index=True, return_inverse=True
        )
        return first.astype(np.int64), kind.astype(np.int64)

    def _fixed_pairs(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return row and fixed practice of every pair of these kinds."""
        lists = self.fixed_list[rows]
        sizes = np.diff(self.fixed_start)[lists]
        row = np.repeat(np.arange(len(rows)), sizes)
        return row, self.fixed_site[ranges(self.fixed_start[lists], sizes)]

    def _lack(self, homes: Bools) -> Lack:
        """Return what these kinds, shape (kinds,), lack."""
        reached = np.zeros(len(self.fixed_room), dtype=np.bool_)
        _, site = self._fixed_pairs(np.flatnonzero(homes))
        reached[site] = True
        need = self.need * homes
        constant = self.nowhere + float(need.sum()) - float(self.fixed_room[reached].sum())
        return Lack(constant, np.asarray(self.reach.T @ need, dtype=np.float64))


def _least_cuts(
    need: Floats,
    fixed: tuple[Ints, Ints],
    reaches: csr_array,
    fixed_room: Floats,
    room: Floats,
) -> tuple[Bools, ...]:
    """Return the least and the largest set of kinds, shape (kinds,), on a least cut."""
    kinds, practices = len(need), len(fixed_room) + len(room)
    source, sink = kinds + practices, kinds + practices + 1
    open_row, open_site = reaches.nonzero()
    row = np.concatenate([fixed[0], open_row])
    site = np.concatenate([fixed[1], len(fixed_room) + open_site])
    wanted = np.rint(need * _PER_PERSON).astype(np.int64)
    places = np.rint(np.concatenate([fixed_room, room]) * _PER_PERSON).astype(np.int64)
    places = np.minimum(places, wanted.sum())
    start = np.concatenate([np.full(kinds, source), row, kinds + np.arange(practices)])
    end = np.concatenate([np.arange(kinds), kinds + site, np.full(practices, sink)])
    # No pair is ever the bottleneck: then every cut is a set of homes and all that it reaches.
    without_limit = np.full(len(row), wanted.sum() + 1)
    capacity = np.concatenate([wanted, without_limit, places])
    used = capacity > 0
    graph = csr_array(
        (capacity[used].astype(np.int32), (start[used], end[used])), shape=(sink + 1, sink + 1)
    )
    left = csr_array(graph - maximum_flow(graph, source, sink, method="dinic").flow)
    left.eliminate_zeros()
    least, most = np.zeros(sink + 1, dtype=np.bool_), np.ones(sink + 1, dtype=np.bool_)
    least[breadth_first_order(left, source, return_predecessors=False)] = True
    most[breadth_first_order(csr_array(left.T), sink, return_predecessors=False)] = False
    return least[:kinds], most[:kinds]


def build_shortage(
    assessment: Assessment, candidates: Candidates, movable: tuple[str, ...]
) -> ShortageObjective:
    """Return the objective of least shortage.

    Demand is persons times need weight. A practice's room is its free places and what
    its list needs: the list times its kommune's need weight. A new capacity has room for
    the closing limit that applies at its place. A practice of unknown room is left out.

    Raises
    ------
    PlacementError
        Without a single practice whose room is known, or for movers of unknown room.
    """
    room = practice_room(assessment)
    unknown = [ydernummer for ydernummer in movable if np.isnan(room[ydernummer])]
    is_known = any(np.isfinite(value) for value in room.values())
    if not is_known or unknown:
        what = (
            "The objective 'shortage' needs capacities and lists, and the register has none"
            if not unknown
            else "These practices may move, but how many patients they have room for is unknown"
        )
        raise PlacementError(
            what,
            where="register of practices",
            rows=unknown,
            hint="Add capacities and listed persons, or choose another objective.",
        )
    origins = assessment.origins.table
    persons = origins["persons"].to_numpy(np.float64)
    need = persons * assessment.capacity.by_origin["need_weight"].to_numpy(np.float64)
    if need.sum() > _MOST_PERSONS:
        message = f"{need.sum():.0f} persons, more than the {_MOST_PERSONS} that can be counted"
        raise ValueError(message)
    return _merge_homes(assessment, candidates, movable, room, need)


def practice_room(assessment: Assessment) -> "dict[str, float]":
    """Return by ydernummer the need-weighted persons that each practice has room for."""
    practices = assessment.tables.practices
    by_practice = assessment.capacity.by_practice
    weights = dict(
        zip(
            assessment.origins.table["kommune_code"],
            assessment.capacity.by_origin["need_weight"],
            strict=True,
        )
    )
    kommune = practices["ydernummer"].map(assessment.levels[0].of_practice)
    weight = kommune.map(weights).fillna(NO_KNOWN_NEED).to_numpy(np.float64)
    listed = practices["listed_persons"].to_numpy(np.float64)
    room = by_practice["room_persons"].to_numpy(np.float64)
    # The list is a part of the room; what it needs replaces how many it holds.
    needed = room + np.nan_to_num(listed) * (weight - 1.0)
    return dict(zip(practices["ydernummer"], needed.tolist(), strict=True))


def room_per_half(assessment: Assessment, candidates: Candidates) -> Floats:
    """Return what half a new capacity has room for at each candidate, shape (candidates,)."""
    as_practices = candidates.table.assign(
        ydernummer=candidates.table["site_id"], closing_limit_persons=np.nan
    )
    kommune = as_practices.set_index("ydernummer")["kommune_code"]
    limits = effective_closing_limits(
        as_practices, assessment.plan.closing_limits, kommune, assessment.rules.capacity
    )
    return limits["closing_limit_persons"].to_numpy(np.float64) * HALF


def _merge_homes(
    assessment: Assessment,
    candidates: Candidates,
    movable: tuple[str, ...],
    room: "dict[str, float]",
    need: Floats,
) -> ShortageObjective:
    """Return the objective with homes that reach the same as one kind."""
    sites = assessment.matrix.site_ids
    site_room = np.array([room.get(site_id, np.nan) for site_id in sites])
    number = np.full(len(sites), -1, dtype=np.int64)
    number[sites.get_indexer(pd.Index(movable, dtype="str"))] = np.arange(len(movable))
    fixed = np.flatnonzero(np.isfinite(site_room) & (number < 0))
    of_fixed = np.full(len(sites), -1, dtype=np.int64)
    of_fixed[fixed] = np.arange(len(fixed))
    limit_m = limits_m(assessment.origins.table["kommune_code"], assessment.rules.choice)
    origin, site, metres = assessment.matrix.pair_positions()
    within = metres <= limit_m[origin]
    near = candidates.distance_m <= limit_m[candidates.origin]
    moving = within & (number[site] >= 0)
    held = within & (of_fixed[site] >= 0)
    positions = len(candidates) + len(movable)
    parts = (
        (origin[held], of_fixed[site[held]]),
        (candidates.origin[near], len(fixed) + candidates.site[near]),
        (origin[moving], len(fixed) + len(candidates) + number[site[moving]]),
    )
    home = np.concatenate([part[0] for part in parts]).astype(np.int64)
    place = np.concatenate([part[1] for part in parts]).astype(np.int64)
    order = np.lexsort((place, home))
    home, place = home[order], place[order]
    start = np.searchsorted(home, np.arange(len(need) + 1))
    some = np.flatnonzero(np.diff(start) > 0)
    size = np.diff(start)[some]
    demand = Demand(place, start[some], size, need[some], np.ones(len(some), np.int64))
    kinds = merge_units(demand, len(fixed) + positions)
    matrix = kinds.matrix
    fixed_start, fixed_site, fixed_list = _distinct_lists(matrix[:, : len(fixed)].tocsr())
    left = assessment.capacity.by_origin
    lacking = (left["persons_without_practice"] + left["persons_without_place"]).to_numpy(
        np.float64
    )
    lacking = lacking * left["need_weight"].to_numpy(np.float64)
    beyond = place >= len(fixed)
    left_over = np.bincount(
        place[beyond] - len(fixed), weights=lacking[home[beyond]], minlength=positions
    )
    return ShortageObjective(
        need=kinds.weight,
        reach=matrix[:, len(fixed) :].tocsr(),
        fixed_start=fixed_start,
        fixed_site=fixed_site,
        fixed_list=fixed_list,
        fixed_room=site_room[fixed],
        room_per_half=room_per_half(assessment, candidates),
        mover_room=np.array([room[ydernummer] for ydernummer in movable], dtype=np.float64),
        nowhere=float(need.sum() - kinds.weight.sum()),
        left_over=left_over.astype(np.float64),
    )


def _distinct_lists(lists: csr_array) -> tuple[Ints, Ints, Ints]:
    """Return the different rows as start and site, and each row's number among them."""
    known: dict[bytes, int] = {}
    lists.sort_indices()
    number = np.zeros(lists.shape[0], dtype=np.int64)
    sites: list[Ints] = []
    for at in range(lists.shape[0]):
        own = lists.indices[lists.indptr[at] : lists.indptr[at + 1]]
        number[at] = known.setdefault(own.tobytes(), len(sites))
        if number[at] == len(sites):
            sites.append(own.astype(np.int64))
    start = np.concatenate([[0], np.cumsum([len(own) for own in sites])]).astype(np.int64)
    return start, np.concatenate([*sites, np.zeros(0, np.int64)]), number
