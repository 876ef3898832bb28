"""The annex town (``tests.annex_town``) on its path to twelve capacities, for tables and files.

The figures of the path are derived in ``tests/rules/test_pathway.py``: 6.5 capacities become 12 in
2035, Odense's 3.5 become 7.5 and Nyborg's 2 become 3.5; one practice lies in no kommune. Everybody
who stops is replaced, unless ``overrides`` say otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.planned_path import PlannedPath
from coverage.exports.withholding import WithheldPath, _areas, _doctors
from coverage.pathway.monte_carlo import Bands, Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.plan_tables import DISTRIBUTION_MODEL, TRANSFERRED_TASKS, PlanTables
from coverage.scenario.actions import Scenario
from coverage.scenario.apply import apply_scenario
from coverage.tables import check_table
from tests.annex_town import BIRTH_YEARS, SUNDHEDSRAAD, annex_town, full_plan, west_and_centre
from tests.drawn_town import drawn_stamp

STEADY = {
    "pathway.training_places": 1000,
    "pathway.training_filled_pct": 100,
    "pathway.takeover_pct": 100,
    "pathway.takeover_threatened_pct": 100,
}
ALONE = {**STEADY, "pathway.takeover_pct": 0, "pathway.takeover_threatened_pct": 0}
DIVISIONS = {"sundhedsraad": SUNDHEDSRAAD, "bydel": west_and_centre()}
# Four doctors at P1, three at P2, one at P3, three at P4: only P3 is a practice of few.
LARGE: Mapping[str, Sequence[int]] = {
    "010001": (1960, 1962, 1980, 1985),
    "010002": (1955, 1971, 1990),
    "010003": (1990,),
    "010004": (1962, 1964, 1988),
}


def twelve() -> PlanTables:
    """Return a plan with 8 capacities for Odense and 4 for Nyborg, and two tasks."""
    model = pd.DataFrame(
        [("0461", None, "capacities", 8.0), ("0450", None, "capacities", 4.0)],
        columns=list(DISTRIBUTION_MODEL.columns),
    )
    tasks = pd.DataFrame(
        [("Kontrol af KOL", 2400.0, None, None), ("Astma", 1200.0, None, None)],
        columns=list(TRANSFERRED_TASKS.columns),
    )
    return PlanTables(
        distribution_model=check_table(model, DISTRIBUTION_MODEL, where="test"),
        transferred_tasks=check_table(tasks, TRANSFERRED_TASKS, where="test"),
        projection=full_plan().projection,
    )


def planned_path(
    *,
    birth_years: Mapping[str, Sequence[int]] = BIRTH_YEARS,
    overrides: Mapping[str, object] = STEADY,
    least: int = 3,
    trial: Trial | None = None,
    scenario: Scenario | None = None,
) -> PlannedPath:
    """Return the town's path.

    Parameters
    ----------
    least
        Rule ``publication.min_doctors``.
    """
    town = annex_town(
        birth_years=birth_years,
        overrides={**overrides, "publication.min_doctors": least},
        plan=twelve(),
        divisions=DIVISIONS,
    )
    start = apply_scenario(town, scenario) if scenario else town
    path = build_pathway(start)
    bands = run_trial(path, trial) if trial else None
    before = town if scenario else None
    return PlannedPath(path, bands, start, drawn_stamp(start), before)


def stopped(planned: PlannedPath, asked: int) -> PlannedPath:
    """Return the path with bands of runs that were interrupted: so many were asked for."""
    bands = planned.bands
    assert bands is not None
    trial = replace(bands.trial, runs=asked)
    return replace(planned, bands=Bands(bands.table, bands.probabilities, bands.runs, True, trial))  # noqa: FBT003 - positions of the dataclass


def assert_nothing_follows(town: Assessment, withheld: WithheldPath) -> None:
    """Assert that no unit of few, of doctors or small practices, follows from those told."""
    doctors = _doctors(town)
    least = town.rules.publication.min_doctors
    units = _areas(town, doctors.index)
    index = pd.MultiIndex.from_tuples([(unit.division, unit.id) for unit in units])
    member = np.array([unit.member for unit in units], dtype=float)
    small_ones = (doctors < least).to_numpy()
    for areas, rows, sizes in (
        (withheld.areas, member, doctors.to_numpy()),
        (withheld.closing, member[:, small_ones], np.ones(small_ones.sum())),
    ):
        held = areas.reindex(index).to_numpy(dtype=bool)
        count = rows @ sizes
        few = (count > 0) & (count < least)
        assert held[few].all()
        told = rows[~held]
        rank = np.linalg.matrix_rank(told) if len(told) else 0
        for row in rows[few]:
            assert np.linalg.matrix_rank(np.vstack([told, row])) == rank + 1
