"""Kommune boundaries, from any of the files that people have of them.

DAGI as GeoPackage (plain or in the zip of Datafordeler), older GeoJSON copies,
and Eurostat's LAU, which holds all of Europe (data-sources 3.1 and 3.2). What
comes out is one multipart polygon a kommune in EPSG:25832.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.sentences import Notes, phrase, sentence
from coverage.sources.kommune_codes import known_kommuner, normalise_kommune_code
from coverage.sources.kommune_coordinates import to_work_crs
from coverage.sources.provenance import Provenance, refuse_web_page, stamp_file
from coverage.sources.spelling import compact_key
from coverage.tables import KOMMUNER, check_table
from coverage.units import WORK_CRS

ROLE = "kommuner"

OTHER_COUNTRY = "in another country"
WITHOUT_GEOMETRY = "without geometry"

_CODES = (
    "kommunekode",
    "komkode",
    "kommunenr",
    "lauid",
    "laucode",
    "giscoid",
    "commid",
    "nsicode",
    "kode",
    "kommune_code",
    "code",
)
_NAMES = ("navn", "komnavn", "kommunenavn", "launame", "commname", "name")
_COUNTRIES = ("cntrcode", "cntrid")
_FILE_ENDINGS = (".gpkg", ".geojson", ".json")
_POLYGONS = ("Polygon", "MultiPolygon")
# Parts of one kommune that share more than this of their area are no islands of it.
_OVERLAP_SHARE = 0.01
_VALUES_SHOWN = 3
_DAMAGE = (DataSourceError, DataLayerError, ValueError)
_AGAIN = "Download it again as GeoPackage or GeoJSON."


@dataclass(frozen=True)
class _Layer:
    """A layer of a file: how GDAL opens it, its field names, its features in all."""

    source: str
    name: str
    fields: Sequence[str]
    features: int
    where: str

    def field(self, keys: Sequence[str]) -> str | None:
        """Return the field that has the first of the keys, without case and punctuation."""
        by_key = {compact_key(name): name for name in self.fields}
        wanted = (compact_key(key) for key in keys)
        return next((by_key[key] for key in wanted if key in by_key), None)


def read_kommuner(path: Path, *, as_of: date | None) -> tuple[gpd.GeoDataFrame, Provenance]:
    """Return the boundaries of the kommuner in a file, ordered by code.

    Names are the official ones of the code; a file whose names say something
    else is noted.

    Parameters
    ----------
    path
        GeoPackage or GeoJSON, or a zip with one of them; in any coordinate
        system, with or without Z, one or more features a kommune.
    as_of
        The date of the boundaries.

    Returns
    -------
    GeoDataFrame, Provenance
        Contract KOMMUNER in EPSG:25832; features joined into another one are
        ``merged_rows``.

    Raises
    ------
    MissingFileError, UnreadableFileError
        Not a file of boundaries.
    MissingColumnError, UnknownKommuneError
        No column of codes, or codes that Denmark does not have.
    EmptyTableError, InvalidValueError
        No Danish feature, or features that are not areas.
    CrsError
        Coordinates that no known coordinate system puts in Denmark.
    """
    stamp = stamp_file(path, role=ROLE)
    refuse_web_page(path, role=ROLE)
    layer = _find_layer(path)
    features = _read_danish(layer)
    dropped = {OTHER_COUNTRY: layer.features - len(features)}
    codes, notes = _codes(features, layer)
    features = features.assign(kommune_code=codes)
    flat = _flat_polygons(_with_geometry(features, layer), layer)
    placed, crs_notes = to_work_crs(flat, layer.where)
    repaired, repair_notes = _valid(placed)
    danish = len(features)
    features = _with_geometry(repaired, layer)
    dropped[WITHOUT_GEOMETRY] = danish - len(features)
    overlap_notes = _overlap_notes(features)
    kommuner = _joined(features)
    return check_table(kommuner, KOMMUNER, where=layer.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=layer.features,
        rows_kept=len(kommuner),
        dropped={reason: count for reason, count in dropped.items() if count},
        merged_rows=len(features) - len(kommuner),
        notes=(*notes, *crs_notes, *repair_notes, *overlap_notes),
    )


def _find_layer(path: Path) -> _Layer:
    """Return the layer with kommune codes, or the first one."""
    source, where = _source(path)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        layers = [_describe(source, name, where, len(names)) for name in names]
    except _DAMAGE as failure:
        raise _unreadable(where, failure) from None
    with_codes = [layer for layer in layers if layer.field(_CODES) is not None]
    found = next(iter([*with_codes, *layers]), None)
    if found is None or found.features == 0:
        raise EmptyTableError("The kommuner file has no feature", where=where, hint=_AGAIN)
    return found


def _describe(source: str, name: str, where: str, layers: int) -> _Layer:
    info = pyogrio.read_info(source, layer=name, force_feature_count=True)
    place = sentence("{where}, layer {layer}", where=where, layer=name) if layers > 1 else where
    return _Layer(source, name, [str(field) for field in info["fields"]], info["features"], place)


def _source(path: Path) -> tuple[str, str]:
    """Return how GDAL opens the file, and how messages name it."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] != b"PK":
        return str(path), path.name
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError) as failure:
        raise _unreadable(path.name, failure) from None
    found = [name for name in names if name.lower().endswith(_FILE_ENDINGS)]
    found = [name for name in found if not name.startswith("__MACOSX")]
    if len(found) != 1:
        raise UnreadableFileError(
            sentence(
                "The zip of the kommuner file holds {count} files with boundaries, not one",
                count=len(found),
            ),
            where=path.name,
            hint=sentence(
                "It holds: {files}. Unpack the one you want (areas,"
                " GeoPackage or GeoJSON) and use that.",
                files=tuple((found or names)[:5]),
            ),
        )
    return f"/vsizip/{{{path.resolve()}}}/{found[0]}", f"{path.name}, {found[0]}"


