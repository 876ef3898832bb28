"""The page in Streamlit's own test harness, which draws everything but the map."""

import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from coverage.exports.map_layers import paint_status
from coverage.ui.pages.laegevalg import show_laegevalg
from coverage.ui.session import change_state, current_state, open_session
from coverage.ui.state import add_candidate, choose_language
from coverage.wording import say
from tests.tiny_study import REGISTER, SOUTH_M, STUDY, WEST_M, write_study

APP = Path(__file__).parents[2] / "app.py"
# One practice takes new patients: 25 cells of 100 persons have one practice only.
ONE_OPEN = REGISTER.replace("1.480;Åben", "1.480;Lukket")
PERSONS = "2.500"
STATE = "laegedaekning"


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), register=ONE_OPEN)


@pytest.fixture
def open_page(monkeypatch):
    # The harness cannot choose a page from the menu.
    monkeypatch.setattr("coverage.ui.main.PAGES", {"laegevalg": show_laegevalg})

    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_file(str(APP), default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def figures(page):
    return {metric.label: (metric.value, metric.delta) for metric in page.metric}


def plain_texts(page):
    return " ".join(element.value for element in page.get("html"))


def type_place(page, text):
    page.text_input[0].set_value(text)
    submit = next(button for button in page.button if button.label in ("Placér", "Place"))
    return submit.click().run()


def test_the_page_answers_its_question_in_danish(open_page, study_path):
    page = open_page(study_path)
    shown = figures(page)
    assert shown["Borgere"] == (PERSONS, "")
    assert shown["Kan vælge"] == ("0,0\u00a0%", "")
    assert shown["Kun én praksis"] == (PERSONS, "")
    assert [caption.value for caption in page.caption][1] == "luftlinje\\: 2\\.500"
    assert "Nej. 2.500 af 2.500 borgere (100,0\u00a0%) kan ikke." in plain_texts(page)


def test_the_page_answers_its_question_in_english(open_page, study_path):
    page = open_page(study_path)
    page.get("button_group")[0].set_value("en").run()
    shown = figures(page)
    assert shown["Citizens"] == ("2,500", "")
    assert shown["Have a choice"] == ("0.0%", "")
    assert "No. 2,500 of 2,500 citizens (100.0%) cannot." in plain_texts(page)
    assert not page.exception


def test_the_table_shows_the_kommune_and_hides_the_total(open_page, study_path):
    table = open_page(study_path).dataframe[0].value
    assert list(table["area"]) == ["Odense"]
    assert list(table["lacking"]) == [2500]


def test_a_candidate_changes_the_figures_and_says_so(open_page, study_path):
    page = type_place(open_page(study_path), "Prøvevej 15, 5000 Prøveby")
    shown = figures(page)
    assert shown["Kan vælge"] == ("100,0\u00a0%", "+100,0 procentpoint")
    assert shown["Kun én praksis"] == ("0", "-2.500")
    assert shown["Netop to praksis"] == (PERSONS, "+2.500")
    assert "Ja, alle 2.500 borgere kan." in plain_texts(page)
    assert "K1: Prøvevej 15, 5000 Prøveby" in plain_texts(page)
    assert "udgangspunktet uden de praksis" in plain_texts(page)
    assert list(page.dataframe[0].value["change"]) == [-2500]


def test_deleting_the_candidate_brings_the_baseline_back(open_page, study_path):
    page = open_page(study_path)
    before = figures(page)
    page = type_place(page, f"{WEST_M + 1500:.0f}, {SOUTH_M + 1500:.0f}")
    assert figures(page) != before
    page.button(key="remove-K1").click().run()
    assert figures(page) == before


def test_a_placed_practice_paints_the_kept_raster(open_page, study_path, monkeypatch):
    page = open_page(study_path)
    painted = []

    def paint(raster, choice):
        painted.append(len(choice.by_origin))
        return paint_status(raster, choice)

    # No other test has this place, so it is painted, and without projecting anything.
    monkeypatch.setattr("coverage.ui.loading.paint_status", paint)
    monkeypatch.setattr("coverage.exports.status_raster.reproject", None)
    page = type_place(page, f"{WEST_M + 1712:.0f}, {SOUTH_M + 1534:.0f}")
    assert len(painted) == 1
    assert not page.exception
    assert figures(page)["Kan vælge"][0] == "100,0\u00a0%"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Skriv en adresse"),
        ("Ingenvej 1, 5000 Prøveby", "findes ikke i undersøgelsens adresser"),
        ("10.4, 55.4", "byttet om"),
        ("865.000, 6.123.000", "kan ikke læses som koordinater"),
        ("56.5, 12.0", "ingen vej inden for 2\u00a0km"),
        ("48.85, 2.35", "ligger ikke i Danmark"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_and_nothing_is_placed(
    open_page, study_path, typed, message
):
    page = type_place(open_page(study_path), typed)
    assert message in page.warning[0].value.replace("\\", "")
    assert page.session_state[STATE].candidates == ()
    assert not page.exception


def test_a_house_number_that_is_not_there_is_placed_near_and_told(open_page, study_path):
    page = type_place(open_page(study_path), "Prøvevej 38, 5000 Prøveby")
    assert len(page.session_state[STATE].candidates) == 1
    assert "nærmeste: Prøvevej 36" in page.warning[0].value.replace("\\", "")


def test_the_state_survives_a_switch_of_language(open_page, study_path):
    page = type_place(open_page(study_path), "Prøvevej 15, 5000 Prøveby")
    page.get("button_group")[0].set_value("en").run()
    assert figures(page)["One practice only"] == ("0", "-2,500")


def test_a_typed_label_is_text_and_never_markup(open_page, study_path):
    page = open_page(study_path)
    state = page.session_state[STATE]
    hostile = "<img src=x onerror=alert(1)> {{7*7}} **fed**"
    page.session_state[STATE] = add_candidate(state, WEST_M + 500.0, SOUTH_M + 500.0, hostile)
    page.run()
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed**" in plain_texts(page)
    assert "<img" not in plain_texts(page)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_missing_file_is_told_without_a_traceback(open_page, tmp_path, language):
    path = write_study(tmp_path / "study")
    (path.parent / "grid.csv").unlink()
    page = open_page(path)
    if language == "en":
        page.get("button_group")[0].set_value("en").run()
    assert page.error[0].value == say("app.error.MissingFileError", language)
    assert "grid.csv" in plain_texts(page)
    assert not page.metric


def test_a_study_that_is_not_there_is_told(open_page, tmp_path):
    page = open_page(tmp_path / "nowhere.toml")
    assert page.error[0].value == "En fil mangler"
    assert "nowhere.toml" in plain_texts(page)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("da", ("Ukendt i undersøgelsens fil: study.titel", "Her kan stå: as_of, ")),
        ("en", ("Unknown in the study file: study.titel", "Known here: as_of, ")),
    ],
)
def test_all_of_an_error_is_in_the_language_of_the_page(open_page, tmp_path, language, told):
    study = STUDY.replace("[study]", '[study]\ntitel = "Ø"')
    page = open_page(write_study(tmp_path / "study", study=study))
    if language == "en":
        page.get("button_group")[0].set_value("en").run()
    assert page.error[0].value == say("app.error.StudyError", language)
    assert all(text in plain_texts(page) for text in told)


