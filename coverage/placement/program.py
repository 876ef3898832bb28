"""The conditions as rows of a mixed-integer programme, and drafts as its solutions."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from coverage.errors import PlacementError
from coverage.placement.conditions import Conditions, Draft
from coverage.placement.request import Watch
from coverage.placement.search_state import SearchState
from coverage.placement.solver import INF, Program, Rows, row, stack
from coverage.placement.units import Floats, Ints, Units
from coverage.sentences import sentence

# Families of conditions, as errors name them.
FAMILIES = (
    "practices",
    "capacities",
    "quotas",
    "forced_in",
    "forced_out",
    "apart",
    "skal",
)


@dataclass(frozen=True)
class Problem:
    """Units of demand and the conditions on what may be open.

    Attributes
    ----------
    move_worth
        What a move must reach, in the units' weight.
    """

    units: Units
    conditions: Conditions
    move_worth: float = 0.0

    @cached_property
    def tolerance(self) -> float:
        """Weights that differ by less are the same: rounding errors."""
        return 1e-9 * max(1.0, float(self.units.weight.sum()))

    def worth(self, draft: Draft) -> float:
        """Return what a draft reaches, less what its moves must be worth."""
        reached = self.units.reached(self.conditions.is_open(draft))
        return reached - self.move_worth * self.conditions.moves(draft)

    def worth_of_state(self, state: SearchState) -> float:
        """Return the same of a search's state, without counting anew."""
        moves = sum(place < self.conditions.candidates for place in state.moved)
        return state.reached - self.move_worth * moves


@dataclass(frozen=True)
class Columns:
    """The columns of the programme that describe a draft.

    ``opened``: shape (positions,). ``new``: shape (candidates,); the same columns where
    nobody moves. ``move``: shape (moves,), with ``mover, target`` of each. ``halves``:
    shape (areas,), or (candidates,) where each site's capacities count.
    """

    opened: Ints
    new: Ints
    move: Ints
    mover: Ints
    target: Ints
    halves: Ints

    def draft(self, values: Floats, conditions: Conditions) -> Draft:
        """Return the draft that a solution describes."""
        is_on = values > 0.5  # noqa: PLR2004 - a whole number but for the solver's tolerance
        moved = list(conditions.homes)
        for mover, target, column in zip(self.mover, self.target, self.move, strict=True):
            if is_on[column]:
                moved[mover] = int(target)
        return Draft(tuple(np.flatnonzero(is_on[self.new]).tolist()), tuple(moved))

    def values(self, draft: Draft, conditions: Conditions, count: int) -> Floats:
        """Return a solution of so many columns with the draft in its place."""
        values = np.zeros(count)
        values[self.opened] = conditions.is_open(draft)
        values[self.new[list(draft.new)]] = 1.0
        for mover, target, column in zip(self.mover, self.target, self.move, strict=True):
            values[column] = draft.moved[mover] == target
        if len(self.halves) == len(conditions.areas):
            values[self.halves] = _fill(conditions, draft)
        return values


def _fill(conditions: Conditions, draft: Draft) -> Ints:
    """Return halves by area that fit: the least of each, and the rest where there is room."""
    low, high = conditions.area_range(conditions.counts(draft))
    rest = conditions.halves - low.sum()
    room = np.cumsum(high - low)
    filled: Ints = low + np.diff(np.minimum(room, rest), prepend=0)
    return filled


@dataclass
class ConditionRows:
    """Rows by the family of conditions that they come from."""

    rows: dict[str, list[Rows]] = field(default_factory=dict)

    def add(self, family: str, rows: Rows) -> None:
        """Add rows to a family; ``""`` is what no request can waive."""
        self.rows.setdefault(family, []).append(rows)

    def all(self) -> Rows:
        """Return the rows of all families."""
        return stack([rows for family in self.rows.values() for rows in family])


def write_conditions(
    conditions: Conditions, program: Program, *, move_worth: float, by_site: bool = False
) -> tuple[Columns, ConditionRows]:
    """Add the columns of a draft to the programme, and return the rows that they must meet.

    Parameters
    ----------
    by_site
        Capacities are columns of each site, not only of each area.
    """
    opened = program.add_columns(conditions.positions, whole=True)
    move, mover, target = _move_columns(conditions, program, move_worth)
    new = opened[: conditions.candidates]
    if conditions.movers:
        new = program.add_columns(conditions.candidates, whole=True)
    count = conditions.candidates if by_site else len(conditions.areas)
    halves = program.add_columns(count, high=conditions.halves, whole=True)
    columns = Columns(opened, new, move, mover, target, halves)
    rows = ConditionRows()
    _write_moves(columns, conditions, rows)
    _write_sites(columns, conditions, rows)
    _write_capacities(columns, conditions, rows, by_site=by_site)
    return columns, rows


