"""Who finds no place: every resident, given to the practices with room that lie near enough.

Even if every free place is used, the room of the practices in reach of an area
may be less than its residents. How many are left over is the answer of a
transport problem: as many persons as possible are given to practices within
their limit and no practice takes more than it has room for. It is solved in
two steps, so that the places are given as people would take them:

1.  Everybody takes the nearest practice with room. People ask the nearest
    first; a full practice keeps those who live nearest and turns the others
    away, who ask their next (deferred acceptance: Gale D, Shapley LS (1962),
    College admissions and the stability of marriage, American Mathematical
    Monthly 69(1):9-15). Both sides go by one distance, so the outcome is the
    same as going through all pairs from the shortest to the longest.
2.  Others move on to make room: along augmenting paths a person with a place
    moves to another practice in reach, whose former place goes to one without
    (maximum flow: Ford LR, Fulkerson DR (1956), Canadian Journal of Mathematics
    8:399-404). Who has a place after step 1 keeps having one.

The total is then the least possible. Where those left over live is not unique
in general; it is step 1 that decides it as far as it can.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from coverage.travel import TravelMatrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Wholes = npt.NDArray[np.int64]

# A flow is counted in whole numbers: persons, who may be fractions, in hundredths.
_PER_PERSON = 100
# Sums of fractions of persons are off by far less than this.
_TOLERANCE = 1e-6
_NOWHERE = -1
# The flow is counted in 32 bits; Denmark has 6 million.
_MOST_PERSONS = 10_000_000


@dataclass(frozen=True)
class Shortage:
    """Residents without a practice or a place, and what is left at the practices.

    Attributes
    ----------
    by_origin
        ``origin_id``; ``persons_without_practice`` (no practice with known room
        within the limit), ``persons_without_place`` (others who find no place).
    by_practice
        ``ydernummer``, in the order asked; ``persons_assigned``,
        ``persons_free`` (room that nobody within the limit fills). NaN for a
        practice whose room or place is unknown.
    persons_by_nearest
        How many of those with a practice find no place if everybody just takes
        the nearest with room, before others move on to make room.
    """

    by_origin: pd.DataFrame
    by_practice: pd.DataFrame
    persons_by_nearest: float


@dataclass(frozen=True)
class _Town:
    """Pairs in reach, with origins that reach the same practices as one kind.

    ``origin, site, distance_m``: shape (pairs,), the origins in order.
    ``kind``: shape (origins,), -1 where no practice is in reach. ``kind_start,
    kind_site``: the sites of kind k are ``kind_site[kind_start[k]:kind_start[k
    + 1]]``. ``persons, room``: by origin and by site, 0 where unknown.
    """

    origin: Ints
    site: Ints
    distance_m: Floats
    kind: Wholes
    kind_start: Wholes
    kind_site: Ints
    persons: Floats
    room: Floats


@dataclass(frozen=True)
class _Places:
    """Who has which place after step 1, in persons.

    ``left``: shape (origins,), with a practice in reach and without a place.
    ``free``: shape (sites,). ``taken``: kind, site -> those of the kind who
    have their place there.
    """

    left: Floats
    free: Floats
    taken: dict[tuple[int, int], float]


def measure_shortage(
    origins: pd.DataFrame,
    matrix: TravelMatrix,
    room_persons: "pd.Series[float]",
    limit_m: Floats,
) -> Shortage:
    """Return how many residents find no place, even if every free place is used.

    Step 1 counts fractions of persons as they are, step 2 in hundredths: totals
    agree within 0.01 for each set of practices and practice in it that people
    move from or to.

    Parameters
    ----------
    origins
        Table ORIGINS, in the order of ``matrix.origin_ids``.
    room_persons
        By ydernummer: how many persons a practice can have on its list, those
        who are on it included. NaN: unknown, the practice is left out.
    limit_m
        Shape (origins,): how far each origin goes, the line included; at most
        ``matrix.cutoff_m``.

    Raises
    ------
    ValueError
        A limit beyond the matrix's cutoff, a room below 0, or more than 10
        million persons.
    """
    persons = origins["persons"].to_numpy(np.float64)
    _check(persons, matrix, room_persons, limit_m)
    room: Floats = np.asarray(room_persons.reindex(matrix.site_ids), dtype=np.float64)
    town = _draw_town(persons, matrix, room, limit_m)
    places = _take_nearest(town)
    found_share, found_at = _make_room(town, places)
    # Places found by moving on go to all of a kind alike: they reach the same practices.
    still = np.ones(len(persons))
    reaches = town.kind != _NOWHERE
    still[reaches] -= found_share[town.kind[reaches]]
    by_origin = pd.DataFrame(
        {
            "origin_id": origins["origin_id"].to_numpy(),
            "persons_without_practice": np.where(reaches, 0.0, persons),
            "persons_without_place": places.left * still,
        }
    )
    assigned = np.minimum(town.room - places.free + found_at, town.room)
    by_practice = _by_practice(room_persons, matrix, assigned)
    return Shortage(by_origin, by_practice, float(places.left.sum()))


def _check(
    persons: Floats, matrix: TravelMatrix, room_persons: "pd.Series[float]", limit_m: Floats
) -> None:
    if len(limit_m) and limit_m.max() > matrix.cutoff_m:
        message = f"limit {limit_m.max():g} m is beyond the matrix's cutoff {matrix.cutoff_m:g} m"
        raise ValueError(message)
    if (room_persons < 0).any():
        message = f"room below 0: {list(room_persons.index[room_persons < 0])}"
        raise ValueError(message)
    if persons.sum() > _MOST_PERSONS:
        message = f"{persons.sum():.0f} persons, more than the {_MOST_PERSONS} that can be counted"
        raise ValueError(message)


def _draw_town(
    persons: Floats, matrix: TravelMatrix, room_persons: Floats, limit_m: Floats
) -> _Town:
    origin, site, distance_m = matrix.pair_positions()
    held = (distance_m <= limit_m[origin]) & ~np.isnan(room_persons)[site]
    origin, site, distance_m = origin[held], site[held], distance_m[held]
    kind, sites = _kinds(origin, site, len(persons))
    return _Town(
        origin,
        site,
        distance_m,
        kind,
        np.concatenate([[0], np.cumsum([len(one) for one in sites], dtype=np.int64)]),
        np.concatenate([*sites, np.empty(0, dtype=np.int64)]),
        persons,
        np.nan_to_num(room_persons),
    )


def _kinds(origin: Ints, site: Ints, origins: int) -> tuple[Wholes, list[Ints]]:
    """Return each origin's kind, -1 without a site, and the sites of every kind."""
    kind = np.full(origins, _NOWHERE, dtype=np.int64)
    in_order = site[np.lexsort((site, origin))]
    start = np.searchsorted(origin, np.arange(origins + 1))
    number: dict[bytes, int] = {}
    sites: list[Ints] = []
    for at in np.flatnonzero(np.diff(start)):
        own = in_order[start[at] : start[at + 1]]
        kind[at] = number.setdefault(own.tobytes(), len(sites))
        if kind[at] == len(sites):
            sites.append(own)
    return kind, sites


