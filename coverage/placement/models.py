"""The textbook problems of location, by name, on any matrix of costs.

A cost is whatever counts: metres, minutes. Rows are demands, columns sites; inf or NaN says
that a site cannot serve a demand. Every answer is proved to be the best. These functions know
nothing of practices: they are here so that others can check the solver, and to be used by name.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from coverage.errors import PlacementError
from coverage.placement.request import Watch
from coverage.placement.solver import INF, Program, Rows, Solved, row
from coverage.placement.units import Bools, Floats, Ints
from coverage.sentences import sentence

_WHERE = "cost matrix"
_HALF = 0.5


@dataclass(frozen=True)
class Located:
    """The sites of a location problem.

    Attributes
    ----------
    sites
        Positions of the chosen columns, in order.
    value
        Of the objective; its meaning stands at the function.
    served_by
        Shape (demands,): the chosen site that serves each demand, of several the cheapest,
        of equals the first; -1 where none does.
    sites_within
        Shape (demands,): how many chosen sites can serve each demand.
    """

    sites: Ints
    value: float
    served_by: Ints
    sites_within: Ints


def p_median(cost: npt.ArrayLike, weight: npt.ArrayLike, sites: int) -> Located:
    """Return so many sites that make the weighted sum of costs to the nearest one least.

    Hakimi SL (1964), Operations Research 12:450-459; as a programme ReVelle CS, Swain RW (1970),
    Geographical Analysis 2:30-42::

        minimise sum_ij weight_i cost_ij y_ij
        subject to  sum_j y_ij = 1,  y_ij <= x_j,  sum_j x_j = sites,  x_j whole

    Parameters
    ----------
    cost
        Shape (demands, sites).
    weight
        Shape (demands,), at least 0.

    Raises
    ------
    PlacementError
        If more sites are asked for than there are, or no choice of so many serves every demand.
    """
    costs, weights = _checked(cost, weight)
    _check_count(sites, costs)
    _check_reachable(np.isfinite(costs), 1)
    demand, site = np.nonzero(np.isfinite(costs))
    program = Program()
    opened = program.add_columns(costs.shape[1], whole=True)
    served = program.add_columns(len(demand), worth=-weights[demand] * costs[demand, site])
    program.add_rows(
        row(opened, 1.0, sites, sites),
        _sums(demand, served, np.ones(len(costs)), np.ones(len(costs))),
        _at_most_open(served, opened[site]),
    )
    solved = program.load().solve(Watch())
    _check_solved(solved, sites, costs)
    located = _located(solved.values[opened], costs, np.isfinite(costs))
    nearest = costs[np.arange(len(costs)), located.served_by]
    return _with_value(located, float(weights @ nearest))


def maximal_covering(
    cost: npt.ArrayLike, weight: npt.ArrayLike, limit: float, sites: int
) -> Located:
    """Return so many sites that the most weight is within the limit of one, the line included.

    Church R, ReVelle C (1974), Papers of the Regional Science Association 32:101-118::

        maximise sum_i weight_i z_i  subject to  z_i <= sum of x_j over j within the limit,
                                                 sum_j x_j = sites,  x_j whole,  z_i <= 1

    Raises
    ------
    PlacementError
        If more sites are asked for than there are.
    """
    costs, weights = _checked(cost, weight)
    _check_count(sites, costs)
    within = costs <= limit
    program = Program()
    opened = program.add_columns(costs.shape[1], whole=True)
    covered = program.add_columns(len(costs), worth=weights)
    program.add_rows(row(opened, 1.0, sites, sites), _covers(within, opened, covered, needed=1))
    solved = program.load().solve(Watch())
    located = _located(solved.values[opened], costs, within)
    return _with_value(located, float(weights[located.sites_within > 0].sum()))


def set_covering(cost: npt.ArrayLike, limit: float, needed: npt.ArrayLike = 1) -> Located:
    """Return the fewest sites that every demand has as many within the limit as it needs.

    Toregas C, Swain R, ReVelle C, Bergman L (1971), Operations Research 19:1363-1373::

        minimise sum_j x_j  subject to  sum of x_j over j within the limit >= needed_i,  x_j whole

    The value is the number of sites.

    Parameters
    ----------
    needed
        Whole numbers, one or shape (demands,): 1 is the problem of the source.

    Raises
    ------
    PlacementError
        If a demand has fewer sites within the limit than it needs.
    """
    costs, _ = _checked(cost, None)
    within = costs <= limit
    need = np.broadcast_to(np.asarray(needed, dtype=np.int64), (len(costs),))
    _check_reachable(within, need, limit)
    solved, opened = _fewest(within, need)
    located = _located(solved.values[opened], costs, within)
    return _with_value(located, float(len(located.sites)))


def p_center(cost: npt.ArrayLike, sites: int) -> Located:
    """Return so many sites that the largest cost of any demand to its nearest one is least.

    Hakimi SL (1964); by set covering at one cost after the other, Minieka E (1970), SIAM Review
    12:138-139: the least cost at which so many sites are enough, found by halving. The value
    is that cost.

    Raises
    ------
    PlacementError
        If more sites are asked for than there are, or no choice of so many serves every demand.
    """
    costs, _ = _checked(cost, None)
    _check_count(sites, costs)
    _check_reachable(np.isfinite(costs), 1)
    need = np.ones(len(costs), dtype=np.int64)
    radii = np.unique(costs[np.isfinite(costs)])
    radii = radii[radii >= np.where(np.isfinite(costs), costs, np.inf).min(axis=1).max(initial=0)]
    low, high = 0, len(radii) - 1
    best: Floats | None = None
    while low <= high:
        middle = (low + high) // 2
        solved, opened = _fewest(costs <= radii[middle], need)
        if solved.values[opened].round().sum() <= sites:
            best, high = solved.values[opened], middle - 1
        else:
            low = middle + 1
    if best is None:
        _check_solved(None, sites, costs)
        best = np.zeros(costs.shape[1])
    located = _located(_filled(best, sites), costs, np.isfinite(costs))
    nearest = costs[np.arange(len(costs)), located.served_by]
    return _with_value(located, float(nearest.max(initial=0.0)))


def backup_covering(cost: npt.ArrayLike, weight: npt.ArrayLike, limit: float) -> Located:
    """Return the fewest sites that cover all, and of those the ones that cover most weight twice.

    Hogan K, ReVelle C (1986), Concepts and applications of backup coverage, Management Science
    32:1434-1444::

        first   minimise sum_j x_j  subject to  sum of x_j over j within the limit >= 1
        then    maximise sum_i weight_i u_i  subject to  the same with that number of sites, and
                sum of x_j over j within the limit >= 1 + u_i,  u_i 0 or 1

    The value is the weight with two different sites within the limit. A demand with a single
    site in reach is not backed up.

    Raises
    ------
    PlacementError
        If a demand has no site within the limit.
    """
    costs, weights = _checked(cost, weight)
    within = costs <= limit
    need = np.ones(len(costs), dtype=np.int64)
    _check_reachable(within, need, limit)
    first, columns = _fewest(within, need)
    fewest = float(first.values[columns].round().sum())
    program = Program()
    opened = program.add_columns(costs.shape[1], whole=True)
    backed_up = program.add_columns(len(costs), worth=weights, whole=True)
    program.add_rows(
        row(opened, 1.0, fewest, fewest),
        _site_sums(within, opened, need.astype(np.float64)),
        _covers(within, opened, backed_up, needed=2),
    )
    solved = program.load().solve(Watch())
    located = _located(solved.values[opened], costs, within)
    return _with_value(located, float(weights[located.sites_within > 1].sum()))


def _checked(cost: npt.ArrayLike, weight: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    costs = np.asarray(cost, dtype=np.float64)
    if costs.ndim != 2 or not costs.size:  # noqa: PLR2004 - rows and columns
        raise PlacementError(
            sentence("Costs of the shape {shape}", shape=str(costs.shape)),
            where=_WHERE,
            hint="Rows demands, columns sites.",
        )
    weights = np.ones(len(costs)) if weight is None else np.asarray(weight, dtype=np.float64)
    if weights.shape != (len(costs),) or not (weights >= 0).all():
        raise PlacementError(
            sentence(
                "{weights} weights for {demands} demands, or one below 0",
                weights=weights.size,
                demands=len(costs),
            ),
            where=_WHERE,
        )
    if (costs < 0).any():
        raise PlacementError("A cost below 0", where=_WHERE)
    return np.where(np.isnan(costs), np.inf, costs), weights


def _check_count(sites: int, costs: Floats) -> None:
    if not 1 <= sites <= costs.shape[1]:
        raise PlacementError(
            sentence(
                "{sites} sites are asked for, and there are {found}",
                sites=sites,
                found=costs.shape[1],
            ),
            where=_WHERE,
            hint="Ask for at least 1, and no more than there are.",
        )


def _check_reachable(within: Bools, needed: "Ints | int", limit: float | None = None) -> None:
    """Raise with the demands that fewer sites can serve than they need."""
    count = within.sum(axis=1)
    short = np.flatnonzero(count < needed)
    if len(short):
        need = int(np.broadcast_to(needed, count.shape)[short].max())
        counts = {
            "short": len(short),
            "demands": len(within),
            "need": need,
            "found": int(count[short].min()),
        }
        what = sentence(
            "{short} of {demands} demands have fewer sites than they need: "
            "at most {need} needed, {found} there",
            **counts,
        )
        if limit is not None:
            what = sentence(
                "{short} of {demands} demands have fewer sites within {limit:g} than they need: "
                "at most {need} needed, {found} there",
                limit=limit,
                **counts,
            )
        raise PlacementError(
            what,
            where=_WHERE,
            rows=short.tolist(),
            hint="Widen the limit, add sites, or leave these demands out.",
        )


def _check_solved(solved: Solved | None, sites: int, costs: Floats) -> None:
    if solved is None or not len(solved.values):
        raise PlacementError(
            sentence(
                "No choice of sites ({sites}) serves every one of the {demands} demands",
                sites=sites,
                demands=len(costs),
            ),
            where=_WHERE,
            hint="Ask for more sites.",
        )


def _fewest(within: Bools, needed: Ints) -> tuple[Solved, Ints]:
    program = Program()
    opened = program.add_columns(within.shape[1], worth=-1.0, whole=True)
    program.add_rows(_site_sums(within, opened, needed.astype(np.float64)))
    return program.load().solve(Watch()), opened


def _site_sums(within: Bools, opened: Ints, low: Floats) -> Rows:
    """Return for each demand: at least so many of its sites are open."""
    demand, site = np.nonzero(within)
    return _sums(demand, opened[site], low, np.full(len(within), INF))


def _sums(group: Ints, column: Ints, low: Floats, high: Floats) -> Rows:
    """Return a row a group, the groups in order: the sum of its columns."""
    start = np.searchsorted(group, np.arange(len(low) + 1)).astype(np.int64)
    return Rows(low, high, start, column, np.ones(len(column)))


def _covers(within: Bools, opened: Ints, covered: Ints, *, needed: int) -> Rows:
    """Return the rows that a demand counts as covered only by so many of its sites.

    ``covered`` is what goes beyond one site less than needed: with 2, ``sum - 1 >= covered``.
    """
    rows = _site_sums(within, opened, np.full(len(within), needed - 1.0))
    ends = rows.start[1:]
    return Rows(
        rows.low,
        rows.high,
        rows.start + np.arange(len(rows.start)),
        np.insert(rows.column, ends, covered),
        np.insert(rows.coefficient, ends, -1.0),
    )


def _at_most_open(served: Ints, opened: Ints) -> Rows:
    """Return the rows ``served - opened <= 0``."""
    count = len(served)
    return Rows(
        np.full(count, -INF),
        np.zeros(count),
        2 * np.arange(count + 1),
        np.column_stack([served, opened]).ravel(),
        np.tile([1.0, -1.0], count),
    )


def _filled(opened: Floats, sites: int) -> Floats:
    """Return the choice with the first others added until there are so many."""
    chosen = opened > _HALF
    others = np.flatnonzero(~chosen)[: max(0, sites - int(chosen.sum()))]
    chosen[others] = True
    return chosen.astype(np.float64)


def _located(opened: Floats, costs: Floats, within: Bools) -> Located:
    sites = np.flatnonzero(opened > _HALF)
    own = np.where(within[:, sites], costs[:, sites], np.inf)
    count = within[:, sites].sum(axis=1)
    nearest = sites[np.argmin(own, axis=1)] if len(sites) else np.zeros(len(costs), np.int64)
    served = np.where(count > 0, nearest, -1)
    return Located(sites, np.nan, served.astype(np.int64), count.astype(np.int64))


def _with_value(located: Located, value: float) -> Located:
    return replace(located, value=value)