def _move_columns(
    conditions: Conditions, program: Program, move_worth: float
) -> tuple[Ints, Ints, Ints]:
    sizes = [len(to) for to in conditions.destinations]
    mover = np.repeat(np.arange(conditions.movers), sizes)
    target = np.concatenate([*conditions.destinations, np.zeros(0, np.int64)]).astype(np.int64)
    return program.add_columns(len(mover), worth=-move_worth, whole=True), mover, target


def _write_moves(columns: Columns, conditions: Conditions, rows: ConditionRows) -> None:
    """Add: a place is open if it has a new site or a mover; a mover is at home or has moved."""
    if not conditions.movers:
        return
    for place in range(conditions.candidates):
        coming = columns.move[columns.target == place]
        entries = [columns.opened[place], columns.new[place], *coming]
        rows.add("", row(entries, [-1.0, 1.0] + [1.0] * len(coming), 0.0, 0.0))
    for mover, home in enumerate(conditions.homes):
        entries = [columns.opened[home], *columns.move[columns.mover == mover]]
        rows.add("", row(entries, 1.0, 1.0, 1.0))


def _write_sites(columns: Columns, conditions: Conditions, rows: ConditionRows) -> None:
    rows.add("practices", row(columns.new, 1.0, high=conditions.most_sites))
    for place in np.flatnonzero(conditions.forced):
        rows.add("forced_in", row(columns.new[[place]], 1.0, 1.0))
    for place in np.flatnonzero(conditions.barred):
        family = "apart" if conditions.beside_fixed[place] else "forced_out"
        rows.add(family, row(columns.opened[[place]], 1.0, high=0.0))
    first, second = conditions.near.nonzero()
    for one, other in zip(first[first < second], second[first < second], strict=True):
        rows.add("apart", row(columns.opened[[one, other]], 1.0, high=1.0))
    for group in conditions.serve:
        rows.add("skal", row(columns.opened[group], 1.0, 1.0))


def _write_capacities(
    columns: Columns, conditions: Conditions, rows: ConditionRows, *, by_site: bool
) -> None:
    rows.add("capacities", row(columns.halves, 1.0, conditions.halves, conditions.halves))
    for number, area in enumerate(conditions.areas):
        own = columns.new[conditions.area == number]
        halves = columns.halves[conditions.area == number] if by_site else columns.halves[[number]]
        low, high = conditions.area_least[number], conditions.area_most[number]
        if area:
            rows.add("quotas", row(halves, 1.0, low, high))
        if not by_site:
            _write_sizes(halves, own, conditions, rows)
    if by_site:
        for halves, own in zip(columns.halves, columns.new, strict=True):
            _write_sizes(np.array([halves]), np.array([own]), conditions, rows)


def _write_sizes(halves: Ints, own: Ints, conditions: Conditions, rows: ConditionRows) -> None:
    """Add: the capacities of these sites lie between so many times the least and the most."""
    entries = np.concatenate([halves, own])
    for size, low, high in ((conditions.least, 0.0, INF), (conditions.most, -INF, 0.0)):
        parts = np.concatenate([np.ones(len(halves)), np.full(len(own), -float(size))])
        rows.add("", row(entries, parts, low, high))


def solve_feasible(problem: Problem, state: SearchState, watch: Watch) -> Draft:
    """Return a draft that meets the conditions, with sites that add much to the state.

    Raises
    ------
    PlacementError
        If there is none; ``feasibility.explain`` says why.
    """
    conditions = problem.conditions
    program = Program()
    columns, rows = write_conditions(conditions, program, move_worth=1.0)
    gain = problem.units.matrix.T @ problem.units.weight
    worth = np.zeros(program.columns)
    worth[columns.opened] = gain / max(1.0, float(gain.max(initial=0.0)))
    worth[columns.new[state.new]] += 1.0
    program.add_worth(worth)
    program.add_rows(rows.all())
    solved = program.load().solve(watch, gap=0.01)
    if not len(solved.values):
        was_stopped = solved.state == "interrupted"
        raise PlacementError(
            sentence(
                "The search was stopped before it had a set of sites that meets all conditions"
            )
            if was_stopped
            else sentence("No set of sites meets all conditions together"),
            where="placement request",
            hint=sentence("Let it run on.") if was_stopped else sentence("Loosen one of them."),
        )
    return columns.draft(solved.values, conditions)
