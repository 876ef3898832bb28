"""Refuse files with CPR numbers, without ever repeating one.

A practice register needs no civil registration number. Ten digits with or
without a hyphen count as one if the first four are a day and month. That also
hits some numbers of other kinds (P-numbers of companies begin with 10, and may
go on with a month): the file is refused all the same, because the column is
not needed, and a number that slipped through could not be called back.
"""

import re

from coverage.errors import PersonalDataError
from coverage.sentences import sentence
from coverage.sources.sheet_cells import Cells

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CPR = re.compile(r"(?<!\d)(\d{2})(\d{2})\d{2}[ \u00a0]?[-–\u2010\u2011]?[ \u00a0]?\d{4}(?!\d)")
# Excel takes the zero off a CPR number that is stored as a number.
_WITHOUT_ZERO = re.compile(r"\d{9}")
# A coordinate with ten decimals is no CPR number; one that Excel wrote as 101801234.0 is.
_COORDINATE = re.compile(r"-?(\d{1,2}|\d{6,7})[.,]\d+")
_EXCEL_END = re.compile(r"[.,]0+$")


def holds_cpr(text: str) -> bool:
    """Return whether a cell holds something that may be a CPR number."""
    if _COORDINATE.fullmatch(text):
        return False
    whole = _EXCEL_END.sub("", text)
    if _WITHOUT_ZERO.fullmatch(whole):
        whole = "0" + whole
    return any(_is_date(int(day), int(month)) for day, month in _CPR.findall(whole))


def _is_date(day: int, month: int) -> bool:
    return 1 <= month <= len(_DAYS_IN_MONTH) and 1 <= day <= _DAYS_IN_MONTH[month - 1]


def refuse_personal_data(cells: Cells, header_index: int) -> None:
    """Raise PersonalDataError if any cell may hold a CPR number, with columns and rows only.

    All cells are looked at: titles, totals and columns that are not used too.
    """
    rows: list[int] = []
    columns: set[int] = set()
    for number, row in enumerate(cells.rows, start=1):
        hits = [column for column, text in enumerate(row) if holds_cpr(text)]
        if hits:
            rows.append(number)
            columns.update(hits)
    if not rows:
        return
    names = tuple(_column_name(cells, header_index, column) for column in sorted(columns))
    raise PersonalDataError(
        "The file holds numbers that look like CPR numbers",
        where=sentence("{where}, {columns}", where=cells.where, columns=names),
        rows=rows,
        hint="Delete the column in the file, also if the numbers are something else:"
        " the analysis does not need it. For doctors' ages it needs the year of birth alone.",
    )


def _column_name(cells: Cells, header_index: int, column: int) -> str:
    header = cells.rows[header_index]
    title = header[column] if column < len(header) else ""
    # A cell that may itself be a CPR number (a file without a header) is never shown.
    if title and not holds_cpr(title):
        return sentence("column '{column}'", column=title)
    return sentence("column {number}", number=column + 1)
