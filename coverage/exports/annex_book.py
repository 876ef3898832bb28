"""``praksisplan.xlsx``: the annex's tables as sheets, and the sheet "Grundlag" behind them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from coverage.assessment import Assessment
from coverage.exports.annex_columns import FIELDS
from coverage.exports.annex_table import AnnexTable, shown_rows
from coverage.exports.annex_tables import annex_tables
from coverage.exports.annex_trace import write_trace
from coverage.exports.area_words import level_text
from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis
from coverage.exports.book import Book
from coverage.exports.number_text import number_text
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

# Tables whose rows are areas of several levels: a sheet each level.
_BY_LEVEL = ("capacity_by_area", "designation")
_LINES: Mapping[str, str] = {
    "designation": "signal_line",
    "criteria": "signal_line",
    "sensitivity": "sensitivity_line",
    "agenda": "decision_line",
    "or_pairs": "or_pairs_line",
}
# Columns that stay on screen when a reader scrolls to the right.
_WHICH_ROW = frozenset(
    {
        *("area_level", "area_id", "area_name", "place_name", "kommune_name", "plan_name"),
        *("name_a", "name_b", "ydernummer", "name"),
    }
)
# Table -> the column and its code that ask for attention.
_MARKED: Mapping[str, tuple[str, str]] = {
    "designation": ("signal", "signal"),
    "criteria": ("status", "met"),
    "skal_areas": ("duty", "broken"),
}


def write_annex_book(
    path: Path, assessment: Assessment, stamp: RunStamp, language: Language
) -> None:
    """Write the workbook for publication; the same run gives the same bytes."""
    tables = annex_tables(assessment, stamp, language)
    write_annex_tables(path, tables, assessment, stamp, language)


def write_annex_tables(
    path: Path,
    tables: Mapping[str, AnnexTable],
    assessment: Assessment,
    stamp: RunStamp,
    language: Language,
) -> None:
    """Write the workbook of tables that are built already (``annex_tables``)."""
    own = {name: say(f"annex.table.{name}", language) for name in tables if name not in _BY_LEVEL}
    basis_name = say("export.sheet.basis", language)
    book = Book(path, assessment, stamp, language, [*own.values(), basis_name])
    for name, annex in tables.items():
        if name in own:
            _write_sheet(book, own[name], annex)
            continue
        for level in assessment.levels:
            words = f"{say(f'annex.table.{name}', language)} {level_text(level.name, language)}"
            _write_sheet(book, book.free_name(words), annex.of_level(level.name))
    basis = book.open_sheet(basis_name, BASIS_COLUMNS)
    write_basis(basis, assessment, stamp, language)
    write_trace(basis, tables, stamp, language)
    book.close()


def _write_sheet(book: Book, name: str, annex: AnnexTable) -> None:
    """Write a table with its header on screen, its total last and outside the filter."""
    language = book.language
    names = [str(column) for column in annex.table]
    columns = [
        Column(say(f"annex.column.{column}", language), FIELDS[column].kind, FIELDS[column].width)
        for column in names
    ]
    writer = book.open_sheet(name, len(columns))
    _write_lines(writer, annex, book.assessment, language)
    writer.widths(columns)
    writer.header(columns, tall=True)
    first = writer.row
    writer.sheet.freeze_panes(first, _frozen_columns(names))
    writer.sheet.repeat_rows(first - 1)
    marked, word = _marked_word(annex, language)
    for row, is_total in zip(shown_rows(annex, language), annex.is_total, strict=True):
        style = "mark" if word is not None and row[marked] == word else ""
        writer.line(columns, list(row.values()), "total" if is_total else style)
    if annex.table.empty:
        writer.text(say("annex.nothing", language))
        return
    last = writer.row - 1 - int(annex.is_total.sum())
    writer.sheet.autofilter(first - 1, 0, max(first, last), len(columns) - 1)


def _frozen_columns(names: Sequence[str]) -> int:
    """Return how many columns at the left say which row it is."""
    return next((at for at, name in enumerate(names) if name not in _WHICH_ROW), len(names))


def _write_lines(
    writer: SheetWriter, annex: AnnexTable, assessment: Assessment, language: Language
) -> None:
    rules = assessment.rules
    if annex.name in _LINES:
        values = {
            "decision_on": assessment.designation.decision_on.isoformat(),
            "min_months": number_text(rules.designation.min_months, 0, language),
        }
        writer.text(say(f"annex.{_LINES[annex.name]}", language, **values))
    least = number_text(rules.publication.min_doctors, 0, language)
    if any(held.any() for held in annex.withheld.values()):
        writer.text(say("annex.withheld_line", language, min_doctors=least))
    if annex.areas_left_out:
        count = number_text(annex.areas_left_out, 0, language)
        line = say("annex.left_out_line", language, count=count, min_doctors=least)
        writer.text(line)


def _marked_word(annex: AnnexTable, language: Language) -> tuple[str, str | None]:
    """Return the column and the word in it of rows that ask for attention."""
    if annex.name not in _MARKED:
        return "", None
    column, code = _MARKED[annex.name]
    return column, say(f"annex.{column}.{code}", language)
