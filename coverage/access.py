"""Floating catchments: how many capacities each home has in reach, shared with all who reach them.

Two-step floating catchment area (2SFCA): Luo W, Wang F (2003), Measures of
spatial accessibility to health care in a GIS environment, Environment and
Planning B 30(6):865-884. Enhanced (E2SFCA), with a weight by zone in both
steps: Luo W, Qi Y (2009), An enhanced two-step floating catchment area method
for measuring spatial accessibility to primary care physicians, Health & Place
15(4):1100-1107.

The people who live outside the study's origins are not known here: near the
study's border a practice seems to serve fewer than it does.
"""

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import AreaGrouping
from coverage.errors import RuleError
from coverage.rule_groups import AccessRules
from coverage.sentences import sentence
from coverage.travel import TravelMatrix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_PER_1000 = 1_000.0
_WORST_SHARE = 0.1


def floating_catchment(
    origin: Ints, site: Ints, weight: Floats, supply: Floats, demand: Floats
) -> Floats:
    """Return each origin's access: supply per unit of demand, summed over the sites in reach.

    Step one divides a site's supply by the weighted demand in its catchment,
    step two adds these ratios up, weighted, over the sites that an origin
    reaches: ``ratio_j = supply_j / sum_k weight_kj demand_k`` and
    ``access_i = sum_j weight_ij ratio_j`` (Luo and Wang 2003; with weights
    Luo and Qi 2009). Access times demand, summed over all origins, is
    therefore the supply of all sites that have demand in reach.

    Parameters
    ----------
    origin, site, weight
        Shape (pairs,): the pairs in reach, by position, and how much each
        counts, at least 0; all 1 for plain 2SFCA.
    supply
        Shape (sites,), known for every site of a pair.
    demand
        Shape (origins,), known for every origin of a pair.

    Returns
    -------
    array
        Shape (origins,). An origin that reaches no site has 0. A site without
        any demand in its catchment has no ratio and gives nothing.
    """
    wanted = _sums(site, weight * demand[origin], len(supply))
    ratio = np.zeros(len(supply))
    np.divide(supply, wanted, out=ratio, where=wanted > 0)
    return _sums(origin, weight * ratio[site], len(demand))


def measure_access(
    origins: pd.DataFrame,
    need: Floats,
    matrix: TravelMatrix,
    capacities: "pd.Series[float]",
    rules: AccessRules,
) -> pd.DataFrame:
    """Return capacities per 1,000 need-weighted residents by origin.

    Parameters
    ----------
    origins
        Table ORIGINS, in the order of ``matrix.origin_ids``.
    need
        Shape (origins,): the weight of a resident, 1 for the average one.
    capacities
        By ydernummer. A practice whose capacity is unknown (NaN or not listed)
        is left out, as is one that the matrix does not hold.

    Returns
    -------
    DataFrame
        ``origin_id``, ``access_2sfca_per_1000`` (every practice up to and
        including zone 3 counts alike), ``access_e2sfca_per_1000`` (weighted by
        zone). 0 where no practice is in reach; NaN where practices are in
        reach and none of them has a known capacity.

    Raises
    ------
    RuleError
        The zones are not in ascending order, or reach beyond the matrix.
    """
    _check_zones(rules, matrix.cutoff_m)
    demand = origins["persons"].to_numpy(np.float64) * need
    supply: Floats = np.asarray(capacities.reindex(matrix.site_ids), dtype=np.float64)
    origin, site, distance_m = matrix.pair_positions()
    held = distance_m <= rules.zone_3_m
    in_reach = np.bincount(origin[held], minlength=len(demand)) > 0
    held &= ~np.isnan(supply)[site]
    origin, site, weight = origin[held], site[held], _zone_weight(distance_m[held], rules)
    known = np.bincount(origin, minlength=len(demand)) > 0
    unknown = in_reach & ~known
    plain = floating_catchment(origin, site, np.ones(len(origin)), supply, demand)
    zoned = floating_catchment(origin, site, weight, supply, demand)
    return pd.DataFrame(
        {
            "origin_id": origins["origin_id"].to_numpy(),
            "access_2sfca_per_1000": np.where(unknown, np.nan, plain * _PER_1000),
            "access_e2sfca_per_1000": np.where(unknown, np.nan, zoned * _PER_1000),
        }
    )


