"""A placement on the demo region, through the command: what a planner reads adds up."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from coverage import study as study_module
from coverage.cli import main
from coverage.exports.comparison_words import COMPARED
from coverage.scenario_files import read_scenario
from coverage.scenario_study import apply_to_study
from coverage.study import run_study
from coverage.study_file import load_study

STUDY = Path(__file__).parents[2] / "data" / "demo" / "study.toml"
QUOTAS = {"0410": (1.0, 1.5), "0430": (0.0, 1.0)}
ASKED = [
    *("--capacities", "6", "--most", "2", "--steps", "200", "--no-proof", "--candidates", "towns"),
    *("--quota", *(f"{area}={least}:{most}" for area, (least, most) in QUOTAS.items())),
]


@pytest.fixture(scope="module")
def result():
    return run_study(load_study(STUDY))


@pytest.fixture(scope="module")
def out(result, tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_module, "run_study", lambda *_: result)
        assert main(["place", str(STUDY), *ASKED, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def steps(out):
    with (out / "placement.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="module")
def account(out):
    return json.loads((out / "run.json").read_text("utf-8"))["placement"]


def number(text):
    return float(text.replace(",", "."))


def test_capacities_and_quotas_hold_to_the_last_half(steps):
    own = [(row["Kommunekode"], number(row["Kapaciteter"])) for row in steps]
    assert sum(size for _, size in own) == 6.0
    assert {size % 0.5 for _, size in own} == {0.0}
    for area, (least, most) in QUOTAS.items():
        assert least <= sum(size for code, size in own if code == area) <= most


def test_gains_add_up_to_the_change(steps, account):
    total = account["value_after"] - account["value_before"]
    assert account["gain"] == pytest.approx(total)
    assert sum(site["gain"] for site in account["sites"]) == pytest.approx(total)
    # Each is rounded by itself.
    assert sum(number(row["Gevinst"]) for row in steps) == pytest.approx(total, abs=3)
    assert number(steps[-1]["Værdi"]) == pytest.approx(account["value_after"], abs=0.5)


def test_every_town_is_a_candidate_or_left_out_with_a_reason(account, result):
    towns = len(result.assessment.tables.towns)
    assert account["candidates"] + len(account["left_out"]) == towns
    assert {one["reason"] for one in account["left_out"]} <= {"outside", "no_road", "merged"}


def test_the_scenario_gives_what_the_placement_says(out, account, result):
    after = apply_to_study(result, read_scenario(out / "scenario.toml")).assessment
    total = after.by_area["kommune"].set_index("area_id").loc["all"]
    assert total["road_persons_two_or_more"] == pytest.approx(account["value_after"])
    book = openpyxl.load_workbook(out / "placement.xlsx")
    table = [list(row) for row in book["Overblik"].iter_rows(values_only=True)]
    own = {row[0]: row[3] for row in table}
    shown = own[COMPARED["persons_two_or_more"].title("da")]
    assert shown == pytest.approx(account["value_after"], abs=1)
    assert own[COMPARED["persons_lose_choice"].title("da")] == 0


def test_made_up_figures_say_so(out, steps):
    assert {row["Illustration"] for row in steps} == {"ja"}
    sheet = openpyxl.load_workbook(out / "placement.xlsx")["Svar"]
    assert "ILLUSTRATION" in sheet.cell(2, 1).value
