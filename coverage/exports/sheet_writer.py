"""One sheet of a workbook, written from top to bottom.

Texts always go in as texts: a name that looks like a formula stays a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from coverage.exports.number_text import is_missing

_INK = "#1f3347"
_HEADER_ROW_HEIGHT = 78.0
_MAX_CELL_CHARACTERS = 32_767


@dataclass(frozen=True)
class Column:
    """A column of a table on a sheet.

    Attributes
    ----------
    header
        As the reader sees it.
    kind
        ``text``, ``long`` (wrapped text), ``whole``, ``year``, ``tenth`` (one decimal),
        ``km`` (two), ``capacity`` (one, or two where there are two) or ``thousandth`` (three).
    width
        In characters.
    """

    header: str
    kind: str = "text"
    width: float = 12.0


_NUMBER_FORMATS: Mapping[str, dict[str, object]] = {
    "text": {"num_format": "@"},
    "long": {"num_format": "@", "text_wrap": True},
    "whole": {"num_format": "#,##0"},
    "year": {"num_format": "0"},
    "tenth": {"num_format": "#,##0.0"},
    "km": {"num_format": "#,##0.00"},
    "capacity": {"num_format": "#,##0.0#"},
    "thousandth": {"num_format": "#,##0.000"},
}
_STYLES: Mapping[str, dict[str, object]] = {
    "": {},
    "total": {"bold": True, "top": 1},
    "mark": {"bg_color": "#fde3b5"},
}


class Formats:
    """The cell formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": _INK})
        self.banner = book.add_format(
            {"bold": True, "bg_color": "#f0a030", "font_color": "#000000", "font_size": 12}
        )
        self.plain = book.add_format({"font_color": "#444444"})
        self.section = book.add_format(
            {"bold": True, "font_size": 12, "font_color": _INK, "bottom": 1}
        )
        self.header = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bg_color": _INK,
                "font_color": "#ffffff",
                "border": 1,
                "border_color": "#8899aa",
            }
        )
        self._cells = {
            (kind, style): book.add_format({**settings, **extra, "valign": "top"})
            for kind, settings in _NUMBER_FORMATS.items()
            for style, extra in _STYLES.items()
        }

    def cell(self, kind: str, style: str) -> Format:
        """Return the format of a cell: its kind, and ``total``, ``mark`` or nothing."""
        return self._cells[kind, style]


class SheetWriter:
    """Writes titles, sections and tables under each other."""

    def __init__(self, sheet: Worksheet, formats: Formats) -> None:
        self.sheet = sheet
        self.row = 0
        self._formats = formats
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def title(self, text: str) -> None:
        """Write the sheet's title."""
        self._line(text, self._formats.title)

    def banner(self, text: str, columns: int) -> None:
        """Write a line that nobody overlooks, as wide as the table."""
        for column in range(1, columns):
            self.sheet.write_blank(self.row, column, None, self._formats.banner)
        self._line(text, self._formats.banner)

    def text(self, text: str) -> None:
        """Write a plain line."""
        self._line(text, self._formats.plain)

    def section(self, text: str) -> None:
        """Write a heading with an empty line above."""
        self.row += 1
        self._line(text, self._formats.section)

    def widths(self, columns: Sequence[Column]) -> None:
        """Set the widths of the sheet's columns."""
        for number, column in enumerate(columns):
            self.sheet.set_column(number, number, column.width)

    def header(self, columns: Sequence[Column], *, tall: bool = False) -> None:
        """Write the header of a table."""
        if tall:
            self.sheet.set_row(self.row, _HEADER_ROW_HEIGHT)
        for number, column in enumerate(columns):
            self.sheet.write_string(self.row, number, column.header, self._formats.header)
        self.row += 1

    def line(self, columns: Sequence[Column], values: Sequence[object], style: str = "") -> None:
        """Write a row of a table; what is missing is an empty cell, a text stays a text."""
        for number, (column, value) in enumerate(zip(columns, values, strict=True)):
            cell_format = self._formats.cell(column.kind, style)
            if is_missing(value):
                self.sheet.write_blank(self.row, number, None, cell_format)
            elif isinstance(value, str) or column.kind in ("text", "long"):
                self.sheet.write_string(self.row, number, _fitting(str(value)), cell_format)
            else:
                self.sheet.write_number(self.row, number, value, cell_format)
        self.row += 1

    def _line(self, text: str, line_format: Format) -> None:
        self.sheet.write_string(self.row, 0, text, line_format)
        self.row += 1


def _fitting(text: str) -> str:
    """Return a text that a cell can hold; one that was cut ends with a mark."""
    if len(text) <= _MAX_CELL_CHARACTERS:
        return text
    return text[: _MAX_CELL_CHARACTERS - 2] + " …"
