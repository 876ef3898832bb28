"""Scenarios on the demo region, through the command: what a planner reads adds up."""

import csv
import io
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from coverage import study as study_module
from coverage.cli import main
from coverage.exports.comparison_words import COMPARED
from coverage.scenario.actions import Close, Open, Resize, Scenario
from coverage.scenario_files import write_scenario
from coverage.scenario_study import apply_to_study
from coverage.study import run_study
from coverage.study_file import load_study

STUDY = Path(__file__).parents[2] / "data" / "demo" / "study.toml"
STATUSES = ("two_or_more", "one", "none", "no_road_connection")


@pytest.fixture(scope="module")
def result():
    return run_study(load_study(STUDY))


@pytest.fixture(scope="module")
def scenarios(result):
    """The two practices whose closing takes the choice from most, and one opened beside them."""
    lost = result.assessment.skal.practices.nlargest(2, "persons_lose_choice")["ydernummer"]
    first, second = lost
    place = result.assessment.tables.practices.set_index("ydernummer").loc[first]
    closings = (Close(ydernummer=first), Close(ydernummer=second))
    opening = Open(site_id="K1", x_m=place["x_m"] + 500, y_m=place["y_m"], capacities=2.0)
    return (
        Scenario(name="To lukker", actions=closings),
        Scenario(name="To lukker, én åbner", actions=(*closings, opening)),
        Scenario(name="Én vokser", actions=(Resize(ydernummer=first, capacities=6.0),)),
    )


@pytest.fixture(scope="module")
def compared(result, scenarios, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    paths = []
    for number, scenario in enumerate(scenarios):
        paths.append(folder / f"{number}.toml")
        write_scenario(paths[-1], scenario)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_module, "run_study", lambda *_: result)
        files = [str(path) for path in paths]
        out = folder / "out"
        assert main(["scenario", "compare", str(STUDY), *files, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def rows(compared):
    text = (compared / "comparison.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def number(text):
    return float(text.replace(",", ".")) if text else None


def test_persons_add_up_over_areas_levels_and_statuses(rows, scenarios):
    sums, totals = defaultdict(float), {}
    for row in rows:
        if COMPARED[row["Tallets kode"]].unit != "persons":
            continue
        key = (row["Scenarie"], row["Tallets kode"], row["Niveau"])
        for state in ("Før", "Efter", "Forskel"):
            value = number(row[state])
            if row["Områdekode"] == "I alt":
                totals[*key, state] = value
            elif value is not None:
                sums[*key, state] += value
    assert len(totals) > 100
    assert {key: sums[key] for key in totals} == totals
    for scenario in scenarios:
        for state in ("Før", "Efter"):
            persons = sum(
                totals[scenario.name, f"persons_{status}", "Kommune", state] for status in STATUSES
            )
            assert persons == 1_197_161
    by_level = {key: value for key, value in totals.items() if key[2] != "Kommune"}
    assert all(
        value == totals[(*key[:2], "Kommune", key[3])]
        for key, value in by_level.items()
        if key[1] not in ("listed_persons", "free_places")
    )


def test_the_difference_is_gain_less_loss(rows):
    areas = defaultdict(dict)
    for row in rows:
        key = (row["Scenarie"], row["Niveau"], row["Områdekode"])
        areas[key][row["Tallets kode"]] = number(row["Forskel"])
    for figures in areas.values():
        if figures["persons_two_or_more"] is not None:
            moved = figures["persons_gain_choice"] - figures["persons_lose_choice"]
            assert figures["persons_two_or_more"] == moved


def test_where_nothing_happens_nothing_changes(rows):
    """A larger practice moves nobody's choice and no distance, in no area by a single person."""
    still = [
        row
        for row in rows
        if row["Scenarie"] == "Én vokser"
        and row["Tallets kode"].startswith(
            ("persons_t", "persons_o", "persons_n", "first", "second")
        )
    ]
    assert len(still) > 100
    assert {number(row["Forskel"]) for row in still} <= {0.0, None}


def test_the_workbook_holds_the_figures_of_the_library(compared, result, scenarios):
    sheet = openpyxl.load_workbook(compared / "comparison.xlsx")["Overblik"]
    table = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(table) if row[0] == "Tal")
    own = {row[0]: dict(zip(table[start], row, strict=True)) for row in table[start + 1 :]}
    for scenario in scenarios:
        after = apply_to_study(result, scenario).assessment
        choice = after.by_area["kommune"].iloc[-1]
        capacity = after.capacity.by_area["kommune"].iloc[-1]
        shown = {code: own[figure.title("da")][scenario.name] for code, figure in COMPARED.items()}
        two = shown["persons_two_or_more"]
        assert two == pytest.approx(choice["road_persons_two_or_more"], abs=1.5)
        assert shown["second_mean_m"] == pytest.approx(
            choice["road_second_mean_m"] / 1000, abs=0.006
        )
        assert shown["capacities"] == pytest.approx(capacity["capacities"])
        assert shown["persons_without_place"] == pytest.approx(
            capacity["persons_without_place"], abs=1.0
        )


def test_places_that_lose_add_up_to_the_kommuner(compared, rows):
    text = (compared / "losing_places.csv").read_text("utf-8-sig")
    sums = defaultdict(float)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";"):
        sums[row["Scenarie"], row["Kommunekode"]] += number(row["Mister lægevalget"])
    lost = {
        (row["Scenarie"], row["Områdekode"]): number(row["Efter"])
        for row in rows
        if (row["Niveau"], row["Tallets kode"]) == ("Kommune", "persons_lose_choice")
        and number(row["Efter"])
        and row["Områdekode"] != "I alt"
    }
    assert lost
    assert {key: value for key, value in sums.items() if value} == lost
