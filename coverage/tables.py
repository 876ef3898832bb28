"""The contracts of the checked tables: column, type, range, meaning.

A table that a source returns has passed its contract. What fails becomes one
sentence that names the file, the column and the rows. ``source_row`` is the
row as the file numbers it (a header in row 1), so that a person can find it.
Coordinates are metres in EPSG:25832, persons are counts (fractions where a
cell is spread over its addresses), ids are strings.
"""

from dataclasses import dataclass, field
from typing import TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from coverage.errors import DuplicateIdError, InvalidValueError, MissingColumnError
from coverage.sentences import phrase, sentence
from coverage.units import WORK_CRS

Frame = TypeVar("Frame", bound=pd.DataFrame)

# How an address was placed, best first (data-sources 6.4). Below "street" a
# practice is not placed at all: it is listed.
MATCH_LEVELS = (
    "coordinates",
    "address",
    "house_number",
    "nearby_number",
    "street",
    "not_found",
)

CLINIC_FORMS = (
    "solo",
    "kompagniskab",
    "samarbejdspraksis",
    "netvaerkspraksis",
    "delepraksis",
    "udbudsklinik",
    "regionsklinik",
    "licensklinik",
    "partnerskabsklinik",
    "unknown",
)


def text_column(*, nullable: bool = False, unique: bool = False) -> pa.Column:
    """Return a column of text."""
    return pa.Column(str, nullable=nullable, unique=unique, coerce=True)


def number_column(low: float | None = None, *, nullable: bool = False) -> pa.Column:
    """Return a column of numbers, at least ``low`` where it is given."""
    checks = [] if low is None else [pa.Check.ge(low)]
    return pa.Column(float, checks, nullable=nullable, coerce=True)


def kommune_column(*, nullable: bool = False) -> pa.Column:
    """Return a column of four-digit kommune codes."""
    return pa.Column(str, pa.Check.str_matches(r"^\d{4}$"), nullable=nullable, coerce=True)


def whole_column() -> pa.Column:
    """Return a column of whole numbers."""
    return pa.Column(int, coerce=True)


PRACTICES = pa.DataFrameSchema(
    {
        "ydernummer": pa.Column(str, pa.Check.str_matches(r"^\d{6}$"), unique=True, coerce=True),
        "name": text_column(),
        "address": text_column(nullable=True),
        "postcode": text_column(nullable=True),
        "town": text_column(nullable=True),
        "kommune_code": kommune_column(nullable=True),
        "capacities": number_column(0.0, nullable=True),
        "listed_persons": number_column(0.0, nullable=True),
        "closing_limit_persons": number_column(0.0, nullable=True),
        "intake_open": pa.Column("boolean", nullable=True, coerce=True),
        "intake_text": text_column(nullable=True),
        "clinic_form": pa.Column(str, pa.Check.isin(CLINIC_FORMS), coerce=True),
        "accessible": pa.Column("boolean", nullable=True, coerce=True),
        "owner": text_column(nullable=True),
        "x_m": number_column(nullable=True),
        "y_m": number_column(nullable=True),
        "match_level": pa.Column(str, pa.Check.isin(MATCH_LEVELS), coerce=True),
        "source_row": whole_column(),
    },
    name="practices",
    strict=True,
)

DOCTORS = pa.DataFrameSchema(
    {"ydernummer": text_column(), "birth_year": pa.Column(int, pa.Check.in_range(1900, 2010))},
    name="doctors",
    strict=True,
)

CELLS = pa.DataFrameSchema(
    {
        "cell_id": text_column(unique=True),
        "west_m": number_column(),
        "south_m": number_column(),
        "size_m": number_column(1.0),
        "grid_epsg": whole_column(),
        "x_m": number_column(),
        "y_m": number_column(),
        "persons": number_column(0.0),
    },
    name="cells",
    strict=True,
)

ADDRESSES = pa.DataFrameSchema(
    {
        "street": text_column(),
        "house_number": text_column(),
        "postcode": text_column(),
        "town": text_column(),
        "x_m": number_column(),
        "y_m": number_column(),
    },
    name="addresses",
    strict=True,
)

KOMMUNER = pa.DataFrameSchema(
    {"kommune_code": kommune_column(), "name": text_column(), "geometry": pa.Column()},
    name="kommuner",
    strict=True,
    unique=["kommune_code"],
)

