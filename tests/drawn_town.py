"""A town drawn by hand, small enough to check every figure on paper.

One straight main road of 46 km, west to east, and an island with a road of its
own. Kilometres along the road; ``o`` an open practice, ``x`` a closed one,
``?`` one that does not say::

    y +8 km                                     island: home F, 2 km of road, no practice

    km  0  1  2     4            12    15    18   20  22      28                45
        A--o--?-----o------------B-----C------D---x---E-------o-----------------G
           P1 P6    P2               border       P3          P4
        |<----- kommune 0461 --------->|<------------ kommune 0450 ------------->|

    home  km    within 15 km by road           status
    A     0.5   P1 0.5, P2 3.5                 two_or_more
    B     12.5  P2 8.5, P1 11.5  (P4 15.5)     two_or_more, exactly two
    C     15    its addresses lie on both sides of the border, 1 : 2
    D     18.5  P4 9.5, P2 14.5                two_or_more, 500 m of margin
    E     22.5  P4 5.5                         one
    G     45.5  -                              none
    F     -     -                              no_road_connection

P5 has an address that nobody found. Everything is ``EPSG:25832``, and every
point lies on its road, so that there are no legs.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.assessment import Assessment, Measured, assess
from coverage.exports.stamp import RunStamp
from coverage.network import build_graph
from coverage.origins import Resolution, build_origins
from coverage.places import join_places
from coverage.plan_tables import Division, PlanTables
from coverage.rules import load_ruleset
from coverage.sources.provenance import Provenance
from coverage.tables import (
    ADDRESSES,
    CELLS,
    DOCTORS,
    KOMMUNER,
    PRACTICES,
    TOWNS,
    Roads,
    Tables,
    check_table,
    empty_table,
)
from coverage.travel import measure_travel
from coverage.units import WORK_CRS
from coverage.wording import Notice

WEST_M, SOUTH_M = 560_000.0, 6_220_000.0
ROAD_Y_M = SOUTH_M + 500.0
AS_OF = date(2026, 1, 1)
ROAD_KM = (*range(47),)

# ydernummer, km along the road (None: not placed), intake, name
PRACTICES_DRAWN: Sequence[tuple[str, float | None, bool | None, str]] = (
    ("010001", 1.0, True, "Lægehuset Æblevej"),
    ("010002", 4.0, True, "Lægerne på Torvet"),
    ("010003", 20.0, False, "Lukket Klinik"),
    ("010004", 28.0, True, "Østre Lægehus"),
    ("010005", None, True, "Praksis uden fundet adresse"),
    ("010006", 2.0, None, "Praksis uden tilgang"),
)
# name of the 1 km cell, its west km, persons
CELLS_DRAWN: Sequence[tuple[str, float, float]] = (
    ("A", 0.0, 1200.0),
    ("B", 12.0, 310.0),
    ("C", 14.5, 100.0),
    ("D", 18.0, 55.0),
    ("E", 22.0, 47.0),
    ("G", 45.0, 9.0),
)
ISLAND_Y_M = SOUTH_M + 8_000.0
ISLAND_PERSONS = 13.0
TOWNS_DRAWN: Sequence[tuple[str, float, float | None]] = (
    ("Vesterby", 1.0, 1200.0),
    ("Midterby", 12.5, 310.0),
    ("Østerlund", 28.0, None),
)
KOMMUNER_DRAWN: Mapping[str, str] = {"0461": "Odense", "0450": "Nyborg"}


def drawn_assessment(  # noqa: PLR0913 - keywords only: what a test draws otherwise
    *,
    title: str = "Den tegnede by",
    illustrative: bool = True,
    resolution: Resolution = "address",
    practice_names: Mapping[str, str] | None = None,
    town_names: Sequence[str] | None = None,
    kommune_names: Mapping[str, str] | None = None,
    area_names: Sequence[str] = ("Vest", "Øst"),
    plan: PlanTables | None = None,
) -> Assessment:
    """Return the assessment of the drawn town, with other names where they are given.

    Its levels are the kommune and ``sundhedsraad``, one area a kommune.
    """
    rules = load_ruleset("default", AS_OF)
    kommuner = _kommuner(kommune_names or KOMMUNER_DRAWN)
    tables = Tables(
        practices=_practices(practice_names or {}),
        doctors=empty_table(DOCTORS),
        cells=_cells(),
        addresses=_addresses(),
        towns=_towns(town_names),
        kommuner=kommuner,
    )
    graph = build_graph(_roads(), rules.travel)
    origins = build_origins(
        tables.cells, tables.addresses, kommuner, resolution=resolution, max_shore_m=0.0
    )
    sites = tables.practices.dropna(subset="x_m").rename(columns={"ydernummer": "site_id"})
    matrix = measure_travel(
        graph,
        join_places(graph, origins.table, "origin_id", rules.travel),
        join_places(graph, sites, "site_id", rules.travel),
        rules.travel.cutoff_m,
    )
    measured = Measured(
        title=title,
        illustrative=illustrative,
        rules=rules,
        tables=tables,
        plan=plan or PlanTables(),
        origins=origins,
        matrix=matrix,
        notices=(Notice("illustrative"),) if illustrative else (),
    )
    areas = dict(zip(("0461", "0450"), area_names, strict=True))
    return assess(measured, {"sundhedsraad": Division(areas)})


def drawn_stamp(assessment: Assessment) -> RunStamp:
    """Return a stamp such as a run over the drawn town would leave."""
    return RunStamp(
        study_title=assessment.title,
        study_file="study.toml",
        as_of=AS_OF,
        ruleset_id=assessment.rules.id,
        version="0.1.0",
        resolution=assessment.origins.resolution,
        inputs=(
            Provenance(
                "practices",
                "practices.csv",
                "a" * 64,
                900,
                date(2025, 11, 1),
                9,
                6,
                {"no ydernummer": 1},
                2,
                ("1 zero restored",),
            ),
            Provenance("population", "population.csv", "b" * 64, 400, date(2024, 1, 1), 7, 7),
            Provenance("roads", "roads.osm.pbf", "c" * 64, 50_000, None, 3, 2, {"footway": 1}),
            Provenance("kommuner", "kommuner.geojson", "d" * 64, 2_000, date(2026, 1, 1), 2, 2),
        ),
        row_counts={"practices": 6, "origins": len(assessment.origins.table)},
        timings_s={"read": 0.25, "travel": 0.5},
    )


def _roads() -> Roads:
    main = [(WEST_M + km * 1000.0, ROAD_Y_M) for km in ROAD_KM]
    island = [(WEST_M + 30_000.0 + km * 1000.0, ISLAND_Y_M + 500.0) for km in range(3)]
    points = np.array(main + island)
    return Roads(
        point_x_m=points[:, 0],
        point_y_m=points[:, 1],
        point_osm_id=np.arange(1, len(points) + 1, dtype=np.int64),
        way_point=np.arange(len(points), dtype=np.int64),
        way_start=np.array([0, len(main), len(points)]),
        way_direction=np.zeros(2, dtype=np.int8),
        way_is_ferry=np.zeros(2, dtype=bool),
        way_takes_homes=np.ones(2, dtype=bool),
    )


def _kommuner(names: Mapping[str, str]) -> gpd.GeoDataFrame:
    border = WEST_M + 15_000.0
    west = shapely.box(WEST_M - 2_000.0, SOUTH_M - 6_000.0, border, SOUTH_M + 11_000.0)
    east = shapely.box(border, SOUTH_M - 6_000.0, WEST_M + 48_000.0, SOUTH_M + 11_000.0)
    table = gpd.GeoDataFrame(
        {"kommune_code": ["0461", "0450"], "name": [names["0461"], names["0450"]]},
        geometry=[west, east],
        crs=WORK_CRS,
    )
    return check_table(table, KOMMUNER, where="drawn town")


def _practices(names: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            "ydernummer": ydernummer,
            "name": names.get(ydernummer, name),
            "address": f"Landevejen {number}",
            "postcode": "5000",
            "town": "Vesterby",
            "kommune_code": None if km is None else ("0461" if km < 15 else "0450"),
            "capacities": 1.5 if number == 1 else 1.0,
            "listed_persons": None if number == 3 else 1000.0 + number,
            "closing_limit_persons": None,
            "intake_open": is_open,
            "intake_text": None if is_open is None else ("Åben" if is_open else "Lukket"),
            "clinic_form": "solo",
            "accessible": None,
            "owner": None,
            "x_m": None if km is None else WEST_M + km * 1000.0,
            "y_m": None if km is None else ROAD_Y_M,
            "match_level": "not_found" if km is None else "address",
            "source_row": number + 1,
        }
        for number, (ydernummer, km, is_open, name) in enumerate(PRACTICES_DRAWN, start=1)
    ]
    return check_table(pd.DataFrame(rows), PRACTICES, where="drawn town")


def _cells() -> pd.DataFrame:
    places = [(name, WEST_M + km * 1000.0, SOUTH_M, persons) for name, km, persons in CELLS_DRAWN]
    places.append(("F", WEST_M + 31_000.0, ISLAND_Y_M, ISLAND_PERSONS))
    table = pd.DataFrame(places, columns=["cell_id", "west_m", "south_m", "persons"])
    table = table.assign(
        size_m=1000.0,
        grid_epsg=25832,
        x_m=table["west_m"] + 500.0,
        y_m=table["south_m"] + 500.0,
    )
    return check_table(table[list(CELLS.columns)], CELLS, where="drawn town")


def _addresses() -> pd.DataFrame:
    """Three addresses in cell C, one west of the border: a third of its persons live there."""
    km = (14.7, 15.2, 15.3)
    table = pd.DataFrame(
        {
            "street": "Landevejen",
            "house_number": [str(number) for number in range(101, 104)],
            "postcode": "5000",
            "town": "Midterby",
            "x_m": [WEST_M + at * 1000.0 for at in km],
            "y_m": ROAD_Y_M,
        }
    )
    return check_table(table, ADDRESSES, where="drawn town")


def _towns(names: Sequence[str] | None) -> pd.DataFrame:
    rows = [
        {
            "name": names[number] if names else name,
            "kommune_code": None,
            "persons": persons,
            "x_m": WEST_M + km * 1000.0,
            "y_m": ROAD_Y_M,
        }
        for number, (name, km, persons) in enumerate(TOWNS_DRAWN)
    ]
    return check_table(pd.DataFrame(rows), TOWNS, where="drawn town")
