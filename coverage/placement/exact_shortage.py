"""The proof for the shortage: a line for every set of homes that lacks most.

A set S of homes leaves at least its need less the room that it reaches, wherever else the
capacities go. For a site that few of S reach, taking those few out of S is the better line::

    shortage >= need(S) - room of its fixed practices
                - sum over sites of  either  room per half * halves,
                                     or      need(S within reach) * opened

Either holds for each site by itself. The programme starts with none of the lines; those that
its optimum breaks are found by a largest flow and added, until it breaks none (Benders JF
(1962), Numerische Mathematik 4:238-252).
"""

import numpy as np

from coverage.placement.conditions import Draft
from coverage.placement.exact import Proof
from coverage.placement.program import Columns, write_conditions
from coverage.placement.request import Effort, Watch
from coverage.placement.shortage_flow import Lack
from coverage.placement.shortage_search import TOLERANCE, ShortageProblem, Staffing
from coverage.placement.solver import INF, Budget, Program, Rows, Solved, row
from coverage.placement.units import Bools, Floats

_LP_ROUNDS = 60
_LP_SHARE = 1 / 3
_GAP_OF_LP = 1e-4
# A round ends when it has come a part of the way, or used a part of the seconds: an early one
# lacks the lines that matter.
_ROUND_GAP = 0.25
_ROUND_SHARE = 0.15
_LEAST_S = 0.05


class _Master:
    """The programme of all placements, with one column for the shortage."""

    def __init__(self, problem: ShortageProblem) -> None:
        self.problem = problem
        conditions = problem.conditions
        self.program = Program()
        self.columns: Columns
        self.columns, rows = write_conditions(
            conditions, self.program, move_worth=conditions.move_cost, by_site=True
        )
        self.shortage = int(self.program.add_columns(1, high=INF, worth=-1.0)[0])
        self.program.add_rows(rows.all())
        self.solver = self.program.load()

    def room(self, values: Floats) -> Floats:
        """Return the room at the positions of a solution, whole or not."""
        objective, conditions = self.problem.objective, self.problem.conditions
        halves = values[self.columns.halves]
        room = np.zeros(conditions.positions)
        room[: conditions.candidates] = np.maximum(0.0, halves) * objective.room_per_half
        for mover, home in enumerate(conditions.homes):
            own = self.columns.mover == mover
            moving = np.clip(values[self.columns.move[own]], 0.0, 1.0)
            room[home] += max(0.0, 1.0 - moving.sum()) * objective.mover_room[mover]
            room[self.columns.target[own]] += moving * objective.mover_room[mover]
        return room

    def add_lines(self, values: Floats) -> float:
        """Add the lines of the sets that lack most at a solution; return the shortage there."""
        room = self.room(values)
        lacks = self.problem.objective.lacks(room)
        for lack in lacks:
            self.solver.add_rows(self._line(lack, values))
        return max(0.0, *(lack.at(room) for lack in lacks))

    def _line(self, lack: Lack, values: Floats) -> Rows:
        """Return ``shortage + what the sites take >= constant``."""
        objective, conditions, columns = (
            self.problem.objective,
            self.problem.conditions,
            self.columns,
        )
        weight = lack.weight[: conditions.candidates]
        touched = weight > 0
        halves = np.maximum(values[columns.halves], conditions.least)
        few: Bools = touched & (weight < objective.room_per_half * halves)
        many = touched & ~few
        entries = [
            ([self.shortage], [1.0]),
            (columns.halves[many], objective.room_per_half[many]),
            (columns.new[few], weight[few]),
        ]
        constant = lack.constant
        for mover, home in enumerate(conditions.homes):
            own = columns.mover == mover
            at_home, away = (
                np.minimum(objective.mover_room[mover], lack.weight[places])
                for places in (home, columns.target[own])
            )
            # At home unless it moves: what it takes there is given back by each move.
            constant -= float(at_home)
            entries.append((columns.move[own], away - at_home))
        column, coefficient = (np.concatenate(part) for part in zip(*entries, strict=True))
        return row(column, coefficient, constant)

    def staffing(self, values: Floats) -> Staffing:
        """Return what a whole solution describes."""
        draft = self.columns.draft(values, self.problem.conditions)
        return Staffing(draft, np.rint(values[self.columns.halves]).astype(np.int64))

    def values(self, staffing: Staffing) -> Floats:
        """Return a staffing as a solution."""
        conditions = self.problem.conditions
        values = self.columns.values(staffing.draft, conditions, self.program.columns)
        values[self.columns.halves] = staffing.halves
        values[self.shortage] = self.problem.objective.value(self.problem.room(staffing))
        return values


