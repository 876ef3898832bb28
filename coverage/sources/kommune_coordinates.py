"""Where the boundaries of kommuner lie: their own coordinate system, or the one they must be in."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj.exceptions import ProjError

from coverage.errors import CrsError
from coverage.sentences import Notes, phrase, sentence
from coverage.units import GRID_EPSG, LONLAT_EPSG, WORK_CRS, WORK_EPSG, in_denmark, reproject

_MAX_LON, _MAX_LAT = 180.0, 90.0


def to_work_crs(features: gpd.GeoDataFrame, where: str) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the features in EPSG:25832, after the values where the file's word is not right.

    Parameters
    ----------
    where
        File and layer, for messages.

    Raises
    ------
    CrsError
        Coordinates that no known coordinate system puts in Denmark.
    """
    placed = _as_stated(features)
    if placed is not None:
        return placed, ()
    x, y = _middle(features)
    for epsg in (WORK_EPSG, LONLAT_EPSG, GRID_EPSG):
        for swapped in (False, True):
            if not _puts_in_denmark(*((y, x) if swapped else (x, y)), epsg):
                continue
            if swapped:
                turned = shapely.transform(features.geometry.to_numpy(), _swap_axes)
                features = features.set_geometry(gpd.GeoSeries(turned, features.index))
            note = sentence(
                "Coordinates were read as {read}; the file states {stated}",
                read=sentence("EPSG:{epsg}, north before east", epsg=epsg)
                if swapped
                else f"EPSG:{epsg}",
                stated=features.crs.to_string() if features.crs is not None else phrase("none"),
            )
            return features.set_crs(epsg, allow_override=True).to_crs(WORK_CRS), (note,)
    raise CrsError(
        sentence(
            "No known coordinate system puts the middle of the kommuner, {x:.6g} {y:.6g},"
            " in Denmark",
            x=float(x),
            y=float(y),
        ),
        where=_where_stated(features, where),
        hint="Export the boundaries in EPSG:25832.",
    )


def _where_stated(features: gpd.GeoDataFrame, where: str) -> str:
    if features.crs is None:
        return sentence("{where}, coordinate system stated: none", where=where)
    crs = str(features.crs)
    return sentence("{where}, coordinate system stated: {crs}", where=where, crs=crs)


def _as_stated(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Return the features in EPSG:25832 if their stated coordinate system puts them in Denmark."""
    if features.crs is None:
        return None
    try:
        placed = features.to_crs(WORK_CRS)
    except ProjError:
        return None
    return placed if _is_danish(*_middle(placed)) else None


def _middle(features: gpd.GeoDataFrame) -> tuple[float, float]:
    min_x, min_y, max_x, max_y = features.total_bounds
    return (min_x + max_x) / 2.0, (min_y + max_y) / 2.0


def _is_danish(x_m: float, y_m: float) -> bool:
    return bool(in_denmark(x_m, y_m))


def _puts_in_denmark(x: float, y: float, epsg: int) -> bool:
    if epsg == LONLAT_EPSG and not (abs(x) <= _MAX_LON and abs(y) <= _MAX_LAT):
        return False
    x_m, y_m = reproject([x], [y], from_epsg=epsg)
    return _is_danish(x_m[0], y_m[0])


def _swap_axes(points: np.ndarray) -> np.ndarray:
    return points[:, ::-1]
