"""``pathway.xlsx``: the path to the national target to read, and what it all rests on."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis
from coverage.exports.book import Book
from coverage.exports.number_text import number_text
from coverage.exports.pathway_region import answer_lines, task_lines
from coverage.exports.pathway_tables import PathwayTables, pathway_tables
from coverage.exports.pathway_words import WORDS
from coverage.exports.planned_path import PlannedPath
from coverage.exports.said_table import write_meanings, write_said_sheet
from coverage.wording import Language, say

# Table -> how many columns stay in sight.
SHEETS: Mapping[str, int] = {
    "answer": 1,
    "by_year": 1,
    "given": 3,
    "short": 3,
    "by_area": 4,
    "bands": 5,
    "chances": 4,
    "tasks": 1,
    "sites": 2,
    "rules": 1,
}
_OF_CHANCE = ("answer", "bands", "chances")
# Table -> what it can leave out: an attribute of ``PathwayTables``, and the line that says so.
_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "given": ("areas_left_out",),
    **dict.fromkeys(
        ("short", "by_area", "bands", "chances"), ("areas_left_out", "closing_left_out")
    ),
}


def write_pathway_book(
    target: Path | BytesIO, planned: PlannedPath, tables: PathwayTables, language: Language
) -> None:
    """Write the workbook; equal paths give equal bytes.

    Parameters
    ----------
    target
        The file, or where its bytes go.
    tables
        As they are published.
    """
    assessment, stamp = planned.told()
    own = {name: say(f"{WORDS}.table.{name}", language) for name in SHEETS}
    basis_name = say("export.sheet.basis", language)
    book = Book(target, assessment, stamp, language, [*own.values(), basis_name])
    for name, frozen in SHEETS.items():
        lines = sheet_lines(name, planned, tables, language)
        write_said_sheet(book, own[name], getattr(tables, name), lines, frozen=frozen)
    basis = book.open_sheet(basis_name, BASIS_COLUMNS)
    write_basis(basis, assessment, stamp, language)
    write_meanings(basis, [getattr(tables, name) for name in SHEETS], language, WORDS)
    book.close()


def pathway_bytes(planned: PlannedPath, language: Language = "da") -> bytes:
    """Return the workbook's content, for a download."""
    target = BytesIO()
    write_pathway_book(target, planned, pathway_tables(planned, language), language)
    return target.getvalue()


def sheet_lines(
    name: str, planned: PlannedPath, tables: PathwayTables, language: Language
) -> list[str]:
    """Return the lines above a table: what it is, and what it leaves out."""
    lines = [say(f"pathway.line.{name}", language)]
    if name == "answer":
        lines = [*answer_lines(planned, language), *lines]
    if name in _OF_CHANCE:
        lines += [notice.say(language) for notice in planned.interrupted]
    if name == "tasks":
        lines += task_lines(planned, language)
    if name == "sites" and tables.areas_left_out:
        lines.append(say("pathway.line.sites_left_out", language))
    least = planned.assessment.rules.publication.min_doctors
    for key in _LEFT_OUT.get(name, ()):
        counts = {"count": getattr(tables, key), "min_doctors": least}
        if counts["count"]:
            values = {what: number_text(count, 0, language) for what, count in counts.items()}
            lines.append(say(f"pathway.line.{key}", language, **values))
    return lines
