"""Lægevalg: how many open practices each home reaches, and how near it is to losing its choice.

The duty: as far as possible every citizen can choose between two open practices
within 15 km of the home, 5 km in the capital's area (docs/glossary.md;
Region Syddanmark, Praksisplan 2025-2028). How the law measures is stated in no
source found: the road distance decides here, and its straight-line twin stands
beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.rule_groups import ChoiceRules
from coverage.straight import StraightLines
from coverage.travel import TravelMatrix

STATUSES = ("two_or_more", "one", "none", "no_road_connection")
ALL_AREAS = "all"
# Measure -> the statuses that it can give: a straight line needs no road.
_MEASURES = {"road": STATUSES, "straight": STATUSES[:-1]}
_RANKS = ("first", "second")
# A sum of fractions of persons misses a share by rounding errors far below this.
_PERSON_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Choice:
    """Lægevalg of every origin.

    Attributes
    ----------
    by_origin
        One row an origin: ``origin_id, kommune_code, persons, x_m, y_m,
        limit_m``, and for ``road_`` and ``straight_`` each: ``open_within``
        (practices), ``first_m, second_m`` (nearest and second nearest open
        practice, also beyond the limit; missing where no road leads to one),
        ``margin_m`` (limit minus second; negative beyond the limit) and
        ``status``; then ``first_ydernummer, second_ydernummer`` by road.
    open_ids
        Ydernumre of the open practices that were counted.
    rules
        The rules applied.
    """

    by_origin: pd.DataFrame
    open_ids: tuple[str, ...]
    rules: ChoiceRules


def limits_m(kommune_codes: "pd.Series[str]", rules: ChoiceRules) -> npt.NDArray[np.float64]:
    """Return each home's limit in metres, shape (origins,): the kommune of the home decides."""
    capital = kommune_codes.isin(rules.capital_kommuner).to_numpy()
    return np.where(capital, rules.limit_capital_m, rules.limit_m)


def measure_choice(
    origins: pd.DataFrame, matrix: TravelMatrix, open_ids: Iterable[str], rules: ChoiceRules
) -> Choice:
    """Return the lægevalg of every origin.

    Parameters
    ----------
    origins
        Table ORIGINS, in the order of ``matrix.origin_ids``.
    matrix
        Its sites are all practices, open and closed: a home from which a road
        leads to a closed practice only has no choice, but a road connection.
    open_ids
        Ydernumre of the practices that take new patients.
    """
    opened = tuple(sorted(set(open_ids)))
    limit_m = limits_m(origins["kommune_code"], rules)
    table = origins[["origin_id", "kommune_code", "persons", "x_m", "y_m"]].reset_index(drop=True)
    table["limit_m"] = limit_m
    straight = StraightLines(matrix.origins, matrix.sites)
    for name, distances in (("road", matrix), ("straight", straight)):
        within = distances.count_within(limit_m, opened).to_numpy()
        nearest = distances.nearest_two(opened)
        table[f"{name}_open_within"] = within
        table[f"{name}_first_m"] = nearest["first_m"].to_numpy()
        table[f"{name}_second_m"] = nearest["second_m"].to_numpy()
        table[f"{name}_margin_m"] = limit_m - nearest["second_m"].to_numpy()
        table[f"{name}_status"] = _status(within, rules)
        if name == "road":
            ids = nearest[["first_site_id", "second_site_id"]].reset_index(drop=True)
    table.loc[~matrix.connected.to_numpy(), "road_status"] = "no_road_connection"
    table["first_ydernummer"] = ids["first_site_id"]
    table["second_ydernummer"] = ids["second_site_id"]
    return Choice(table, opened, rules)


