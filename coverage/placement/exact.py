"""The proof: what no set of sites can exceed, and a better set where there is one.

Two ways, by size. Up to ``DIRECT_PAIRS`` pairs of a unit and a site the units are columns of
one mixed-integer programme (with all needs 1 the maximal covering of Church R, ReVelle C
(1974), Papers of the Regional Science Association 32:101-118; with needs of 2 after Hogan K,
ReVelle C (1986), Management Science 32:1434-1444)::

    maximise    sum_u weight_u z_u - cost of moves
    subject to  need_u z_u <= sum of open_s over the sites s of u,  0 <= z_u <= 1
                z_u whole where need_u > 1, and the conditions on open

Larger ones go through cutting planes (``exact_cuts``).
"""

from dataclasses import dataclass

import numpy as np

from coverage.placement.conditions import Draft
from coverage.placement.program import Problem, write_conditions
from coverage.placement.request import Effort, Watch
from coverage.placement.solver import INF, Program, Rows
from coverage.placement.units import Units

# Two-fold cover of the demo region has 86,782 and is quicker directly; its distances have 2.7
# million, with which the direct programme does not get through its first relaxation in time.
DIRECT_PAIRS = 400_000


@dataclass(frozen=True)
class Proof:
    """What the exact part found.

    Attributes
    ----------
    draft
        The best known, at least as good as the one it began from.
    worth
        What it reaches, less what its moves must be worth.
    bound
        No draft that meets the conditions is worth more.
    stopped_by
        ``optimal, gap, time`` or ``interrupted``.
    seconds
        Of the solver.
    """

    draft: Draft
    worth: float
    bound: float
    stopped_by: str
    seconds: float


def prove_directly(problem: Problem, start: Draft, effort: Effort, watch: Watch) -> Proof:
    """Return the best draft and a bound by one programme.

    The gap of the effort is one of the weight that is reached.
    """
    conditions, units = problem.conditions, problem.units
    program = Program()
    columns, rows = write_conditions(conditions, program, move_worth=problem.move_worth)
    met = program.add_columns(len(units), worth=units.weight, whole=units.need > 1)
    program.add_rows(rows.all(), _unit_rows(units, columns.opened[0], met[0] if len(met) else 0))
    values = columns.values(start, conditions, program.columns)
    count = units.matrix @ conditions.is_open(start).astype(np.float64)
    values[met] = count >= units.need
    best, worth = start, problem.worth(start)
    nothing, ceiling = problem.worth(conditions.start), float(units.weight.sum())
    solved = program.load().solve(
        watch,
        seconds=effort.seconds,
        gap=effort.gap,
        start=values,
        stage="exact",
        listen=lambda value, bound: watch.tell_gap(max(value, worth), min(bound, ceiling), nothing),
    )
    if len(solved.values):
        found = columns.draft(solved.values, conditions)
        if problem.worth(found) > worth + problem.tolerance:
            best, worth = found, problem.worth(found)
    bound = min(max(solved.bound, worth), ceiling)
    watch.tell_gap(worth, bound, nothing)
    return Proof(best, worth, bound, solved.state, solved.seconds)


def _unit_rows(units: Units, first_site: int, first_unit: int) -> Rows:
    """Return the rows ``sum of open sites - need * met >= 0``, one a unit."""
    count = len(units)
    ends = units.start[1:]
    column = np.insert(first_site + units.site, ends, first_unit + np.arange(count))
    coefficient = np.insert(np.ones(len(units.site)), ends, -units.need.astype(np.float64))
    start = units.start + np.arange(count + 1)
    return Rows(np.zeros(count), np.full(count, INF), start, column, coefficient)
