"""The figures of a comparison: what they are called, counted in and made from.

A figure that the tables of a run have too is called and defined as it is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coverage.comparison import FIGURES, Compared
from coverage.exports.annex_columns import FIELDS
from coverage.exports.area_words import level_text
from coverage.exports.said_table import SaidTable
from coverage.exports.sheet_writer import Column
from coverage.wording import Language, say

# Unit -> kind of a cell, as of a ``Column``.
KIND_OF_UNIT: Mapping[str, str] = {
    "persons": "whole",
    "pct": "tenth",
    "m": "km",
    "practices": "whole",
    "capacities": "tenth",
    "persons_per_capacity": "whole",
    "per_1000": "thousandth",
    "ratio": "thousandth",
    "areas": "whole",
    "text": "text",
}
_REACH = ("practices", "population", "roads")
_TRAVEL = ("choice.limit_m", "choice.limit_capital_m", "travel.")
_CHOICE_ENDINGS = {"pct": "_pct", "m": "_km"}
# Column -> kind and width of what stands in comparisons; others are text of the usual width.
_KINDS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("before", "after", "difference", "baseline"), ("by_row", 13.0)),
    **dict.fromkeys(("practices_before", "practices_after", "action_number"), ("whole", 10.0)),
    **dict.fromkeys(
        ("persons_lose_choice", "persons_gain_choice", "persons_lose_practice"), ("whole", 14.0)
    ),
    **dict.fromkeys(("x_m", "y_m"), ("whole", 12.0)),
    **dict.fromkeys(("action", "finding"), ("long", 44.0)),
    **dict.fromkeys(("note", "clause"), ("long", 50.0)),
    **dict.fromkeys(("figure", "area_name", "place_name", "town", "scenario"), ("text", 26.0)),
    **dict.fromkeys(("from_scenario", "to_scenario", "figure_code", "change"), ("text", 26.0)),
}


@dataclass(frozen=True)
class Figure:
    """A figure in words.

    Attributes
    ----------
    name, unit
        As in ``comparison.FIGURES``.
    title_key, meaning_key
        Of the wording.
    inputs, rules
        What it follows from, as of a ``Field`` of the annex.
    """

    name: str
    unit: str
    title_key: str
    meaning_key: str
    inputs: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind of its cells."""
        return KIND_OF_UNIT[self.unit]

    def title(self, language: Language) -> str:
        """Return what it is called."""
        return say(self.title_key, language)

    def meaning(self, language: Language) -> str:
        """Return what it means."""
        return say(self.meaning_key, language)

    def unit_text(self, language: Language) -> str:
        """Return what it is counted in."""
        return say(f"comparison.unit.{self.unit}", language)


def _shared(compared: Compared) -> Figure:
    """Return a figure of the tables of lægevalg or of the annex."""
    if compared.table == "choice":
        column = compared.column.removesuffix("_m") + _CHOICE_ENDINGS.get(compared.unit, "")
        keys = (f"export.column.{column}", f"export.definition.{column}")
        return Figure(compared.name, compared.unit, *keys, _REACH, _TRAVEL)
    field = FIELDS[compared.column]
    keys = (f"annex.column.{compared.column}", f"annex.definition.{compared.column}")
    return Figure(compared.name, compared.unit, *keys, field.inputs, field.rules)


def _own(name: str, unit: str, inputs: tuple[str, ...], rules: tuple[str, ...]) -> Figure:
    keys = (f"comparison.figure.{name}", f"comparison.meaning.{name}")
    return Figure(name, unit, *keys, inputs, rules)


_OWN = (
    _own("persons_gain_choice", "persons", _REACH, _TRAVEL),
    _own("persons_lose_choice", "persons", _REACH, _TRAVEL),
)
# Of the study as a whole only.
COUNTS = (
    _own("areas_with_signal", "areas", FIELDS["signal"].inputs, FIELDS["signal"].rules),
    _own("skal_without_practice", "areas", FIELDS["is_skal"].inputs, FIELDS["is_skal"].rules),
)
# Figures of quick effects only.
_QUICK = (
    Figure(
        "persons",
        "persons",
        "export.column.persons",
        "export.definition.persons",
        ("population", "roads", "kommuner"),
        (),
    ),
    Figure(
        "signal",
        "text",
        "annex.column.signal",
        "annex.definition.signal",
        FIELDS["signal"].inputs,
        FIELDS["signal"].rules,
    ),
)
# In the order in which they are shown.
COMPARED: Mapping[str, Figure] = {
    figure.name: figure for figure in (*_OWN, *(_shared(compared) for compared in FIGURES))
}
EVERY_FIGURE: Mapping[str, Figure] = {
    **{figure.name: figure for figure in _QUICK},
    **COMPARED,
    **{figure.name: figure for figure in COUNTS},
}


def column_of(name: str, language: Language, header: str = "") -> Column:
    """Return a column of a comparison's table; its header from the wording unless given."""
    kind, width = _KINDS.get(name, ("text", 14.0))
    return Column(header or say(f"comparison.column.{name}", language), kind, width)


def level_sheet_name(level: str, language: Language) -> str:
    """Return what the sheet of a level is called, before it is made to fit."""
    return f"{say('comparison.table.level', language)} {level_text(level, language)}"


def worded_table(
    name: str,
    table: pd.DataFrame,
    names: Sequence[str],
    language: Language,
    *,
    row_kinds: tuple[str, ...] = (),
    marked: tuple[bool, ...] = (),
) -> SaidTable:
    """Return a table with these columns of the wording ``comparison.column``."""
    columns = {column: column_of(column, language) for column in names}
    return SaidTable(name, columns, table[list(names)].reset_index(drop=True), row_kinds, marked)
