"""Where a search stands: which positions are open, and what one more would reach.

What a position would add is kept up to date as positions open and close, so that a step
costs as much as the units that it touches, not as much as all of them.
"""

from collections.abc import Iterable

import numpy as np

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.units import Bools, Floats, Ints, Units, ranges

_TWO = 2


class SearchState:
    """Open positions over units of demand; changes as the search goes on.

    Attributes
    ----------
    reached
        Weight of the units that are reached.
    gain
        Shape (positions,): what opening each adds. A unit that lacks one more site
        after this one counts with ``half_worth`` of its weight: without that no
        search sees that two sites together give a choice.
    """

    def __init__(self, units: Units, conditions: Conditions, draft: Draft) -> None:
        self.units = units
        self.conditions = conditions
        self._start, self._unit = units.by_site
        self._sizes = np.diff(units.start)
        self._near = conditions.near.tocsr()
        self.half_worth = 0.0
        self.new: list[int] = []
        self.moved = list(draft.moved)
        self.opened: Bools = np.zeros(conditions.positions, dtype=np.bool_)
        self.near_count: Floats = np.zeros(conditions.positions)
        self.counts = np.zeros(len(conditions.areas), dtype=np.int64)
        self.reached = 0.0
        self._missing: Ints = units.need.copy()
        self.gain: Floats = np.zeros(conditions.positions)
        self.set_half_worth(0.0)
        for place in draft.moved:
            self._toggle(place, opens=True)
        for place in draft.new:
            self.open_new(place)

    @property
    def draft(self) -> Draft:
        """What is open now."""
        return Draft(tuple(sorted(self.new)), tuple(self.moved))

    def set_half_worth(self, share: float) -> None:
        """Say what a unit that then lacks one more site counts for, and count all anew."""
        self.half_worth = share
        self.gain = np.asarray(self.units.matrix.T @ self._worth(slice(None)), dtype=np.float64)

    def open_new(self, place: int) -> None:
        """Open a new site."""
        self.new.append(place)
        self.counts[self.conditions.area[place]] += 1
        self._toggle(place, opens=True)

    def close_new(self, place: int) -> None:
        """Take a new site away."""
        self.new.remove(place)
        self.counts[self.conditions.area[place]] -= 1
        self._toggle(place, opens=False)

    def lift(self, mover: int) -> None:
        """Take a mover from where it is."""
        self._toggle(self.moved[mover], opens=False)

    def set_down(self, mover: int, place: int) -> None:
        """Put a mover that was lifted somewhere."""
        self.moved[mover] = place
        self._toggle(place, opens=True)

    def allowed_new(self, areas: Bools) -> Bools:
        """Return the candidates where a new site may open, shape (candidates,).

        Parameters
        ----------
        areas
            Shape (areas,): where the quotas allow one more.
        """
        free = self._free()[: self.conditions.candidates]
        return free & areas[self.conditions.area] & self._serving()[: self.conditions.candidates]

    def allowed_for(self, mover: int) -> Ints:
        """Return the positions where a mover that was lifted may be."""
        places = np.append(self.conditions.destinations[mover], self.conditions.homes[mover])
        allowed: Ints = places[(self._free() & self._serving())[places]]
        return allowed

    def _free(self) -> Bools:
        free: Bools = ~self.opened & (self.near_count == 0)
        free[: self.conditions.candidates] &= ~self.conditions.barred
        return free

    def _serving(self) -> Bools:
        """Return the positions that serve all skal-areas that nothing open serves."""
        serving = np.ones(self.conditions.positions, dtype=np.bool_)
        for group in self.unserved():
            own = np.zeros_like(serving)
            own[group] = True
            serving &= own
        return serving

    def unserved(self) -> Iterable[Ints]:
        """Return the skal-areas that nothing open serves, as sets of positions."""
        return [group for group in self.conditions.serve if not self.opened[group].any()]

    def _toggle(self, place: int, *, opens: bool) -> None:
        sign = 1 if opens else -1
        self.opened[place] = opens
        near = self._near.indices[self._near.indptr[place] : self._near.indptr[place + 1]]
        self.near_count[near] += sign
        unit = self._unit[self._start[place] : self._start[place + 1]]
        before, was_reached = self._worth(unit), self._missing[unit] <= 0
        self._missing[unit] -= sign
        is_reached = self._missing[unit] <= 0
        self.reached += float(self.units.weight[unit] @ (is_reached * 1.0 - was_reached))
        change = self._worth(unit) - before
        changed = change != 0
        if changed.any():
            unit, change = unit[changed], change[changed]
            sizes = self._sizes[unit]
            site = self.units.site[ranges(self.units.start[unit], sizes)]
            weights = np.repeat(change, sizes)
            self.gain += np.bincount(site, weights=weights, minlength=len(self.gain))

    def _worth(self, unit: "Ints | slice") -> Floats:
        """Return what one more open site of each unit adds."""
        missing = self._missing[unit]
        last, half = missing == 1, missing == _TWO
        share = np.where(self.units.need[unit] > 1, 1.0 - self.half_worth, 1.0)
        worth: Floats = self.units.weight[unit] * (share * last + self.half_worth * half)
        return worth
