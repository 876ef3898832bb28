"""The contracts of the tables that only the plan's own rules need, each optional in a study.

As in ``tables``: what a source returns has passed its contract.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from coverage.tables import empty_table, kommune_column, number_column, text_column, whole_column

# A practice's second address: the same ydernummer, lists and doctors.
SATELLITES = pa.DataFrameSchema(
    {
        "ydernummer": text_column(),
        "address": text_column(),
        "postcode": text_column(nullable=True),
        "town": text_column(nullable=True),
        "source_row": whole_column(),
    },
    name="satellites",
    strict=True,
)

# Persons by kommune and year; ages are inclusive, missing where a row is of all ages.
PROJECTION = pa.DataFrameSchema(
    {
        "kommune_code": kommune_column(),
        "year": pa.Column(int, pa.Check.in_range(1980, 2100), coerce=True),
        "age_from": number_column(0.0, nullable=True),
        "age_to": number_column(0.0, nullable=True),
        "persons": number_column(0.0),
    },
    name="projection",
    strict=True,
    unique=["kommune_code", "year", "age_from"],
)

# Need per resident: one factor a kommune, or one an age group (the last open upwards).
NEED_BY_KOMMUNE = pa.DataFrameSchema(
    {"kommune_code": kommune_column(), "weight": pa.Column(float, pa.Check.gt(0), coerce=True)},
    name="need weights by kommune",
    strict=True,
    unique=["kommune_code"],
)
NEED_BY_AGE = pa.DataFrameSchema(
    {
        "age_from": number_column(0.0),
        "age_to": number_column(0.0, nullable=True),
        "weight": pa.Column(float, pa.Check.gt(0), coerce=True),
    },
    name="need weights by age",
    strict=True,
    unique=["age_from"],
)

# Patients per capacity from which a practice may close: of one practice or of a kommune's.
CLOSING_LIMITS = pa.DataFrameSchema(
    {
        "ydernummer": text_column(nullable=True),
        "kommune_code": kommune_column(nullable=True),
        "limit_persons": pa.Column(float, pa.Check.gt(0), coerce=True),
    },
    name="closing limits",
    strict=True,
)

# What people decided about a criterion of an area; a later entry replaces an earlier one, and
# one whose ``met`` is missing withdraws it.
JUDGED = ("special_circumstances", "clinic_need", "override")
JUDGEMENTS = pa.DataFrameSchema(
    {
        "area_level": text_column(),
        "area_id": text_column(),
        "criterion": pa.Column(str, pa.Check.isin(JUDGED), coerce=True),
        "met": pa.Column("boolean", nullable=True, coerce=True),
        "entered_on": pa.Column("datetime64[ns]", coerce=True),
        "author": text_column(),
        "reason": text_column(),
        "source_row": whole_column(),
    },
    name="judgements",
    strict=True,
)

# Areas that the region has designated as lægedækningstruede.
DESIGNATIONS = pa.DataFrameSchema(
    {
        "area_level": text_column(),
        "area_id": text_column(),
        "from_date": pa.Column("datetime64[ns]", coerce=True),
        "earliest_end": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "ended_on": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "basis": text_column(nullable=True),
        "decision": text_column(nullable=True),
        "source_row": whole_column(),
    },
    name="designations",
    strict=True,
)

# The plan's own list of places that must have a practice.
PLAN_SKAL_AREAS = pa.DataFrameSchema(
    {
        "kommune_code": kommune_column(),
        "name": text_column(),
        "includes": text_column(nullable=True),
        "or_name": text_column(nullable=True),
        "or_kommune_code": kommune_column(nullable=True),
        "source_row": whole_column(),
    },
    name="the plan's skal-areas",
    strict=True,
)


# Patients of closed practices that a scenario counts at another one which has no place for them.
DISPLACED = pa.DataFrameSchema(
    {"ydernummer": text_column(unique=True), "persons": number_column(0.0)},
    name="displaced patients",
    strict=True,
)

# A region's own distribution of capacities: by kommune, of one of three kinds. A row without a
# year is of the target year; only capacities may have years.
DISTRIBUTION_KINDS = ("capacities", "persons_per_capacity", "index")
DISTRIBUTION_MODEL = pa.DataFrameSchema(
    {
        "kommune_code": kommune_column(),
        "year": number_column(1980.0, nullable=True),
        "kind": pa.Column(str, pa.Check.isin(DISTRIBUTION_KINDS), coerce=True),
        "value": number_column(0.0),
    },
    name="the distribution model",
    strict=True,
    unique=["kommune_code", "year"],
)

# Tasks that move to general practice: consultations a year now, of all ages where none is given.
TRANSFERRED_TASKS = pa.DataFrameSchema(
    {
        "task": text_column(unique=True),
        "consultations": number_column(0.0),
        "age_from": number_column(0.0, nullable=True),
        "age_to": number_column(0.0, nullable=True),
    },
    name="transferred tasks",
    strict=True,
)


def _none(contract: pa.DataFrameSchema) -> Callable[[], pd.DataFrame]:
    # Made once: a check of the types takes longer than all the copies of a study.
    return empty_table(contract).copy


@dataclass(frozen=True)
class PlanTables:
    """What a study may add for the plan's own rules; each is empty where it has none.

    Attributes
    ----------
    satellites, projection, need_by_kommune, need_by_age, closing_limits, judgements
        Tables of the contracts above.
    designations, skal_areas
        Tables DESIGNATIONS and PLAN_SKAL_AREAS.
    displaced
        Table DISPLACED: no file gives it, a scenario does. These patients are on the
        practice's list, and need a place all the same.
    distribution_model, transferred_tasks
        Tables DISTRIBUTION_MODEL and TRANSFERRED_TASKS.
    """

    satellites: pd.DataFrame = field(default_factory=_none(SATELLITES))
    projection: pd.DataFrame = field(default_factory=_none(PROJECTION))
    need_by_kommune: pd.DataFrame = field(default_factory=_none(NEED_BY_KOMMUNE))
    need_by_age: pd.DataFrame = field(default_factory=_none(NEED_BY_AGE))
    closing_limits: pd.DataFrame = field(default_factory=_none(CLOSING_LIMITS))
    judgements: pd.DataFrame = field(default_factory=_none(JUDGEMENTS))
    designations: pd.DataFrame = field(default_factory=_none(DESIGNATIONS))
    skal_areas: pd.DataFrame = field(default_factory=_none(PLAN_SKAL_AREAS))
    displaced: pd.DataFrame = field(default_factory=_none(DISPLACED))
    distribution_model: pd.DataFrame = field(default_factory=_none(DISTRIBUTION_MODEL))
    transferred_tasks: pd.DataFrame = field(default_factory=_none(TRANSFERRED_TASKS))


@dataclass(frozen=True)
class Division:
    """A level of areas as a file gives it: each kommune's area, or polygons.

    Attributes
    ----------
    area_of_kommune
        Kommune code -> area id, of every kommune of the study; None for polygons.
    polygons
        ``area_id, name, geometry`` in EPSG:25832; None for a list of kommuner.
        A kommune that no polygon touches is an area of its own.
    """

    area_of_kommune: Mapping[str, str] | None = None
    polygons: gpd.GeoDataFrame | None = None
