"""Grid cells that are given in numbers: east, north and cell size.

Such a grid has no ids that say how to read it, so its columns must: ``west``
and ``south`` are the south-west corner, ``centre_x`` and ``centre_y`` the
centre. Under plain names (``east``, ``north``, ``x``, ``y``) the values tell:
multiples of the cell size are corners, values half a cell off are centres.
"""

import numpy as np
import pandas as pd

from coverage.errors import CoordinateError, CrsError, InvalidValueError
from coverage.sentences import sentence
from coverage.sources.population_columns import Anchor
from coverage.sources.population_grid_ids import PLACE_COLUMNS
from coverage.units import GRID_EPSG, WORK_EPSG, in_denmark

_MAX_LON, _MAX_LAT = 180.0, 90.0
_SQUARE = ["east", "north", "size"]


def place_squares(numbers: pd.DataFrame, anchor: Anchor, *, where: str) -> pd.DataFrame:
    """Return the squares of cells that are given in numbers.

    Parameters
    ----------
    numbers
        The index is the row of the file. Columns ``east``, ``north``, ``size``
        (metres) and, where the file has it, ``epsg``. Without it EPSG:25832 is
        taken where it puts a cell in Denmark, EPSG:3035 elsewhere; the two
        cannot be mistaken for each other there (data-sources 9.3).
    anchor
        What east and north speak of.
    where
        The file, for messages.

    Returns
    -------
    DataFrame
        Columns as of ``parse_grid_ids``, same index.

    Raises
    ------
    InvalidValueError
        A missing number, a size of 0, or values that tell neither corner nor centre.
    CoordinateError
        Degrees.
    CrsError
        Another coordinate system.
    """
    square = numbers[_SQUARE]
    broken = square.isna().any(axis=1) | (square["size"] <= 0)
    if broken.any():
        raise InvalidValueError(
            "Cells lack east, north or a size above 0",
            where=where,
            rows=list(numbers.index[broken]),
            hint="Fill in the numbers, or take the rows out.",
        )
    degrees = (square["east"].abs() <= _MAX_LON) & (square["north"].abs() <= _MAX_LAT)
    if degrees.any():
        raise CoordinateError(
            "East and north of cells are degrees, not metres",
            where=where,
            rows=list(numbers.index[degrees]),
            hint="Export the grid in EPSG:25832 or EPSG:3035.",
        )
    offset_m = _offset_to_corner(square, anchor, where)
    west_m, south_m = square["east"] - offset_m, square["north"] - offset_m
    columns = (west_m, south_m, square["size"], _epsg(numbers, where))
    return pd.DataFrame(dict(zip(PLACE_COLUMNS, columns, strict=True)), index=numbers.index)


def _offset_to_corner(square: pd.DataFrame, anchor: Anchor, where: str) -> pd.Series | float:
    """Return how far the given point of a cell is from its south-west corner."""
    half_m = square["size"] / 2.0
    if anchor == "corner":
        return 0.0
    if anchor == "centre":
        return half_m
    east_rest_m, north_rest_m = square["east"] % square["size"], square["north"] % square["size"]
    is_corner = (east_rest_m == 0) & (north_rest_m == 0)
    is_centre = (east_rest_m == half_m) & (north_rest_m == half_m)
    if is_corner.all():
        return 0.0
    if is_centre.all():
        return half_m
    fewer = ~is_corner if is_corner.sum() >= is_centre.sum() else ~is_centre
    raise InvalidValueError(
        "East and north of cells are neither all south-west corners nor all centres",
        where=where,
        rows=list(square.index[fewer]),
        hint="Name the columns west and south (corner) or centre_x and centre_y.",
    )


def _epsg(numbers: pd.DataFrame, where: str) -> pd.Series:
    if "epsg" not in numbers:
        is_work = in_denmark(numbers["east"], numbers["north"])
        return pd.Series(np.where(is_work, WORK_EPSG, GRID_EPSG), index=numbers.index)
    other = ~numbers["epsg"].isin([WORK_EPSG, GRID_EPSG])
    if other.any():
        raise CrsError(
            sentence(
                "Cells are in a coordinate system other than {work} and {grid}",
                work=WORK_EPSG,
                grid=GRID_EPSG,
            ),
            where=where,
            rows=list(numbers.index[other]),
            hint="Export the grid in EPSG:25832 or EPSG:3035.",
        )
    return numbers["epsg"]
