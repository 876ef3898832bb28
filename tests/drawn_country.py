"""Towns, homes and practices on a drawn road, and the skal-areas that they give."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from coverage.choice import Choice, measure_choice
from coverage.network import RoadGraph
from coverage.places import join_places
from coverage.plan_tables import PLAN_SKAL_AREAS, PlanTables
from coverage.rules import RuleSet
from coverage.skal import SkalAreas, find_skal_areas
from coverage.tables import DOCTORS, ORIGINS, PRACTICES, TOWNS, Tables, empty_table
from coverage.travel import TravelMatrix, measure_travel
from coverage.units import WORK_CRS
from tests.straight_road import MERIDIAN_M, RULES, map_y_m, road

Point = tuple[float, float]
# Kommune code -> from and to ground metres north: bands across the country.
BANDS: Mapping[str, tuple[float, float]] = {"0461": (-1_000.0, 61_000.0)}

NO_PLAN = PlanTables()
NO_DOCTORS = empty_table(DOCTORS)


def at(ground_m: float) -> Point:
    """Return the point so many ground metres up the straight road."""
    return MERIDIAN_M, map_y_m(ground_m)


def kommuner_of(bands: Mapping[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    boxes = [
        shapely.box(MERIDIAN_M - 50_000, map_y_m(low), MERIDIAN_M + 50_000, map_y_m(high))
        for low, high in bands.values()
    ]
    codes = pd.Series(list(bands), dtype="str")
    return gpd.GeoDataFrame({"kommune_code": codes, "name": codes}, geometry=boxes, crs=WORK_CRS)


def practices_table(practices: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return table PRACTICES; each has ``point`` (None: not placed), ``open`` and any column."""
    rows = []
    for number, (ydernummer, given) in enumerate(practices.items(), start=1):
        x_m, y_m = given["point"] or (None, None)
        row = dict.fromkeys(PRACTICES.columns)
        row |= {
            "ydernummer": ydernummer,
            "name": f"Praksis {ydernummer}",
            "town": "Landet",
            "capacities": 1.0,
            "listed_persons": 1500.0,
            "intake_open": given.get("open", True),
            "clinic_form": "solo",
            "x_m": x_m,
            "y_m": y_m,
            "match_level": "not_found" if x_m is None else "address",
            "source_row": number,
        }
        row |= {name: value for name, value in given.items() if name not in {"point", "open"}}
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(PRACTICES.columns))
    return PRACTICES.coerce_dtype(table)


def towns_table(towns: Sequence[tuple[str, Point, float | None]]) -> pd.DataFrame:
    rows = [
        {"name": name, "kommune_code": None, "persons": persons, "x_m": x_m, "y_m": y_m}
        for name, (x_m, y_m), persons in towns
    ]
    table = pd.DataFrame(rows, columns=list(TOWNS.columns))
    return TOWNS.coerce_dtype(table)


def homes_table(homes: Mapping[str, tuple[Point, float]]) -> pd.DataFrame:
    rows = [
        {"origin_id": key, "cell_id": key, "kommune_code": "0461", "x_m": x, "y_m": y, "persons": n}
        for key, ((x, y), n) in homes.items()
    ]
    return ORIGINS.coerce_dtype(pd.DataFrame(rows))


def plan_list(*rows: Mapping[str, Any]) -> PlanTables:
    """Return plan tables with a list: name, and any of includes, or_name, kommune codes."""
    blank = dict.fromkeys(PLAN_SKAL_AREAS.columns)
    table = pd.DataFrame(
        [
            {**blank, "kommune_code": "0461", "source_row": number, **row}
            for number, row in enumerate(rows, start=2)
        ]
    )
    return PlanTables(skal_areas=PLAN_SKAL_AREAS.coerce_dtype(table))


class Country:
    """A drawn country, measured."""

    def __init__(
        self,
        towns: Sequence[tuple[str, Point, float | None]],
        practices: Mapping[str, Mapping[str, Any]],
        homes: Mapping[str, tuple[Point, float]],
        *,
        graph: RoadGraph | None = None,
        rules: Mapping[str, object] | None = None,
        bands: Mapping[str, tuple[float, float]] = BANDS,
    ) -> None:
        self.rules: RuleSet = RULES.override(rules or {})
        graph = graph or road()
        self.origins = homes_table(homes)
        self.tables = Tables(
            practices=practices_table(practices),
            doctors=NO_DOCTORS,
            cells=pd.DataFrame(),
            addresses=pd.DataFrame(),
            towns=towns_table(towns),
            kommuner=kommuner_of(bands),
        )
        register = self.tables.practices
        placed = register[register["x_m"].notna()].rename(columns={"ydernummer": "site_id"})
        self.matrix: TravelMatrix = measure_travel(
            graph,
            join_places(graph, self.origins, "origin_id", self.rules.travel),
            join_places(graph, placed, "site_id", self.rules.travel),
            self.rules.travel.cutoff_m,
        )
        opened = placed.loc[placed["intake_open"].fillna(value=False).astype(bool), "site_id"]
        self.choice: Choice = measure_choice(self.origins, self.matrix, opened, self.rules.choice)

    def skal(
        self, plan: PlanTables | None = None, doctors: pd.DataFrame | None = None
    ) -> SkalAreas:
        """Return the skal-areas; ``doctors`` as in Capacity.by_practice."""
        if doctors is None:
            doctors = self.tables.practices[["ydernummer"]].assign(doctors=1.0, doctors_older=0.0)
        return find_skal_areas(
            self.tables,
            plan or NO_PLAN,
            self.matrix,
            self.choice,
            doctors,
            self.rules,
        )

    def places(self) -> pd.DataFrame:
        """Return the places by name."""
        return self.skal().places.set_index("name")