def _take_nearest(town: _Town) -> _Places:
    """Give the places to the nearest; among the equally near, in the order of the origins."""
    order = np.argsort(town.distance_m, kind="stable")
    pairs = (town.origin[order], town.site[order], town.kind[town.origin[order]])
    # Lists, because a loop over single elements of arrays is slow.
    left, free = town.persons.tolist(), town.room.tolist()
    taken: dict[tuple[int, int], float] = {}
    for origin, site, kind in zip(*(part.tolist() for part in pairs), strict=True):
        count = min(left[origin], free[site])
        if count > 0:
            left[origin] -= count
            free[site] -= count
            taken[kind, site] = taken.get((kind, site), 0.0) + count
    without = np.array(left, dtype=np.float64)
    without[(without < _TOLERANCE) | (town.kind == _NOWHERE)] = 0.0
    return _Places(without, np.array(free, dtype=np.float64), taken)


def _make_room(town: _Town, places: _Places) -> tuple[Floats, Floats]:
    """Return who finds a place if others move on: by kind as a share of its left, by site."""
    kinds, sites = len(town.kind_start) - 1, len(town.room)
    left = _hundredths(_by_kind(town, places.left))
    # Floored: no practice is given more than its room. Capped: the sums stay within 32 bits.
    free = np.minimum(places.free * _PER_PERSON + _TOLERANCE, left.sum()).astype(np.int64)
    if not left.any() or not free.any():
        return np.zeros(kinds), np.zeros(sites)
    source, sink = kinds + sites, kinds + sites + 1
    owner = np.repeat(np.arange(kinds), np.diff(town.kind_start))
    held = np.array(list(places.taken), dtype=np.int64).reshape(-1, 2)
    holders = _hundredths(np.array(list(places.taken.values()), dtype=np.float64))
    edges = [
        (np.full(kinds, source), np.arange(kinds), left),
        (owner, kinds + town.kind_site, np.full(len(owner), left.sum())),
        # Back along a place that is held: its holder moves on.
        (kinds + held[:, 1], held[:, 0], holders),
        (kinds + np.arange(sites), np.full(sites, sink), free),
    ]
    start, end, capacity = (np.concatenate(part) for part in zip(*edges, strict=True))
    used = capacity > 0
    graph = csr_array(
        (capacity[used].astype(np.int32), (start[used], end[used])), shape=(sink + 1, sink + 1)
    )
    flow = maximum_flow(graph, source, sink, method="dinic").flow
    more_by_kind = flow[[source]].toarray()[0, :kinds]
    more_by_site = -flow[[sink]].toarray()[0, kinds : kinds + sites]
    return more_by_kind / np.maximum(left, 1), more_by_site / _PER_PERSON


def _hundredths(persons: Floats) -> Wholes:
    """Round, but let nobody vanish: a kind that is left must be able to find a place."""
    rounded = np.rint(persons * _PER_PERSON).astype(np.int64)
    return np.where(persons > 0, np.maximum(rounded, 1), 0)


def _by_kind(town: _Town, persons: Floats) -> Floats:
    reaches = town.kind != _NOWHERE
    kinds = len(town.kind_start) - 1
    sums = np.bincount(town.kind[reaches], weights=persons[reaches], minlength=kinds)
    return sums.astype(np.float64, copy=False)


def _by_practice(
    room_persons: "pd.Series[float]", matrix: TravelMatrix, assigned: Floats
) -> pd.DataFrame:
    by_id = pd.Series(assigned, index=matrix.site_ids).reindex(room_persons.index)
    room = room_persons.to_numpy(np.float64)
    persons = np.where(np.isnan(room), np.nan, by_id.to_numpy(np.float64))
    return pd.DataFrame(
        {
            "ydernummer": room_persons.index.astype("str"),
            "persons_assigned": persons,
            "persons_free": np.maximum(room - persons, 0.0),
        }
    )