def _check_zones(rules: AccessRules, cutoff_m: float) -> None:
    if not rules.zone_1_m <= rules.zone_2_m <= rules.zone_3_m:
        raise RuleError(
            "The zones of the catchment are not in ascending order",
            where="access.zone_1_m, access.zone_2_m, access.zone_3_m",
            rows=astuple(rules)[:3],
            hint="Let no zone end nearer than the one before it.",
        )
    if rules.zone_3_m > cutoff_m:
        raise RuleError(
            sentence(
                "Zone 3 ends at {zone_m:g} m, roads are measured up to {cutoff_m:g} m",
                zone_m=rules.zone_3_m,
                cutoff_m=cutoff_m,
            ),
            where="access.zone_3_m, travel.cutoff_m",
            hint="Choose a smaller zone or a larger travel.cutoff_m.",
        )


def _zone_weight(distance_m: Floats, rules: AccessRules) -> Floats:
    """Return the weight of pairs up to and including zone 3; a zone's end is inside it."""
    return np.select(
        [distance_m <= rules.zone_1_m, distance_m <= rules.zone_2_m],
        [rules.weight_1, rules.weight_2],
        rules.weight_3,
    )


def gini(values: Floats, weights: Floats, grouping: AreaGrouping) -> Floats:
    """Return the Gini coefficient by area, weighted by persons; missing values left out.

    ``sum_ij w_i w_j |x_i - x_j| / (2 mean W^2)``: 0 if all persons have the
    same, near 1 if one has all.

    Parameters
    ----------
    values, weights
        Shape (rows,); values are at least 0.

    Returns
    -------
    array
        Shape (areas,). NaN where no person has a value, or nobody has more than 0.
    """
    ranked = _ranked(values, weights, grouping)
    # The persons below a step times those above it are the pairs that it parts.
    same_area = ranked.code[1:] == ranked.code[:-1]
    step = np.where(same_area, np.diff(ranked.value), 0.0)
    below = ranked.reached[:-1]
    parted = step * below * (ranked.total[ranked.code[:-1]] - below)
    difference = _sums(ranked.code[:-1], parted, grouping.count)
    held = _sums(ranked.code, ranked.weight * ranked.value, grouping.count)
    return _ratio(difference, held * ranked.total)


def worst_tenth_mean(values: Floats, weights: Floats, grouping: AreaGrouping) -> Floats:
    """Return by area the mean value of the tenth of the persons with the lowest values.

    The row at the border counts in with that part of its persons that makes
    exactly a tenth. Missing values are left out.

    Parameters
    ----------
    values, weights
        Shape (rows,).

    Returns
    -------
    array
        Shape (areas,). NaN where no person has a value.
    """
    ranked = _ranked(values, weights, grouping)
    before = ranked.reached - ranked.weight
    wanted = _WORST_SHARE * ranked.total[ranked.code]
    taken = np.clip(wanted - before, 0.0, ranked.weight)
    sums = _sums(ranked.code, taken * ranked.value, grouping.count)
    return _ratio(sums, _sums(ranked.code, taken, grouping.count))


@dataclass(frozen=True)
class _Ranked:
    """Rows with a value and persons, by area, then value.

    ``reached``: the area's persons up to and including the row; ``total``: by
    area.
    """

    code: Ints
    value: Floats
    weight: Floats
    reached: Floats
    total: Floats


def _ranked(values: Floats, weights: Floats, grouping: AreaGrouping) -> _Ranked:
    held = np.flatnonzero(~np.isnan(values) & (weights > 0))
    order = held[np.lexsort((values[held], grouping.codes[held]))]
    code, weight = grouping.codes[order], weights[order].astype(np.float64)
    total = _sums(code, weight, grouping.count)
    reached = np.cumsum(weight) - (np.cumsum(total) - total)[code]
    return _Ranked(code, values[order].astype(np.float64), weight, reached, total)


def _sums(position: Ints, amounts: Floats, count: int) -> Floats:
    """Return the sum of the amounts at each position; of none 0, as a float."""
    sums = np.bincount(position, weights=amounts, minlength=count)
    return sums.astype(np.float64, copy=False)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return the quotient, NaN where the divisor is 0."""
    answer = np.full(len(above), np.nan)
    np.divide(above, below, out=answer, where=below > 0)
    return answer
