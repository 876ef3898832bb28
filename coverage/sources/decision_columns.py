"""What the files of decisions have in common: an area, dates and free words.

People keep these files in Excel: dates come as ``2026-03-01`` or ``1.3.2026``,
a kommune as a code without its zero or as a name, and a text that Excel must
not take for a formula has an apostrophe before it.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    PersonalDataError,
    UnknownKommuneError,
)
from coverage.sentences import phrase, sentence
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.personal_data import refuse_personal_data
from coverage.sources.sheet_cells import Cells
from coverage.sources.sheets import Sheet, Synonyms, read_sheet
from coverage.sources.spelling import compact_key

KOMMUNE_LEVEL = "kommune"
AREA_SYNONYMS: Synonyms = {
    "area_level": ("Niveau", "områdeniveau", "level"),
    "area_id": ("Områdekode", "area_id", "area_code", "kommunekode", "område", "area", "kommune"),
}
# Excel and other spreadsheets take a text that starts so for a formula (OWASP, CSV
# injection); the last four are the wide = + - @ of East Asian keyboards.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A year outside is a slip of the finger, and 9999 a way to say "no end".
FIRST_YEAR, LAST_YEAR = 1970, 2100

_KOMMUNE_WORDS = {"kommune", "kommuner", "kommunen", "municipality"}
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[-./] ?(?P<month>\d{1,2})[-./] ?(?P<year>\d{4})", re.ASCII
)
_VALUES_SHOWN = 3
_VALUE_LENGTH_SHOWN = 40


def read_entries(
    path: Path, synonyms: Synonyms, required: Sequence[str], *, role: str
) -> Sheet | None:
    """Return the rows of a file as text, or None if it has its header and no row yet.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError, InvalidValueError
        As ``read_sheet``.
    PersonalDataError
        A cell holds what may be a CPR number; it is not repeated.
    """
    has_rows = []

    def screen(cells: Cells, header_index: int) -> None:
        has_rows.append(any(map(any, cells.rows[header_index + 1 :])))
        _refuse_cpr(cells, header_index)

    try:
        return read_sheet(path, synonyms, required, role=role, screen=screen)
    except EmptyTableError as failure:
        # A header that is there but has no row says that nothing was decided.
        if failure.where == path.name or any(has_rows):
            raise
        return None


def _refuse_cpr(cells: Cells, header_index: int) -> None:
    try:
        refuse_personal_data(cells, header_index)
    except PersonalDataError as failure:
        raise PersonalDataError(
            failure.what,
            where=failure.where,
            rows=failure.rows,
            hint="Take the numbers out of the texts, also if they are something else:"
            " a decision about an area names no person's number.",
        ) from None


def guard_text(text: str) -> str:
    """Return the text as a spreadsheet does not run it: an apostrophe before what starts a formula.

    A text that begins with such an apostrophe of its own gets one more, so
    that ``plain_text`` gives every text back.
    """
    return f"'{text}" if _starts_formula(text.lstrip("'")) else text


def plain_text(text: str) -> str:
    """Return a text without the one apostrophe that ``guard_text`` puts before a formula."""
    return text[1:] if text.startswith("'") and _starts_formula(text.lstrip("'")) else text


def _starts_formula(text: str) -> bool:
    # Blanks before the sign do not make it safe: some spreadsheets drop them.
    return text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)


def read_texts(sheet: Sheet, name: str, *, required: bool = False) -> pd.Series:
    """Return a column's texts, missing where blank or where the file has no such column.

    Raises
    ------
    InvalidValueError
        A required text is blank.
    """
    if name not in sheet.table:
        return pd.Series(None, index=sheet.table.index, dtype="str")
    texts = sheet.table[name].map(plain_text, na_action="ignore").astype("str")
    if required:
        refuse_cells(
            sheet, name, texts.isna(), "Cells are blank", hint="Fill them in; each row needs one."
        )
    return texts


def read_areas(sheet: Sheet) -> tuple[pd.Series, pd.Series]:
    """Return level and area of each row; at the level of the kommune, four-digit codes.

    A row without a level speaks of a kommune, by code or name; the areas of
    other levels are kept as they are written.

    Raises
    ------
    InvalidValueError
        A row without an area.
    UnknownKommuneError
        A kommune that Denmark does not have.
    """
    levels = read_texts(sheet, "area_level").map(normalise_level).astype("str")
    areas = read_texts(sheet, "area_id", required=True)
    of_kommune = levels == KOMMUNE_LEVEL
    codes = areas.map(normalise_kommune_code).astype("str")
    unknown = (of_kommune & codes.isna()).to_numpy(dtype=bool)
    if unknown.any():
        raise UnknownKommuneError(
            sentence("Denmark has no kommune {names}", names=shown(areas[unknown])),
            where=sheet.where_column("area_id"),
            rows=sheet.source_rows[unknown].tolist(),
            hint="Write the code of the kommune (four digits) or its name; for an area of"
            " another level, write the level's name in the column 'Niveau'.",
        )
    return levels, areas.where(~of_kommune, codes).astype("str")


def normalise_level(text: object) -> str:
    """Return the level's name; blank, and any spelling of kommune, is ``kommune``."""
    if not isinstance(text, str) or not text.strip():
        return KOMMUNE_LEVEL
    return KOMMUNE_LEVEL if compact_key(text) in _KOMMUNE_WORDS else text


def read_dates(sheet: Sheet, name: str, *, required: bool = False) -> pd.Series:
    """Return a column's dates as datetime64[ns], NaT where blank or without such a column.

    Raises
    ------
    InvalidValueError
        A cell is no date, its year is of two digits or far off, or a required date is blank.
    """
    texts = read_texts(sheet, name, required=required)
    dates = texts.map(parse_date, na_action="ignore")
    found = pd.to_datetime(dates.astype("object")).astype("datetime64[ns]")
    refuse_cells(
        sheet,
        name,
        texts.notna() & found.isna(),
        "Cells do not hold a date",
        hint=sentence(
            "Write the day first (1.3.2026) or the year first (2026-03-01), with four"
            " digits for the year, from {first} to {last}.",
            first=FIRST_YEAR,
            last=LAST_YEAR,
        ),
    )
    return found


def parse_date(text: str) -> date | None:
    """Return the date of ``2026-03-01``, ``1.3.2026``, ``1/3/2026`` (days first), or None."""
    match = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def refuse_cells(sheet: Sheet, name: str, bad: pd.Series, what: str, *, hint: str) -> None:
    """Raise InvalidValueError with the rows and first values of the cells that are bad."""
    chosen: npt.NDArray[np.bool_] = bad.to_numpy(dtype=bool)
    if not chosen.any():
        return
    values = shown(sheet.table[name][chosen])
    raise InvalidValueError(
        sentence("{what}: {values}", what=phrase(what), values=values) if values else what,
        where=sheet.where_column(name),
        rows=sheet.source_rows[chosen].tolist(),
        hint=hint,
    )


def shown(texts: pd.Series) -> str:
    """Return the first different texts in quotation marks, for a message."""
    first = texts.dropna().drop_duplicates()[:_VALUES_SHOWN]
    return ", ".join(f"'{text[:_VALUE_LENGTH_SHOWN]}'" for text in first)
