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
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from coverage.placement.units import Bools, Floats, Ints, ranges

# A flow is counted in whole hundredths of a person, in 32 bits.
_PER_PERSON = 100
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
