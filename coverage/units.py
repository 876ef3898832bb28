"""Coordinate systems and unit conversions: the only place a factor lives.

All coordinates inside the package are metres in EPSG:25832 (ETRS89 / UTM 32N,
the Danish standard). A UTM metre is not a metre on the ground: at Bornholm it
is 0.12 % off, 18 m at the 15 km line. Lengths are therefore divided by the
projection's scale factor, and a distance in this package is a ground distance.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Floats = npt.NDArray[np.float64]

WORK_EPSG = 25832
WORK_CRS = "EPSG:25832"
LONLAT_EPSG = 4326
GRID_EPSG = 3035
WEB_EPSG = 3857

M_PER_KM = 1000.0

# The box that holds all of Denmark with a margin (data-sources 9.3), metres in EPSG:25832.
DENMARK_X_M = (430_000.0, 900_000.0)
DENMARK_Y_M = (6_000_000.0, 6_420_000.0)

_UTM_SCALE = 0.9996
_UTM_FALSE_EASTING_M = 500_000.0
# Geometric mean of the two radii of curvature of GRS80 at 56 degrees north.
_MEAN_RADIUS_M = 6_386_000.0


@cache
def _transformer(from_epsg: int, to_epsg: int) -> Transformer:
    return Transformer.from_crs(from_epsg, to_epsg, always_xy=True)


def reproject(
    x: npt.ArrayLike, y: npt.ArrayLike, *, from_epsg: int, to_epsg: int = WORK_EPSG
) -> tuple[Floats, Floats]:
    """Return x and y (shape (n,)) in another coordinate system; easting or longitude first."""
    x_in = np.asarray(x, dtype=np.float64)
    y_in = np.asarray(y, dtype=np.float64)
    if from_epsg == to_epsg:
        return x_in.copy(), y_in.copy()
    x_out, y_out = _transformer(from_epsg, to_epsg).transform(x_in, y_in)
    return np.asarray(x_out, dtype=np.float64), np.asarray(y_out, dtype=np.float64)


def scale_factor(x_m: npt.ArrayLike) -> Floats:
    """Return map metres per ground metre at eastings ``x_m`` of EPSG:25832.

    Snyder, Map Projections (USGS PP 1395, 1987), eq. 8-11 shortened to the
    terms that reach a millionth between 430 and 900 km of easting.
    """
    offset = (np.asarray(x_m, dtype=np.float64) - _UTM_FALSE_EASTING_M) / (
        _MEAN_RADIUS_M * _UTM_SCALE
    )
    square = offset * offset
    return _UTM_SCALE * (1.0 + square / 2.0 + square * square / 24.0)


def ground_distance_m(
    x1_m: npt.ArrayLike, y1_m: npt.ArrayLike, x2_m: npt.ArrayLike, y2_m: npt.ArrayLike
) -> Floats:
    """Return straight ground distances in metres between points of EPSG:25832."""
    x1 = np.asarray(x1_m, dtype=np.float64)
    x2 = np.asarray(x2_m, dtype=np.float64)
    map_m = np.hypot(x2 - x1, np.asarray(y2_m, np.float64) - np.asarray(y1_m, np.float64))
    return map_m / scale_factor((x1 + x2) / 2.0)


def in_denmark(x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return whether points of EPSG:25832 lie in the box that holds Denmark; NaN is outside."""
    x = np.asarray(x_m, dtype=np.float64)
    y = np.asarray(y_m, dtype=np.float64)
    inside_x = (x >= DENMARK_X_M[0]) & (x <= DENMARK_X_M[1])
    return inside_x & (y >= DENMARK_Y_M[0]) & (y <= DENMARK_Y_M[1])


def metres_to_km(metres: float) -> float:
    """Return kilometres."""
    return metres / M_PER_KM
