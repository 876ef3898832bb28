"""A good answer to the shortage quickly: greedy by what each site could take, then swaps.

What more room at a site can save is at most the room, and at most the need of the sets of
homes on a least cut that reach it: so the promising sites are few, and only they are looked
at by a flow of their own.
"""

from dataclasses import dataclass

import numpy as np

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.program import Problem, solve_feasible
from coverage.placement.request import Watch
from coverage.placement.search_state import SearchState
from coverage.placement.shortage_flow import Lack, ShortageObjective
from coverage.placement.units import Floats, Ints, Units

# Persons: shortages are counted in hundredths, so smaller differences mean nothing.
TOLERANCE = 0.5
_TRIES = 6
_PASSES = 2


@dataclass(frozen=True)
class Staffing:
    """A draft, and the half capacities of each candidate, shape (candidates,)."""

    draft: Draft
    halves: Ints


@dataclass(frozen=True)
class ShortageProblem:
    """The objective, what must be met, and the shortage before anything is done."""

    objective: ShortageObjective
    conditions: Conditions
    before: float

    def room(self, staffing: Staffing) -> Floats:
        """Return need-weighted persons that the positions have room for."""
        room = np.zeros(self.conditions.positions)
        room[: self.conditions.candidates] = staffing.halves * self.objective.room_per_half
        room[list(staffing.draft.moved)] += self.objective.mover_room
        return room

    def worth(self, staffing: Staffing) -> float:
        """Return by how much the shortage falls, less what the moves must be worth."""
        gain = self.before - self.objective.value(self.room(staffing))
        return gain - self.conditions.move_cost * self.conditions.moves(staffing.draft)


def search_shortage(problem: ShortageProblem, *, steps: int, watch: Watch) -> Staffing:
    """Return the best staffing found by greedy and, unless ``steps`` is 0, by swaps.

    Raises
    ------
    PlacementError
        If none meets the conditions.
    """
    run = _Search(problem, watch)
    run.open_forced()
    while run.open_best():
        watch.progress("heuristic", len(run.state.new) / max(1, problem.conditions.most_sites))
    draft = run.state.draft
    if not problem.conditions.is_met(draft):
        shape = Problem(no_units(problem.conditions.positions), problem.conditions)
        draft = solve_feasible(shape, run.state, watch)
        run = _Search(problem, watch, draft)
    for _ in range(_PASSES if steps else 0):
        if not watch.keep_going() or not run.swap_all():
            break
    return staff(problem, run.state.draft)


def staff(problem: ShortageProblem, draft: Draft) -> Staffing:
    """Share the capacities out among the sites: half by half where it saves most."""
    conditions = problem.conditions
    halves = np.zeros(conditions.candidates, dtype=np.int64)
    halves[list(draft.new)] = conditions.least
    new = np.array(draft.new, dtype=np.int64)
    _, area_most = conditions.area_range(conditions.counts(draft))
    while halves.sum() < conditions.halves:
        area_halves = np.bincount(
            conditions.area[new], weights=halves[new], minlength=len(conditions.areas)
        )
        owed = np.maximum(0, conditions.area_least - area_halves)
        open_areas = area_halves < area_most
        if owed.sum() >= conditions.halves - halves.sum():
            open_areas &= owed > 0
        able = new[(halves[new] < conditions.most) & open_areas[conditions.area[new]]]
        room = problem.room(Staffing(draft, halves))
        room_more = problem.objective.room_per_half[able]
        place, _ = _best_place(problem, room, able, room_more)
        halves[place] += 1
    return Staffing(draft, halves)


def _best_place(
    problem: ShortageProblem, room: Floats, places: Ints, more: Floats, *, tries: int = _TRIES
) -> tuple[int, float]:
    """Return the place where more room leaves the least shortage, and that shortage.

    Parameters
    ----------
    room
        Shape (positions,): as it is.
    places, more
        Where room may be added, at least one, and how much there.
    tries
        So many of the most promising are looked at.
    """
    lacks = problem.objective.lacks(room)
    now = max(0.0, *(lack.at(room) for lack in lacks))
    most = most_saved(lacks, places, more)
    order = np.lexsort((places, -problem.objective.left_over[places], -np.round(most, 2)))
    best, least = int(places[order[0]]), np.inf
    for at in order[:tries]:
        if now - most[at] >= least - TOLERANCE:
            break
        trial = room.copy()
        trial[places[at]] += more[at]
        left = problem.objective.value(trial)
        if left < least - TOLERANCE:
            best, least = int(places[at]), left
    return best, least


