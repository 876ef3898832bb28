"""A whole study of the country-sized network: each copy of Bornholm a kommune of its own.

Homes, roads and outlines are Bornholm's; the practices' capacities, lists, doctors
and intake, the towns' names, the projection and the designations are made up by a
seeded generator. The towns lie where most people live in each copy.
"""

from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from benchmarks.tiling import tile_people, tile_roads
from benchmarks.timing import SHARED
from coverage.assessment import Measured
from coverage.network import build_graph
from coverage.origins import Origins
from coverage.places import join_places
from coverage.plan_tables import DESIGNATIONS, PLAN_SKAL_AREAS, PROJECTION, Division, PlanTables
from coverage.rules import load_ruleset
from coverage.sources.kommuner import read_kommuner
from coverage.sources.roads import read_roads
from coverage.tables import (
    ADDRESSES,
    CELLS,
    DOCTORS,
    KOMMUNER,
    ORIGINS,
    PRACTICES,
    TOWNS,
    Tables,
    check_table,
    empty_table,
)
from coverage.travel import measure_travel
from coverage.units import WORK_CRS

Floats = npt.NDArray[np.float64]

RULES = load_ruleset("default", date(2026, 1, 1))
_BORNHOLM_KOMMUNE = "0400"
_SEED = 20_260_102
_REGIONS = 5
# The people per practice are about those of one capacity: in the mean, places are scarce.
_CAPACITIES = (0.5, 1.0, 1.0, 1.0, 1.5, 2.0)
_CLOSED_SHARE, _UNKNOWN_SHARE = 2 / 3, 0.02
_TOWN_PERSONS, _TOWN_APART_M, _TOWN_RADIUS_M = 150.0, 2_500.0, 1_500.0
_PLAN_TOWNS = 6


def build_country(count: int) -> tuple[Measured, dict[str, Division]]:
    """Return the measured study of ``count`` copies, and its levels of areas."""
    chance = np.random.default_rng(_SEED)
    one = read_roads(SHARED / "data" / "bornholm.osm.pbf").roads
    roads, shifts = tile_roads(one, count)
    homes, clinics = tile_people(one, shifts)
    codes = pd.Series([f"{9000 + tile}" for tile in range(count)], dtype="str")
    origins = _origins(homes, codes)
    practices = _practices(clinics, chance)
    kommuner = _kommuner(codes, shifts)
    towns = _towns(origins, codes)
    graph = build_graph(roads, RULES.travel)
    sites = practices.rename(columns={"ydernummer": "site_id"})
    matrix = measure_travel(
        graph,
        join_places(graph, origins.table, "origin_id", RULES.travel),
        join_places(graph, sites, "site_id", RULES.travel),
        max(RULES.travel.cutoff_m, RULES.access.zone_3_m, RULES.choice.limit_m),
    )
    measured = Measured(
        title=f"Bornholm {count} times",
        illustrative=True,
        rules=RULES,
        tables=Tables(
            practices=practices,
            doctors=_doctors(practices, chance),
            cells=empty_table(CELLS),
            addresses=empty_table(ADDRESSES),
            towns=towns,
            kommuner=kommuner,
        ),
        plan=_plan(origins.table, towns, codes, chance),
        origins=origins,
        matrix=matrix,
    )
    regions = {code: f"Region {at % _REGIONS}" for at, code in enumerate(codes)}
    return measured, {
        "Region": Division(area_of_kommune=regions),
        "Quarter": Division(polygons=_quarters(kommuner)),
    }


def _origins(homes: pd.DataFrame, codes: "pd.Series[str]") -> Origins:
    cells = len(homes) // len(codes)
    table = homes.assign(
        cell_id=homes["origin_id"], kommune_code=codes.repeat(cells).to_numpy(dtype=object)
    )
    checked = check_table(table[list(ORIGINS.columns)], ORIGINS, where="benchmark")
    nobody = pd.DataFrame({"cell_id": pd.Series(dtype="str"), "persons": pd.Series(dtype="float")})
    return Origins(checked, "cell", 0, len(checked), 0.0, nobody)


