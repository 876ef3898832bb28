"""Rows for a CSV file that somebody else wrote, in the form that it already has.

Excel saves CSV files with or without UTF-8, with semicolons or commas, with its
own line ends and none after the last row. A row that is added must not leave a
file with two encodings, which no program would read.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coverage.sources.sheet_cells import DELIMITERS
from coverage.sources.sheets import HEADER_SEARCH_ROWS, Synonyms
from coverage.sources.spelling import compact_key

UTF8_MARK = b"\xef\xbb\xbf"

_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CRLF = "\r\n"


@dataclass(frozen=True)
class CsvForm:
    """How a CSV file is written.

    Attributes
    ----------
    columns
        Canonical name -> position of the column in the file.
    width
        Columns in all; the file may have more than are known.
    encoding, delimiter, line_end
        Of the file.
    ends_open
        The last row has no line end.
    """

    columns: Mapping[str, int]
    width: int
    encoding: str = "utf-8"
    delimiter: str = ";"
    line_end: str = _CRLF
    ends_open: bool = False

    def row(self, cells: Mapping[str, str]) -> str:
        """Return a row with its line end; columns that have no cell are blank."""
        line = [""] * self.width
        for name, position in self.columns.items():
            line[position] = cells.get(name, "")
        stream = io.StringIO(newline="")
        # The writer puts what holds a part of its line end in quotation marks: it is
        # given both parts, whatever the line end of the file is.
        csv.writer(stream, delimiter=self.delimiter, lineterminator=_CRLF).writerow(line)
        return stream.getvalue().removesuffix(_CRLF) + self.line_end


def form_of(content: bytes, synonyms: Synonyms, required: Sequence[str]) -> CsvForm:
    """Return the form of a file that has been read with these synonyms."""
    encoding = _encoding(content)
    text = content.decode(encoding).lstrip("\ufeff")
    columns: dict[str, int] = {}
    delimiter, width = DELIMITERS[0], 0
    for mark in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        for _, row in zip(range(HEADER_SEARCH_ROWS), rows, strict=False):
            found = _columns(row, synonyms)
            if set(required) <= set(found) and len(found) > len(columns):
                columns, delimiter, width = found, mark, len(row)
    return CsvForm(
        columns=columns,
        width=width,
        encoding=encoding,
        delimiter=delimiter,
        line_end=next((end for end in (_CRLF, "\n", "\r") if end in text), _CRLF),
        ends_open=not text.endswith(("\n", "\r")),
    )


def _encoding(content: bytes) -> str:
    if content[:2] in _UTF16:
        return _UTF16[content[:2]]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    # Without a mark, and without a Danish letter so far, Excel takes it for Windows' own.
    return "cp1252" if content.isascii() else "utf-8"


def _columns(row: Sequence[str], synonyms: Synonyms) -> dict[str, int]:
    """Return canonical name -> position of the preferred header for it."""
    keys = [compact_key(cell) for cell in row]
    found = {}
    for name, headers in synonyms.items():
        wanted = (compact_key(header) for header in (*headers, name))
        position = next((keys.index(key) for key in wanted if key in keys), None)
        if position is not None:
            found[name] = position
    return found