def most_saved(lacks: tuple[Lack, ...], places: Ints, more: Floats) -> Floats:
    """Return what more room at each place can save at most, shape (places,)."""
    reached = np.min([lack.weight[places] for lack in lacks], axis=0)
    return np.asarray(np.minimum(more, reached), dtype=np.float64)


class _Search:
    """Greedy and swaps, every new site with an equal part of the capacities."""

    def __init__(self, problem: ShortageProblem, watch: Watch, draft: Draft | None = None) -> None:
        self.problem = problem
        self.watch = watch
        conditions = problem.conditions
        units = no_units(conditions.positions)
        equal = conditions.halves // max(1, conditions.most_sites)
        self._halves = int(np.clip(equal, conditions.least, conditions.most))
        self.state = SearchState(units, conditions, draft or conditions.start)

    def open_forced(self) -> None:
        """Open the sites that must be."""
        for place in np.flatnonzero(self.problem.conditions.forced):
            self.state.open_new(int(place))

    def open_best(self) -> bool:
        """Open the site that saves most; False if there may be no more."""
        conditions = self.problem.conditions
        if len(self.state.new) >= conditions.most_sites:
            return False
        leads = conditions.areas_that_lead_on(self.state.counts)
        places = np.flatnonzero(self.state.allowed_new(leads))
        if not len(places):
            return False
        place, _ = self._best_new(places)
        self.state.open_new(place)
        return True

    def swap_all(self) -> bool:
        """Take up every site and mover once and put it where it is best; True if one moved."""
        conditions = self.problem.conditions
        moved = False
        for place in sorted(self.state.new):
            if not conditions.forced[place] and self.watch.keep_going():
                moved |= self._swap(place)
        for mover in range(conditions.movers):
            if self.watch.keep_going():
                moved |= self._move(mover)
        return moved

    def _room(self) -> Floats:
        halves = np.zeros(self.problem.conditions.candidates, dtype=np.int64)
        halves[self.state.new] = self._halves
        return self.problem.room(Staffing(self.state.draft, halves))

    def _best_new(self, places: Ints) -> tuple[int, float]:
        more = self.problem.objective.room_per_half[places] * self._halves
        # Once stopped, it only gets done: the most promising place is taken as it is.
        tries = _TRIES if self.watch.keep_going() else 1
        return _best_place(self.problem, self._room(), places, more, tries=tries)

    def _swap(self, place: int) -> bool:
        before = self.problem.objective.value(self._room())
        self.state.close_new(place)
        fits = self.problem.conditions.areas_that_fit(self.state.counts)
        best, left = self._best_new(np.flatnonzero(self.state.allowed_new(fits)))
        is_better = left < before - TOLERANCE
        self.state.open_new(best if is_better else place)
        return is_better

    def _move(self, mover: int) -> bool:
        conditions, objective = self.problem.conditions, self.problem.objective
        home, was = conditions.homes[mover], self.state.moved[mover]
        before = objective.value(self._room()) + conditions.move_cost * (was != home)
        self.state.lift(mover)
        places = self.state.allowed_for(mover)
        away = places[places != home]
        room = self._room()
        room[was] -= objective.mover_room[mover]
        best, left = was, before
        if len(away):
            more = np.full(len(away), objective.mover_room[mover])
            place, shortage = _best_place(self.problem, room, away, more)
            if shortage + conditions.move_cost < left - TOLERANCE:
                best, left = place, shortage + conditions.move_cost
        if was != home and home in places:
            room[home] += objective.mover_room[mover]
            if objective.value(room) < left - TOLERANCE:
                best = home
        self.state.set_down(mover, best)
        return best != was


def no_units(positions: int) -> Units:
    """Return units of nothing, for a search that only asks what is allowed."""
    none = np.zeros(0, dtype=np.int64)
    return Units(np.zeros(0), none, np.zeros(1, dtype=np.int64), none, positions)
