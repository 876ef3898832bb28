"""The place of a row: degrees, or metres of EPSG:25832, in columns of a planner's own table."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import CoordinateError, MissingColumnError
from coverage.sentences import Notes, sentence
from coverage.sources.numbers import parse_numbers
from coverage.sources.provenance import file_of
from coverage.sources.sheets import Sheet
from coverage.units import DENMARK_X_M, DENMARK_Y_M, LONLAT_EPSG, WORK_EPSG, in_denmark, reproject

WITHOUT_PLACE = "without coordinates"
PLACE_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "lat": ("latitude", "breddegrad"),
    "lon": ("lng", "longitude", "længdegrad"),
    "x_m": ("x", "øst", "east", "easting", "utm_x"),
    "y_m": ("y", "nord", "north", "northing", "utm_y"),
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
_MAX_LON = 180.0

Floats = npt.NDArray[np.float64]


def read_places(sheet: Sheet, *, role: str, what: str) -> tuple[Floats, Floats, Notes]:
    """Return x and y in metres of EPSG:25832, NaN where not given, and notes.

    Parameters
    ----------
    sheet
        Read with ``PLACE_SYNONYMS``.
    role, what
        The file, and what its rows are (``Towns``), for messages.

    Raises
    ------
    MissingColumnError
        Neither latitude and longitude nor x and y.
    InvalidValueError
        Letters where coordinates belong.
    CoordinateError
        A place outside Denmark, or degrees where metres belong.
    """
    pairs = [pair for pair in _PLACES if set(pair) <= set(sheet.table.columns)]
    if not pairs:
        raise MissingColumnError(
            sentence(
                "The {file} lacks coordinates: latitude and longitude, or x and y",
                file=file_of(role),
            ),
            where=sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row),
            hint=sentence(
                "Headers found: {headers}",
                headers=(*sheet.headers.values(), *sheet.unknown_headers),
            ),
        )
    x_m = np.full(len(sheet.table), np.nan)
    y_m = x_m.copy()
    notes: Notes = ()
    for east, north in pairs:
        first, first_notes = _numbers(sheet, east)
        second, second_notes = _numbers(sheet, north)
        epsg = WORK_EPSG if east == "x_m" else LONLAT_EPSG
        given = (first.notna() & second.notna()).to_numpy() & np.isnan(x_m)
        x_m[given], y_m[given] = reproject(first[given], second[given], from_epsg=epsg)
        _refuse_abroad(sheet, np.where(given, x_m, np.nan), y_m, (east, north), what)
        notes += (*first_notes, *second_notes)
    return x_m, y_m, notes


def _numbers(sheet: Sheet, name: str) -> "tuple[pd.Series[float], Notes]":
    return parse_numbers(
        sheet.table[name],
        where=sheet.where_column(name),
        rows=sheet.source_rows,
        plausible=_PLAUSIBLE[name],
    )


def _refuse_abroad(
    sheet: Sheet, x_m: Floats, y_m: Floats, names: tuple[str, str], what: str
) -> None:
    abroad = ~np.isnan(x_m) & ~np.isnan(y_m) & ~in_denmark(x_m, y_m)
    if not abroad.any():
        return
    swapped = in_denmark(y_m, x_m)[abroad].all() if names[0] == "x_m" else False
    in_degrees = names[0] == "x_m" and bool((np.abs(x_m[abroad]) <= _MAX_LON).all())
    hint = sentence("Correct the coordinates.")
    if swapped:
        hint = sentence("East and north are the wrong way round: swap the two headers.")
    elif in_degrees:
        hint = sentence("These are degrees: name the columns lat and lon.")
    columns = tuple(f"'{sheet.headers[name]}'" for name in names)
    raise CoordinateError(
        sentence("{what} lie outside Denmark", what=what),
        where=sentence("{where}, columns {columns: and }", where=sheet.where, columns=columns),
        rows=sheet.source_rows[abroad].tolist(),
        hint=hint,
    )
