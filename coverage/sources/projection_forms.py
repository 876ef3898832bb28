"""The two forms in which StatBank hands out persons by area, age, sex and year.

The API gives a tidy table, a figure a row (``OMRÅDE;ALDER;KØN;TID;INDHOLD``);
the web page gives a matrix with the areas and ages down and the years across,
under lines of title (data-sources 4). Both come out as one figure a row, as text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coverage.errors import EmptyTableError, InvalidValueError, MissingColumnError
from coverage.sentences import Notes, sentence
from coverage.sources.age_groups import is_all_ages, read_age
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.kommune_rows import KOMMUNE_HEADERS, is_larger_area
from coverage.sources.provenance import file_of
from coverage.sources.sheet_cells import Cells, read_cells
from coverage.sources.sheets import HEADER_SEARCH_ROWS, NOTE_ROW
from coverage.sources.spelling import compact_key

STUBS = ("area", "age", "sex", "marital")
MEN = frozenset({"maend", "mand", "m", "1", "men", "male", "males"})
WOMEN = frozenset({"kvinder", "kvinde", "k", "2", "f", "women", "female", "females"})
TOTAL = frozenset({"ialt", "tot", "total", "totalt", "alle", "beggekoen"})

_HEADERS: Mapping[str, Sequence[str]] = {
    "area": KOMMUNE_HEADERS,
    "age": ("alder", "aldersgruppe", "alder (år)", "age"),
    "sex": ("køn", "sex", "gender"),
    "marital": ("civilstand", "civil status", "marital status"),
    "period": ("tid", "år", "årstal", "kvartal", "periode", "year", "time"),
    "persons": (
        "indhold",
        "antal personer",
        "personer",
        "folketal",
        "befolkning",
        "indbyggere",
        "antal",
        "værdi",
        "persons",
        "population",
    ),
}
_TIDY = ("area", "period", "persons")
_COLUMNS = (*STUBS, "period", "persons", "column", "source_row")
_FIRST_YEAR, _LAST_YEAR = 1980, 2100
_PERIODS = (
    re.compile(r"(?P<year>\d{4})(?:\.0)?"),
    re.compile(r"(?P<year>\d{4})\s*[KQ]\s*0?(?P<part>[1-4])", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})\s*M\s*(?P<part>\d{1,2})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})-(?P<part>\d{2})-\d{2}(?:[ T].*)?"),
    re.compile(r"\d{1,2}[-./](?P<part>\d{1,2})[-./](?P<year>\d{4})"),
)
_MOST = 0.5
_CELLS_LOOKED_AT = 500

Numbered = list[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True)
class Figures:
    """A figure a row, as text.

    Attributes
    ----------
    table
        ``area, age, sex, marital, period, persons`` (text, missing where blank
        or where the file has no such column), ``column`` (the header above the
        figure) and ``source_row``.
    where
        ``file.csv`` or ``file.xlsx, sheet Ark1``.
    headers
        Which of ``STUBS`` the file has, and what it calls them.
    dropped
        Reason -> rows below the header that hold no figure.
    notes
        What a reader of the numbers should know.
    """

    table: pd.DataFrame
    where: str
    headers: Mapping[str, str]
    dropped: Mapping[str, int]
    notes: Notes

    def where_column(self, name: str) -> str:
        """Return ``file.csv, column 'ALDER'``."""
        header = self.headers.get(name, name)
        if not header:
            return self.where
        return sentence("{where}, column '{column}'", where=self.where, column=header)


@dataclass(frozen=True)
class _Form:
    """A header row that can be read: column of each name, and the columns of years."""

    index: int
    columns: Mapping[str, int]
    years: tuple[int, ...] = ()

    @property
    def rating(self) -> tuple[int, int]:
        return 1, len(self.columns) + len(self.years)


def read_period(text: str) -> tuple[int, bool] | None:
    """Return the year, and whether the period begins with it; None if it is no period."""
    for pattern in _PERIODS:
        if match := pattern.fullmatch(text.strip()):
            year = int(match["year"])
            part = match.groupdict().get("part")
            if _FIRST_YEAR <= year <= _LAST_YEAR:
                return year, part is None or int(part) == 1
    return None


def read_figures(path: Path, *, role: str) -> Figures:
    """Return the figures of a tidy table or a matrix.

    Parameters
    ----------
    path
        CSV or Excel, of either form.
    role
        What the file is to the study, for messages.

    Raises
    ------
    MissingFileError, UnreadableFileError
        Not a table.
    MissingColumnError
        Neither form.
    InvalidValueError
        Rows that have slipped, or a year that two columns have.
    EmptyTableError
        No figure below the header.
    """
    sheets = [cells for cells in read_cells(path, role=role, rate=_rate) if cells.rows]
    if not sheets:
        raise EmptyTableError(
            sentence("The {file} has no cell with content", file=file_of(role)),
            where=path.name,
            hint="Download it again.",
        )
    cells = max(sheets, key=_rate)
    form = _find_form(cells)
    if form is None:
        raise _no_form(cells, role)
    body = [
        (number, row)
        for number, row in enumerate(cells.rows[form.index + 1 :], start=form.index + 2)
        if any(row)
    ]
    _refuse_slipped(cells, form, body)
    figures = _melt(cells, form, body) if form.years else _cut(cells, form, body)
    if figures.table.empty:
        raise EmptyTableError(
            sentence("The {file} has no figure below its header", file=file_of(role)),
            where=sentence("{where}, row {row}", where=cells.where, row=form.index + 1),
            hint="Download it again with areas and years chosen.",
        )
    return figures


def _rate(cells: Cells) -> tuple[int, int]:
    form = _find_form(cells)
    return (0, 0) if form is None else form.rating


def _find_form(cells: Cells) -> _Form | None:
    """Return the tidy header if there is one, else the first row with years across."""
    top = cells.rows[:HEADER_SEARCH_ROWS]
    for index, row in enumerate(top):
        columns = _named_columns(row)
        if columns.keys() >= set(_TIDY):
            return _Form(index, columns)
    for index, row in enumerate(top):
        years = _year_columns(row)
        stubs = _stub_columns(row[: years[0]], cells.rows[index + 1 :]) if years else {}
        if "area" in stubs:
            return _Form(index, stubs, years)
    return None


def _named_columns(row: Sequence[str]) -> dict[str, int]:
    """Return the column of each name that a header row has, the preferred header first."""
    keys = [compact_key(text) for text in row]
    found = {}
    for name, headers in _HEADERS.items():
        wanted = (compact_key(header) for header in headers)
        column = next((keys.index(key) for key in wanted if key in keys), None)
        if column is not None:
            found[name] = column
    return found


def _year_columns(row: Sequence[str]) -> tuple[int, ...]:
    """Return the columns of years if the row is the header of a matrix, else none."""
    filled = [column for column, text in enumerate(row) if text]
    years = tuple(column for column in filled if read_period(row[column]) is not None)
    if not years or years[0] == 0 or any(column > years[0] for column in set(filled) - set(years)):
        return ()
    # A row of a tidy table without its header may end in a year: it begins with an area.
    if any(normalise_kommune_code(text) for text in row[: years[0]] if text):
        return ()
    return years


def _stub_columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return which columns before the years hold areas, ages, sexes: by header, or by content."""
    found = {name: column for name, column in _named_columns(titles).items() if name in STUBS}
    cells = {
        column: [row[column] for row in rows if column < len(row) and row[column]]
        for column in range(len(titles))
        if column not in found.values()
    }
    if "area" not in found and cells:
        # The most areas, the first column of all where there is none: they are refused later.
        found["area"] = max(cells, key=lambda column: sum(map(_is_area, cells[column])))
        cells.pop(found["area"])
    for column, texts in cells.items():
        role = _role_of(texts[:_CELLS_LOOKED_AT])
        if role is not None:
            found.setdefault(role, column)
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _role_of(texts: Sequence[str]) -> str | None:
    if not texts:
        return None
    keys = {compact_key(text) for text in texts}
    if keys <= MEN | WOMEN | TOTAL and not all(key.isdecimal() for key in keys - TOTAL):
        return "sex"
    ages = sum(is_all_ages(text) or read_age(text) is not None for text in texts)
    return "age" if ages > _MOST * len(texts) else None


