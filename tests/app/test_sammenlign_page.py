"""The page Sammenlign in Streamlit's own test harness, on the tiny study (see Simulering's)."""

import sys
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from coverage.scenario.actions import Close, Open, Scenario
from coverage.scenario_folder import save_scenario, scenario_file_name
from coverage.ui.draft import add_actions, name_scenario
from coverage.ui.state import change_draft, choose_area, choose_language, view_comparison
from coverage.wording import say
from tests.tiny_study import PLAN, SOUTH_M, WEST_M, write_study

STATE = "laegedaekning"
SCRIPT = """
import sys
from pathlib import Path
from coverage.ui.pages.sammenlign import show_sammenlign
from coverage.ui.session import open_session
open_session(Path(sys.argv[1]))
show_sammenlign()
"""
WEST_CLOSES = Scenario(name="Vest lukker", actions=(Close(ydernummer="012345"),))
ONE_OPENS = Scenario(
    name="En ny",
    actions=(Open(site_id="N1", x_m=WEST_M + 1500, y_m=SOUTH_M + 1500, capacities=2.0),),
)
BASELINE = "Udgangspunktet"
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} **fed** =1+1"


@pytest.fixture(scope="module")
def kept_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), **PLAN)


@pytest.fixture
def study_path(kept_path):
    """The study with two saved scenarios and no other ones."""
    folder = kept_path.parent / "scenarios"
    for path in folder.glob("*"):
        path.unlink()
    for scenario in (WEST_CLOSES, ONE_OPENS):
        save_scenario(folder, scenario)
    return kept_path