def _read_danish(layer: _Layer) -> gpd.GeoDataFrame:
    """Return the layer, of a European file only what it says is Denmark; index: feature ids."""
    country = layer.field(_COUNTRIES)
    where = None if country is None else f"\"{country}\" = 'DK'"
    try:
        features = pyogrio.read_dataframe(
            layer.source, layer=layer.name, where=where, fid_as_index=True
        )
    except _DAMAGE as failure:
        raise _unreadable(layer.where, failure) from None
    if features.empty:
        raise EmptyTableError(
            sentence("None of the {count} features is in Denmark", count=layer.features),
            where=sentence("{where}, column '{column}'", where=layer.where, column=country),
            hint="Use a file with the Danish kommuner.",
        )
    if not isinstance(features, gpd.GeoDataFrame):
        raise UnreadableFileError(
            "The kommuner file is a table without boundaries", where=layer.where, hint=_AGAIN
        )
    return features


def _unreadable(where: str, failure: Exception) -> UnreadableFileError:
    return UnreadableFileError(
        sentence(
            "The kommuner file is damaged or no file of boundaries ({reason})",
            reason=phrase(str(failure)),
        ),
        where=where,
        hint=_AGAIN,
    )


def _codes(features: gpd.GeoDataFrame, layer: _Layer) -> tuple[pd.Series, Notes]:
    """Return four-digit codes, and a note where the names of the file belong to other codes."""
    column = layer.field(_CODES)
    if column is None:
        raise MissingColumnError(
            "The kommuner file has no column with kommune codes",
            where=layer.where,
            hint=sentence(
                "Headers found: {headers}. Expected kommunekode, KOMKODE, LAU_ID or GISCO_ID.",
                headers=tuple(layer.fields),
            ),
        )
    codes = features[column].map(normalise_kommune_code).astype("str")
    unknown = codes.isna()
    if unknown.any():
        values = features.loc[unknown, column].drop_duplicates().iloc[:_VALUES_SHOWN].tolist()
        raise UnknownKommuneError(
            sentence("Denmark has no kommune {names}", names=tuple(map(repr, values))),
            where=sentence(
                "{where}, column '{column}' (feature ids)", where=layer.where, column=column
            ),
            rows=list(features.index[unknown]),
            hint="Use boundaries of 2007 or later; take other areas out of the file.",
        )
    name_column = layer.field(_NAMES)
    if name_column is None:
        return codes, ()
    named = features[name_column].map(normalise_kommune_code).astype("str")
    other = (named != codes) & features[name_column].notna()
    if not other.any():
        return codes, ()
    names = features.loc[other, name_column].astype(str)
    pairs = sorted(set(zip(codes[other], names, strict=True)))
    note = sentence(
        "Features whose name is not the one of their code: {count} ({names})",
        count=int(other.sum()),
        names=tuple(f"{code} '{name}'" for code, name in pairs[:_VALUES_SHOWN]),
    )
    return codes, (note,)