def prove_shortage(
    problem: ShortageProblem, start: Staffing, effort: Effort, watch: Watch
) -> tuple[Staffing, Proof]:
    """Return the best staffing and a bound; the proof is as of ``exact.prove_directly``."""
    budget = Budget(watch, effort.seconds)
    master = _Master(problem)
    best, worth = start, problem.worth(start)
    bound = problem.before
    master.add_lines(master.values(best))
    bound = min(bound, _relax(master, bound, effort, budget, watch))
    master.solver.set_whole(master.program.whole)
    watch.tell_gap(worth, bound, 0.0)
    stopped_by = _why_stop(worth, bound, effort, problem)
    while not stopped_by:
        solved = master.solver.solve(
            watch,
            seconds=min(budget.left, _ROUND_SHARE * effort.seconds),
            gap=_solver_gap(effort, problem, worth, bound),
            start=master.values(best),
        )
        budget.solver_seconds += solved.seconds
        bound = min(bound, problem.before + solved.bound)
        if len(solved.values):
            found = master.staffing(solved.values)
            if problem.worth(found) > worth + TOLERANCE:
                best, worth = found, problem.worth(found)
            master.add_lines(master.values(found))
        stopped_by = _why_stop(worth, bound, effort, problem) or _ended(solved, budget)
        watch.tell_gap(worth, bound, 0.0)
        watch.progress("exact", min(1.0, budget.spent / max(effort.seconds, 1e-9)))
    draft: Draft = best.draft
    return best, Proof(draft, worth, max(bound, worth), stopped_by, budget.solver_seconds)


def _solver_gap(effort: Effort, problem: ShortageProblem, worth: float, bound: float) -> float:
    """Return how near a round must come, as a share of the shortage, which the solver counts in.

    Half the wanted gap of the gain; while the bound is far off, a part of the way.
    """
    wanted = max(effort.gap / 2 * max(worth, 0.0), _ROUND_GAP * (bound - worth))
    return wanted / max(problem.before - worth, 1.0)


def _why_stop(worth: float, bound: float, effort: Effort, problem: ShortageProblem) -> str:
    if bound - worth <= TOLERANCE:
        return "optimal"
    if bound - worth <= effort.gap * max(worth, 0.0) and problem.before > 0:
        return "gap"
    return ""


def _ended(solved: Solved, budget: Budget) -> str:
    if solved.state == "time" and budget.left > _LEAST_S:
        return ""
    return solved.state if solved.state in ("time", "interrupted", "infeasible") else ""


def _relax(master: _Master, bound: float, effort: Effort, budget: Budget, watch: Watch) -> float:
    """Return the bound without whole numbers, with the lines that it takes."""
    master.solver.set_whole(np.zeros(master.program.columns, dtype=np.bool_))
    for _ in range(_LP_ROUNDS):
        solved = master.solver.solve(watch, seconds=budget.left)
        budget.solver_seconds += solved.seconds
        if solved.state != "optimal":
            break
        bound = min(bound, master.problem.before + solved.bound)
        there = master.add_lines(solved.values)
        if there - solved.values[master.shortage] <= _GAP_OF_LP * max(1.0, there):
            break
        if budget.spent > _LP_SHARE * effort.seconds or not watch.keep_going():
            break
    return bound
