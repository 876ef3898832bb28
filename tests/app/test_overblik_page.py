"""The page Overblik in Streamlit's own test harness, on two kommuner counted by hand.

West (Odense): practices 012345 (3.210 patients, 2 capacities, limit 1.700) and 012346
(closed; 2.405 patients, 1,5 capacities). East (Nyborg): 012347 (1.480, 1, limit 1.500).
Everybody lives within 15 km of all three, and their room is 3.400 + 2.400 + 1.500 places.
West meets patients per capacity (1.604), expected exit (doctors born 1961, 1975, 1958),
growth (1.500 to 1.590) and a judgement: 4 of 7. East meets spare places only (20 of 1.250).
"""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coverage.ui import live_map
from coverage.ui.state import add_candidate, move_threshold
from coverage.wording import say
from tests.tiny_study import PLAN, REGISTER, SOUTH_M, WEST_M, write_study

APP = Path(__file__).parents[2] / "app.py"
STATE = "laegedaekning"
NBSP = "\u00a0"
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} **fed**"


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), **PLAN)


@pytest.fixture
def open_page(monkeypatch):
    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_file(str(APP), default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def figures(page):
    captions = [caption.value.replace("\\", "") for caption in page.caption]
    return {
        metric.label: (metric.value, caption)
        for metric, caption in zip(page.metric, captions, strict=True)
    }


def plain_texts(page):
    return " ".join(element.value for element in page.get("html"))


def test_the_first_page_says_where_the_study_stands(open_page, study_path):
    page = open_page(study_path)
    assert "Hvor står vi?" in plain_texts(page)
    assert (
        "1 af 2 områder giver signal som lægedækningstruet, 0 borgere mangler et valg mellem to "
        "åbne praksis, 0 af 2 skal-områder mangler en praksis, og 0 borgere finder ingen plads, "
        "selv om alle pladser bruges." in plain_texts(page)
    )


def test_the_figures_are_those_of_the_study(open_page, study_path):
    shown = figures(open_page(study_path))
    assert shown == {
        "Borgere": ("2.500", "7.095 tilmeldte"),
        "Praksis": ("3", "2 er åbne"),
        "Kapaciteter": ("4,5", "3 i åbne praksis"),
        "Patienter pr. kapacitet": ("1.577", "kriterium: over 1.600"),
        "Uden lægevalg": ("0", f"0,0{NBSP}% af borgerne"),
        "Finder ingen plads": ("0", "0 uden praksis nær"),
        "Områder med signal": ("1 af 2", "1 er udpeget"),
        "Skal-områder uden praksis": ("0 af 2", "1 har kun én tilbage"),
    }


def test_every_figure_names_its_rules_and_files(open_page, study_path):
    helps = {metric.label: metric.help.replace("\\", "") for metric in open_page(study_path).metric}
    assert f"Afstandsgrænse for lægevalg: 15{NBSP}km. Kilde: " in helps["Uden lægevalg"]
    assert "Status: aftale." in helps["Uden lægevalg"]
    assert "ANTAGELSE" in helps["Områder med signal"]
    assert "closing_limits.csv" in helps["Finder ingen plads"]
    assert "Filer: grid.csv (1.1.2026)." in helps["Borgere"]


def test_the_table_has_the_worst_area_first_in_numbers(open_page, study_path):
    table = open_page(study_path).dataframe[0].value
    assert list(table["area"]) == ["Odense", "Nyborg"]
    assert list(table["signal"]) == ["Signal", "Intet"]
    assert list(table["designated"]) == ["", "ja"]
    assert list(table["met_weight"]) == [4.0, 1.0]
    assert table["patients_per_capacity"].tolist() == pytest.approx([5615 / 3.5, 1480])
    assert list(table["closed_pct"]) == [50.0, 0.0]
    assert list(table["choice_pct"]) == [100.0, 100.0]


def test_another_level_has_its_own_areas_and_is_kept(open_page, study_path):
    page = open_page(study_path)
    page.selectbox[0].set_value("Planområde").run()
    assert list(page.dataframe[0].value["area"]) == ["Vest", "Øst"]
    # Nobody judged the planning area: 3 criteria are left.
    assert list(page.dataframe[0].value["met_weight"]) == [3.0, 1.0]
    assert figures(page)["Borgere"][0] == "2.500"
    page.get("button_group")[0].set_value("en").run()
    assert list(page.dataframe[0].value["area"]) == ["Vest", "Øst"]
    assert not page.exception


def test_in_english_the_numbers_are_english(open_page, study_path):
    page = open_page(study_path)
    page.get("button_group")[0].set_value("en").run()
    assert figures(page)["Citizens"] == ("2,500", "7,095 listed")
    assert "1 of 2 areas signal that they are short of doctors" in plain_texts(page)
    assert page.dataframe[0].value["signal"].tolist() == ["Signal", "No"]


def test_thresholds_that_the_visitor_moved_apply_and_are_named(open_page, study_path):
    page = open_page(study_path)
    state = page.session_state[STATE]
    moved = move_threshold(state, "designation.signal_weight", 5.0, 3.0)
    page.session_state[STATE] = moved
    page.run()
    assert figures(page)["Områder med signal"][0] == "0 af 2"
    assert say("app.overblik.moved", "da", count=1) in plain_texts(page)


def test_placed_practices_are_not_counted_and_that_is_said(open_page, study_path):
    page = open_page(study_path)
    state = page.session_state[STATE]
    before = figures(page)
    page.session_state[STATE] = add_candidate(state, WEST_M + 500.0, SOUTH_M + 500.0, "K")
    page.run()
    assert figures(page) == before
    assert say("app.overblik.baseline", "da") in plain_texts(page)


def test_one_level_only_offers_no_choice(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study"))
    assert not page.selectbox
    assert len(page.dataframe) == 1


def test_a_study_without_plan_files_has_its_page(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study"))
    assert figures(page)["Skal-områder uden praksis"] == ("0 af 0", "0 har kun én tilbage")
    assert "undersøgelsen har ingen skal-områder" in plain_texts(page)


def test_hostile_names_stay_text(open_page, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(live_map, "st_folium", lambda _, **asked: drawn.append(asked))
    register = REGISTER.replace("Lægerne Vest", HOSTILE)
    page = open_page(write_study(tmp_path / "study", register=register))
    assert "<img" not in plain_texts(page)
    (asked,) = drawn
    tooltips = [
        feature["properties"]["tooltip"]
        for layer in asked["feature_group_to_add"]._children.values()
        for feature in layer.data["features"]
    ]
    assert any("&#60;img src=x onerror=alert(1)&#62; &#123;&#123;7*7" in tip for tip in tooltips)
    assert not any("<img" in tip or "{{" in tip for tip in tooltips)
