"""``choice.xlsx``: the areas, the practices, what could not be placed, and what it all rests on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.area_table import (
    FIGURE_COLUMNS,
    KM_COLUMNS,
    SHARE_COLUMNS,
    build_area_table,
    worst_first,
)
from coverage.exports.area_words import area_id_text, area_name_text
from coverage.exports.basis_sheet import BASIS_COLUMNS, write_basis, write_definitions
from coverage.exports.book import Book
from coverage.exports.map_layers import address_text, intake_state
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.levels import KOMMUNE_LEVEL
from coverage.wording import Language, keys, say

_OWN_SHEETS = ("kommune", "practices", "not_placed", "basis")
_PRACTICE_KINDS: Mapping[str, tuple[str, float]] = {
    "name": ("text", 34),
    "address": ("text", 38),
    "intake": ("text", 24),
    "clinic_form": ("text", 18),
    "capacities": ("tenth", 10),
    "listed_persons": ("whole", 10),
    "closing_limit_persons": ("whole", 12),
    "match": ("text", 26),
    "x_m": ("whole", 12),
    "y_m": ("whole", 12),
    "note": ("long", 50),
    "source_row": ("whole", 10),
}


def write_workbook(path: Path, assessment: Assessment, stamp: RunStamp, language: Language) -> None:
    """Write the workbook; the same run gives the same bytes."""
    # These names are ours: a level of the study that is called so gets a number.
    own = [say(f"export.sheet.{key}", language) for key in _OWN_SHEETS]
    book = Book(path, assessment, stamp, language, own)
    writer = _BookWriter(book)
    table = build_area_table(assessment, stamp, language)
    for level in table["area_level"].unique():
        writer.areas(level, table[table["area_level"] == level])
    writer.practices()
    writer.not_placed()
    basis = book.open_sheet(say("export.sheet.basis", language), BASIS_COLUMNS)
    write_basis(basis, assessment, stamp, language)
    write_definitions(basis, language)
    book.close()


class _BookWriter:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._assessment = book.assessment
        self._language = book.language

    def areas(self, level: str, table: pd.DataFrame) -> None:
        """Write a level's areas, the worst first, the total last and outside the filter."""
        columns = self._area_columns()
        own = say("export.sheet.kommune", self._language)
        name = own if level == KOMMUNE_LEVEL else self._book.free_name(self._level_words(level))
        writer = self._book.open_sheet(name, len(columns))
        writer.text(say("export.workbook.worst_first", self._language))
        writer.widths(columns)
        writer.header(columns, tall=True)
        first = writer.row
        writer.sheet.freeze_panes(first, 1)
        writer.sheet.repeat_rows(first - 1)
        for row in worst_first(table).to_dict("records"):
            is_total = row["area_id"] == ALL_AREAS
            area_id = area_id_text(row["area_id"], self._language)
            figures = (row[column] for column in FIGURE_COLUMNS)
            values = [area_name_text(row, self._language), area_id, *figures]
            writer.line(columns, values, "total" if is_total else "")
        writer.sheet.autofilter(first - 1, 0, max(first, writer.row - 2), len(columns) - 1)

    def practices(self) -> None:
        """Write every practice of the register, by ydernummer."""
        columns = self._practice_columns()
        writer = self._book.open_sheet(say("export.sheet.practices", self._language), len(columns))
        writer.text(say("export.workbook.practices_line", self._language))
        writer.widths(columns)
        writer.header(columns)
        first = writer.row
        writer.sheet.freeze_panes(first, 2)
        for row in self._practice_rows():
            writer.line(columns, [row[key] for key in self._practice_keys()])
        writer.sheet.autofilter(first - 1, 0, max(first, writer.row - 1), len(columns) - 1)

    def not_placed(self) -> None:
        """Write the practices and persons that are in no distance."""
        columns = self._practice_columns()
        writer = self._book.open_sheet(say("export.sheet.not_placed", self._language), len(columns))
        writer.widths(columns)
        off_road = self._off_road()
        for key, wanted in (
            ("not_placed_practices", lambda row: row["match_level"] == "not_found"),
            ("off_road_practices", lambda row: row["ydernummer"] in off_road),
        ):
            rows = [row for row in self._practice_rows() if wanted(row)]
            values = [[row[name] for name in self._practice_keys()] for row in rows]
            self._section(writer, key, columns, values)
        outside = self._assessment.origins.outside.sort_values("cell_id")
        cells = [[row["cell_id"], row["persons"]] for row in outside.to_dict("records")]
        headers = [
            Column(say("export.workbook.cell_id", self._language)),
            Column(say("export.workbook.persons", self._language), "tenth"),
        ]
        self._section(writer, "cells_outside", headers, cells)

    def _section(
        self,
        writer: SheetWriter,
        key: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
    ) -> None:
        writer.section(say(f"export.workbook.{key}", self._language))
        if not rows:
            writer.text(say("export.none", self._language))
            return
        writer.header(columns)
        for row in rows:
            writer.line(columns, row)

    def _area_columns(self) -> list[Column]:
        columns = [
            Column(say("export.column.area_name", self._language), "text", 22),
            Column(say("export.column.area_id", self._language), "text", 11),
        ]
        for name in FIGURE_COLUMNS:
            kind = "tenth" if name in SHARE_COLUMNS else "km" if name in KM_COLUMNS else "whole"
            columns.append(Column(say(f"export.column.{name}", self._language), kind, 15))
        return columns

    @staticmethod
    def _practice_keys() -> tuple[str, ...]:
        return (
            "ydernummer",
            "name",
            "address",
            "kommune_code",
            "intake",
            "intake_text",
            "clinic_form",
            "capacities",
            "listed_persons",
            "closing_limit_persons",
            "match",
            "x_m",
            "y_m",
            "note",
            "source_row",
        )

    def _practice_columns(self) -> list[Column]:
        return [
            Column(say(f"export.practice.{key}", self._language), *_PRACTICE_KINDS.get(key, ()))
            for key in self._practice_keys()
        ]

    def _practice_rows(self) -> list[dict[Any, Any]]:
        practices = self._assessment.tables.practices.sort_values("ydernummer")
        off_road = self._off_road()
        return [
            {
                **row,
                "address": address_text(row),
                "intake": say(f"export.intake.{intake_state(row['intake_open'])}", self._language),
                "clinic_form": say(f"export.clinic_form.{row['clinic_form']}", self._language),
                "match": say(f"export.match.{row['match_level']}", self._language),
                "note": self._note(row, off_road),
            }
            for row in practices.to_dict("records")
        ]

    def _note(self, row: Mapping[Any, Any], off_road: frozenset[str]) -> str | None:
        found = {
            "not_placed": row["match_level"] == "not_found",
            "off_road": row["ydernummer"] in off_road,
            "rough": row["match_level"] == "street",
            "intake_unknown": intake_state(row["intake_open"]) == "unknown",
        }
        notes = [say(f"export.note.{key}", self._language) for key, holds in found.items() if holds]
        return " ".join(notes) or None

    def _off_road(self) -> frozenset[str]:
        matrix = self._assessment.matrix
        return frozenset(matrix.site_ids[~matrix.sites.snaps.snapped])

    def _level_words(self, level: str) -> str:
        known = f"export.level.{level}"
        return say(known, self._language) if known in keys("export.level.") else level
