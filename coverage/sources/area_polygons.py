"""Areas as polygons with an id: parts of a city, districts, planning areas.

The layers are the planner's own, so that nothing about them is guessed: the
coordinate system must be stated, and areas may touch but not lie on each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import ProjError

from coverage.errors import (
    CrsError,
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    UnreadableFileError,
)
from coverage.sentences import Notes, sentence
from coverage.sources.provenance import file_of, refuse_web_page
from coverage.sources.spelling import compact_key
from coverage.units import WORK_CRS, in_denmark

LAYER_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp")
WITHOUT_GEOMETRY = "without geometry"

_IDS = ("area_id", "omraade_id", "område_id", "id", "kode", "område", "omraade")
_NAMES = ("name", "navn", "area", "område", "omraade")
_POLYGONS = ("Polygon", "MultiPolygon")
_OVERLAP_SHARE = 0.01
_PERCENT = 100.0
_SHOWN = 3
_DAMAGE = (DataSourceError, DataLayerError, ValueError)


@dataclass(frozen=True)
class AreaPolygons:
    """The areas of a layer.

    Attributes
    ----------
    polygons
        ``area_id, name, geometry`` (MultiPolygon, EPSG:25832), by id.
    features
        Features of the layer, those without geometry included.
    dropped
        Reason -> features left out; the others are in the polygons.
    notes
        What a reader of the areas should know.
    """

    polygons: gpd.GeoDataFrame
    features: int
    dropped: Mapping[str, int]
    notes: Notes


def read_area_polygons(
    path: Path, kommune_codes: Sequence[str], *, role: str, column: str | None = None
) -> AreaPolygons:
    """Return the areas of a polygon layer, one row an id.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or Shapefile that states its coordinate system, with
        a field of ids (``area_id, omraade_id, id, kode, område``; the first that
        is filled) and, if there is one, a field of names (``name, navn, area,
        område``); otherwise the id is the name.
    kommune_codes
        The study's kommuner: no area may have the code of one as its id.
    role
        What the file is to the study, for messages.
    column
        The field of ids, if it has another name.

    Raises
    ------
    UnreadableFileError
        Not a layer.
    MissingColumnError
        No field of ids.
    EmptyTableError
        No feature, or none with a geometry.
    InvalidValueError
        Features that are not areas, or that have no id.
    CrsError
        No coordinate system, or one that does not put the areas in Denmark.
    DuplicateIdError
        Two names for one id, areas that overlap by more than 1 % of the
        smaller one, or an id that is the code of a kommune.
    """
    refuse_web_page(path, role=role)
    features, where = _read_layer(path, role)
    count = len(features)
    ids = _ids(features, where, role, column)
    table = gpd.GeoDataFrame(
        {"area_id": ids, "name": _names(features, ids)},
        geometry=features.geometry.to_numpy(),
        crs=features.crs,
        index=features.index,
    )
    table = _with_geometry(table, where, role)
    _refuse_other_shapes(table, where, role)
    table, notes = _valid(_placed(table, where))
    table = _with_geometry(table, where, role)
    _refuse_ids(table, kommune_codes, where)
    polygons = _joined(table)
    _refuse_overlaps(polygons, where)
    lost = count - len(table)
    return AreaPolygons(polygons, count, {WITHOUT_GEOMETRY: lost} if lost else {}, notes)


def _read_layer(path: Path, role: str) -> tuple[gpd.GeoDataFrame, str]:
    """Return the features of the first layer with shapes, and its name for messages."""
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if not layers:
            raise UnreadableFileError(
                sentence("The {file} is a table without polygons", file=file_of(role)),
                where=path.name,
                hint="Export the areas as GeoPackage or GeoJSON.",
            )
        features = pyogrio.read_dataframe(path, layer=layers[0], fid_as_index=True)
    except _DAMAGE as failure:
        raise UnreadableFileError(
            sentence(
                "The {file} is damaged or no layer of areas ({reason})",
                file=file_of(role),
                reason=str(failure),
            ),
            where=path.name,
            hint="Export it again as GeoPackage or GeoJSON; a Shapefile needs its .shx, .dbf and"
            " .prj beside it.",
        ) from None
    where = path.name
    if len(layers) > 1:
        where = sentence("{where}, layer {layer}", where=path.name, layer=layers[0])
    if features.empty:
        raise EmptyTableError(
            sentence("The {file} has no feature", file=file_of(role)),
            where=where,
            hint="Export the areas again, with all features.",
        )
    return features, where


def _ids(features: gpd.GeoDataFrame, where: str, role: str, column: str | None) -> "pd.Series[str]":
    """Return the ids as text; the field of ids must be filled for every feature."""
    keys = _IDS if column is None else (column,)
    fields = _fields(features, keys)
    if not fields:
        found = tuple(str(name) for name in features.columns if name != "geometry")
        wanted = column or sentence("the id of the area (for example '{field}')", field=_IDS[0])
        raise MissingColumnError(
            sentence("The {file} lacks a field: {field}", file=file_of(role), field=wanted),
            where=where,
            hint=sentence("Fields found: {fields}", fields=found)
            if found
            else "Fields found: none",
        )
    # Drawing programs add an "id" of their own that nobody fills in.
    texts = [_as_text(features[name]) for name in fields]
    chosen = next((index for index, ids in enumerate(texts) if ids.notna().any()), 0)
    ids = texts[chosen]
    if ids.isna().any():
        raise InvalidValueError(
            "Areas have no id",
            where=sentence(
                "{where}, field '{field}' (feature ids)", where=where, field=fields[chosen]
            ),
            rows=list(features.index[ids.isna()]),
            hint="Fill in the id of every feature.",
        )
    return ids


def _names(features: gpd.GeoDataFrame, ids: "pd.Series[str]") -> "pd.Series[str]":
    fields = _fields(features, _NAMES)
    return _as_text(features[fields[0]]) if fields else ids


def _fields(features: gpd.GeoDataFrame, keys: Sequence[str]) -> list[str]:
    """Return the fields that the keys mean, in the order of the keys."""
    by_key = {compact_key(str(name)): str(name) for name in features.columns if name != "geometry"}
    wanted = dict.fromkeys(compact_key(key) for key in keys)
    return [by_key[key] for key in wanted if key in by_key]


def _as_text(values: pd.Series) -> "pd.Series[str]":
    """Return a field as text; blanks are missing, and 1.0 of a field with gaps is 1."""
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    texts = values.astype("str").str.strip()
    return texts.mask(values.isna() | (texts == "")).astype("str")


def _with_geometry(table: gpd.GeoDataFrame, where: str, role: str) -> gpd.GeoDataFrame:
    kept = table[~(table.geometry.isna() | table.geometry.is_empty)]
    if kept.empty:
        raise EmptyTableError(
            sentence("None of the features of the {file} has an area", file=file_of(role)),
            where=where,
            hint="Export the areas again, with their geometry.",
        )
    return kept


def _refuse_other_shapes(table: gpd.GeoDataFrame, where: str, role: str) -> None:
    other = ~table.geom_type.isin(_POLYGONS)
    if other.any():
        kinds = ", ".join(sorted(table.geom_type[other].unique()))
        raise InvalidValueError(
            sentence(
                "Features of the {file} are no areas but {kinds}", file=file_of(role), kinds=kinds
            ),
            where=_of_features(where),
            rows=list(table.index[other]),
            hint="Use the layer of areas, not of borders or labels.",
        )


def _placed(table: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return the areas in EPSG:25832 without Z."""
    if table.crs is None:
        raise CrsError(
            "The file of areas does not state its coordinate system",
            where=where,
            hint="Export it in EPSG:25832 as GeoPackage; a Shapefile needs its .prj beside it.",
        )
    stated = table.crs.to_string()
    flat = table.set_geometry(
        gpd.GeoSeries(shapely.force_2d(table.geometry.to_numpy()), table.index, crs=table.crs)
    )
    try:
        placed = flat.to_crs(WORK_CRS)
        west, south, east, north = placed.total_bounds
        is_danish = bool(in_denmark([west, east], [south, north]).all())
    except ProjError:
        is_danish = False
    if not is_danish:
        raise CrsError(
            "The areas do not lie in Denmark",
            where=sentence("{where}, coordinate system stated: {crs}", where=where, crs=stated),
            hint="Export them in EPSG:25832 as GeoPackage (a GeoJSON that states no coordinate"
            " system is read as degrees).",
        )
    return placed


