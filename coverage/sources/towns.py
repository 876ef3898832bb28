"""Towns: names, places and inhabitants, as a planner keeps them in a table.

Danmarks Statistik counts the towns (BY1, BY3) but publishes no places of them
(data-sources 3.3), so the table is the planner's own: a town a row, with its
kommune, its coordinates and its inhabitants.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import EmptyTableError, UnknownKommuneError
from coverage.sentences import Notes, sentence
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.numbers import parse_numbers, refuse_values
from coverage.sources.place_columns import PLACE_SYNONYMS, WITHOUT_PLACE, read_places
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.tables import TOWNS, check_table

ROLE = "towns"

WITHOUT_NAME = "without a name"

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": ("town", "by", "bynavn", "byområde", "navn"),
    "kommune_code": ("kommunekode", "komkode", "kommunenr", "kommune"),
    **PLACE_SYNONYMS,
    "persons": ("population", "indbyggere", "indbyggertal", "folketal", "befolkning", "personer"),
}
_VALUES_SHOWN = 3


def read_towns(path: Path, *, as_of: date | None) -> tuple[pd.DataFrame, Provenance]:
    """Return the towns of a CSV or Excel table, in the order of the file.

    Parameters
    ----------
    path
        With columns for the name, and for latitude and longitude or for x and
        y of EPSG:25832; kommune code and inhabitants where known.
    as_of
        The date that the inhabitants speak of.

    Returns
    -------
    DataFrame, Provenance
        Contract TOWNS; kommune and persons are missing where the file has none.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        No table of towns.
    InvalidValueError
        Letters or negative numbers where inhabitants or coordinates belong.
    UnknownKommuneError
        A kommune that Denmark does not have.
    CoordinateError
        A town outside Denmark, or degrees where metres belong.
    EmptyTableError
        No town with a name and a place.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["name"], role=ROLE)
    x_m, y_m, notes = read_places(sheet, role=ROLE, what=sentence("Towns"))
    persons, person_notes = _persons(sheet)
    towns = pd.DataFrame(
        {
            "name": sheet.table["name"],
            "kommune_code": _kommune_codes(sheet),
            "persons": persons,
            "x_m": x_m,
            "y_m": y_m,
        }
    )
    nameless = towns["name"].isna()
    placeless = ~nameless & (towns["x_m"].isna() | towns["y_m"].isna())
    kept = towns[~nameless & ~placeless].reset_index(drop=True)
    if kept.empty:
        raise EmptyTableError(
            sentence("None of the {count} rows has a name and coordinates", count=len(towns)),
            where=sheet.where,
            hint="Fill in latitude and longitude, or x and y.",
        )
    reasons = {WITHOUT_NAME: int(nameless.sum()), WITHOUT_PLACE: int(placeless.sum())}
    return check_table(kept, TOWNS, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(kept),
        dropped={**sheet.dropped, **{reason: count for reason, count in reasons.items() if count}},
        notes=(*notes, *person_notes, *_twin_notes(kept)),
    )


def _persons(sheet: Sheet) -> tuple[pd.Series, Notes]:
    if "persons" not in sheet.table:
        note = sentence("The file gives no inhabitants of towns")
        return pd.Series(np.nan, index=sheet.table.index), (note,)
    persons, notes = parse_numbers(
        sheet.table["persons"],
        where=sheet.where_column("persons"),
        rows=sheet.source_rows,
        whole=True,
    )
    refuse_values(
        persons,
        lambda numbers: numbers < 0,
        what=sentence("Inhabitants of towns are negative"),
        where=sheet.where_column("persons"),
        rows=sheet.source_rows,
        hint=sentence("Leave the cell blank if the number is unknown."),
    )
    return persons, notes


def _kommune_codes(sheet: Sheet) -> pd.Series:
    """Return four-digit codes, missing where the file leaves them blank."""
    if "kommune_code" not in sheet.table:
        return pd.Series(None, index=sheet.table.index, dtype="str")
    texts = sheet.table["kommune_code"]
    codes = texts.map(normalise_kommune_code).astype("str")
    unknown = (texts.notna() & codes.isna()).to_numpy()
    if unknown.any():
        shown = ", ".join(f"'{text}'" for text in texts[unknown].drop_duplicates()[:_VALUES_SHOWN])
        raise UnknownKommuneError(
            sentence("Denmark has no kommune {names}", names=shown),
            where=sheet.where_column("kommune_code"),
            rows=sheet.source_rows[unknown].tolist(),
            hint="Write the code of the kommune (four digits) or its name.",
        )
    return codes


def _twin_notes(towns: pd.DataFrame) -> Notes:
    twins = towns[towns.duplicated(["name", "kommune_code"], keep=False)]
    if twins.empty:
        return ()
    names = tuple(sorted(twins["name"].unique()))
    return (sentence("Towns with one name in one kommune: {names}", names=names),)
