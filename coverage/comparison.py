"""Scenarios beside the baseline and each other: before, after and difference, by area and by home.

What is compared are whole assessments of one study: same homes, areas and rules, other
practices. Figures that follow from doctors' ages are left out: the difference that one
practice makes would tell the age of a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import KDTree

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_TWO = "two_or_more"


@dataclass(frozen=True)
class Compared:
    """A figure that is compared.

    Attributes
    ----------
    name
        In the comparison and its wording.
    column
        In the table of lægevalg (``choice``) or of capacity (``capacity``) by area.
    unit
        ``persons, pct, m, practices, capacities, persons_per_capacity, per_1000`` or
        ``ratio``.
    better
        ``more`` or ``less``; empty where neither is.
    """

    name: str
    table: str
    column: str
    unit: str
    better: str


FIGURES = (
    Compared("persons_two_or_more", "choice", "road_persons_two_or_more", "persons", "more"),
    Compared("share_two_or_more_pct", "choice", "road_share_two_or_more", "pct", "more"),
    Compared("persons_one", "choice", "road_persons_one", "persons", "less"),
    Compared("persons_none", "choice", "road_persons_none", "persons", "less"),
    Compared(
        "persons_no_road_connection", "choice", "road_persons_no_road_connection", "persons", "less"
    ),
    Compared("persons_exactly_two", "choice", "road_persons_exactly_two", "persons", "less"),
    Compared("persons_thin_margin", "choice", "road_persons_thin_margin", "persons", "less"),
    Compared("first_mean_m", "choice", "road_first_mean_m", "m", "less"),
    Compared("second_mean_m", "choice", "road_second_mean_m", "m", "less"),
    Compared("second_p90_m", "choice", "road_second_p90_m", "m", "less"),
    Compared("practices", "capacity", "practices", "practices", ""),
    Compared("practices_open", "capacity", "practices_open", "practices", "more"),
    Compared("practices_closed_pct", "capacity", "practices_closed_pct", "pct", "less"),
    Compared("capacities", "capacity", "capacities", "capacities", "more"),
    Compared("listed_persons", "capacity", "listed_persons", "persons", ""),
    Compared(
        "patients_per_capacity",
        "capacity",
        "patients_per_capacity",
        "persons_per_capacity",
        "less",
    ),
    Compared(
        "residents_per_capacity",
        "capacity",
        "residents_per_capacity",
        "persons_per_capacity",
        "less",
    ),
    Compared("free_places", "capacity", "free_places", "persons", "more"),
    Compared("spare_places_pct", "capacity", "spare_places_pct", "pct", "more"),
    Compared("access_e2sfca_per_1000", "capacity", "access_e2sfca_per_1000", "per_1000", "more"),
    Compared("access_gini", "capacity", "access_gini", "ratio", "less"),
    Compared("persons_without_practice", "capacity", "persons_without_practice", "persons", "less"),
    Compared("persons_without_place", "capacity", "persons_without_place", "persons", "less"),
)
_IN_PCT = {"road_share_two_or_more"}
_PCT = 100.0


@dataclass(frozen=True)
class Variant:
    """One state of the practices: the baseline or a scenario, by its name."""

    name: str
    assessment: Assessment


@dataclass(frozen=True)
class Comparison:
    """What differs between a reference and other variants.

    Attributes
    ----------
    reference, variants
        Names, as they were given.
    by_area
        One row a variant, area and figure: ``variant, area_level, area_id, area_name,
        figure`` (of ``FIGURES``, and ``persons_gain_choice, persons_lose_choice``, whose
        before is 0), ``before`` (the reference's), ``after, difference``; missing where
        one of them is. The row ``all`` of a level is everything.
    signals
        Areas whose signal differs: ``variant, area_level, area_id, area_name, before,
        after, change`` (``appears, goes, other``).
    skal
        Places with another number of practices: ``variant, place_id, name,
        kommune_code, is_skal, practices_before, practices_after, is_broken`` (a skal-area
        that had a practice and has none).
    losing
        Where people lose the choice, most people first: ``variant, place`` (the nearest town,
        empty where the study has none), ``kommune_code, persons_lose_choice,
        persons_lose_practice`` (no open practice within the limit any more),
        ``x_m, y_m`` (their middle).
    pairs
        Every two variants, the reference among them: ``from_variant, to_variant,
        persons_gain_choice, persons_lose_choice``.
    """

    reference: str
    variants: tuple[str, ...]
    by_area: pd.DataFrame
    signals: pd.DataFrame
    skal: pd.DataFrame
    losing: pd.DataFrame
    pairs: pd.DataFrame


def compare_variants(reference: Variant, others: Sequence[Variant]) -> Comparison:
    """Return the differences of variants of one study.

    Raises
    ------
    ValueError
        For two variants of one name, or of different homes: a mistake of the caller.
    """
    names = [reference.name, *(other.name for other in others)]
    if len(set(names)) < len(names):
        message = f"two variants have one name: {names}"
        raise ValueError(message)
    homes = reference.assessment.choice.by_origin["origin_id"]
    for other in others:
        if not homes.equals(other.assessment.choice.by_origin["origin_id"]):
            message = f"{other.name} is of another study than {reference.name}"
            raise ValueError(message)
    towns = _town_of_home(reference.assessment)
    return Comparison(
        reference=reference.name,
        variants=tuple(names[1:]),
        by_area=_stacked([_areas(reference, other) for other in others], _BY_AREA),
        signals=_stacked([_signals(reference, other) for other in others], _SIGNALS),
        skal=_stacked([_skal(reference, other) for other in others], _SKAL),
        losing=_stacked([_losing(reference, other, towns) for other in others], _LOSING),
        pairs=_pairs([reference, *others]),
    )


_BY_AREA = (
    *("variant", "area_level", "area_id", "area_name", "figure"),
    *("before", "after", "difference"),
)
_SIGNALS = ("variant", "area_level", "area_id", "area_name", "before", "after", "change")
_SKAL = (
    *("variant", "place_id", "name", "kommune_code", "is_skal"),
    *("practices_before", "practices_after", "is_broken"),
)
_LOSING = (
    *("variant", "place", "kommune_code"),
    *("persons_lose_choice", "persons_lose_practice", "x_m", "y_m"),
)


def _stacked(parts: Sequence[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(parts, ignore_index=True)[list(columns)]


def _areas(reference: Variant, other: Variant) -> pd.DataFrame:
    parts = []
    changed = _gain_and_loss(reference.assessment, other.assessment)
    for level in reference.assessment.levels:
        before = _figures(reference.assessment, level.name)
        after = _figures(other.assessment, level.name)
        # A row of practices without an area may be there only before or only after.
        areas = before.index.union(after.index, sort=False)
        names = before["area_name"].combine_first(after["area_name"])
        before, after = (
            table.drop(columns="area_name").reindex(areas) for table in (before, after)
        )
        for name, persons in changed.items():
            after[name] = _by_area(persons, level.of_origin).reindex(areas, fill_value=0.0)
            before[name] = 0.0
        parts.append(
            pd.DataFrame(
                {
                    "area_level": level.name,
                    "area_id": np.repeat(areas, before.shape[1]),
                    "area_name": np.repeat(names.reindex(areas).to_numpy(object), before.shape[1]),
                    "figure": list(before.columns) * len(areas),
                    "before": before.to_numpy(np.float64).ravel(),
                    "after": after[before.columns].to_numpy(np.float64).ravel(),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True).assign(variant=other.name)
    return table.assign(difference=table["after"] - table["before"])


def _figures(assessment: Assessment, level: str) -> pd.DataFrame:
    """Return the compared figures of one level, one row an area, with its name."""
    tables = {"choice": assessment.by_area[level], "capacity": assessment.capacity.by_area[level]}
    by_id = {name: table.set_index("area_id") for name, table in tables.items()}
    areas = by_id["capacity"].index
    columns: dict[str, object] = {"area_name": by_id["capacity"]["area_name"]}
    for figure in FIGURES:
        values = by_id[figure.table][figure.column].astype("float64").reindex(areas)
        columns[figure.name] = values * _PCT if figure.column in _IN_PCT else values
    return pd.DataFrame(columns)


def _gain_and_loss(before: Assessment, after: Assessment) -> dict[str, Floats]:
    """Return by home the persons who gain, and who lose, the choice."""
    had, has = _has_choice(before), _has_choice(after)
    persons = before.choice.by_origin["persons"].to_numpy(np.float64)
    return {
        "persons_gain_choice": np.where(~had & has, persons, 0.0),
        "persons_lose_choice": np.where(had & ~has, persons, 0.0),
    }


def _has_choice(assessment: Assessment) -> Bools:
    return (assessment.choice.by_origin["road_status"] == _TWO).to_numpy(dtype=np.bool_)


def _by_area(persons: Floats, of_origin: "pd.Series[str]") -> "pd.Series[float]":
    sums = pd.Series(persons).groupby(of_origin.to_numpy()).sum()
    sums[ALL_AREAS] = persons.sum()
    return sums


def _signals(reference: Variant, other: Variant) -> pd.DataFrame:
    before, after = (one.assessment.designation.areas for one in (reference, other))
    table = before[["area_level", "area_id", "area_name"]].assign(
        variant=other.name, before=before["signal"], after=after["signal"]
    )
    changes = [
        (table["before"] != "signal") & (table["after"] == "signal"),
        (table["before"] == "signal") & (table["after"] != "signal"),
    ]
    table["change"] = pd.Series(np.select(changes, ["appears", "goes"], "other"), dtype="str")
    return table[table["before"] != table["after"]]


def _skal(reference: Variant, other: Variant) -> pd.DataFrame:
    columns = ["place_id", "name", "kommune_code", "is_skal", "practices"]
    before, after = (one.assessment.skal.places[columns] for one in (reference, other))
    table = before.merge(after, on="place_id", how="outer", suffixes=("_before", "_after"))
    table = table.assign(
        variant=other.name,
        name=table["name_before"].fillna(table["name_after"]),
        kommune_code=table["kommune_code_before"].fillna(table["kommune_code_after"]),
        is_skal=table["is_skal_before"].fillna(value=False).astype(bool),
        practices_before=table["practices_before"].fillna(0).astype("int64"),
        practices_after=table["practices_after"].fillna(0).astype("int64"),
    )
    had = table["practices_before"] > 0
    table["is_broken"] = table["is_skal"] & had & (table["practices_after"] == 0)
    return table[table["practices_before"] != table["practices_after"]]


def _town_of_home(assessment: Assessment) -> "pd.Series[str]":
    """Return the town nearest to each home in a straight line; empty without towns."""
    homes = assessment.choice.by_origin
    towns = assessment.tables.towns
    if towns.empty:
        return pd.Series("", index=homes.index, dtype="str")
    tree = KDTree(towns[["x_m", "y_m"]].to_numpy(np.float64))
    at = tree.query(homes[["x_m", "y_m"]].to_numpy(np.float64))[1]
    return pd.Series(towns["name"].to_numpy(object)[at], index=homes.index, dtype="str")


def _losing(reference: Variant, other: Variant, towns: "pd.Series[str]") -> pd.DataFrame:
    before, after = reference.assessment, other.assessment
    homes = before.choice.by_origin
    loses = _gain_and_loss(before, after)["persons_lose_choice"]
    had, has = (one.choice.by_origin["road_open_within"].to_numpy() >= 1 for one in (before, after))
    last = np.where(had & ~has, homes["persons"].to_numpy(np.float64), 0.0)
    table = pd.DataFrame(
        {
            "place": towns,
            "kommune_code": homes["kommune_code"],
            "persons_lose_choice": loses,
            "persons_lose_practice": last,
            "x_m": homes["x_m"] * (loses + last),
            "y_m": homes["y_m"] * (loses + last),
        }
    )[(loses > 0) | (last > 0)]
    sums = table.groupby(["place", "kommune_code"], as_index=False).sum()
    weight = sums["persons_lose_choice"] + sums["persons_lose_practice"]
    sums = sums.assign(variant=other.name, x_m=sums["x_m"] / weight, y_m=sums["y_m"] / weight)
    return sums.sort_values(
        ["persons_lose_choice", "persons_lose_practice", "place", "kommune_code"],
        ascending=[False, False, True, True],
    )


def _pairs(variants: Sequence[Variant]) -> pd.DataFrame:
    rows = []
    for one, other in permutations(variants, 2):
        persons: Mapping[str, Floats] = _gain_and_loss(one.assessment, other.assessment)
        sums = {name: float(values.sum()) for name, values in persons.items()}
        rows.append({"from_variant": one.name, "to_variant": other.name, **sums})
    columns = ["from_variant", "to_variant", "persons_gain_choice", "persons_lose_choice"]
    return pd.DataFrame(rows, columns=columns)
