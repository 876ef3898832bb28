"""Coordinate systems of the demo: degrees on file, metres (EPSG:25832) while generating."""

import zlib

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from scipy.spatial import cKDTree

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SEED = 20260101

# west, south, east, north of the box in which coast and towns are read, degrees
REGION_BOX = (7.9, 54.6, 11.3, 56.2)

_TO_METRES = Transformer.from_crs(4326, 25832, always_xy=True)
_TO_DEGREES = Transformer.from_crs(25832, 4326, always_xy=True)
_TO_GRID = Transformer.from_crs(25832, 3035, always_xy=True)
_FROM_GRID = Transformer.from_crs(3035, 25832, always_xy=True)


def _apply(transformer: Transformer, xy: npt.ArrayLike) -> FloatArray:
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    first, second = transformer.transform(points[:, 0], points[:, 1])
    return np.column_stack([first, second])


def to_metres(lonlat: npt.ArrayLike) -> FloatArray:
    """Degrees (n, 2; longitude first) to metres in EPSG:25832."""
    return _apply(_TO_METRES, lonlat)


def to_degrees(xy_m: npt.ArrayLike) -> FloatArray:
    """Metres in EPSG:25832 (n, 2) to degrees, longitude first."""
    return _apply(_TO_DEGREES, xy_m)


def to_grid(xy_m: npt.ArrayLike) -> FloatArray:
    """Metres in EPSG:25832 to metres in EPSG:3035, the system of the census grid."""
    return _apply(_TO_GRID, xy_m)


def from_grid(xy_m: npt.ArrayLike) -> FloatArray:
    """Metres in EPSG:3035 to metres in EPSG:25832."""
    return _apply(_FROM_GRID, xy_m)


def nearest(tree: cKDTree, xy_m: npt.ArrayLike) -> tuple[FloatArray, IntArray]:
    """Find the nearest point of a tree to each position: distances and indices."""
    distance, index = tree.query(np.asarray(xy_m, dtype=np.float64).reshape(-1, 2))
    return np.asarray(distance, dtype=np.float64), np.asarray(index, dtype=np.int64)


def generator(subject: str, seed: int = SEED) -> np.random.Generator:
    """Make a generator for one subject, so that one part may change without the others."""
    return np.random.default_rng([seed, zlib.crc32(subject.encode())])
