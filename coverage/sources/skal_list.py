"""The plan's own list of places that must have a practice.

A row is a place of a kommune, with the neighbouring place that it counts
together with (``includes``) or may be replaced by (``or``: "A and/or B"), which
may lie in another kommune. A pair whose places both stand in the list is two rows.
"""

from datetime import date
from pathlib import Path

import pandas as pd

from coverage.errors import (
    DuplicateIdError,
    InvalidValueError,
    MissingColumnError,
    UnknownKommuneError,
)
from coverage.plan_tables import PLAN_SKAL_AREAS
from coverage.sentences import sentence
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.provenance import Provenance, file_of, stamp_file
from coverage.sources.sheets import Sheet, Synonyms, read_sheet
from coverage.sources.shown_cells import shown_cells
from coverage.sources.spelling import compact_key
from coverage.tables import check_table

ROLE = "skal_areas"

_SYNONYMS: Synonyms = {
    "name": ("area", "skal-område", "område", "sted", "by", "navn"),
    "kommune_code": ("kommunekode", "komkode", "kommunenr"),
    "kommune": ("kommunenavn",),
    "includes": ("omfatter", "inkluderer", "inkl"),
    "or_name": ("or_area", "og/eller", "eller", "eller område"),
    "or_kommune": ("eller kommune", "og/eller kommune", "or_kommune_code"),
}


def read_skal_list(path: Path, *, as_of: date | None) -> tuple[pd.DataFrame, Provenance]:
    """Return the plan's skal-areas of a CSV or Excel file, in the order of the file.

    Parameters
    ----------
    path
        With the columns ``kommune,area,includes,or_area,or_kommune`` or Danish
        ones (Kommune, Skal-område, Omfatter, Og/eller, Eller kommune); a kommune
        by code or name. Other columns are not used.
    as_of
        The date of the plan.

    Returns
    -------
    DataFrame, Provenance
        Contract PLAN_SKAL_AREAS; an alternative without a kommune is in the
        kommune of its row.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No list of places.
    InvalidValueError
        A row without a place or kommune, with two kommuner that disagree, with the
        kommune of an alternative alone, or with itself as its alternative.
    UnknownKommuneError
        A kommune that Denmark does not have.
    DuplicateIdError
        A repeated row.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["name"], role=ROLE)
    or_names = _texts(sheet, "or_name")
    codes = _kommune_codes(sheet)
    or_codes = _known_codes(sheet, "or_kommune")
    _refuse(sheet, or_names.isna() & or_codes.notna(), *_ALONE)
    areas = pd.DataFrame(
        {
            "kommune_code": codes,
            "name": _texts(sheet, "name"),
            "includes": _texts(sheet, "includes"),
            "or_name": or_names,
            "or_kommune_code": or_codes.where(or_codes.notna() | or_names.isna(), codes),
            "source_row": sheet.source_rows,
        }
    )
    _refuse(sheet, areas["name"].isna(), *_NAMELESS)
    _refuse_repeats(sheet, areas)
    return check_table(areas, PLAN_SKAL_AREAS, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(areas),
        dropped=sheet.dropped,
    )


_ALONE = (
    "Rows have the kommune of an alternative, but not its name",
    "Write the place that may stand instead, or leave both blank.",
)
_NAMELESS = ("Rows have no place", "Write the name of the place in every row.")
_HOMELESS = (
    "Rows have no kommune",
    "Write the kommune in every row, also where it is the one of the row above.",
)
_DISAGREE = (
    "The code and the name are of different kommuner",
    "Correct one of the two; they must agree.",
)
_ITSELF = (
    "A place is named as its own alternative",
    "Write the other place of 'A and/or B', or leave it blank.",
)


def _texts(sheet: Sheet, name: str) -> pd.Series:
    if name not in sheet.table:
        return pd.Series(None, index=sheet.table.index, dtype="str")
    return sheet.table[name]


def _kommune_codes(sheet: Sheet) -> pd.Series:
    """Return the kommune of each row: its code, or else its name."""
    if not {"kommune_code", "kommune"} & set(sheet.table.columns):
        raise MissingColumnError(
            sentence(
                "The {file} lacks a column: {columns:; }", file=file_of(ROLE), columns=("kommune",)
            ),
            where=sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row),
            hint=sentence(
                "Headers found: {headers}",
                headers=(*sheet.headers.values(), *sheet.unknown_headers),
            ),
        )
    by_code, by_name = _known_codes(sheet, "kommune_code"), _known_codes(sheet, "kommune")
    _refuse(sheet, by_code.notna() & by_name.notna() & (by_code != by_name), *_DISAGREE)
    codes = by_code.fillna(by_name)
    _refuse(sheet, codes.isna(), *_HOMELESS)
    return codes


def _known_codes(sheet: Sheet, name: str) -> pd.Series:
    texts = _texts(sheet, name)
    codes = texts.map(normalise_kommune_code).astype("str")
    unknown = (texts.notna() & codes.isna()).to_numpy(dtype=bool)
    if unknown.any():
        shown = shown_cells(texts[unknown])
        raise UnknownKommuneError(
            sentence("Denmark has no kommune {names}", names=shown),
            where=sheet.where_column(name),
            rows=sheet.source_rows[unknown].tolist(),
            hint="Write the name of the kommune or its code (four digits).",
        )
    return codes


def _refuse_repeats(sheet: Sheet, areas: pd.DataFrame) -> None:
    place = _place_keys(areas["kommune_code"], areas["name"])
    other = _place_keys(areas["or_kommune_code"], areas["or_name"])
    _refuse(sheet, place == other, *_ITSELF)
    repeated = pd.DataFrame({"place": place, "other": other}).duplicated(keep=False)
    if repeated.any():
        raise DuplicateIdError(
            "A place stands in the list more than once",
            where=sheet.where,
            rows=areas["source_row"][repeated].tolist(),
            hint="Leave one row for each place and its alternative.",
        )


def _place_keys(codes: pd.Series, names: pd.Series) -> pd.Series:
    return codes + " " + names.map(compact_key, na_action="ignore").astype("str")


def _refuse(sheet: Sheet, bad: pd.Series, what: str, hint: str) -> None:
    rows = sheet.source_rows[bad.to_numpy(dtype=bool, na_value=False)].tolist()
    if rows:
        raise InvalidValueError(what, where=sheet.where, rows=rows, hint=hint)
