"""Coordinates of a register: metres in EPSG:25832, or degrees under headers that say so.

Nothing is repaired by guess: degrees under ``X`` and ``Y``, an easting under
``Y`` or a point in the North Sea is refused with the rows and what it looks like.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.errors import CoordinateError
from coverage.sentences import Notes, sentence
from coverage.sources.numbers import parse_numbers
from coverage.sources.sheets import Sheet
from coverage.units import (
    DENMARK_X_M,
    DENMARK_Y_M,
    GRID_EPSG,
    LONLAT_EPSG,
    Floats,
    in_denmark,
    reproject,
)

Bools = npt.NDArray[np.bool_]

_LONGITUDE_RANGE = (-180.0, 180.0)
_LATITUDE_RANGE = (-90.0, 90.0)
# Degrees of longitude and latitude around Denmark, to tell one from the other.
_DANISH_LONGITUDES = (7.0, 16.0)
_DANISH_LATITUDES = (54.0, 58.5)


def read_places(sheet: Sheet) -> tuple[pd.DataFrame, Notes]:
    """Return x_m and y_m (EPSG:25832) for each row, NaN where the register has none; notes.

    Metres count before degrees where a row has both.

    Raises
    ------
    CoordinateError
        Half a pair, swapped columns, degrees for metres, a point outside Denmark.
    InvalidValueError
        A cell that is no number.
    """
    empty = np.full(len(sheet.table), np.nan)
    x_m, y_m = empty, empty.copy()
    notes: Notes = ()
    if "longitude" in sheet.headers and "latitude" in sheet.headers:
        lon, lon_notes = _read(sheet, "longitude", _LONGITUDE_RANGE, _LONGITUDE_RANGE)
        lat, lat_notes = _read(sheet, "latitude", _LATITUDE_RANGE, _LATITUDE_RANGE)
        _check_degrees(sheet, lon, lat)
        x_m, y_m = _project(lon, lat)
        _refuse(sheet, ~np.isnan(lon) & ~in_denmark(x_m, y_m), _outside_hint)
        notes += lon_notes + lat_notes
    if "x" in sheet.headers and "y" in sheet.headers:
        x, x_notes = _read(sheet, "x", DENMARK_X_M, _LONGITUDE_RANGE)
        y, y_notes = _read(sheet, "y", DENMARK_Y_M, _LATITUDE_RANGE)
        _check_metres(sheet, x, y)
        x_m, y_m = np.where(np.isnan(x), x_m, x), np.where(np.isnan(y), y_m, y)
        notes += x_notes + y_notes
    return pd.DataFrame({"x_m": x_m, "y_m": y_m}), notes


def _read(sheet: Sheet, name: str, *ranges: tuple[float, float]) -> tuple[Floats, Notes]:
    numbers, notes = parse_numbers(
        sheet.table[name],
        where=sheet.where_column(name),
        rows=sheet.source_rows,
        plausible=ranges,
    )
    return numbers.to_numpy(dtype=np.float64), notes


def _project(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x_m, y_m = reproject(lon, lat, from_epsg=LONLAT_EPSG)
    missing = np.isnan(lon) | np.isnan(lat)
    return np.where(missing, np.nan, x_m), np.where(missing, np.nan, y_m)


def _within(values: Floats, bounds: tuple[float, float]) -> Bools:
    return (values >= bounds[0]) & (values <= bounds[1])


def _refuse(sheet: Sheet, bad: Bools, hint: Callable[[], str]) -> None:
    if bad.any():
        raise CoordinateError(
            "Coordinates do not lie in Denmark",
            where=sheet.where,
            rows=[int(row) for row in sheet.source_rows[bad]],
            hint=hint(),
        )


def _refuse_halves(sheet: Sheet, first: Floats, second: Floats) -> None:
    halves = np.isnan(first) != np.isnan(second)
    if halves.any():
        raise CoordinateError(
            "Rows have one coordinate of two",
            where=sheet.where,
            rows=[int(row) for row in sheet.source_rows[halves]],
            hint="Fill in both, or leave both blank: the address is then looked up.",
        )


def _outside_hint() -> str:
    return sentence(
        "In EPSG:25832 (UTM zone 32) Denmark has X from {west_m:.0f} to"
        " {east_m:.0f} and Y from {south_m:.0f} to {north_m:.0f} m."
        " Correct the rows, or leave both cells blank: the address is then looked up.",
        west_m=DENMARK_X_M[0],
        east_m=DENMARK_X_M[1],
        south_m=DENMARK_Y_M[0],
        north_m=DENMARK_Y_M[1],
    )


def _check_degrees(sheet: Sheet, lon: Floats, lat: Floats) -> None:
    _refuse_halves(sheet, lon, lat)
    swapped = _within(lon, _DANISH_LATITUDES) & _within(lat, _DANISH_LONGITUDES)
    _refuse(
        sheet,
        swapped,
        lambda: sentence("Longitude and latitude look swapped: swap the two headers."),
    )
    beyond = ~np.isnan(lon) & ~(_within(lon, _LONGITUDE_RANGE) & _within(lat, _LATITUDE_RANGE))
    _refuse(
        sheet,
        beyond,
        lambda: sentence("These are no degrees. Are they metres? Then call the columns X and Y."),
    )


def _check_metres(sheet: Sheet, x: Floats, y: Floats) -> None:
    _refuse_halves(sheet, x, y)
    given = ~np.isnan(x)
    degrees = _within(x, _LONGITUDE_RANGE) & _within(y, _LONGITUDE_RANGE)
    _refuse(
        sheet,
        degrees,
        lambda: sentence(
            "They look like degrees: call the columns Længdegrad and Breddegrad,"
            " or write metres in EPSG:25832."
        ),
    )
    _refuse(
        sheet,
        _within(x, DENMARK_Y_M) & _within(y, DENMARK_X_M),
        lambda: sentence(
            "X and Y look swapped: X is the easting (six digits), Y the northing (seven)."
        ),
    )
    outside = given & ~in_denmark(x, y)
    _refuse(sheet, outside, lambda: _grid_hint(x[outside], y[outside]) or _outside_hint())


def _grid_hint(x: Floats, y: Floats) -> str:
    """Return a hint if the points are Danish ones in the European grid's projection."""
    try:
        back_x, back_y = reproject(x, y, from_epsg=GRID_EPSG)
    except ValueError:
        return ""
    if not in_denmark(back_x, back_y).all():
        return ""
    return sentence("They look like EPSG:3035 (the European grid): write metres in EPSG:25832.")
