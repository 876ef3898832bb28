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

from coverage.errors import (
    CoordinateError,
    EmptyTableError,
    MissingColumnError,
    UnknownKommuneError,
)
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.numbers import parse_numbers, refuse_values
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.tables import TOWNS, check_table
from coverage.units import DENMARK_X_M, DENMARK_Y_M, LONLAT_EPSG, WORK_EPSG, in_denmark, reproject

ROLE = "towns"

WITHOUT_NAME = "without a name"
WITHOUT_PLACE = "without coordinates"

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": ("town", "by", "bynavn", "byområde", "navn"),
    "kommune_code": ("kommunekode", "komkode", "kommunenr", "kommune"),
    "lat": ("latitude", "breddegrad"),
    "lon": ("lng", "longitude", "længdegrad"),
    "x_m": ("x", "øst", "east", "easting", "utm_x"),
    "y_m": ("y", "nord", "north", "northing", "utm_y"),
    "persons": ("population", "indbyggere", "indbyggertal", "folketal", "befolkning", "personer"),
}
# Degrees that hold Denmark with a margin.
_LAT_RANGE = (54.0, 58.5)
_LON_RANGE = (7.5, 15.5)
_PLAUSIBLE = {
    "lat": (_LAT_RANGE,),
    "lon": (_LON_RANGE,),
    "x_m": (DENMARK_X_M,),
    "y_m": (DENMARK_Y_M,),
}
# Metres go before degrees where a row has both.
_PLACES = (("x_m", "y_m"), ("lon", "lat"))
_VALUES_SHOWN = 3
_MAX_LON = 180.0


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
    x_m, y_m, notes = _places(sheet)
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
            f"None of the {len(towns)} rows has a name and coordinates",
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


def _numbers(sheet: Sheet, name: str, *, whole: bool = False) -> tuple[pd.Series, tuple[str, ...]]:
    return parse_numbers(
        sheet.table[name],
        where=sheet.where_column(name),
        rows=sheet.source_rows,
        whole=whole,
        plausible=_PLAUSIBLE.get(name, ()),
    )


def _places(sheet: Sheet) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Return x and y in metres of EPSG:25832, NaN where not given, and notes."""
    pairs = [pair for pair in _PLACES if set(pair) <= set(sheet.table.columns)]
    if not pairs:
        raise MissingColumnError(
            f"The {ROLE} file lacks coordinates: latitude and longitude, or x and y",
            where=f"{sheet.where}, row {sheet.header_row}",
            hint=f"Headers found: {', '.join([*sheet.headers.values(), *sheet.unknown_headers])}",
        )
    x_m = np.full(len(sheet.table), np.nan)
    y_m = x_m.copy()
    notes: tuple[str, ...] = ()
    for east, north in pairs:
        first, first_notes = _numbers(sheet, east)
        second, second_notes = _numbers(sheet, north)
        epsg = WORK_EPSG if east == "x_m" else LONLAT_EPSG
        given = (first.notna() & second.notna()).to_numpy() & np.isnan(x_m)
        x_m[given], y_m[given] = reproject(first[given], second[given], from_epsg=epsg)
        _refuse_abroad(sheet, np.where(given, x_m, np.nan), y_m, (east, north))
        notes += (*first_notes, *second_notes)
    return x_m, y_m, notes


def _refuse_abroad(sheet: Sheet, x_m: np.ndarray, y_m: np.ndarray, names: tuple[str, str]) -> None:
    abroad = ~np.isnan(x_m) & ~np.isnan(y_m) & ~in_denmark(x_m, y_m)
    if not abroad.any():
        return
    swapped = in_denmark(y_m, x_m)[abroad].all() if names[0] == "x_m" else False
    in_degrees = names[0] == "x_m" and bool((np.abs(x_m[abroad]) <= _MAX_LON).all())
    hint = "Correct the coordinates."
    if swapped:
        hint = "East and north are the wrong way round: swap the two headers."
    elif in_degrees:
        hint = "These are degrees: name the columns lat and lon."
    columns = " and ".join(f"'{sheet.headers[name]}'" for name in names)
    raise CoordinateError(
        "Towns lie outside Denmark",
        where=f"{sheet.where}, columns {columns}",
        rows=sheet.source_rows[abroad].tolist(),
        hint=hint,
    )


def _persons(sheet: Sheet) -> tuple[pd.Series, tuple[str, ...]]:
    if "persons" not in sheet.table:
        note = "The file gives no inhabitants of towns"
        return pd.Series(np.nan, index=sheet.table.index), (note,)
    persons, notes = _numbers(sheet, "persons", whole=True)
    refuse_values(
        persons,
        lambda numbers: numbers < 0,
        what="Inhabitants of towns are negative",
        where=sheet.where_column("persons"),
        rows=sheet.source_rows,
        hint="Leave the cell blank if the number is unknown.",
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
            f"Denmark has no kommune {shown}",
            where=sheet.where_column("kommune_code"),
            rows=sheet.source_rows[unknown].tolist(),
            hint="Write the code of the kommune (four digits) or its name.",
        )
    return codes


def _twin_notes(towns: pd.DataFrame) -> tuple[str, ...]:
    twins = towns[towns.duplicated(["name", "kommune_code"], keep=False)]
    if twins.empty:
        return ()
    names = ", ".join(sorted(twins["name"].unique()))
    return (f"Towns with one name in one kommune: {names}",)