TOWNS = pa.DataFrameSchema(
    {
        "name": text_column(),
        "kommune_code": kommune_column(nullable=True),
        "persons": number_column(0.0, nullable=True),
        "x_m": number_column(),
        "y_m": number_column(),
    },
    name="towns",
    strict=True,
)

ORIGINS = pa.DataFrameSchema(
    {
        "origin_id": text_column(unique=True),
        "cell_id": text_column(),
        "kommune_code": kommune_column(nullable=True),
        "x_m": number_column(),
        "y_m": number_column(),
        "persons": number_column(0.0),
    },
    name="origins",
    strict=True,
)


@dataclass(frozen=True)
class Roads:
    """The drivable roads and car ferries of a file, as arrays.

    Attributes
    ----------
    point_x_m, point_y_m
        Shape (points,): every OSM node that a kept way uses, EPSG:25832.
    point_osm_id
        Shape (points,): int64 ids of OpenStreetMap.
    way_point
        Shape (steps,): indices into the points, way after way.
    way_start
        Shape (ways + 1,): way ``w`` is ``way_point[way_start[w]:way_start[w + 1]]``.
    way_direction
        Shape (ways,), int8: 1 only along the way, -1 only against it, 0 both.
    way_is_ferry
        Shape (ways,): a car ferry.
    way_takes_homes
        Shape (ways,): a home or practice may join here (not a motorway or ferry).
    """

    point_x_m: np.ndarray
    point_y_m: np.ndarray
    point_osm_id: np.ndarray
    way_point: np.ndarray
    way_start: np.ndarray
    way_direction: np.ndarray
    way_is_ferry: np.ndarray
    way_takes_homes: np.ndarray


def empty_table(contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return a table with the contract's columns and no rows."""
    return contract.coerce_dtype(pd.DataFrame({name: [] for name in contract.columns}))


def _no_kommuner() -> gpd.GeoDataFrame:
    columns: dict[str, list[str]] = {"kommune_code": [], "name": [], "geometry": []}
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=WORK_CRS)


@dataclass(frozen=True)
class Tables:
    """What the sources give: the checked tables of one study.

    Attributes
    ----------
    practices, doctors, cells, addresses, towns
        Tables of the contracts above; a study without towns or addresses has
        the table empty.
    kommuner
        GeoDataFrame of contract KOMMUNER, EPSG:25832, only the study's own.
    surroundings
        The other kommuner of the boundary file: the land around, for maps.
    """

    practices: pd.DataFrame
    doctors: pd.DataFrame
    cells: pd.DataFrame
    addresses: pd.DataFrame
    towns: pd.DataFrame
    kommuner: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame = field(default_factory=_no_kommuner)


def check_table(table: Frame, contract: pa.DataFrameSchema, *, where: str) -> Frame:
    """Return the table in the contract's types, or say which rows break it.

    Raises
    ------
    MissingColumnError, DuplicateIdError, InvalidValueError
        With ``where``, the column and the rows (``source_row`` where there is one).
    """
    try:
        return cast("Frame", contract.validate(table, lazy=True))
    except SchemaErrors as failure:
        raise _as_sentence(failure.failure_cases, table, contract, where) from None


def _as_sentence(
    cases: pd.DataFrame, table: pd.DataFrame, contract: pa.DataFrameSchema, where: str
) -> MissingColumnError | DuplicateIdError | InvalidValueError:
    missing = cases[cases["check"] == "column_in_dataframe"]
    if len(missing):
        names = tuple(str(name) for name in missing["failure_case"])
        return MissingColumnError(
            sentence(
                "The {table} lacks: {columns}",
                table=phrase(f"table of {contract.name}"),
                columns=names,
            ),
            where=where,
            hint=sentence("Columns found: {columns}", columns=tuple(map(str, table.columns))),
        )
    first = cases.iloc[0]
    column = str(first["column"])
    same = cases[(cases["column"] == first["column"]) & (cases["check"] == first["check"])]
    positions = [int(index) for index in same["index"].dropna()]
    labels = table["source_row"] if "source_row" in table else pd.Series(table.index)
    labels.index = table.index
    rows = [labels.loc[index] for index in positions if index in labels.index]
    values = tuple(repr(value) for value in list(same["failure_case"])[:3])
    error = DuplicateIdError if "unique" in str(first["check"]) else InvalidValueError
    return error(
        sentence(
            "Column '{column}' breaks its contract ({check}): {values}",
            column=column,
            check=phrase(str(first["check"])),
            values=values,
        ),
        where=where,
        rows=rows,
        hint="Correct these rows in the file and run again.",
    )