def _is_area(text: str) -> bool:
    return normalise_kommune_code(text) is not None or (
        not is_all_ages(text) and not text.isdecimal() and is_larger_area(text)
    )


def _no_form(cells: Cells, role: str) -> MissingColumnError:
    top = cells.rows[:HEADER_SEARCH_ROWS]
    index = max(range(len(top)), key=lambda row: (len(_named_columns(top[row])), -row))
    found = ", ".join(text for text in top[index] if text)
    return MissingColumnError(
        sentence(
            "The {file} is neither a table with columns for the area, the year and the persons"
            " (OMRÅDE, TID, INDHOLD) nor a matrix with years across",
            file=file_of(role),
        ),
        where=sentence("{where}, row {row}", where=cells.where, row=index + 1),
        hint=sentence(
            "Headers found: {headers}. Download the table from StatBank as CSV again.",
            headers=found,
        ),
    )


def _refuse_slipped(cells: Cells, form: _Form, body: Numbered) -> None:
    width = len(cells.rows[form.index])
    slipped = [number for number, row in body if any(row[width:])]
    if cells.delimited and slipped:
        raise InvalidValueError(
            sentence("Rows have more cells than the header, which has {count}", count=width),
            where=cells.where,
            rows=slipped,
            hint="A cell holds the delimiter: put such a cell in quotation marks,"
            " or save the file as .xlsx.",
        )


