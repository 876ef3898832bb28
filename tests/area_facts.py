"""Areas as the rule of designation sees them: a few plain numbers each, and what people entered."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from coverage.plan_tables import DESIGNATIONS, JUDGEMENTS, PlanTables
from coverage.rules import RuleSet, load_ruleset

# The cases rest on these figures, whatever the default ruleset holds.
RULES: RuleSet = load_ruleset("default", date(2026, 1, 15)).override(
    {
        "designation.patients_per_capacity_persons": 1600,
        "designation.practices_closed_pct": 67,
        "designation.spare_places_pct": 2,
        "designation.expected_exit_pct": 20,
        "designation.population_growth_pct": 3,
        "designation.choice_pct": 95,
        "designation.weight_patients_per_capacity": 1,
        "designation.weight_practices_closed": 1,
        "designation.weight_spare_places": 1,
        "designation.weight_expected_exit": 1,
        "designation.weight_population_growth": 1,
        "designation.weight_special_circumstances": 1,
        "designation.weight_clinic_need": 1,
        "designation.weight_choice": 0,
        "designation.signal_weight": 3,
        "designation.min_months": 6,
        "designation.decision_months": ["03", "09"],
    }
)
AS_OF = date(2026, 1, 15)
MISSING = np.nan
# On the fine side of every threshold.
FINE = {
    "patients_per_capacity": 1500.0,
    "practices_closed_pct": 50.0,
    "spare_places_pct": 5.0,
    "expected_exit_pct": 10.0,
    "population_growth_pct": 0.0,
    "choice_pct": 99.0,
}
# Beyond them.
BAD = {
    "patients_per_capacity": 1700.0,
    "practices_closed_pct": 80.0,
    "spare_places_pct": 1.0,
    "expected_exit_pct": 30.0,
    "population_growth_pct": 5.0,
    "choice_pct": 90.0,
}


def facts_of(areas: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return facts of areas that are fine but for what is said, and the two rows that are none."""
    named = {**areas, "no_area": BAD, "all": BAD}
    table = pd.DataFrame([{**FINE, **values} for values in named.values()])
    table.insert(0, "area_id", pd.Series(list(named), dtype="str"))
    table.insert(1, "area_name", table["area_id"].str.title())
    return table


def bad(*columns: str, unknown: Sequence[str] = ()) -> dict[str, float]:
    """Return the values of an area in which these are met and those unknown."""
    return {**{name: BAD[name] for name in columns}, **dict.fromkeys(unknown, MISSING)}


def judgements_of(*entries: Mapping[str, object]) -> pd.DataFrame:
    """Return table JUDGEMENTS; the first entry stands in row 2."""
    usual = {
        "area_level": "kommune",
        "area_id": "nord",
        "criterion": "special_circumstances",
        "met": True,
        "entered_on": "2026-01-10",
        "author": "AB",
        "reason": "sygdom",
    }
    return _table(JUDGEMENTS, usual, entries)


def designations_of(*entries: Mapping[str, object]) -> pd.DataFrame:
    """Return table DESIGNATIONS; the first entry stands in row 2."""
    usual = {
        "area_level": "kommune",
        "area_id": "nord",
        "from_date": "2025-09-01",
        "earliest_end": "2026-03-01",
        "ended_on": None,
        "basis": "få ledige pladser",
        "decision": "møde 7",
    }
    return _table(DESIGNATIONS, usual, entries)


def plan_of(judgements: pd.DataFrame | None = None, designations: pd.DataFrame | None = None):
    """Return a plan with these tables."""
    return PlanTables(
        judgements=judgements_of() if judgements is None else judgements,
        designations=designations_of() if designations is None else designations,
    )


def _table(contract, usual, entries):
    rows = [
        {**usual, **entry, "source_row": number} for number, entry in enumerate(entries, start=2)
    ]
    table = pd.DataFrame(rows, columns=[*usual, "source_row"])
    for name in ("entered_on", "from_date", "earliest_end", "ended_on"):
        if name in table:
            table[name] = pd.to_datetime(table[name])
    return contract.validate(table)
