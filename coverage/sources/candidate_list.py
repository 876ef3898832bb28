"""A planner's own list of places where a new practice may open."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    MissingFileError,
)
from coverage.sentences import phrase, sentence
from coverage.sources.free_text import checked_text
from coverage.sources.personal_data import refuse_personal_data
from coverage.sources.place_columns import PLACE_SYNONYMS, WITHOUT_PLACE, read_places
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet

ROLE = "candidates"
MAX_TEXT_LENGTH = 100

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "site_id": ("id", "sted_id", "stedid", "nummer", "nr", "kode"),
    "name": ("navn", "sted", "stednavn", "by", "adresse", "place", "address"),
    **PLACE_SYNONYMS,
}


def read_candidates(path: Path) -> tuple[pd.DataFrame, Provenance]:
    """Return the places of a CSV or Excel table, in the order of the file.

    Parameters
    ----------
    path
        With columns for an id, and for x and y of EPSG:25832 or for latitude and
        longitude; a name where there is one.

    Returns
    -------
    DataFrame, Provenance
        ``site_id, name, x_m, y_m, source_row``. A row without a name has its id for
        one. A row without coordinates has none here either; the account counts it as dropped.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        No table of places.
    InvalidValueError
        A row without an id, a text that cannot be kept, letters where coordinates belong.
    DuplicateIdError
        Two rows with one id.
    CoordinateError
        A place outside Denmark, or degrees where metres belong.
    EmptyTableError
        No row with coordinates.
    PersonalDataError
        A cell holds what may be a CPR number.
    """
    if not path.is_file():
        raise MissingFileError(
            "The list of candidates is not there",
            where=str(path),
            hint="Candidates are towns, grid, or the path of a table with id, name, x and y.",
        )
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["site_id"], role=ROLE, screen=refuse_personal_data)
    ids = _texts(sheet, "site_id")
    _refuse_ids(sheet, ids)
    x_m, y_m, notes = read_places(sheet, role=ROLE, what=phrase("Candidates"))
    names = _texts(sheet, "name") if "name" in sheet.table else ids
    table = pd.DataFrame(
        {
            "site_id": ids,
            "name": names.where(names.notna(), ids),
            "x_m": x_m,
            "y_m": y_m,
            "source_row": sheet.source_rows,
        }
    )
    placeless = int(table["x_m"].isna().sum())
    if placeless == len(table):
        raise EmptyTableError(
            sentence("None of the {count} rows has coordinates", count=len(table)),
            where=sheet.where,
            hint="Fill in x and y, or latitude and longitude.",
        )
    return table, stamp.account(
        ROLE,
        as_of=None,
        rows_read=sheet.rows_read,
        rows_kept=len(table) - placeless,
        dropped={**sheet.dropped, **({WITHOUT_PLACE: placeless} if placeless else {})},
        notes=notes,
    )


def _texts(sheet: Sheet, name: str) -> "pd.Series[str]":
    """Return a column's texts as they are kept; missing where blank."""
    texts: list[str | None] = []
    bad, why = [], ""
    for cell, row in zip(sheet.table[name], sheet.source_rows.tolist(), strict=True):
        raw = "" if pd.isna(cell) else str(cell)
        try:
            texts.append(checked_text(raw, where="", longest=MAX_TEXT_LENGTH) or None)
        except InvalidValueError as problem:
            bad.append(row)
            why = problem.what
    if bad:
        raise InvalidValueError(
            why, where=sheet.where_column(name), rows=bad, hint="Shorten it or type it anew."
        )
    return pd.Series(texts, dtype="str")


def _refuse_ids(sheet: Sheet, ids: "pd.Series[str]") -> None:
    where = sheet.where_column("site_id")
    blank = ids.isna().to_numpy()
    if blank.any():
        raise InvalidValueError(
            "Candidates without an id",
            where=where,
            rows=sheet.source_rows[blank].tolist(),
            hint="Give every row an id of its own.",
        )
    twins = ids.duplicated(keep=False).to_numpy()
    if twins.any():
        first = ids[twins].iloc[0]
        raise DuplicateIdError(
            sentence("Candidates with one id, the first '{id}'", id=first),
            where=where,
            rows=sheet.source_rows[twins].tolist(),
            hint="Give every row an id of its own.",
        )
