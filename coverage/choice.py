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

from coverage.rules import ChoiceRules
from coverage.straight import StraightLines
from coverage.travel import TravelMatrix

STATUSES = ("two_or_more", "one", "none", "no_road_connection")
ALL_AREAS = "all"
_MEASURES = ("road", "straight")
_RANKS = ("first", "second")


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
    table = choice.by_origin.assign(area_id=np.asarray(area_ids, dtype=object))
    rows = [_area_row(str(area), part, choice) for area, part in table.groupby("area_id")]
    rows.append(_area_row(ALL_AREAS, table, choice))
    summary = pd.DataFrame(rows)
    known = summary["area_id"].map(names)
    summary.insert(1, "area_name", known.where(known.notna(), summary["area_id"]).astype("str"))
    return summary


def _area_row(area_id: str, part: pd.DataFrame, choice: Choice) -> dict[str, object]:
    persons = part["persons"].to_numpy(np.float64)
    row: dict[str, object] = {"area_id": area_id, "persons": float(persons.sum())}
    for measure in _MEASURES:
        row |= _measure_figures(part, persons, measure, choice.rules)
    return row


def _measure_figures(
    part: pd.DataFrame, persons: npt.NDArray[np.float64], measure: str, rules: ChoiceRules
) -> dict[str, float]:
    status = part[f"{measure}_status"].to_numpy()
    margin_m = part[f"{measure}_margin_m"].to_numpy()
    has_choice = status == "two_or_more"
    total = persons.sum()
    figures: dict[str, float] = {}
    for name in STATUSES if measure == "road" else STATUSES[:-1]:
        people = float(persons[status == name].sum())
        figures[f"{measure}_persons_{name}"] = people
        figures[f"{measure}_share_{name}"] = people / total if total else float("nan")
    exactly_two = part[f"{measure}_open_within"].to_numpy() == rules.practices_needed
    figures[f"{measure}_persons_exactly_two"] = float(persons[has_choice & exactly_two].sum())
    thin = has_choice & (margin_m < rules.thin_margin_m)
    figures[f"{measure}_persons_thin_margin"] = float(persons[thin].sum())
    for rank in _RANKS:
        metres = part[f"{measure}_{rank}_m"].to_numpy()
        figures[f"{measure}_persons_without_{rank}"] = float(persons[np.isnan(metres)].sum())
        figures |= {
            f"{measure}_{rank}_{name}": value
            for name, value in weighted_spread(metres, persons).items()
        }
    return figures


def weighted_spread(
    values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> dict[str, float]:
    """Return mean_m, median_m and p90_m of values weighted by persons; missing values left out.

    A quantile is the least value that at least that share of the persons do not
    exceed. NaN where no person has a value.
    """
    held = ~np.isnan(values) & (weights > 0)
    if not held.any():
        return dict.fromkeys(("mean_m", "median_m", "p90_m"), float("nan"))
    order = np.argsort(values[held], kind="stable")
    sorted_values, sorted_weights = values[held][order], weights[held][order]
    reached = np.cumsum(sorted_weights)
    spread = {"mean_m": float(np.average(sorted_values, weights=sorted_weights))}
    for name, share in (("median_m", 0.5), ("p90_m", 0.9)):
        # A sum of fractions of persons may miss the share by a rounding error.
        at = np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))
        spread[name] = float(sorted_values[min(int(at), len(sorted_values) - 1)])
    return spread