@pytest.fixture
def open_page(monkeypatch):
    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_string(SCRIPT, default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def texts(page):
    return " ".join(element.value for element in page.get("html"))


def change(page, function, *args, **kwargs):
    page.session_state[STATE] = function(page.session_state[STATE], *args, **kwargs)
    page.run()
    assert not page.exception
    return page


def table_with(page, *column):
    return next(frame.value for frame in page.dataframe if column in frame.value)


def row_of(table, name):
    first = table.columns[0]
    return table[table[first] == name].iloc[0]


def test_without_scenarios_the_page_says_where_they_are_made(open_page, study_path):
    for path in (study_path.parent / "scenarios").glob("*"):
        path.unlink()
    page = open_page(study_path)
    assert say("app.sammenlign.nothing", "da") in texts(page)
    assert not page.dataframe


def test_saved_scenarios_stand_beside_the_baseline(open_page, study_path):
    page = open_page(study_path)
    shown = texts(page)
    assert "En ny: 0 borgere får valget, 0 mister det." in shown
    assert "Vest lukker: 0 borgere får valget, 2.500 mister det." in shown
    table = table_with(page, BASELINE, "værdi")
    share = row_of(table, "Kan vælge (andel)")
    assert share[BASELINE, "værdi"] == "100,0\u00a0%"
    assert share["Vest lukker", "værdi"] == "0,0\u00a0%"
    assert share["Vest lukker", "forskel"] == "-100,0"
    assert share["En ny", "forskel"] == "0,0"
    capacities = row_of(table, "Kapaciteter")
    assert (capacities[BASELINE, "værdi"], capacities["En ny", "forskel"]) == ("4,5", "+2,0")


def test_the_scenario_in_the_making_is_compared_until_it_is_saved(open_page, study_path):
    page = open_page(study_path)
    draft = add_actions(page.session_state[STATE].draft, [Close(ydernummer="012347")], "")
    change(page, change_draft, draft)
    assert "uden navn – ikke gemt: 0 borgere får valget, 2.500 mister det." in texts(page)
    draft = name_scenario(draft, "Plan", "")
    save_scenario(study_path.parent / "scenarios", draft.scenario)
    change(page, change_draft, draft)
    assert "Plan: 0 borgere får valget, 2.500 mister det." in texts(page)
    assert "ikke gemt" not in texts(page)


def test_another_reference_turns_the_figures_round(open_page, study_path):
    page = open_page(study_path)
    change(page, view_comparison, reference=scenario_file_name("Vest lukker"))
    shown = texts(page)
    assert "Udgangspunktet: 2.500 borgere får valget, 0 mister det." in shown
    assert "En ny: 2.500 borgere får valget, 0 mister det." in shown
    pairs = table_with(page, "", "Fra")
    assert len(pairs) == 6


def test_only_the_chosen_scenarios_are_compared(open_page, study_path):
    page = open_page(study_path)
    page.multiselect[0].set_value([scenario_file_name("En ny")]).run()
    assert not page.exception
    assert "Vest lukker" not in texts(page)
    assert len(table_with(page, "", "Fra")) == 2


def test_signals_skal_areas_and_losing_places_are_listed(open_page, study_path):
    page = open_page(study_path)
    losing = table_with(page, "", "Nærmeste by")
    assert losing["Borgere, der mister", "mister valget"].sum() == pytest.approx(2500)
    assert set(losing["", "Scenarie"]) == {"Vest lukker"}
    skal = table_with(page, "", "Sted")
    # Two practices are nearest to Prøveby; one closes, or one more comes.
    assert [list(row) for row in skal.to_numpy()] == [
        ["En ny", "Prøveby", 2, 3],
        ["Vest lukker", "Prøveby", 2, 1],
    ]


def test_every_figure_can_be_shown_by_area_the_largest_difference_first(open_page, study_path):
    page = open_page(study_path)
    change(page, view_comparison, figure="persons_lose_choice")
    table = table_with(page, "", "Område")
    lost = list(table["Vest lukker", "værdi"])
    assert lost == sorted(lost, reverse=True)
    assert sum(lost) == pytest.approx(2500)
    change(page, view_comparison, figure="capacities")
    table = table_with(page, "", "Område")
    assert next(iter(table["", "Område"])) == "Odense"
    assert next(iter(table["En ny", "forskel"])) == pytest.approx(2.0)


def test_an_area_has_its_own_figures(open_page, study_path):
    page = change(open_page(study_path), choose_area, "0450")
    table = table_with(page, BASELINE, "værdi")
    assert row_of(table, "Praksis")[BASELINE, "værdi"] == "1"


def test_the_language_switches(open_page, study_path):
    page = change(open_page(study_path), choose_language, "en")
    assert "Vest lukker: 0 citizens gain the choice, 2,500 lose it." in texts(page)
    assert row_of(table_with(page, "The baseline", "value"), "Practices") is not None


def test_what_cannot_be_compared_is_told_and_the_rest_is_compared(open_page, study_path):
    folder = study_path.parent / "scenarios"
    save_scenario(folder, Scenario(name="Fremmed", actions=(), register_sha256="f" * 64))
    save_scenario(folder, Scenario(name="Fejl", actions=(Close(ydernummer="999999"),)))
    (folder / "broken.toml").write_text("format = 99", encoding="utf-8")
    page = open_page(study_path)
    shown = texts(page)
    assert "Lavet til et andet register" in shown
    assert "Fremmed" in shown
    assert "version 99" in shown
    assert page.error
    assert "handling 1 (999999 lukker): praksissen findes ikke i registret" in shown
    assert "En ny: 0 borgere får valget" in shown


def test_two_files_of_one_name_are_told_apart(open_page, study_path):
    folder = study_path.parent / "scenarios"
    copy = folder / scenario_file_name("En ny")
    (folder / "copy.toml").write_bytes(copy.read_bytes())
    shown = texts(open_page(study_path))
    assert "En ny: 0 borgere" in shown
    assert "En ny (2): 0 borgere" in shown


def test_a_hostile_name_is_text_everywhere(open_page, study_path):
    folder = study_path.parent / "scenarios"
    save_scenario(folder, replace(WEST_CLOSES, name=HOSTILE, note=HOSTILE))
    page = open_page(study_path)
    shown = texts(page)
    assert "<img" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed** =1+1: 0 borgere" in shown
    assert (HOSTILE, "forskel") in table_with(page, BASELINE, "værdi")


def test_files_are_offered_once_there_is_something_to_compare(open_page, study_path):
    page = open_page(study_path)
    labels = [button.label for button in page.get("download_button")]
    assert [label for label in labels if "comparison.xlsx" in label]
    change(page, view_comparison, chosen=())
    assert not page.get("download_button")