def _cut(cells: Cells, form: _Form, body: Numbered) -> Figures:
    """Return the figures of a tidy table; remarks below it are left out."""
    end = len(body)
    while end and sum(map(bool, body[end - 1][1])) == 1:
        end -= 1
    rows = body[:end]
    columns: dict[str, object] = {
        name: _texts([_cell(row, column) for _, row in rows])
        for name, column in form.columns.items()
    }
    titles = cells.rows[form.index]
    columns["column"] = titles[form.columns["persons"]]
    columns["source_row"] = [number for number, _ in rows]
    return Figures(
        table=_as_table(columns),
        where=cells.where,
        headers={name: titles[column] for name, column in form.columns.items()},
        dropped={NOTE_ROW: len(body) - end} if end < len(body) else {},
        notes=_unused_notes(cells.where, titles, form),
    )


def _melt(cells: Cells, form: _Form, body: Numbered) -> Figures:
    """Return the figures of a matrix; an area or age that is left blank is the one above."""
    titles = cells.rows[form.index]
    _refuse_twin_years(cells, form, titles)
    above: dict[str, str] = {}
    kept: list[tuple[int, dict[str, str], tuple[str, ...]]] = []
    notes = 0
    for number, row in body:
        own = {name: _cell(row, column) for name, column in form.columns.items()}
        figures = tuple(_cell(row, column) for column in form.years)
        if not any(figures) and _is_remark(own):
            notes += 1
            continue
        above = _filled(own, above)
        if any(figures) or not _is_heading(own):
            kept.append((number, above, figures))
    years = len(form.years)
    columns: dict[str, object] = {
        name: _texts([own[name] for _, own, _ in kept for _ in range(years)])
        for name in form.columns
    }
    headers = [titles[column] for column in form.years]
    columns["period"] = _texts(headers * len(kept))
    columns["persons"] = _texts([text for _, _, figures in kept for text in figures])
    columns["column"] = headers * len(kept)
    columns["source_row"] = [number for number, _, _ in kept for _ in range(years)]
    shape = sentence(
        "{where}: a matrix of {rows} rows and {years} years, counted by cells",
        where=cells.where,
        rows=len(kept),
        years=years,
    )
    return Figures(
        table=_as_table(columns),
        where=cells.where,
        headers={name: titles[column] for name, column in form.columns.items()},
        dropped={NOTE_ROW: notes} if notes else {},
        notes=(shape, *_unused_notes(cells.where, titles, form)),
    )


def _refuse_twin_years(cells: Cells, form: _Form, titles: Sequence[str]) -> None:
    headers = [titles[column] for column in form.years]
    twins = sorted({header for header in headers if headers.count(header) > 1})
    if twins:
        raise InvalidValueError(
            sentence("Several columns are of {headers}", headers=", ".join(twins)),
            where=sentence("{where}, row {row}", where=cells.where, row=form.index + 1),
            hint="Choose only the years across, and areas, ages and sexes down the side.",
        )


def _is_remark(own: Mapping[str, str]) -> bool:
    """Return whether a row without figures names no area: a source or a note."""
    area = own.get("area", "")
    if area:
        return not _is_area(area) and not is_larger_area(area)
    return not any(own.values())


def _is_heading(own: Mapping[str, str]) -> bool:
    """Return whether a row names the area alone, above its ages."""
    others = [text for name, text in own.items() if name != "area"]
    return bool(own.get("area")) and bool(others) and not any(others)


def _filled(own: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """Return the row's cells with blanks left of its first filled one from above."""
    filled: dict[str, str] = {}
    is_left = True
    for name, text in own.items():
        is_left = is_left and not text
        filled[name] = above.get(name, "") if is_left else text
    return filled


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _as_table(columns: Mapping[str, object]) -> pd.DataFrame:
    """Return the figures; what the file has no column of is missing."""
    table = pd.DataFrame(columns, columns=list(_COLUMNS))
    return table.astype({name: "str" for name in _COLUMNS if name != "source_row"})


def _texts(cells: Sequence[str]) -> pd.Series:
    return pd.Series([text or None for text in cells], dtype="str")


def _unused_notes(where: str, titles: Sequence[str], form: _Form) -> Notes:
    used = {*form.columns.values(), *form.years}
    unused = tuple(text for column, text in enumerate(titles) if text and column not in used)
    if not unused:
        return ()
    return (sentence("{where}: columns not used: {headers}", where=where, headers=unused),)