def add_open_practices(
    choice: Choice, matrix: TravelMatrix, new_ids: Iterable[str], rules: ChoiceRules
) -> Choice:
    """Return the lægevalg with more open practices, as ``measure_choice`` would give it.

    Only the distances to the new practices are looked at: an answer to a click
    must not wait for those that it does not change.

    Parameters
    ----------
    matrix
        Of the same origins; its sites hold the new practices too.
    """
    table = choice.by_origin.copy()
    opened = choice.open_ids
    straight = StraightLines(matrix.origins, matrix.sites)
    for new_id in new_ids:
        opened = (*opened, new_id)
        for name, distances in (("road", matrix), ("straight", straight)):
            metres = distances.distances_to(new_id)
            _add_distances(table, name, new_id, np.asarray(metres, dtype=np.float64))
            table[f"{name}_status"] = _status(table[f"{name}_open_within"].to_numpy(), rules)
    table.loc[~matrix.connected.to_numpy(), "road_status"] = "no_road_connection"
    return Choice(table, tuple(sorted(opened)), rules)


def _add_distances(
    table: pd.DataFrame, name: str, new_id: str, metres: npt.NDArray[np.float64]
) -> None:
    """Count one more practice in, and put it among the two nearest where it is nearer."""
    limit_m = table["limit_m"].to_numpy()
    first_m, second_m = (table[f"{name}_{rank}_m"].to_numpy() for rank in _RANKS)
    known = ~np.isnan(metres)
    nearest = known & (np.isnan(first_m) | (metres < first_m))
    second = known & ~nearest & (np.isnan(second_m) | (metres < second_m))
    table[f"{name}_open_within"] += known & (metres <= limit_m)
    table[f"{name}_second_m"] = np.select([nearest, second], [first_m, metres], second_m)
    table[f"{name}_first_m"] = np.where(nearest, metres, first_m)
    table[f"{name}_margin_m"] = limit_m - table[f"{name}_second_m"].to_numpy()
    if name == "road":
        former = table["first_ydernummer"]
        table["second_ydernummer"] = (
            table["second_ydernummer"].mask(nearest, former).mask(second, new_id)
        )
        table["first_ydernummer"] = former.mask(nearest, new_id)


def _status(within: npt.NDArray[np.integer], rules: ChoiceRules) -> "pd.Series[str]":
    met = within >= rules.practices_needed
    return pd.Series(np.select([met, within >= 1], STATUSES[:2], "none"), dtype="str")


def summarise_choice(
    choice: Choice,
    area_ids: "Sequence[str] | pd.Series[str]",
    names: "pd.Series[str] | Mapping[str, str]",
) -> pd.DataFrame:
    """Return people, shares and distances by area, and for all areas together.

    Parameters
    ----------
    area_ids
        Shape (origins,): the area of each row of ``choice.by_origin``.
    names
        Area id -> name.

    Returns
    -------
    DataFrame
        One row an area, by id, then the row ``all``. ``persons`` and, for road
        and straight line, ``persons_<status>``, ``share_<status>`` (0 to 1),
        ``persons_exactly_two`` (lose their choice if one of the two closes),
        ``persons_thin_margin`` (have it, with less than the rule's margin),
        ``persons_without_second`` (no road to a second open practice), and
        ``first_`` and ``second_`` ``mean_m, median_m, p90_m``, weighted by
        persons over those for whom the distance exists.
    """
    codes, ids = pd.factorize(np.asarray(area_ids, dtype=object), sort=True)
    groupings = [
        AreaGrouping(codes.astype(np.int64), len(ids)),
        AreaGrouping(np.zeros(len(codes), dtype=np.int64), 1),
    ]
    summary = pd.concat(_figures(choice, groupings), ignore_index=True)
    summary.insert(0, "area_id", pd.Series([*ids, ALL_AREAS], dtype="str"))
    known = summary["area_id"].map(names)
    summary.insert(1, "area_name", known.where(known.notna(), summary["area_id"]).astype("str"))
    return summary


