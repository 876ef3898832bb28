"""What the maps draw, as plain GeoJSON and PNG: shared by the file ``map.html`` and the app.

Every text that comes from a file passes ``escape_for_map`` on its way in. The
map library renders a layer to a template and renders that again: a practice
called ``{{...}}`` would run as code, and ``<img onerror>`` as script.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from xstatic.pkg import leaflet

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.map_colours import PRACTICE_COLOURS, STATUS_COLOURS
from coverage.exports.number_text import (
    is_missing,
    km_text,
    number_text,
    percent_text,
    persons_text,
)
from coverage.exports.status_raster import (
    StatusImage,
    StatusRaster,
    build_raster,
    paint_status,
    status_image,
)
from coverage.levels import KOMMUNE_LEVEL
from coverage.tables import Tables
from coverage.units import LONLAT_EPSG, WORK_EPSG, reproject
from coverage.wording import Language, say

__all__ = [
    "KOMMUNE_FIELDS",
    "LEAFLET_FOLDER",
    "PRACTICE_COLOURS",
    "PRACTICE_FIELDS",
    "STATUS_COLOURS",
    "StatusImage",
    "StatusRaster",
    "address_text",
    "area_outlines",
    "build_raster",
    "escape_for_map",
    "intake_state",
    "kommuner_geojson",
    "leaflet_files",
    "paint_status",
    "practices_geojson",
    "simplified_outlines",
    "status_image",
    "surroundings_geojson",
    "towns_geojson",
]

GeoJson = dict[str, Any]

LEAFLET_FOLDER = Path(leaflet.BASE_DIR)

KOMMUNE_FIELDS = (
    "name",
    "persons",
    "share_two_or_more",
    "persons_one",
    "persons_none",
    "persons_no_road_connection",
    "first_median",
    "second_median",
)
PRACTICE_FIELDS = ("name", "ydernummer", "address", "intake", "capacities", "listed", "placed")

_SIMPLIFY_M = 250.0
_DEGREE_DECIMALS = 5
_ENTITIES = {
    ord(sign): f"&#{ord(sign)};" for sign in ("&", "<", ">", '"', "'", "{", "}", "$", "\\", "`")
}
# A name is drawn only where no larger town's name is closer than this share of the map.
_LABEL_SPACING = 0.07


def escape_for_map(text: object) -> str:
    """Return text that no browser reads as markup and no template as code."""
    return str(text).translate(_ENTITIES)


def leaflet_files() -> tuple[Path, ...]:
    """Return the installed Leaflet's script, style sheet and images."""
    images = sorted((LEAFLET_FOLDER / "images").glob("*.png"))
    return (LEAFLET_FOLDER / "leaflet.js", LEAFLET_FOLDER / "leaflet.css", *images)


def kommuner_geojson(assessment: Assessment, language: Language) -> GeoJson:
    """Return the kommuner's simplified outlines with their figures by road, as text.

    Properties: ``kommune_code`` and ``KOMMUNE_FIELDS``, ready to be shown. A
    kommune where nobody lives has its outline and no figures.
    """
    kommuner = assessment.tables.kommuner.sort_values("kommune_code")
    outlines = simplified_outlines(kommuner.geometry.to_numpy())
    figures = assessment.by_area[KOMMUNE_LEVEL]
    figures = figures[figures["area_id"] != ALL_AREAS].set_index("area_id")
    features = []
    for code, name, outline in zip(
        kommuner["kommune_code"], kommuner["name"], outlines, strict=True
    ):
        if shapely.is_empty(outline):
            continue
        row = figures.loc[code] if code in figures.index else None
        properties = {
            "kommune_code": escape_for_map(code),
            "name": escape_for_map(name),
            **_kommune_figures(row, language),
        }
        features.append(
            _feature(escape_for_map(code), shapely.geometry.mapping(outline), properties)
        )
    return _collection(features)


