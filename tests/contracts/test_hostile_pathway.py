"""Names that are code on the path to the target: shown in every output, run in none."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from coverage.exports.pathway_book import pathway_bytes
from coverage.exports.pathway_outputs import PATHWAY_FILES, pathway_csv
from coverage.exports.planned_path import PlannedPath
from coverage.exports.scenario_outputs import titled
from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.plan_tables import TRANSFERRED_TASKS
from coverage.scenario.actions import Scenario
from coverage.tables import check_table
from tests.contracts.test_hostile_exports import HOSTILE
from tests.contracts.test_hostile_scenarios import assert_no_formula, cells_of
from tests.drawn_town import PRACTICES_DRAWN, drawn_assessment, drawn_stamp
from tests.path_town import twelve


@pytest.fixture(scope="module", params=range(0, len(HOSTILE), 3))
def names(request):
    return [HOSTILE[(request.param + number) % len(HOSTILE)] for number in range(len(HOSTILE))]


@pytest.fixture(scope="module")
def hostile(names):
    """Study, practices, kommuner, areas, tasks and the scenario, each with a name that is code."""
    tasks = pd.DataFrame(
        [(name, 100.0, None, None) for name in names], columns=list(TRANSFERRED_TASKS.columns)
    )
    checked = check_table(tasks, TRANSFERRED_TASKS, where="test")
    plan = replace(twelve(), transferred_tasks=checked)
    town = drawn_assessment(
        title=names[0],
        practice_names={row[0]: name for row, name in zip(PRACTICES_DRAWN, names, strict=False)},
        kommune_names={"0461": names[4], "0450": names[5]},
        area_names=(names[6], names[7]),
        plan=plan,
    )
    town = titled(town, Scenario(name=names[8]), "da")
    path = build_pathway(town)
    return PlannedPath(path, run_trial(path, Trial(runs=2)), town, drawn_stamp(town))


@pytest.mark.parametrize("name", PATHWAY_FILES)
def test_no_field_of_a_csv_file_is_a_formula(hostile, name):
    assert_no_formula(pathway_csv(hostile, name))


def test_the_workbook_holds_them_as_texts(hostile, names):
    content = pathway_bytes(hostile)
    cells = cells_of(content)
    # A task, a kommune and an area stand there word for word.
    assert {names[4], names[5], names[6], *names} <= cells
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == "Svar"
