"""A CSV or Excel file as text cells, row by row, nothing interpreted.

Rows are numbered as Excel shows them when it opens the file: blank rows count,
and a quoted cell with line breaks is one row. Hidden sheets, rows and columns
are read like the others.
"""

import csv
import io
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from coverage.errors import UnreadableFileError
from coverage.sentences import phrase, sentence
from coverage.sources.provenance import file_of, refuse_web_page, stamp_file

DELIMITERS = (";", "\t", ",")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")

_ZIP = b"PK\x03\x04"
# Compound File Binary: .xls of Excel 97-2003, and every workbook with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_THOUSANDS_DIGITS = 3
_BLANKS = " \t\r\n\v\f\u00a0\u200b\u202f\ufeff"
# What openpyxl and the zip and XML readers under it raise on a broken workbook.
_BROKEN_WORKBOOK = (
    InvalidFileException,
    BadZipFile,
    ParseError,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
)


@dataclass(frozen=True)
class Cells:
    """One CSV file or one sheet of a workbook.

    Attributes
    ----------
    where
        ``file.csv`` or ``file.xlsx, sheet Ark1``.
    rows
        ``rows[0]`` is row 1 of the file; a blank cell is ``""``. Rows may differ in length.
    delimited
        From a CSV: a row with too many cells is then a row that has slipped.
    """

    where: str
    rows: tuple[tuple[str, ...], ...]
    delimited: bool


Rating = Callable[[Cells], tuple[int, ...]]


def read_cells(path: Path, *, role: str, rate: Rating) -> tuple[Cells, ...]:
    """Return every sheet of a workbook, or the one table of a CSV file.

    Parameters
    ----------
    path
        ``.csv``, ``.txt``, ``.tsv``, ``.xlsx`` or ``.xlsm``.
    role
        What the file is to the study, for messages.
    rate
        How well cells fit what is looked for; the delimiter of a CSV is the
        one that fits best (``;`` before tab before ``,`` where equal).

    Raises
    ------
    MissingFileError, UnreadableFileError
    """
    stamp_file(path, role=role)
    refuse_web_page(path, role=role)
    with path.open("rb") as stream:
        start = stream.read(8)
    suffix = path.suffix.casefold()
    if start.startswith(_COMPOUND):
        raise UnreadableFileError(
            sentence(
                "The {file} is an old Excel file (.xls) or has a password", file=file_of(role)
            ),
            where=path.name,
            hint="Open it in Excel, remove any password and save it as .xlsx or CSV.",
        )
    if suffix in WORKBOOK_SUFFIXES:
        return _read_workbook(path, start, role)
    if suffix in TEXT_SUFFIXES:
        return (_read_delimited(path, start, role, rate),)
    raise UnreadableFileError(
        sentence(
            "The {file} is of a kind that cannot be read ({ending})",
            file=file_of(role),
            ending=path.suffix or phrase("no ending"),
        ),
        where=path.name,
        hint="Save it as .xlsx or CSV.",
    )


def _read_workbook(path: Path, start: bytes, role: str) -> tuple[Cells, ...]:
    if not start.startswith(_ZIP):
        raise UnreadableFileError(
            sentence(
                "The {file} is not an Excel workbook, though its name says so", file=file_of(role)
            ),
            where=path.name,
            hint="Open it in Excel and save it as .xlsx, or name it .csv if it is text.",
        )
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and drop-down lists that it leaves out: no cell is lost.
            warnings.simplefilter("ignore")
            return _sheets_of(path)
    except _BROKEN_WORKBOOK as failure:
        raise UnreadableFileError(
            sentence(
                "The {file} is a damaged Excel workbook ({reason})",
                file=file_of(role),
                reason=type(failure).__name__,
            ),
            where=path.name,
            hint="Open it in Excel, save it again as .xlsx, or fetch it again.",
        ) from None


def _sheets_of(path: Path) -> tuple[Cells, ...]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheets = []
        for sheet in book.worksheets:
            # Some programs write a wrong size of the sheet; the cells themselves are right.
            sheet.reset_dimensions()
            rows = [tuple(map(cell_text, row)) for row in sheet.iter_rows(values_only=True)]
            where = sentence("{file}, sheet {sheet}", file=path.name, sheet=sheet.title)
            sheets.append(Cells(where, _without_blank_end(rows), delimited=False))
        return tuple(sheets)
    finally:
        book.close()


def cell_text(value: object) -> str:
    """Return a workbook's cell as text: whole numbers without ``.0``, dates as ISO.

    A number with exactly three decimals gets a fourth, a zero: ``55.123`` is a
    decimal number to Excel, and must not come out as the thousands that the
    text ``55.123`` may be.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip(_BLANKS)


def _float_text(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return text + "0" if len(text.partition(".")[2]) == _THOUSANDS_DIGITS else text


def _read_delimited(path: Path, start: bytes, role: str, rate: Rating) -> Cells:
    if start.startswith(_ZIP):
        raise UnreadableFileError(
            sentence(
                "The {file} is a workbook or zip file, though its name says {ending}",
                file=file_of(role),
                ending=path.suffix,
            ),
            where=path.name,
            hint="Name it .xlsx if it is an Excel workbook; unpack it if it is a zip file.",
        )
    text = _decode(path, role)
    tables, broken_rows = [], []
    for delimiter in DELIMITERS:
        try:
            rows = _split(text, delimiter)
        except csv.Error:
            broken_rows.append(_broken_row(text, delimiter))
            continue
        tables.append(Cells(path.name, rows, delimited=True))
    best = max(tables, key=rate, default=None)
    if best is None or (broken_rows and not any(rate(best))):
        raise UnreadableFileError(
            sentence("The {file} has a quotation mark that is not closed", file=file_of(role)),
            where=path.name,
            rows=broken_rows[:1],
            hint='Correct the " in or just before this row, or save the file again from Excel.',
        )
    return best


def _decode(path: Path, role: str) -> str:
    content = path.read_bytes()
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFileError(
        sentence("The {file} is not text that can be read", file=file_of(role)),
        where=path.name,
        hint="Save it from Excel as 'CSV UTF-8' or as .xlsx.",
    )


def _split(text: str, delimiter: str) -> tuple[tuple[str, ...], ...]:
    # strict: a stray quotation mark would otherwise swallow rows without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return _without_blank_end([tuple(cell.strip(_BLANKS) for cell in row) for row in reader])


def _broken_row(text: str, delimiter: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for _ in reader:
            row += 1
    except csv.Error:
        return row + 1
    return row


def _without_blank_end(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    end = len(rows)
    while end and not any(rows[end - 1]):
        end -= 1
    return tuple(rows[:end])
