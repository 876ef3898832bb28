"""The proof for large units of demand: cutting planes on a small programme.

The programme has the open positions and one column for the weight that each group of units
reaches. The groups' columns are held down by tangents of a concave function that is equal to
what is reached at every whole choice of sites and above it between them::

    f_u(open) = min(1, C / need),  for a need of 2 also  C - max open_s,  C = sum of open_s

(with at most one of its sites open, the second term is 0: so the half that C / 2 gives to one
open site alone is taken back). Outer approximation: Duran MA, Grossmann IE (1986),
Mathematical Programming 36:307-339; cuts at a point between the last optimum and a steady
inner one: Ben-Ameur W, Neto J (2007), Networks 49:3-17.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from coverage.placement.conditions import Draft
from coverage.placement.exact import Proof
from coverage.placement.program import Columns, Problem, write_conditions
from coverage.placement.request import Effort, Watch
from coverage.placement.solver import INF, Budget, Program, Rows, Solved, Solver
from coverage.placement.units import Floats, Ints

# Columns for what is reached: fewer are weaker, more are slower.
_GROUPS = 200
# The programme is told weights that add up to this: its tolerances are absolute.
_SCALE = 1e4
_LP_ROUNDS = 200
# Shares of the budget and of the bound at which the relaxation is left for whole numbers.
_LP_SHARE = 1 / 3
_LP_STILL = 2e-5
_TIGHT = 1e-7
_SAME = 1e-9
_WHOLE = 1.0 - _SAME
_TWO = 2


@dataclass
class _Best:
    """The best draft so far, and the least bound."""

    draft: Draft
    worth: float
    bound: float

    def gap(self) -> float:
        """Return the bound's distance from the worth, as a share of the worth."""
        return (self.bound - self.worth) / max(self.worth, 1e-12)


class _Master:
    """The small programme and its cuts."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        units = problem.units
        self.scale = _SCALE / max(float(units.weight.sum()), 1e-12)
        self.weight: Floats = units.weight * self.scale
        first_site = units.site[units.start[:-1]] if len(units) else np.zeros(0, np.int64)
        self.group: Ints = first_site * _GROUPS // max(1, units.site_count)
        total = np.bincount(self.group, weights=self.weight, minlength=_GROUPS)
        self.total: Floats = total.astype(np.float64)
        self.program = Program()
        self.columns: Columns
        self.columns, rows = write_conditions(
            problem.conditions, self.program, move_worth=problem.move_worth * self.scale
        )
        self.reached = self.program.add_columns(_GROUPS, high=self.total, worth=1.0)
        self.program.add_rows(rows.all())
        self.solver: Solver = self.program.load()
        self.solver.set_whole(np.zeros(self.program.columns, dtype=np.bool_))

    def add_cuts(self, opened: Floats, reached: Floats | None = None) -> int:
        """Add the tangents at a point, only the groups' whose column lies above if it is given."""
        value, slope = self._tangent(opened)
        held = np.arange(_GROUPS)
        if reached is not None:
            held = np.flatnonzero(reached > value + _TIGHT * np.maximum(1.0, self.total))
        if len(held):
            self.solver.add_rows(self._as_rows(held, value - slope @ opened, slope))
        return len(held)

    def _tangent(self, opened: Floats) -> tuple[Floats, csr_array]:
        """Return each group's value at a point, shape (groups,), and its slope by position."""
        units = self.problem.units
        at_site = opened[units.site]
        count = np.add.reduceat(at_site, units.start[:-1])
        most = np.maximum.reduceat(at_site, units.start[:-1])
        share = np.minimum(1.0, count / units.need)
        is_double = (units.need == _TWO) & (count - most < share - 1e-12)
        share = np.where(is_double, count - most, share)
        steep = self.weight * (share < _WHOLE)
        slope = np.where(is_double, steep, steep / units.need)
        value = np.bincount(self.group, weights=self.weight * share, minlength=_GROUPS)
        owner = np.repeat(np.arange(len(units)), np.diff(units.start))
        by_pair = slope[owner]
        # The largest of a double unit's open sites is taken out of its sum.
        at_top = np.flatnonzero(is_double[owner] & (at_site >= most[owner]))
        first = at_top[np.diff(owner[at_top], prepend=-1) != 0]
        by_pair[first] = 0.0
        held = by_pair != 0
        entries = (by_pair[held], (self.group[owner[held]], units.site[held]))
        shape = (_GROUPS, units.site_count)
        return value.astype(np.float64), csr_array(entries, shape=shape)

    def _as_rows(self, held: Ints, constant: Floats, slope: csr_array) -> Rows:
        """Return ``reached - slope . open <= constant`` for these groups."""
        part = slope[held]
        ends = part.indptr[1:]
        column = np.insert(self.columns.opened[part.indices], ends, self.reached[held])
        coefficient = np.insert(-part.data, ends, 1.0)
        start = np.concatenate([[0], ends + np.arange(1, len(held) + 1)])
        return Rows(np.full(len(held), -INF), constant[held], start, column, coefficient)

    def start_values(self, draft: Draft) -> Floats:
        """Return the draft as a solution."""
        conditions = self.problem.conditions
        values = self.columns.values(draft, conditions, self.program.columns)
        opened = conditions.is_open(draft).astype(np.float64)
        values[self.reached] = self._tangent(opened)[0]
        return values