def _practices(clinics: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    count = len(clinics)
    numbers = pd.Series(range(100_000, 100_000 + count)).astype("str")
    capacities = chance.choice(_CAPACITIES, count)
    listed = capacities * chance.normal(1_600.0, 150.0, count)
    unknown = chance.random((3, count)) < _UNKNOWN_SHARE
    blank = dict.fromkeys(PRACTICES.columns)
    rows = {
        "ydernummer": numbers,
        "name": "Practice " + numbers,
        "capacities": np.where(unknown[0], np.nan, capacities),
        "listed_persons": np.where(unknown[1], np.nan, listed.round()),
        "intake_open": pd.Series(chance.random(count) > _CLOSED_SHARE, dtype="boolean").mask(
            unknown[2]
        ),
        "clinic_form": np.where(capacities > 1, "kompagniskab", "solo"),
        "x_m": clinics["x_m"],
        "y_m": clinics["y_m"],
        "match_level": "coordinates",
        "source_row": np.arange(count) + 2,
    }
    table = pd.DataFrame({**blank, **rows})
    return check_table(PRACTICES.coerce_dtype(table), PRACTICES, where="benchmark")


def _doctors(practices: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    doctors = np.ceil(practices["capacities"].fillna(1.0)).astype("int64")
    ids = practices["ydernummer"].repeat(doctors).reset_index(drop=True)
    table = pd.DataFrame({"ydernummer": ids, "birth_year": chance.integers(1952, 1993, len(ids))})
    return check_table(table, DOCTORS, where="benchmark")


def _kommuner(codes: "pd.Series[str]", shifts: Floats) -> gpd.GeoDataFrame:
    every, _ = read_kommuner(SHARED / "data" / "dagi_kommuner_2014.geojson", as_of=None)
    outline = every.loc[every["kommune_code"] == _BORNHOLM_KOMMUNE, "geometry"].iloc[0]
    shapes = [
        shapely.transform(outline, lambda points, shift=shift: points + shift) for shift in shifts
    ]
    table = gpd.GeoDataFrame(
        {"kommune_code": codes, "name": "Copy " + codes}, geometry=shapes, crs=WORK_CRS
    )
    return check_table(table, KOMMUNER, where="benchmark")


def _towns(origins: Origins, codes: "pd.Series[str]") -> pd.DataFrame:
    """Return the first copy's towns in every copy: peaks of the grid, with the people around."""
    table = origins.table
    cells = len(table) // len(codes)
    points = table[["x_m", "y_m"]].to_numpy()
    persons = table["persons"].to_numpy()[:cells]
    one = cKDTree(points[:cells])
    peaks: list[int] = []
    for cell in np.argsort(-persons, kind="stable"):
        near = one.query_ball_point(points[cell], _TOWN_APART_M)
        if persons[cell] >= _TOWN_PERSONS and not set(near) & set(peaks):
            peaks.append(int(cell))
    around = [persons[one.query_ball_point(points[cell], _TOWN_RADIUS_M)].sum() for cell in peaks]
    at = (np.arange(len(codes))[:, None] * cells + np.array(peaks)).ravel()
    towns = pd.DataFrame(
        {
            "name": [f"Town {number}" for number in range(len(peaks))] * len(codes),
            "kommune_code": codes.repeat(len(peaks)).to_numpy(dtype=object),
            "persons": np.tile(around, len(codes)),
            "x_m": points[at, 0],
            "y_m": points[at, 1],
        }
    )
    return check_table(towns, TOWNS, where="benchmark")


def _quarters(kommuner: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return polygons that divide every kommune in four."""
    boxes, ids = [], []
    bounds = kommuner.bounds.to_numpy()
    for code, (west, south, east, north) in zip(kommuner["kommune_code"], bounds, strict=True):
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        sides = [(west, middle_x), (middle_x, east)], [(south, middle_y), (middle_y, north)]
        for low_x, high_x in sides[0]:
            for low_y, high_y in sides[1]:
                boxes.append(shapely.box(low_x, low_y, high_x, high_y))
                ids.append(f"{code}-{len(boxes) % 4}")
    names = pd.Series(ids, dtype="str")
    return gpd.GeoDataFrame({"area_id": names, "name": names}, geometry=boxes, crs=WORK_CRS)


def _plan(
    homes: pd.DataFrame, towns: pd.DataFrame, codes: "pd.Series[str]", chance: np.random.Generator
) -> PlanTables:
    persons = homes.groupby("kommune_code")["persons"].sum().reindex(codes).to_numpy()
    to_year = RULES.valid_on.year + round(RULES.designation.trend_years)
    growth = chance.uniform(0.9, 1.1, len(codes))
    projection = pd.DataFrame(
        {
            "kommune_code": pd.concat([codes, codes]),
            "year": np.repeat([RULES.valid_on.year, to_year], len(codes)),
            "age_from": np.nan,
            "age_to": np.nan,
            "persons": np.concatenate([persons, persons * growth]),
        }
    )
    designated = codes[chance.random(len(codes)) < 1 / 3]
    designations = pd.DataFrame(
        {
            "area_level": "kommune",
            "area_id": designated,
            "from_date": pd.Timestamp(2025, 9, 1),
            "earliest_end": pd.NaT,
            "ended_on": pd.NaT,
            "basis": None,
            "decision": None,
            "source_row": np.arange(len(designated)) + 2,
        }
    )
    named = towns.groupby("kommune_code").head(_PLAN_TOWNS)
    blank = dict.fromkeys(("includes", "or_name", "or_kommune_code"))
    places = named[["kommune_code", "name"]].assign(**blank, source_row=np.arange(len(named)) + 2)
    return PlanTables(
        projection=PROJECTION.coerce_dtype(projection.reset_index(drop=True)),
        designations=DESIGNATIONS.coerce_dtype(designations.reset_index(drop=True)),
        skal_areas=PLAN_SKAL_AREAS.coerce_dtype(places.reset_index(drop=True)),
    )
