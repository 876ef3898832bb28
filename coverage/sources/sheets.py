"""Read a CSV or Excel table as text, whatever its columns are called.

Files that people export have title rows above the header, several sheets,
totals below, empty columns at the end and headers of their own spelling. This
module finds the table and hands it on as text cells under canonical names with
the row numbers of the file; what the cells mean is the caller's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import EmptyTableError, InvalidValueError, MissingColumnError
from coverage.sentences import sentence
from coverage.sources.provenance import file_of
from coverage.sources.sheet_cells import Cells, read_cells
from coverage.sources.spelling import compact_key, word_key

# How far down a header is looked for: titles and notes above a table are shorter.
HEADER_SEARCH_ROWS = 50

TOTALS_ROW = "totals row"
NOTE_ROW = "note below the table"
REPEATED_HEADER = "repeated header"

_TOTALS = {"i alt", "ialt", "total", "totalt", "totaler", "sum", "hovedtotal", "samlet"}
_NOTE_MIN_COLUMNS = 3

Screen = Callable[[Cells, int], None]
Synonyms = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """The rows of one table as text.

    Attributes
    ----------
    table
        Shape (rows, columns found): text (dtype ``str``) under canonical names, in
        the order of the synonyms; a blank cell is missing (``isna``). The index
        counts from 0.
    source_rows
        Shape (rows,), int64: the row of the file, the first row of the file being 1.
    where
        ``file.csv`` or ``file.xlsx, sheet Ark1``.
    headers
        Canonical name -> header as the file writes it.
    unknown_headers
        Headers of columns that are not used; ``(column 11)`` for one without a header.
    dropped
        Reason -> rows below the header that are no data; blank rows are not counted.
    header_row
        Row of the file that holds the header.
    """

    table: pd.DataFrame
    source_rows: npt.NDArray[np.int64]
    where: str
    headers: Mapping[str, str]
    unknown_headers: tuple[str, ...]
    dropped: Mapping[str, int]
    header_row: int

    @property
    def rows_read(self) -> int:
        """Rows below the header that are not blank, dropped ones included."""
        return len(self.table) + sum(self.dropped.values())

    def where_column(self, name: str) -> str:
        """Return ``file.csv, column 'Kapaciteter'`` for a canonical name that was found."""
        return sentence("{where}, column '{column}'", where=self.where, column=self.headers[name])


@dataclass(frozen=True)
class _Header:
    """A candidate for the header: its index in the rows and canonical name -> column."""

    index: int
    columns: Mapping[str, int]
    required_columns: frozenset[int] = frozenset()

    @property
    def rating(self) -> tuple[int, int]:
        return len(self.required_columns), len(self.columns)


def read_sheet(
    path: Path,
    synonyms: Synonyms,
    required: Sequence[str],
    *,
    role: str,
    screen: Screen | None = None,
) -> Sheet:
    """Return the table of a CSV or Excel file as text under canonical names.

    Parameters
    ----------
    path
        ``.csv``, ``.txt``, ``.tsv``, ``.xlsx`` or ``.xlsm``.
    synonyms
        Canonical name -> headers that mean it, the preferred first; compared
        without case, spaces, punctuation and with æøå = ae/oe/aa. The canonical
        name itself always counts. Where two headers mean one column, the
        preferred is used and the other one is listed as unknown.
    required
        Canonical names that must be there.
    role
        What the file is to the study, for messages.
    screen
        Called with each sheet's cells and the index of its header row before
        anything of the file can reach a message; raises to refuse the file.

    Raises
    ------
    MissingFileError, UnreadableFileError
        The file cannot be read (see ``sheet_cells``).
    MissingColumnError
        A required column is not there.
    EmptyTableError
        No cell, or no row below the header.
    InvalidValueError
        Two columns have one header, or a CSV row has more cells than the header.
    """
    lookup = _lookup(synonyms)

    def find(cells: Cells) -> _Header:
        return _find_header(cells, lookup, required)

    sheets = read_cells(path, role=role, rate=lambda cells: find(cells).rating)
    if screen is not None:
        for cells in sheets:
            screen(cells, find(cells).index)
    filled = [cells for cells in sheets if cells.rows]
    if not filled:
        raise EmptyTableError(
            sentence("The {file} has no cell with content", file=file_of(role)),
            where=path.name,
            hint="Export it again, or save the sheet that holds the table.",
        )
    cells = max(filled, key=lambda sheet: find(sheet).rating)
    header = find(cells)
    _refuse_missing(cells, header, synonyms, required, role)
    _refuse_twins(cells, header)
    return _cut_table(cells, header, tuple(synonyms), role)


def _lookup(synonyms: Synonyms) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for name, headers in synonyms.items():
        for rank, header in enumerate((*headers, name)):
            found.setdefault(compact_key(header), (name, rank))
    return found


def _find_header(
    cells: Cells, lookup: Mapping[str, tuple[str, int]], required: Sequence[str]
) -> _Header:
    best = _Header(_widest_row(cells), {})
    for index, row in enumerate(cells.rows[:HEADER_SEARCH_ROWS]):
        columns = _match_columns(row, lookup)
        wanted = frozenset(columns[name] for name in required if name in columns)
        candidate = _Header(index, columns, wanted)
        if candidate.rating > best.rating:
            best = candidate
    return best


def _widest_row(cells: Cells) -> int:
    """Return the row that a person would take for the header: the first of the fullest."""
    filled = [sum(map(bool, row)) for row in cells.rows[:HEADER_SEARCH_ROWS]]
    return filled.index(max(filled)) if filled else 0


def _match_columns(row: Sequence[str], lookup: Mapping[str, tuple[str, int]]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for column, text in enumerate(row):
        match = lookup.get(compact_key(text)) if text else None
        if match is None:
            continue
        name, rank = match
        best[name] = min(best.get(name, (rank, column)), (rank, column))
    return {name: column for name, (_, column) in best.items()}


def _refuse_missing(
    cells: Cells, header: _Header, synonyms: Synonyms, required: Sequence[str], role: str
) -> None:
    missing = [name for name in required if name not in header.columns]
    if not missing:
        return
    found = [text for text in cells.rows[header.index] if text]
    wanted = tuple(
        sentence("{column} (for example '{header}')", column=name, header=_example(name, synonyms))
        for name in missing
    )
    if len(found) == 1:
        advice = (
            "Only one column was found: the delimiter is probably wrong."
            " Use a semicolon, a comma or a tab between the columns, or save the file as .xlsx."
        )
    else:
        advice = sentence(
            "Give the column one of these headers. Headers found: {headers}", headers=tuple(found)
        )
    raise MissingColumnError(
        sentence("The {file} lacks a column: {columns:; }", file=file_of(role), columns=wanted),
        where=_where_header(cells, header),
        hint=advice,
    )


def _where_header(cells: Cells, header: _Header) -> str:
    return sentence("{where}, row {row}", where=cells.where, row=header.index + 1)


def _example(name: str, synonyms: Synonyms) -> str:
    return next(iter(synonyms.get(name, ())), name)


def _refuse_twins(cells: Cells, header: _Header) -> None:
    titles = cells.rows[header.index]
    keys = [compact_key(text) for text in titles]
    for column in header.columns.values():
        if keys.count(keys[column]) > 1:
            raise InvalidValueError(
                sentence("Two columns have the header '{header}'", header=titles[column]),
                where=_where_header(cells, header),
                hint="Remove one of them, or give it another header.",
            )


def _cut_table(cells: Cells, header: _Header, order: Sequence[str], role: str) -> Sheet:
    titles = cells.rows[header.index]
    numbered = [
        (number, row)
        for number, row in enumerate(cells.rows[header.index + 1 :], start=header.index + 2)
        if any(row)
    ]
    _refuse_slipped_rows(cells, titles, numbered)
    body, dropped = _split_off(numbered, titles, header.required_columns)
    if not body:
        raise EmptyTableError(
            sentence("The {file} has no row below its header", file=file_of(role)),
            where=_where_header(cells, header),
            hint="Export it again with its rows.",
        )
    names = [name for name in order if name in header.columns]
    table = pd.DataFrame(
        {name: _column([row for _, row in body], header.columns[name]) for name in names}
    )
    return Sheet(
        table=table,
        source_rows=np.array([number for number, _ in body], dtype=np.int64),
        where=cells.where,
        headers={name: titles[header.columns[name]] for name in names},
        unknown_headers=_unknown_headers(titles, header, [row for _, row in numbered]),
        dropped=dropped,
        header_row=header.index + 1,
    )


def _column(rows: Sequence[Sequence[str]], column: int) -> pd.Series:
    cells = [(row[column] or None) if column < len(row) else None for row in rows]
    return pd.Series(cells, dtype="str")


def _refuse_slipped_rows(
    cells: Cells, titles: Sequence[str], numbered: Sequence[tuple[int, tuple[str, ...]]]
) -> None:
    if not cells.delimited:
        return
    slipped = [number for number, row in numbered if any(row[len(titles) :])]
    if slipped:
        raise InvalidValueError(
            sentence("Rows have more cells than the header, which has {count}", count=len(titles)),
            where=cells.where,
            rows=slipped,
            hint="A cell holds the delimiter: put such a cell in quotation marks,"
            " or save the file as .xlsx.",
        )


def _split_off(
    numbered: Sequence[tuple[int, tuple[str, ...]]],
    titles: Sequence[str],
    required: frozenset[int],
) -> tuple[list[tuple[int, tuple[str, ...]]], dict[str, int]]:
    """Return the rows of data, and reason -> count of the others."""
    dropped: dict[str, int] = {}
    end = len(numbered)
    while end and _is_note(numbered[end - 1][1], titles, required):
        end -= 1
        dropped[NOTE_ROW] = dropped.get(NOTE_ROW, 0) + 1
    body = []
    for number, row in numbered[:end]:
        reason = _reason_to_drop(row, titles)
        if reason is None:
            body.append((number, row))
        else:
            dropped[reason] = dropped.get(reason, 0) + 1
    # Notes may stand above the totals row as well as below it.
    while body and _is_note(body[-1][1], titles, required):
        body.pop()
        dropped[NOTE_ROW] = dropped.get(NOTE_ROW, 0) + 1
    return body, dropped


def _reason_to_drop(row: Sequence[str], titles: Sequence[str]) -> str | None:
    if tuple(row[: len(titles)]) == tuple(titles):
        return REPEATED_HEADER
    label = word_key(next(text for text in row if text))
    if label in _TOTALS or label.startswith("i alt ") or label.endswith(" i alt"):
        return TOTALS_ROW
    return None


def _is_note(row: Sequence[str], titles: Sequence[str], required: frozenset[int]) -> bool:
    """Return whether a last row is a remark: one cell of words in a table of three or more.

    A row that fills the required columns is data. A lone cell without a letter
    is not taken for a remark: it may be the start of a row that was cut off,
    which must be refused and not passed over.
    """
    filled = {column for column, text in enumerate(row) if text}
    if len(filled) != 1 or required <= filled or sum(map(bool, titles)) < _NOTE_MIN_COLUMNS:
        return False
    label = word_key(row[filled.pop()])
    return any(letter.isalpha() for letter in label) and label not in _TOTALS


def _unknown_headers(
    titles: Sequence[str], header: _Header, rows: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    used = set(header.columns.values())
    width = max([len(titles), *map(len, rows)])
    filled = np.zeros(width, dtype=bool)
    for row in rows:
        filled[: len(row)] |= [bool(text) for text in row]
    names = []
    for column in range(width):
        title = titles[column] if column < len(titles) else ""
        if column in used or not (title or filled[column]):
            continue
        names.append(title or sentence("(column {number})", number=column + 1))
    return tuple(names)
