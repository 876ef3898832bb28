"""Who needs a doctor and what room there is: the shortage's objective from an assessment."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from coverage.assessment import Assessment
from coverage.choice import limits_m
from coverage.errors import PlacementError
from coverage.lists import effective_closing_limits
from coverage.need import NO_KNOWN_NEED, need_by_kommune
from coverage.placement.candidates import Candidates
from coverage.placement.request import HALF
from coverage.placement.shortage_flow import ShortageObjective
from coverage.placement.units import Demand, Floats, Ints, merge_units
from coverage.sentences import sentence

# What a flow in whole hundredths and 32 bits can count; Denmark has 6 million.
_MOST_PERSONS = 10_000_000


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
            sentence(
                "The objective 'shortage' needs capacities and lists, and the register has none"
            )
            if not unknown
            else sentence(
                "These practices may move, but how many patients they have room for is unknown"
            )
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
    codes = list(assessment.tables.kommuner["kommune_code"])
    weights = need_by_kommune(assessment.plan, codes, assessment.rules.valid_on.year)
    kommune = practices["ydernummer"].map(assessment.levels[0].of_practice)
    weight = kommune.map(weights).fillna(NO_KNOWN_NEED).to_numpy(np.float64)
    displaced = assessment.plan.displaced.set_index("ydernummer")["persons"]
    without_place = practices["ydernummer"].map(displaced).fillna(0.0).to_numpy(np.float64)
    listed = practices["listed_persons"].to_numpy(np.float64) - without_place
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


@dataclass(frozen=True)
class _Pairs:
    """Homes and what they reach: fixed practices, then positions.

    ``home, place``: shape (pairs,), by home, then place. ``fixed_room``: shape (fixed,).
    ``positions``: how many places come after the fixed ones.
    """

    home: Ints
    place: Ints
    fixed_room: Floats
    positions: int


def _merge_homes(
    assessment: Assessment,
    candidates: Candidates,
    movable: tuple[str, ...],
    room: dict[str, float],
    need: Floats,
) -> ShortageObjective:
    """Return the objective with homes that reach the same as one kind."""
    pairs = _pairs_in_reach(assessment, candidates, movable, room)
    fixed = len(pairs.fixed_room)
    start = np.searchsorted(pairs.home, np.arange(len(need) + 1))
    some = np.flatnonzero(np.diff(start) > 0)
    needs = np.ones(len(some), np.int64)
    demand = Demand(pairs.place, start[some], np.diff(start)[some], need[some], needs)
    kinds = merge_units(demand, fixed + pairs.positions)
    fixed_start, fixed_site, fixed_list = _distinct_lists(kinds.matrix[:, :fixed].tocsr())
    return ShortageObjective(
        need=kinds.weight,
        reach=kinds.matrix[:, fixed:].tocsr(),
        fixed_start=fixed_start,
        fixed_site=fixed_site,
        fixed_list=fixed_list,
        fixed_room=pairs.fixed_room,
        room_per_half=room_per_half(assessment, candidates),
        mover_room=np.array([room[ydernummer] for ydernummer in movable], dtype=np.float64),
        nowhere=float(need.sum() - kinds.weight.sum()),
        left_over=_left_over(assessment, pairs),
    )


def _pairs_in_reach(
    assessment: Assessment,
    candidates: Candidates,
    movable: tuple[str, ...],
    room: dict[str, float],
) -> _Pairs:
    """Return the pairs within the limit; a practice of unknown room is in none."""
    sites = assessment.matrix.site_ids
    site_room = np.array([room.get(site_id, np.nan) for site_id in sites], dtype=np.float64)
    number = np.full(len(sites), -1, dtype=np.int64)
    number[sites.get_indexer(pd.Index(movable, dtype="str"))] = np.arange(len(movable))
    fixed = np.flatnonzero(np.isfinite(site_room) & (number < 0))
    place_of_site = np.where(number >= 0, len(fixed) + len(candidates) + number, -1)
    place_of_site[fixed] = np.arange(len(fixed))
    limit_m = limits_m(assessment.origins.table["kommune_code"], assessment.rules.choice)
    origin, site, metres = assessment.matrix.pair_positions()
    held = (metres <= limit_m[origin]) & (place_of_site[site] >= 0)
    near = candidates.distance_m <= limit_m[candidates.origin]
    home = np.concatenate([origin[held], candidates.origin[near]]).astype(np.int64)
    place = np.concatenate([place_of_site[site[held]], len(fixed) + candidates.site[near]])
    order = np.lexsort((place, home))
    positions = len(candidates) + len(movable)
    return _Pairs(home[order], place[order].astype(np.int64), site_room[fixed], positions)


def _left_over(assessment: Assessment, pairs: _Pairs) -> Floats:
    """Return the need without a place now in reach of each position."""
    table = assessment.capacity.by_origin
    without = table["persons_without_practice"] + table["persons_without_place"]
    lacking = (without * table["need_weight"]).to_numpy(np.float64)
    beyond = pairs.place >= len(pairs.fixed_room)
    at = pairs.place[beyond] - len(pairs.fixed_room)
    sums = np.bincount(at, weights=lacking[pairs.home[beyond]], minlength=pairs.positions)
    return sums.astype(np.float64)


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
