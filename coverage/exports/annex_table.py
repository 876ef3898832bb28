"""One table of the annex, and how its columns become what a reader sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.exports.annex_columns import FIELDS
from coverage.exports.annex_words import said_columns
from coverage.exports.number_text import is_missing
from coverage.units import metres_to_km
from coverage.wording import Language, say


@dataclass(frozen=True)
class AnnexTable:
    """One table.

    Attributes
    ----------
    name
        Of its words in wording/annex.toml (``annex.table.<name>``).
    table
        Columns of ``FIELDS`` in words and figures; missing cells are empty.
    codes
        The same rows as the core names them: ``area_level`` and ``area_id``
        where the table has areas. An area may bear the word for a total.
    withheld
        Column -> which rows a table for publication withholds.
    areas_left_out
        Areas that the table says nothing of, because it would tell what is withheld.
    """

    name: str
    table: pd.DataFrame
    codes: pd.DataFrame
    withheld: Mapping[str, "pd.Series[bool]"] = field(default_factory=dict)
    areas_left_out: int = 0

    @property
    def is_total(self) -> "pd.Series[bool]":
        """Which rows are the total of a level."""
        if "area_id" in self.codes:
            return self.codes["area_id"] == ALL_AREAS
        return pd.Series(data=False, index=self.codes.index)

    def of_level(self, area_level: str) -> "AnnexTable":
        """Return the rows of one level, without the column that names it."""
        rows = (self.codes["area_level"] == area_level).to_numpy(bool)
        return AnnexTable(
            self.name,
            self.table[rows].drop(columns="area_level"),
            self.codes[rows],
            {name: held[rows] for name, held in self.withheld.items()},
            self.areas_left_out,
        )


def finish_table(
    name: str,
    table: pd.DataFrame,
    columns: Sequence[str],
    language: Language,
    withheld: Mapping[str, "pd.Series[bool]"] | None = None,
) -> AnnexTable:
    """Return a table with these columns of ``FIELDS``: codes said, distances in km."""
    rows = table.reset_index(drop=True)
    shown = said_columns(rows, language)
    for column in columns:
        if FIELDS[column].kind == "km":
            shown[column] = shown[column].map(metres_to_km)
    known = [column for column in ("area_level", "area_id") if column in rows]
    held = {
        column: cells.astype("bool").reset_index(drop=True)
        for column, cells in (withheld or {}).items()
        if column in columns
    }
    return AnnexTable(name, shown[list(columns)], rows[known], held)


def shown_rows(annex: AnnexTable, language: Language) -> list[dict[str, Any]]:
    """Return the rows as they are published: a figure that is withheld is the word for that."""
    withheld = say("annex.withheld", language)
    columns = {str(column): list(annex.table[column]) for column in annex.table}
    for column, held in annex.withheld.items():
        cells = zip(columns[column], held, strict=True)
        columns[column] = [
            withheld if hidden and not is_missing(value) else value for value, hidden in cells
        ]
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]
