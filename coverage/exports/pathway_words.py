"""The columns of a path's tables: kind, width, and the figures of its bands."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.exports.said_table import SaidTable
from coverage.exports.sheet_writer import Column
from coverage.wording import Language, say

Bools = npt.NDArray[np.bool_]

WORDS = "pathway"
WHICH_AREA = ("area_level", "area_id", "area_name")
# Measure of the bands -> kind of its cells and unit (of ``comparison.unit``).
BANDED: Mapping[str, tuple[str, str]] = {
    "capacities": ("capacity", "capacities"),
    "residents_per_capacity": ("whole", "persons_per_capacity"),
    "persons_without_choice": ("whole", "persons"),
    "short_of_target_capacities": ("capacity", "capacities"),
}
# Columns of probabilities; without the ending they are those of ``Bands.probabilities``.
CHANCES = ("signal_probability_pct", "choice_lost_probability_pct")
_WHOLE = (
    *("year", "first_year", "last_year", "runs", "displaced_persons", "areas_signalling"),
    *("areas_possible", "residents", "need_weighted_residents", "listed_persons"),
    *("residents_per_capacity", "patients_per_capacity", "persons_with_choice"),
    *("consultations_now", "consultations_then", "x_m", "y_m"),
)
_TENTH = (
    *("choice_pct", "signal_probability_pct", "choice_lost_probability_pct", "probability_pct"),
    *("growth_pct", "national_doctors", "national_demography_doctors", "national_specialists"),
)
_CAPACITY = (
    *("available_capacities", "path_capacities", "needed_capacities", "unused_capacities"),
    *("target_capacities", "short_of_need_capacities", "short_of_target_capacities"),
    *("short_of_path_capacities", "doctors", "practices", "doctors_now", "doctors_then", "total"),
)
_BY_ROW = ("mean", "p10", "p50", "p90", "value")
_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys(("area_name", "figure", "task", "beside_name"), 28.0),
    **dict.fromkeys(("figure_code", "unit", "rule_status", "signal", "kommune_name"), 20.0),
    **dict.fromkeys(("rule_title", "meaning"), 60.0),
    **dict.fromkeys(("rule_source",), 80.0),
    **dict.fromkeys(("rule_key",), 36.0),
}
_LONG = ("rule_title", "rule_source", "meaning")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_WHOLE, "whole"),
    **dict.fromkeys(_TENTH, "tenth"),
    **dict.fromkeys(_CAPACITY, "capacity"),
    **dict.fromkeys(_BY_ROW, "by_row"),
    **dict.fromkeys(_LONG, "long"),
    "year": "year",
}


def kind_of(name: str) -> str:
    """Return the kind of a column's cells."""
    return "capacity" if name.startswith("capacities_") else _KINDS.get(name, "text")


def column_of(name: str, language: Language, header: str = "") -> Column:
    """Return a column of a path's table; its header from the wording unless given."""
    width = _WIDTHS.get(name, 13.0)
    return Column(header or say(f"{WORDS}.column.{name}", language), kind_of(name), width)


def figure_text(code: str, language: Language) -> str:
    """Return what a figure of the bands is called."""
    return say(f"{WORDS}.figure.{code}", language)


def unit_text(code: str, language: Language) -> str:
    """Return what a figure of the bands is counted in; probabilities in percent."""
    unit = BANDED[code][1] if code in BANDED else "pct"
    return say(f"comparison.unit.{unit}", language)


def worded_table(
    name: str,
    table: pd.DataFrame,
    names: Sequence[str],
    language: Language,
    *,
    row_kinds: tuple[str, ...] = (),
    marked: tuple[bool, ...] = (),
) -> SaidTable:
    """Return a table with these columns of the wording ``pathway.column``."""
    columns = {column: column_of(column, language) for column in names}
    return SaidTable(name, columns, table[list(names)].reset_index(drop=True), row_kinds, marked)


def withhold(
    table: pd.DataFrame, names: Sequence[str], held: Bools, language: Language
) -> pd.DataFrame:
    """Return the table with a word for each figure of these columns that is withheld."""
    word = say("annex.withheld", language)
    shown = table.copy()
    for name in names:
        if name in shown:
            cells = shown[name].astype(object)
            shown[name] = cells.mask(held & shown[name].notna().to_numpy(), word)
    return shown
