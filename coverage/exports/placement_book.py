"""``placement.xlsx``: the answer, its tables, the comparison, and what it all rests on."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.area_words import level_text, yes_no
from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis
from coverage.exports.book import Book
from coverage.exports.comparison_book import (
    comparison_sheet_names,
    write_comparison_basis,
    write_comparison_sheets,
)
from coverage.exports.comparison_tables import ComparisonTables
from coverage.exports.number_text import number_text
from coverage.exports.placement_tables import ANSWER_COLUMNS, PlacementTables, said
from coverage.exports.placement_words import KIND_OF_OBJECTIVE, objective_text, shown_value
from coverage.exports.said_table import SaidTable, write_meanings, write_said_sheet
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, keys, say

# Table -> how many columns stay in sight.
_SHEETS: Mapping[str, int] = {
    "sites": 3,
    "moves": 2,
    "ties": 2,
    "frontier": 1,
    "trade_off": 1,
    "candidates": 2,
    "left_out": 2,
}
_IF_ASKED = ("frontier", "trade_off")
# Key of the request -> unit of the wording; others are words or plain numbers.
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("capacities", "least_capacities", "most_capacities"), "capacities"),
    **dict.fromkeys(("grid_m", "apart_m"), "m"),
    "practices": "practices",
    "seconds": "s",
    "gap": "pct",
}
_WHOLE = ("practices", "seed", "steps", "grid_m", "apart_m", "seconds")
_PERCENT = 100.0


def write_placement_book(  # noqa: PLR0913 - the last ones are by name
    target: Path | BytesIO,
    tables: PlacementTables,
    reference: Assessment,
    stamp: RunStamp,
    language: Language,
    *,
    lines: Sequence[str],
    request: SaidTable,
    comparison: ComparisonTables,
) -> None:
    """Write the workbook; equal placements give equal bytes, but for the seconds that they took.

    Parameters
    ----------
    reference
        The baseline: its rules and notices stand on the sheet "Grundlag".
    lines
        The answer in sentences.
    request
        What was asked, as ``request_table`` says it.
    """
    wanted = [one for one in _SHEETS if one not in _IF_ASKED or len(getattr(tables, one).table)]
    names = {one: say(f"placement.table.{one}", language) for one in ("answer", *wanted, "request")}
    basis_name = say("export.sheet.basis", language)
    kept = [*names.values(), *comparison_sheet_names(language), basis_name]
    book = Book(target, reference, stamp, language, kept)
    write_said_sheet(book, names["answer"], tables.answer, [*lines, _note("answer", language)])
    for one in wanted:
        sheet = getattr(tables, one)
        write_said_sheet(book, names[one], sheet, [_note(one, language)], frozen=_SHEETS[one])
    write_comparison_sheets(book, comparison)
    write_said_sheet(book, names["request"], request, [_note("request", language)])
    basis = book.open_sheet(basis_name, BASIS_COLUMNS)
    write_basis(basis, reference, stamp, language)
    own = [getattr(tables, one) for one in ("answer", *wanted)]
    write_meanings(basis, own, language, "placement")
    write_comparison_basis(basis, comparison, stamp, language)
    book.close()


def request_table(asked: Mapping[str, Any], language: Language = "da") -> SaidTable:
    """Return what was asked, key by key, in words.

    Parameters
    ----------
    asked
        Plain values by key, as the request file has them.
    """
    rows = [row for key in asked for row in _request_rows(key, asked, language)]
    table = pd.DataFrame(
        {
            "what": pd.Series([row[0] for row in rows], dtype="str"),
            "answer": pd.Series([row[1] for row in rows], dtype="object"),
            "unit": pd.Series([row[3] or None for row in rows], dtype="str"),
        }
    )
    kinds = tuple(row[2] for row in rows)
    return said("request", table, ANSWER_COLUMNS, language, row_kinds=kinds)


def _request_rows(
    key: str, asked: Mapping[str, Any], language: Language
) -> list[tuple[str, Any, str, str]]:
    """Return label, value, kind and unit; one row a quota and a name of a list."""
    value = asked[key]
    if key == "quotas":
        return [_quota_row(area, ends, language) for area, ends in value.items()]
    label = say(f"placement.request.{key}", language)
    if isinstance(value, list):
        return [(label, one, "text", "") for one in value]
    if isinstance(value, bool):
        return [(label, yes_no(value, language), "text", "")]
    if isinstance(value, str):
        return [(label, _request_words(key, value, language), "text", "")]
    unit, kind = _UNITS.get(key, ""), "whole" if key in _WHOLE else "tenth"
    if key == "move_cost":
        unit = asked["objective"]
        value, kind = shown_value(unit, value), KIND_OF_OBJECTIVE[unit]
    elif key == "gap":
        value, kind = value * _PERCENT, "thousandth"
    return [(label, float(value), kind, say(f"placement.unit.{unit}", language) if unit else "")]


def _quota_row(area: str, ends: Sequence[float], language: Language) -> tuple[str, str, str, str]:
    least, most = (number_text(end, 1, language) for end in ends)
    return (
        say("placement.request.quota", language, area=area),
        say("placement.request.quota_range", language, least=least, most=most),
        "text",
        say("placement.unit.capacities", language),
    )


def _request_words(key: str, value: str, language: Language) -> str:
    if key in ("objective", "trade_off"):
        return objective_text(value, language)
    if key == "level":
        return level_text(value, language)
    if key == "candidates" and f"placement.candidates.{value}" in keys("placement.candidates."):
        return say(f"placement.candidates.{value}", language)
    return value


def _note(name: str, language: Language) -> str:
    return say(f"placement.note.{name}", language)
