"""Which area a point lies in: kommuner, sundhedsraad, any polygons with ids.

Boundaries of published files are generalised: a home at a harbour or on an
islet can fall just outside every kommune. Such a point belongs to the nearest
area within a distance that the caller chooses; farther away it has no area.
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from coverage.errors import CrsError
from coverage.sentences import sentence
from coverage.units import WORK_CRS, WORK_EPSG, Floats, scale_factor

Integers = npt.NDArray[np.int64]

_NO_AREA = -1
# Two areas that share the nearest corner are equally near, whatever the last bits say.
_TIE_M = 0.001


def locate_in_areas(
    x_m: npt.ArrayLike,
    y_m: npt.ArrayLike,
    areas: gpd.GeoDataFrame,
    id_column: str,
    *,
    max_distance_m: float,
) -> pd.Series:
    """Return the id of the area that each point lies in, or else of the nearest one.

    A point on a boundary is inside. Where two areas claim a point, or are
    equally near, the lowest id gets it, so that row order never matters.

    Parameters
    ----------
    x_m, y_m
        Shape (points,), metres in EPSG:25832; a point without coordinates (NaN)
        has no area.
    areas
        One row an area or a part of one, polygons in EPSG:25832. Rows whose
        geometry is empty or missing claim no point.
    id_column
        The column of ``areas`` with the ids (text).
    max_distance_m
        How far outside every area a point may lie, metres on the ground,
        inclusive; 0 takes only points inside.

    Returns
    -------
    pandas.Series
        Shape (points,), text, index 0..points-1, missing where there is no area.

    Raises
    ------
    CrsError
        The areas are not in EPSG:25832.
    """
    x = np.atleast_1d(np.asarray(x_m, dtype=np.float64))
    y = np.atleast_1d(np.asarray(y_m, dtype=np.float64))
    if areas.empty:
        return _as_ids(np.full(len(x), _NO_AREA), np.empty(0, dtype=object))
    _check_crs(areas)
    ids, ranks = np.unique(areas[id_column].astype(str).to_numpy(object), return_inverse=True)
    polygons = areas.geometry.to_numpy()
    shapely.prepare(polygons)

    found = np.full(len(x), _NO_AREA, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    found[known] = _inside(shapely.points(x[known], y[known]), polygons, ranks)
    left = known[found[known] == _NO_AREA]
    if max_distance_m > 0 and len(left):
        found[left] = _nearest(x[left], y[left], polygons, ranks, max_distance_m)
    return _as_ids(found, ids)


def _check_crs(areas: gpd.GeoDataFrame) -> None:
    if areas.crs is None or areas.crs.to_epsg() != WORK_EPSG:
        raise CrsError(
            sentence("Areas must be in {crs}", crs=WORK_CRS),
            where=sentence("coordinate system found: {crs}", crs=str(areas.crs))
            if areas.crs
            else sentence("coordinate system found: none"),
            hint="Read the boundaries with coverage.sources.kommuner, which reprojects them.",
        )


def _inside(points: npt.NDArray[np.object_], polygons: object, ranks: Integers) -> Integers:
    """Return the rank of the lowest id among the polygons that hold each point.

    The tree is built on the points and asked polygon by polygon: that way round
    a polygon is prepared once, which a tree of polygons cannot make use of.
    """
    polygon, point = shapely.STRtree(points).query(polygons, predicate="intersects")
    return _lowest(point, ranks[polygon], len(points))


def _nearest(
    x_m: Floats, y_m: Floats, polygons: npt.NDArray[np.object_], ranks: Integers, limit_m: float
) -> Integers:
    """Return the rank of the nearest polygon within the limit; of the lowest id in a tie."""
    points = shapely.points(x_m, y_m)
    scale = scale_factor(x_m)
    polygon, point = shapely.STRtree(points).query(
        polygons, predicate="dwithin", distance=limit_m * scale.max()
    )
    ground_m = shapely.distance(polygons[polygon], points[point]) / scale[point]
    near = ground_m <= limit_m
    polygon, point, ground_m = polygon[near], point[near], ground_m[near]
    least_m = np.full(len(points), np.inf)
    np.minimum.at(least_m, point, ground_m)
    is_nearest = ground_m <= least_m[point] + _TIE_M
    return _lowest(point[is_nearest], ranks[polygon[is_nearest]], len(points))


def _lowest(point: Integers, rank: Integers, points: int) -> Integers:
    lowest = np.full(points, np.iinfo(np.int64).max)
    np.minimum.at(lowest, point, rank)
    lowest[lowest == np.iinfo(np.int64).max] = _NO_AREA
    return lowest


def _as_ids(found: Integers, ids: npt.NDArray[np.object_]) -> pd.Series:
    with_missing = np.array([*ids, None], dtype=object)
    return pd.Series(with_missing[found], dtype="str")