@dataclass(frozen=True)
class AreaGrouping:
    """Each row's area as a number, 0 to ``count`` - 1; ``codes`` has the shape (rows,)."""

    codes: npt.NDArray[np.int64]
    count: int

    def sums(
        self, weights: npt.NDArray[np.float64], held: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """Return the held rows' weights by area."""
        sums = np.bincount(self.codes[held], weights=weights[held], minlength=self.count)
        return sums.astype(np.float64, copy=False)


def _figures(choice: Choice, groupings: Sequence[AreaGrouping]) -> list[pd.DataFrame]:
    """Return the figures of every area, one table a grouping; a row is looked at once for all."""
    table = choice.by_origin
    persons = table["persons"].to_numpy(np.float64)
    who = {"persons": np.ones(len(table), dtype=np.bool_), **_who(table, choice.rules)}
    figures = [
        pd.DataFrame({name: grouping.sums(persons, held) for name, held in who.items()})
        for grouping in groupings
    ]
    for measure, statuses in _MEASURES.items():
        for part in figures:
            for name in statuses:
                people = part[f"{measure}_persons_{name}"]
                part[f"{measure}_share_{name}"] = people / part["persons"]
        for rank in _RANKS:
            metres = table[f"{measure}_{rank}_m"].to_numpy(np.float64)
            spreads = weighted_spread(metres, persons, groupings)
            for part, spread in zip(figures, spreads, strict=True):
                for name, values in spread.items():
                    part[f"{measure}_{rank}_{name}"] = values
    return figures


def _who(table: pd.DataFrame, rules: ChoiceRules) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which rows count into each number of persons."""
    who: dict[str, npt.NDArray[np.bool_]] = {}
    for measure, statuses in _MEASURES.items():
        # Numbers instead of words: 80,000 comparisons of text take longer than all the rest.
        number, words = pd.factorize(table[f"{measure}_status"])
        at = {name: words.get_indexer(pd.Index([name]))[0] for name in statuses}
        for name in statuses:
            who[f"{measure}_persons_{name}"] = (number == at[name]) & (at[name] >= 0)
        has_choice = who[f"{measure}_persons_two_or_more"]
        exactly_two = table[f"{measure}_open_within"].to_numpy() == rules.practices_needed
        thin = table[f"{measure}_margin_m"].to_numpy() < rules.thin_margin_m
        who[f"{measure}_persons_exactly_two"] = has_choice & exactly_two
        who[f"{measure}_persons_thin_margin"] = has_choice & thin
        for rank in _RANKS:
            missing = np.isnan(table[f"{measure}_{rank}_m"].to_numpy(np.float64))
            who[f"{measure}_persons_without_{rank}"] = missing
    return who


def weighted_spread(
    values: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    groupings: Sequence[AreaGrouping],
) -> list[dict[str, npt.NDArray[np.float64]]]:
    """Return mean_m, median_m and p90_m by area, weighted by persons; missing values left out.

    A quantile is the least value that at least that share of the persons do not
    exceed. NaN where no person has a value.

    Parameters
    ----------
    values, weights
        Shape (rows,).

    Returns
    -------
    list of dict
        For each grouping three arrays of shape (count,).
    """
    held = ~np.isnan(values) & (weights > 0)
    order = np.flatnonzero(held)[np.argsort(values[held], kind="stable")]
    return [_spread(values, weights, grouping, order) for grouping in groupings]


def _spread(
    values: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    grouping: AreaGrouping,
    order: npt.NDArray[np.int64],
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the spread of rows that ``order`` sorts by value."""
    order = order[np.argsort(grouping.codes[order].astype(np.int32), kind="stable")]
    value, weight, code = values[order], weights[order], grouping.codes[order]
    total = np.bincount(code, weights=weight, minlength=grouping.count)
    sums = np.bincount(code, weights=weight * value, minlength=grouping.count)
    known = total > 0
    spread = {name: np.full(grouping.count, np.nan) for name in ("mean_m", "median_m", "p90_m")}
    spread["mean_m"][known] = sums[known] / total[known]
    reached = np.cumsum(weight)
    last = np.searchsorted(code, np.flatnonzero(known), side="right") - 1
    before = reached[last] - total[known]
    for name, share in (("median_m", 0.5), ("p90_m", 0.9)):
        wanted = before + share * total[known] - _PERSON_TOLERANCE
        at = np.minimum(np.searchsorted(reached, wanted), last)
        spread[name][known] = value[at]
    return spread