def test_a_mended_file_is_read_again(open_page, tmp_path):
    path = write_study(tmp_path / "study", study=STUDY.replace('"register.csv"', '"wrong.csv"'))
    page = open_page(path)
    assert page.error
    path.write_text(STUDY, encoding="utf-8")
    page.run()
    assert not page.error
    assert figures(page)["Borgere"][0] == PERSONS


def test_a_mistake_of_the_program_is_told_and_can_be_tried_again(
    open_page, tmp_path, monkeypatch, caplog
):
    path = write_study(tmp_path / "study")

    def broken(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("coverage.ui.loading.run_study", broken)
        page = open_page(path)
        assert page.error[0].value == say("app.error.unexpected", "da")
        assert "ZeroDivisionError" not in plain_texts(page)
        assert "ZeroDivisionError" in caplog.text
    page.button[0].click().run()
    assert figures(page)["Borgere"][0] == PERSONS


def test_an_illustrative_study_says_so_on_top(open_page, tmp_path):
    illustrative = STUDY.replace("as_of", "illustrative = true\nas_of", 1)
    page = open_page(write_study(tmp_path / "study", study=illustrative))
    assert say("notice.illustrative", "da") in plain_texts(page)


def test_the_session_begins_anew_with_another_study():
    st.session_state.clear()
    open_session(Path("one.toml"))
    change_state(choose_language, "en")
    assert open_session(Path("one.toml")).language == "en"
    assert open_session(Path("two.toml")).language == "da"
    assert current_state().study_path == Path("two.toml")


LEVELS = '\n[area.levels."sundhedsråd"]\npath = "levels.csv"\n'


@pytest.fixture
def study_with_levels(tmp_path):
    study = STUDY.replace("\n[practices]", LEVELS + "\n[practices]")
    path = write_study(tmp_path / "study", register=ONE_OPEN, study=study)
    (path.parent / "levels.csv").write_text("kommune;area\n0461;Fyn\n", encoding="utf-8")
    return path


def test_levels_are_offered_only_if_there_are_more(open_page, study_path, study_with_levels):
    assert [box.label for box in open_page(study_path).selectbox] == ["Vis tal for"]
    page = open_page(study_with_levels)
    assert [box.label for box in page.selectbox] == ["Inddeling", "Vis tal for"]
    page.selectbox[0].set_value("sundhedsråd").run()
    assert list(page.dataframe[0].value["area"]) == ["Fyn"]
    assert not page.exception


def test_a_chosen_area_shows_its_own_figures_and_name(open_page, study_path):
    page = open_page(study_path)
    page.selectbox[0].set_value("0461").run()
    assert page.session_state[STATE].selected_area == "0461"
    assert "Odense: Nej. 2.500 af 2.500" in plain_texts(page)
    assert not page.exception
