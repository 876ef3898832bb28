"""The drawn town (``tests.drawn_town``) with doctors, and with what a plan adds.

Doctors of known age on 1 January 2026: at P1 66 and 46, at P2 71, at P3 36, at P4
64; P5 and P6 do not say. So Odense (0461: P1, P2, P6) has three, two of them
older and both old; Nyborg (0450: P3, P4) has two, one of them older.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import geopandas as gpd
import pandas as pd
import shapely

from coverage.assessment import Assessment, Measured, assess
from coverage.plan_tables import (
    DESIGNATIONS,
    JUDGEMENTS,
    NEED_BY_KOMMUNE,
    PLAN_SKAL_AREAS,
    PROJECTION,
    SATELLITES,
    Division,
    PlanTables,
)
from coverage.tables import DOCTORS, check_table
from coverage.units import WORK_CRS
from tests.drawn_town import SOUTH_M, WEST_M, drawn_assessment

BIRTH_YEARS: Mapping[str, Sequence[int]] = {
    "010001": (1960, 1980),
    "010002": (1955,),
    "010003": (1990,),
    "010004": (1962,),
}
SUNDHEDSRAAD = Division({"0461": "Vest", "0450": "Øst"})


def annex_town(
    *,
    birth_years: Mapping[str, Sequence[int]] = BIRTH_YEARS,
    overrides: Mapping[str, object] | None = None,
    plan: PlanTables | None = None,
    divisions: Mapping[str, Division] | None = None,
) -> Assessment:
    """Return the drawn town's assessment with doctors, other rules, a plan and other levels."""
    plain = _plain()
    doctors = pd.DataFrame(
        [(ydernummer, year) for ydernummer, years in birth_years.items() for year in years],
        columns=["ydernummer", "birth_year"],
    )
    measured = Measured(
        title=plain.title,
        illustrative=True,
        rules=plain.rules.override(dict(overrides or {})),
        tables=replace(plain.tables, doctors=check_table(doctors, DOCTORS, where="annex town")),
        plan=plan or PlanTables(),
        origins=plain.origins,
        matrix=plain.matrix,
        notices=plain.notices[:1],
    )
    return assess(measured, divisions or {"sundhedsraad": SUNDHEDSRAAD})


@cache
def _plain() -> Assessment:
    return drawn_assessment()


def planned_town() -> Assessment:
    """Return the town with a plan of every kind of input, and Odense in two parts."""
    return annex_town(
        plan=full_plan(),
        divisions={"sundhedsraad": SUNDHEDSRAAD, "bydel": west_and_centre()},
        overrides={"publication.min_doctors": 2},
    )


def west_and_centre() -> Division:
    """Return Odense in two parts, parted at km 8: A lives in the one, B and a third of C beside.

    One person in three of C, 33.3 in all: the part has 343.3 residents, Nyborg 190.7.
    """
    ends_km = {"V1": (-2, 8), "V2": (8, 15)}
    shapes = [
        shapely.box(
            WEST_M + low * 1000, SOUTH_M - 6_000.0, WEST_M + high * 1000, SOUTH_M + 11_000.0
        )
        for low, high in ends_km.values()
    ]
    names = {"area_id": list(ends_km), "name": ["Vestbyen", "Midtbyen"]}
    return Division(polygons=gpd.GeoDataFrame(names, geometry=shapes, crs=WORK_CRS))


def full_plan() -> PlanTables:
    """Return a plan of every kind of input, each with a row or two."""
    day = pd.Timestamp("2025-09-01")
    rows = {
        "satellites": (SATELLITES, [("010001", "Havnen 1", "5000", "Vesterby", 9)]),
        "projection": (
            PROJECTION,
            [
                (code, year, None, None, persons)
                for code, year, persons in (
                    *(("0461", 2026, 1_000), ("0461", 2031, 1_100)),
                    *(("0450", 2026, 200), ("0450", 2031, 190)),
                )
            ],
        ),
        "need_by_kommune": (NEED_BY_KOMMUNE, [("0461", 1.1003), ("0450", 0.9007)]),
        "judgements": (
            JUDGEMENTS,
            [
                ("kommune", "0450", "special_circumstances", True, day, "Udvalget", "Sygdom", 2),
                ("kommune", "0461", "override", True, day, "Udvalget", "To ophør varslet", 3),
            ],
        ),
        "designations": (
            DESIGNATIONS,
            [("kommune", "0450", day, None, None, "Få læger", "Sag 12", 2)],
        ),
        "skal_areas": (
            PLAN_SKAL_AREAS,
            [("0461", "Vesterby", None, None, None, 2), ("0450", "Sydby", None, None, None, 3)],
        ),
    }
    parts = {
        name: check_table(
            pd.DataFrame(table, columns=list(contract.columns)), contract, where="plan"
        )
        for name, (contract, table) in rows.items()
    }
    return PlanTables(**parts)