def surroundings_geojson(assessment: Assessment) -> GeoJson:
    """Return the land of the neighbouring kommuner near the study, without figures.

    Neighbours whose box does not touch the study's, widened by half of it, are
    left out: they would only make the map heavy.
    """
    west, south, east, north = assessment.tables.kommuner.total_bounds
    margin_m = max(east - west, north - south) / 2
    near = shapely.box(west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    outlines = assessment.tables.surroundings.geometry.to_numpy()
    outlines = outlines[shapely.intersects(shapely.envelope(outlines), near)]
    return _collection(
        [
            _feature(str(number), shapely.geometry.mapping(outline), {})
            for number, outline in enumerate(simplified_outlines(outlines))
            if not shapely.is_empty(outline)
        ]
    )


def practices_geojson(assessment: Assessment, language: Language) -> GeoJson:
    """Return every placed practice as a point.

    Properties: ``is_open`` (true or false), ``symbol`` (``open`` or ``closed``)
    and ``PRACTICE_FIELDS``, ready to be shown. Unknown intake counts as closed
    and says so.
    """
    practices = assessment.tables.practices
    placed = practices[practices["x_m"].notna()].sort_values("ydernummer")
    lon, lat = reproject(placed["x_m"], placed["y_m"], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    features = []
    for row, x, y in zip(placed.to_dict("records"), lon, lat, strict=True):
        is_open = intake_state(row["intake_open"]) == "open"
        properties: dict[str, Any] = {
            name: escape_for_map(text) for name, text in _practice_texts(row, language).items()
        }
        properties |= {"is_open": is_open, "symbol": "open" if is_open else "closed"}
        features.append(_feature(escape_for_map(row["ydernummer"]), _point(x, y), properties))
    return _collection(features)


def towns_geojson(tables: Tables) -> GeoJson:
    """Return the towns as points: ``name``, ``persons`` (or null) and ``label`` (draw the name).

    Names are drawn for the larger towns, as far as they do not run into each other.
    """
    towns = tables.towns.sort_values(
        ["persons", "name"], ascending=[False, True], na_position="last"
    )
    lon, lat = reproject(towns["x_m"], towns["y_m"], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    labelled = _spaced(towns["x_m"].to_numpy(float), towns["y_m"].to_numpy(float), tables)
    features = []
    for number, (name, persons) in enumerate(zip(towns["name"], towns["persons"], strict=True)):
        properties = {
            "name": escape_for_map(name),
            "persons": None if pd.isna(persons) else float(persons),
            "label": bool(labelled[number]),
        }
        features.append(_feature(str(number), _point(lon[number], lat[number]), properties))
    return _collection(features)


def intake_state(intake_open: Any) -> str:  # noqa: ANN401 - a cell: true, false or missing
    """Return ``open``, ``closed`` or ``unknown`` of a practice's intake."""
    if is_missing(intake_open):
        return "unknown"
    return "open" if intake_open else "closed"


def simplified_outlines(geometry: np.ndarray) -> np.ndarray:
    """Return polygons (EPSG:25832) simplified together at 250 m, in degrees with 5 decimals.

    Together, so that two neighbours keep one common border; missing ones are empty.
    """
    known = np.where(shapely.is_missing(geometry), shapely.Polygon(), geometry)
    simple = shapely.coverage_simplify(known, _SIMPLIFY_M) if len(known) else known

    def to_degrees(points: np.ndarray) -> np.ndarray:
        lon, lat = reproject(points[:, 0], points[:, 1], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
        return np.round(np.column_stack([lon, lat]), _DEGREE_DECIMALS)

    return np.asarray(shapely.transform(simple, to_degrees), dtype=object)


def area_outlines(shapes: gpd.GeoDataFrame) -> dict[str, dict[str, Any]]:
    """Return area id -> simplified outline as a GeoJSON geometry, of one level's shapes."""
    outlines = simplified_outlines(shapes.geometry.to_numpy())
    return {
        area_id: shapely.geometry.mapping(outline)
        for area_id, outline in zip(shapes["area_id"], outlines, strict=True)
        if not shapely.is_empty(outline)
    }


def _kommune_figures(row: "pd.Series[Any] | None", language: Language) -> dict[str, str]:
    if row is None:
        return dict.fromkeys(KOMMUNE_FIELDS[1:], say("export.nobody", language))
    return {
        "persons": persons_text(row["persons"], language),
        "share_two_or_more": percent_text(row["road_share_two_or_more"], language),
        **{
            f"persons_{status}": persons_text(row[f"road_persons_{status}"], language)
            for status in ("one", "none", "no_road_connection")
        },
        "first_median": km_text(row["road_first_median_m"], language),
        "second_median": km_text(row["road_second_median_m"], language),
    }


def _practice_texts(row: Mapping[Any, Any], language: Language) -> dict[str, str]:
    return {
        "name": row["name"],
        "ydernummer": row["ydernummer"],
        "address": address_text(row),
        "intake": say(f"export.intake.{intake_state(row['intake_open'])}", language),
        "capacities": _optional_number(row["capacities"], 1, language),
        "listed": _optional_number(row["listed_persons"], 0, language),
        "placed": say(f"export.match.{row['match_level']}", language),
    }


def address_text(row: Mapping[Any, Any]) -> str:
    """Return "Storegade 44, 3700 Rønne" of a practice, without what is missing."""
    fields = ("address", "postcode", "town")
    known = {key: "" if is_missing(row[key]) else str(row[key]) for key in fields}
    place = " ".join(part for part in (known["postcode"], known["town"]) if part)
    return ", ".join(part for part in (known["address"], place) if part)


def _optional_number(value: float | None, decimals: int, language: Language) -> str:
    if value is None or is_missing(value):
        return say("export.missing", language)
    return number_text(value, 0 if float(value).is_integer() else decimals, language)


def _spaced(x_m: np.ndarray, y_m: np.ndarray, tables: Tables) -> np.ndarray:
    """Return which towns get their name, from the largest down."""
    chosen = np.zeros(len(x_m), dtype=bool)
    bounds = tables.kommuner.total_bounds if len(tables.kommuner) else np.zeros(4)
    spacing_m = _LABEL_SPACING * float(max(bounds[2] - bounds[0], bounds[3] - bounds[1]))
    for town in range(len(x_m)):
        apart = np.hypot(x_m[chosen] - x_m[town], y_m[chosen] - y_m[town])
        chosen[town] = bool((apart >= spacing_m).all())
    return chosen


def _point(lon: float, lat: float) -> GeoJson:
    place = [round(float(lon), _DEGREE_DECIMALS), round(float(lat), _DEGREE_DECIMALS)]
    return {"type": "Point", "coordinates": place}


def _feature(identity: str, geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> GeoJson:
    return {
        "type": "Feature",
        "id": identity,
        "geometry": dict(geometry),
        "properties": dict(properties),
    }


def _collection(features: list[GeoJson]) -> GeoJson:
    return {"type": "FeatureCollection", "features": features}