def _with_geometry(features: gpd.GeoDataFrame, layer: _Layer) -> gpd.GeoDataFrame:
    """Return the features that have a geometry; raise if none has."""
    kept = features[~(features.geometry.isna() | features.geometry.is_empty)]
    if kept.empty:
        raise EmptyTableError(
            "None of the features of the kommuner file has a geometry",
            where=layer.where,
            hint=_AGAIN,
        )
    return kept


def _flat_polygons(features: gpd.GeoDataFrame, layer: _Layer) -> gpd.GeoDataFrame:
    """Return the features without Z; raise if any is not an area."""
    other = ~features.geom_type.isin(_POLYGONS)
    if other.any():
        kinds = ", ".join(sorted(features.geom_type[other].unique()))
        raise InvalidValueError(
            sentence("Features of the kommuner file are no areas but {kinds}", kinds=kinds),
            where=sentence("{where} (feature ids)", where=layer.where),
            rows=list(features.index[other]),
            hint="Use the file of areas (regions, RG), not of borders or labels.",
        )
    return features.set_geometry(
        gpd.GeoSeries(
            shapely.force_2d(features.geometry.to_numpy()), features.index, crs=features.crs
        )
    )


def _valid(features: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Notes]:
    broken = ~features.is_valid
    if not broken.any():
        return features, ()
    geometry = features.geometry.to_numpy().copy()
    # "structure" keeps areas as areas; the lines and points it leaves are no kommune.
    geometry[broken] = shapely.make_valid(
        geometry[broken], method="structure", keep_collapsed=False
    )
    note = sentence(
        "Features with crossing borders were repaired: {count} (kommuner {codes})",
        count=int(broken.sum()),
        codes=tuple(sorted(features.loc[broken, "kommune_code"].unique())),
    )
    repaired = gpd.GeoSeries(geometry, features.index, crs=features.crs)
    return features.set_geometry(repaired), (note,)


def _overlap_notes(features: gpd.GeoDataFrame) -> Notes:
    """Return a note on kommuner whose features lie on each other: editions, not islands."""
    area = features.area.groupby(features["kommune_code"]).sum()
    union = features.dissolve("kommune_code").area
    twice = union.index[(area - union) > _OVERLAP_SHARE * union]
    if twice.empty:
        return ()
    note = sentence(
        "Features of one kommune lie on each other and were joined, perhaps boundaries of"
        " several years: {codes}",
        codes=tuple(twice),
    )
    return (note,)


def _joined(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one multipart polygon a kommune, with official names, ordered by code."""
    union = features[["kommune_code", "geometry"]].dissolve("kommune_code").geometry
    polygons = [
        shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for shape in union.to_numpy()
    ]
    names = known_kommuner().set_index("kommune_code")["name"]
    table = pd.DataFrame(
        {"kommune_code": union.index.astype("str"), "name": names.reindex(union.index).to_numpy()}
    )
    return gpd.GeoDataFrame(table, geometry=polygons, crs=WORK_CRS)