def _valid(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Notes]:
    broken = ~table.is_valid
    if not broken.any():
        return table, ()
    geometry = table.geometry.to_numpy().copy()
    # "structure" keeps areas as areas; the lines and points it leaves are none.
    geometry[broken] = shapely.make_valid(
        geometry[broken], method="structure", keep_collapsed=False
    )
    note = sentence(
        "Areas with crossing borders were repaired: {count} ({ids})",
        count=int(broken.sum()),
        ids=tuple(sorted(table.loc[broken, "area_id"].unique())),
    )
    return table.set_geometry(gpd.GeoSeries(geometry, table.index, crs=table.crs)), (note,)


def _refuse_ids(table: gpd.GeoDataFrame, kommune_codes: Sequence[str], where: str) -> None:
    names = table.groupby("area_id")["name"].nunique()
    twice = sorted(names.index[names > 1])
    if twice:
        raise DuplicateIdError(
            sentence("Areas of different names have one id: {ids}", ids=tuple(twice[:_SHOWN])),
            where=_of_features(where),
            rows=list(table.index[table["area_id"].isin(twice)]),
            hint="Give each area an id of its own, or its parts one name.",
        )
    taken = table["area_id"].isin(list(kommune_codes))
    if taken.any():
        shown = tuple(sorted(table.loc[taken, "area_id"].unique())[:_SHOWN])
        raise DuplicateIdError(
            sentence("Areas have the code of a kommune as their id: {ids}", ids=shown),
            where=_of_features(where),
            rows=list(table.index[taken]),
            hint="A kommune without areas is an area of its own under its code: give the areas"
            " other ids.",
        )


def _of_features(where: str) -> str:
    return sentence("{where} (feature ids)", where=where)


def _joined(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one multipart polygon an id, with the first name of its parts, by id."""
    union = table[["area_id", "geometry"]].dissolve("area_id").geometry
    names = table.groupby("area_id")["name"].first().reindex(union.index)
    ids = pd.Series(union.index, dtype="str")
    rows = pd.DataFrame(
        {"area_id": ids, "name": names.reset_index(drop=True).fillna(ids).astype("str")}
    )
    parts = [shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in union.to_numpy()]
    return gpd.GeoDataFrame(rows, geometry=parts, crs=WORK_CRS)


def _refuse_overlaps(polygons: gpd.GeoDataFrame, where: str) -> None:
    shapes = polygons.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared_m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    smaller_m2 = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    much = shared_m2 > _OVERLAP_SHARE * smaller_m2
    if not much.any():
        return
    ids = polygons["area_id"].to_numpy(object)
    raise DuplicateIdError(
        sentence(
            "Areas lie on each other by more than {percent:.0f}% of the smaller one",
            percent=_OVERLAP_SHARE * _PERCENT,
        ),
        where=where,
        rows=[
            sentence("{one} and {other}", one=ids[a], other=ids[b])
            for a, b in zip(one[much], other[much], strict=True)
        ],
        hint="Draw them so that they only touch; parts of one area have one id.",
    )
