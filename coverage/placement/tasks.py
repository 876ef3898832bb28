"""An objective and its conditions as one task: search, prove, order, swap.

Units of demand and the shortage answer the same questions in ways of their own; who asks
need not know which it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.exact import DIRECT_PAIRS, Proof, prove_directly
from coverage.placement.exact_cuts import prove_by_cuts
from coverage.placement.exact_shortage import prove_shortage
from coverage.placement.heuristic import HALF_WORTH, anneal, greedy
from coverage.placement.objective import UnitObjective
from coverage.placement.program import Problem
from coverage.placement.request import Effort, Watch
from coverage.placement.search_state import SearchState
from coverage.placement.shortage_flow import ShortageObjective
from coverage.placement.shortage_search import (
    ShortageProblem,
    Staffing,
    most_saved,
    no_units,
    search_shortage,
)
from coverage.placement.units import Bools, Floats, Ints

# Of the swaps of one site, so many of the most promising are tried by a flow of their own.
_SWAPS_TRIED = 4


@dataclass(frozen=True)
class Found:
    """A draft; for the shortage also the halves of each candidate, else None."""

    draft: Draft
    halves: Ints | None = None


@dataclass(frozen=True)
class Step:
    """A new site, or a mover, with what it adds after the steps before it.

    ``gain`` is in the objective's unit, above 0 where it helps.
    """

    is_move: bool
    number: int
    gain: float


@dataclass(frozen=True)
class Swap:
    """One site in another's stead, and the objective's value then."""

    out: int
    into: int
    value: float


class Task(Protocol):
    """What an objective must answer."""

    @property
    def conditions(self) -> Conditions:
        """What a draft must meet."""

    @property
    def name(self) -> str:
        """Of the objective."""

    @property
    def unit(self) -> str:
        """Of the objective."""

    @property
    def lower_is_better(self) -> bool:
        """Less is better."""

    def search(self, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return the best answer found without a proof."""

    def improve(self, found: Found, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return an answer at least as good, by swaps from this one."""

    def prove(self, found: Found, effort: Effort, watch: Watch) -> tuple[Found, Proof]:
        """Return an answer at least as good, and a bound."""

    def value(self, found: Found) -> float:
        """Return the objective's value."""

    def value_of_worth(self, worth: float) -> float:
        """Return the value at which the proof's worth would stand."""

    def steps(self, found: Found) -> Iterator[Step]:
        """Yield the sites and moves, each time the one that adds most."""

    def swaps(self, found: Found, watch: Watch) -> Iterator[Swap]:
        """Yield swaps of one new site that the conditions allow, until the watch says stop."""

    def with_conditions(self, conditions: Conditions) -> "Task":
        """Return the task under other conditions."""


@dataclass(frozen=True)
class UnitTask:
    """Units of demand under conditions."""

    objective: UnitObjective
    conditions: Conditions

    @property
    def name(self) -> str:
        """Of the objective."""
        return self.objective.name

    @property
    def unit(self) -> str:
        """Of the objective."""
        return self.objective.unit

    @property
    def lower_is_better(self) -> bool:
        """Less is better."""
        return self.objective.lower_is_better

    @property
    def problem(self) -> Problem:
        """The units with their conditions."""
        factor = abs(self.objective.factor)
        cost = self.conditions.move_cost / factor if factor else 0.0
        return Problem(self.objective.units, self.conditions, cost)

    def search(self, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return what greedy and annealing find."""
        return self.improve(Found(greedy(self.problem, watch)), effort, seed, watch)

    def improve(self, found: Found, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return what annealing finds from here."""
        draft = anneal(self.problem, found.draft, steps=effort.steps, seed=seed, watch=watch)
        return Found(draft)

    def prove(self, found: Found, effort: Effort, watch: Watch) -> tuple[Found, Proof]:
        """Prove directly or by cuts, by the number of pairs."""
        is_small = self.objective.units.pair_count <= DIRECT_PAIRS
        prove = prove_directly if is_small else prove_by_cuts
        proof = prove(self.problem, found.draft, effort, watch)
        return Found(proof.draft), proof

    def value(self, found: Found) -> float:
        """Return the objective's value."""
        return self.objective.value(self.conditions.is_open(found.draft))

    def value_of_worth(self, worth: float) -> float:
        """Return the value of so much weight."""
        return self.objective.value_of_reached(worth)

    def steps(self, found: Found) -> Iterator[Step]:
        """Yield the sites and moves; where none adds anything yet, the one that half adds most."""
        conditions = self.conditions
        state = SearchState(self.objective.units, conditions, conditions.start)
        new = list(found.draft.new)
        moved = [at for at, to in enumerate(found.draft.moved) if to < conditions.candidates]
        while new or moved:
            before = state.reached
            options = [*((False, place) for place in new), *((True, at) for at in moved)]
            is_move, number = options[self._best_option(state, options, found.draft)]
            if is_move:
                moved.remove(number)
                state.lift(number)
                state.set_down(number, found.draft.moved[number])
            else:
                new.remove(number)
                state.open_new(number)
            gain = (state.reached - before) * abs(self.objective.factor)
            yield Step(is_move, number, gain)

    def _best_option(
        self, state: SearchState, options: list[tuple[bool, int]], draft: Draft
    ) -> int:
        """Return the option that adds most, and of equals the one that also half adds most."""
        sums = []
        for share in (0.0, HALF_WORTH):
            state.set_half_worth(share)
            sums.append([self._gain_of(state, option, draft) for option in options])
        state.set_half_worth(0.0)
        whole, half = np.array(sums[0]), np.array(sums[1])
        near = np.flatnonzero(whole >= whole.max() - self.problem.tolerance)
        return int(near[np.argmax(half[near])])

    def _gain_of(self, state: SearchState, option: tuple[bool, int], draft: Draft) -> float:
        is_move, number = option
        if not is_move:
            return float(state.gain[number])
        home = state.moved[number]
        state.lift(number)
        gain = float(state.gain[draft.moved[number]] - state.gain[home])
        state.set_down(number, home)
        return gain

    def swaps(self, found: Found, watch: Watch) -> Iterator[Swap]:
        """Yield every swap of one new site for one other: no longer than a moment's work."""
        del watch
        conditions, problem = self.conditions, self.problem
        state = SearchState(problem.units, conditions, found.draft)
        for place in found.draft.new:
            if conditions.forced[place]:
                continue
            state.close_new(place)
            allowed = state.allowed_new(conditions.areas_that_fit(state.counts))
            allowed[place] = False
            for other in np.flatnonzero(allowed):
                reached = state.reached + float(state.gain[other])
                yield Swap(place, int(other), self.objective.value_of_reached(reached))
            state.open_new(place)

    def with_conditions(self, conditions: Conditions) -> "UnitTask":
        """Return the task under other conditions."""
        return replace(self, conditions=conditions)


@dataclass(frozen=True)
class ShortageTask:
    """The least shortage under conditions."""

    objective: ShortageObjective
    conditions: Conditions
    before: float

    name = "shortage"
    unit = "persons"
    lower_is_better = True

    @property
    def problem(self) -> ShortageProblem:
        """The objective with its conditions."""
        return ShortageProblem(self.objective, self.conditions, self.before)

    def search(self, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return what greedy and swaps find; nothing in it is left to chance."""
        del seed
        return _as_found(search_shortage(self.problem, steps=effort.steps, watch=watch))

    def improve(self, found: Found, effort: Effort, seed: int, watch: Watch) -> Found:
        """Return the better of this and a search of its own."""
        other = self.search(effort, seed, watch)
        is_better = self.problem.worth(_as_staffing(other)) > self.problem.worth(
            _as_staffing(found)
        )
        return other if is_better else found

    def prove(self, found: Found, effort: Effort, watch: Watch) -> tuple[Found, Proof]:
        """Prove by lines of sets of homes."""
        staffing, proof = prove_shortage(self.problem, _as_staffing(found), effort, watch)
        return _as_found(staffing), proof

    def value(self, found: Found) -> float:
        """Return the shortage."""
        return self.objective.value(self.problem.room(_as_staffing(found)))

    def value_of_worth(self, worth: float) -> float:
        """Return the shortage at which so many persons fewer are left."""
        return self.before - worth

    def steps(self, found: Found) -> Iterator[Step]:
        """Yield the sites and moves; more room saves less the more there is, so few are tried."""
        draft, halves = found.draft, _as_staffing(found).halves
        room = self.problem.room(Staffing(self.conditions.start, np.zeros_like(halves)))
        options = [(False, place) for place in draft.new]
        moved = enumerate(draft.moved)
        options += [(True, at) for at, to in moved if to < self.conditions.candidates]
        most = dict.fromkeys(options, np.inf)
        now = self.before
        while most:
            best, left = None, np.inf
            for option in sorted(most, key=lambda each: -most[each]):
                if now - most[option] >= left:
                    break
                value = self.objective.value(self._room_after(room, option, found))
                most[option] = np.inf if option[0] else now - value
                if value < left:
                    best, left = option, value
            if best is None:
                return
            room = self._room_after(room, best, found)
            del most[best]
            yield Step(*best, now - left)
            now = left

    def _room_after(self, room: Floats, option: tuple[bool, int], found: Found) -> Floats:
        is_move, number = option
        after = room.copy()
        if is_move:
            after[self.conditions.homes[number]] -= self.objective.mover_room[number]
            after[found.draft.moved[number]] += self.objective.mover_room[number]
        else:
            halves = _as_staffing(found).halves[number]
            after[number] += halves * self.objective.room_per_half[number]
        return after

    def swaps(self, found: Found, watch: Watch) -> Iterator[Swap]:
        """Yield for each new site the swaps that promise most, with the same capacities."""
        conditions, staffing = self.conditions, _as_staffing(found)
        state = SearchState(no_units(conditions.positions), conditions, found.draft)
        room = self.problem.room(staffing)
        for place in found.draft.new:
            if conditions.forced[place] or not watch.keep_going():
                continue
            state.close_new(place)
            allowed = state.allowed_new(self._areas_alike(state.counts, place))
            state.open_new(place)
            allowed[place] = False
            others = np.flatnonzero(allowed)
            without = room.copy()
            without[place] -= staffing.halves[place] * self.objective.room_per_half[place]
            more = staffing.halves[place] * self.objective.room_per_half[others]
            if not len(others):
                continue
            saved = most_saved(self.objective.lacks(without), others, more)
            order = np.lexsort((others, -self.objective.left_over[others], -np.round(saved, 2)))
            for at in order[:_SWAPS_TRIED]:
                trial = without.copy()
                trial[others[at]] += more[at]
                yield Swap(place, int(others[at]), self.objective.value(trial))

    def _areas_alike(self, counts: Ints, place: int) -> Bools:
        """Return the areas where a site's capacities may be instead: its own if quotas bind."""
        fits = self.conditions.areas_that_fit(counts)
        if len(self.conditions.areas) > 1:
            fits &= np.arange(len(fits)) == self.conditions.area[place]
        return fits

    def with_conditions(self, conditions: Conditions) -> "ShortageTask":
        """Return the task under other conditions."""
        return replace(self, conditions=conditions)


def _as_found(staffing: Staffing) -> Found:
    return Found(staffing.draft, staffing.halves)


def _as_staffing(found: Found) -> Staffing:
    if found.halves is None:
        message = "a shortage needs the capacities of every site"
        raise ValueError(message)
    return Staffing(found.draft, found.halves)
