"""A table in the reader's words, for the app, a CSV file and a sheet alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coverage.exports.annex_columns import DECIMALS
from coverage.exports.area_words import yes_no
from coverage.exports.book import Book
from coverage.exports.csv_table import csv_bytes, decimal_text, harmless_text
from coverage.exports.number_text import is_missing
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, keys, say

# A column whose rows are figures of different kinds.
BY_ROW = "by_row"
_HALVES = "capacity"
STUDY_COLUMNS = ("study_title", "as_of", "ruleset_id", "illustrative")


@dataclass(frozen=True)
class SaidTable:
    """One table in words and figures.

    Attributes
    ----------
    name
        Of its words (``comparison.table.<name>``).
    columns
        Name in the code -> header, kind and width; the kind ``by_row`` is that of the row.
    table
        A column each; missing cells are empty, figures numbers in the unit that is shown.
    row_kinds
        For columns ``by_row``: the kind of each row's figure, as of a ``Column``.
    marked
        Which rows ask for attention.
    """

    name: str
    columns: Mapping[str, Column]
    table: pd.DataFrame
    row_kinds: tuple[str, ...] = ()
    marked: tuple[bool, ...] = ()

    def shown(self) -> pd.DataFrame:
        """Return the table under its headers, as a page shows it."""
        headers = [column.header for column in self.columns.values()]
        return self.table.set_axis(headers, axis=1)

    def kinds_of_row(self, row: int) -> list[str]:
        """Return the kind of each cell of a row."""
        kinds = [column.kind for column in self.columns.values()]
        return [self.row_kinds[row] if kind == BY_ROW else kind for kind in kinds]


def said_csv(table: SaidTable, stamp: RunStamp, language: Language, *, illustrative: bool) -> bytes:
    """Return the content of a CSV file in the form of ``choice_by_area.csv``.

    Each row carries its basis: study, date, ruleset, and whether it is an illustration.
    """
    basis = [
        harmless_text(stamp.study_title),
        stamp.as_of.isoformat(),
        stamp.ruleset_id,
        yes_no(illustrative, language),
    ]
    header = [harmless_text(column.header) for column in table.columns.values()]
    header += [say(f"comparison.column.{name}", language) for name in STUDY_COLUMNS]
    cells = table.table.itertuples(index=False)
    rows = [
        [*map(_text, table.kinds_of_row(number), row), *basis] for number, row in enumerate(cells)
    ]
    return csv_bytes(header, rows)


def write_meanings(
    writer: SheetWriter, tables: Sequence[SaidTable], language: Language, words: str = "comparison"
) -> None:
    """Write what each column of the tables means, once.

    Parameters
    ----------
    words
        The part of the wording with ``column`` and ``definition``.
    """
    writer.section(say("comparison.columns", language))
    columns = [Column("", "long"), Column("")]
    told = dict.fromkeys(name for table in tables for name in table.columns)
    known = keys(f"{words}.definition.")
    for name in told:
        if f"{words}.definition.{name}" in known:
            header = say(f"{words}.column.{name}", language)
            writer.line(columns, [header, say(f"{words}.definition.{name}", language)])


def write_said_sheet(
    book: Book, sheet_name: str, table: SaidTable, lines: Sequence[str] = (), frozen: int = 1
) -> None:
    """Write a table on a sheet of its own, its header and first columns always in sight."""
    columns = list(table.columns.values())
    writer = book.open_sheet(sheet_name, len(columns))
    for line in lines:
        writer.text(line)
    plain = [Column(column.header, "text", column.width) for column in columns]
    writer.widths(plain)
    writer.header(columns, tall=True)
    first = writer.row
    writer.sheet.freeze_panes(first, frozen)
    writer.sheet.repeat_rows(first - 1)
    if table.table.empty:
        writer.text(say("comparison.nothing", book.language))
        return
    marked = table.marked or (False,) * len(table.table)
    for number, row in enumerate(table.table.itertuples(index=False)):
        kinds = table.kinds_of_row(number)
        own = [
            Column(column.header, kind, column.width)
            for column, kind in zip(columns, kinds, strict=True)
        ]
        writer.line(own, list(row), "mark" if marked[number] else "")
    writer.sheet.autofilter(first - 1, 0, writer.row - 1, len(columns) - 1)


def _text(kind: str, value: Any) -> str:  # noqa: ANN401 - any cell of a table
    if is_missing(value):
        return ""
    if kind in DECIMALS and not isinstance(value, str):
        text = decimal_text(float(value), DECIMALS[kind])
        return text.removesuffix("0") if kind == _HALVES else text
    return harmless_text(str(value))