def prove_by_cuts(problem: Problem, start: Draft, effort: Effort, watch: Watch) -> Proof:
    """Return the best draft and a bound; arguments and answer as of ``exact.prove_directly``."""
    budget = Budget(watch, effort.seconds)
    best = _Best(start, problem.worth(start), float(problem.units.weight.sum()))
    if not len(problem.units):
        return Proof(start, best.worth, best.worth, "optimal", 0.0)
    master = _Master(problem)
    _relax(master, best, effort, budget, watch)
    nothing = problem.worth(problem.conditions.start)
    watch.tell_gap(best.worth, best.bound, nothing)
    master.solver.set_whole(master.program.whole)
    stopped_by = ""
    while not stopped_by:
        solved = master.solver.solve(
            watch,
            seconds=budget.left,
            gap=effort.gap / 2,
            start=master.start_values(best.draft),
        )
        budget.solver_seconds += solved.seconds
        best.bound = min(best.bound, solved.bound / master.scale)
        cuts = _learn(master, best, solved)
        stopped_by = _why_stop(best, effort, solved, cuts=cuts)
        watch.tell_gap(best.worth, best.bound, nothing)
        watch.progress("exact", min(1.0, budget.spent / max(effort.seconds, 1e-9)))
    return Proof(
        best.draft, best.worth, max(best.bound, best.worth), stopped_by, budget.solver_seconds
    )


def _why_stop(best: _Best, effort: Effort, solved: Solved, *, cuts: int) -> str:
    nothing_broken = not cuts and solved.state in ("optimal", "gap")
    if best.gap() <= _SAME or (nothing_broken and solved.state == "optimal"):
        return "optimal"
    if best.gap() <= effort.gap or nothing_broken:
        return "gap"
    return solved.state if solved.state in ("time", "interrupted") else ""


def _learn(master: _Master, best: _Best, solved: Solved) -> int:
    """Take a better draft from a solution, and add the cuts that it breaks."""
    if not len(solved.values):
        return 0
    problem = master.problem
    draft = master.columns.draft(solved.values, problem.conditions)
    worth = problem.worth(draft)
    if worth > best.worth + problem.tolerance:
        best.draft, best.worth = draft, worth
    opened = problem.conditions.is_open(draft).astype(np.float64)
    return master.add_cuts(opened, solved.values[master.reached])


def _relax(master: _Master, best: _Best, effort: Effort, budget: Budget, watch: Watch) -> None:
    """Bring the bound down without whole numbers, until it moves no more."""
    opened = master.problem.conditions.is_open(best.draft).astype(np.float64)
    master.add_cuts(opened)
    centre, last = opened, best.bound
    for _ in range(_LP_ROUNDS):
        solved = master.solver.solve(watch, seconds=budget.left)
        budget.solver_seconds += solved.seconds
        if solved.state != "optimal":
            return
        bound = solved.bound / master.scale
        best.bound = min(best.bound, bound)
        at = np.clip(solved.values[master.columns.opened], 0.0, 1.0)
        master.add_cuts(0.5 * (at + centre))
        cuts = master.add_cuts(at, solved.values[master.reached])
        centre = 0.8 * centre + 0.2 * at
        is_still = last - bound < _LP_STILL * bound
        last = bound
        if not cuts or is_still or best.gap() <= effort.gap / 2:
            return
        if budget.spent > _LP_SHARE * effort.seconds or not watch.keep_going():
            return
