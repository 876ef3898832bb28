"""``comparison.xlsx``: scenarios beside the baseline and each other, and what it all rests on."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from coverage.assessment import Assessment
from coverage.exports.annex_trace import input_texts, rule_texts
from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis
from coverage.exports.book import Book
from coverage.exports.comparison_tables import ComparisonTables
from coverage.exports.comparison_words import COMPARED, COUNTS, Figure, level_sheet_name
from coverage.exports.said_table import write_meanings, write_said_sheet
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

# Table -> how many columns stay in sight.
_SHEETS: Mapping[str, int] = {"signals": 4, "skal": 2, "losing": 2, "pairs": 2, "actions": 2}
_TRACE = ("figure", "unit", "trace_meaning", "trace_inputs", "trace_rules")


def write_comparison_book(
    target: Path | BytesIO,
    tables: ComparisonTables,
    reference: Assessment,
    stamp: RunStamp,
    language: Language,
) -> None:
    """Write the workbook; equal comparisons give equal bytes.

    Parameters
    ----------
    target
        The file, or where its bytes go.
    reference
        The baseline: its rules, notices and levels stand on the sheet "Grundlag".
    """
    basis_name = say("export.sheet.basis", language)
    kept = [*comparison_sheet_names(language), basis_name]
    book = Book(target, reference, stamp, language, kept)
    write_comparison_sheets(book, tables)
    basis = book.open_sheet(basis_name, BASIS_COLUMNS)
    write_basis(basis, reference, stamp, language)
    write_comparison_basis(basis, tables, stamp, language)
    book.close()


def comparison_sheet_names(language: Language) -> tuple[str, ...]:
    """Return the names of the comparison's sheets but those of the levels."""
    return tuple(say(f"comparison.table.{name}", language) for name in ("overview", *_SHEETS))


def write_comparison_sheets(book: Book, tables: ComparisonTables) -> None:
    """Write the comparison's tables into a book, a sheet each."""
    language = book.language
    own = dict(zip(("overview", *_SHEETS), comparison_sheet_names(language), strict=True))
    rounding = [say(f"comparison.{key}", language) for key in ("rounding", "ages")]
    lines = [_line("overview", language), *rounding]
    write_said_sheet(book, own["overview"], tables.overview, lines, frozen=2)
    for level, table in tables.levels.items():
        name = book.free_name(level_sheet_name(level, language))
        write_said_sheet(book, name, table, [_line("level", language)], frozen=3)
    for name, frozen in _SHEETS.items():
        table = getattr(tables, name)
        write_said_sheet(book, own[name], table, [_line(name, language)], frozen=frozen)


def write_comparison_basis(
    writer: SheetWriter, tables: ComparisonTables, stamp: RunStamp, language: Language
) -> None:
    """Write what the comparison's figures and columns mean below what stands there."""
    write_figures(writer, [*COMPARED.values(), *COUNTS], stamp, language)
    writer.text(say("comparison.meaning.takeover", language))
    write_meanings(writer, [tables.by_area, *(getattr(tables, name) for name in _SHEETS)], language)


def comparison_bytes(
    tables: ComparisonTables, reference: Assessment, stamp: RunStamp, language: Language
) -> bytes:
    """Return the workbook's content, for a download."""
    target = BytesIO()
    write_comparison_book(target, tables, reference, stamp, language)
    return target.getvalue()


def write_figures(
    writer: SheetWriter, figures: Sequence[Figure], stamp: RunStamp, language: Language
) -> None:
    """Write what each figure means, and from which files and rules it follows."""
    writer.section(say("comparison.trace", language))
    heads = [
        say(f"{'annex' if key.startswith('trace') else 'comparison.column'}.{key}", language)
        for key in _TRACE
    ]
    columns = [Column(head, "long") for head in heads]
    writer.header(columns)
    none = say("export.none", language)
    for figure in figures:
        values = [
            figure.title(language),
            figure.unit_text(language),
            figure.meaning(language),
            "; ".join(input_texts(figure.inputs, stamp, language)) or none,
            "; ".join(rule_texts(figure.rules)) or none,
        ]
        writer.line(columns, values)


def _line(name: str, language: Language) -> str:
    return say(f"comparison.line.{name}", language)
