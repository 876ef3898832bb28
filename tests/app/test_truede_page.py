"""The page on lægedækningstruede in Streamlit's own test harness, which draws all but the map."""

import sys
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from coverage.sources.judgements import read_judgements
from coverage.ui.state import choose_language
from tests.tiny_study import REGISTER, STUDY, write_study

STATE = "laegedaekning"
# The page alone: the frame opens the first page of all.
SCRIPT = """
import sys
from pathlib import Path
from coverage.ui.pages.truede import show_truede
from coverage.ui.session import open_session
open_session(Path(sys.argv[1]))
show_truede()
"""
# One of three practices takes patients; its list of 1,480 leaves 120 places for 2,500 residents.
ONE_OPEN = REGISTER.replace("2;3.210;Åben", "2;3.210;Lukket")
WITH_FILE = STUDY + '\n[judgements]\npath = "judgements.csv"\n'


@pytest.fixture
def study_path(tmp_path):
    return write_study(tmp_path / "study", register=ONE_OPEN, study=WITH_FILE)


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


def slider(page, name):
    return page.select_slider(key=f"threshold-{name}-da")


def table(page, name):
    """Return the table that the page shows with this column."""
    return next(frame.value for frame in page.dataframe if name in frame.value)


def fill_in(page, *, met="yes", author="AB", reason="lukning varslet", criterion=None):
    if criterion:
        page.selectbox[1].set_value(criterion)
    if met is not None:
        page.radio[0].set_value(met)
    page.text_input[0].set_value(author)
    page.text_area[0].set_value(reason)
    next(button for button in page.button if button.label == "Gem vurderingen").click()
    return page.run()


def test_the_page_answers_its_question_and_says_whose_the_decision_is(open_page, study_path):
    """Closed 67 % (66.7) is not met, 1,577 patients neither, 120 places of 2,500 are 4.8 %."""
    shown = texts(open_page(study_path))
    assert "Ingen af 1 områder." in shown
    assert "Næste beslutning er i marts 2026" in shown
    assert "beslutter regionen" in shown


def test_a_slider_shows_what_changes_and_the_reset_takes_it_back(open_page, study_path):
    page = open_page(study_path)
    assert slider(page, "patients_per_capacity").value == 1600
    assert "Regelsæt: default<" in texts(page)
    for name, value in (
        ("patients_per_capacity", 1500.0),
        ("practices_closed", 66.0),
        ("signal_weight", 2.0),
    ):
        slider(page, name).set_value(value).run()
    assert not page.exception
    shown = texts(page)
    assert "1 område skifter mod undersøgelsens egne tærskler: Odense: intet → signal" in shown
    assert "Regelsæt: default+" in shown
    assert "FLYTTET fra 1.600 · antagelse" in shown
    assert "1 af 1: Odense." in shown
    assert table(page, "nearest_criterion")["signal"].tolist() == ["signal"]
    page.button(key="reset-thresholds-da").click().run()
    assert slider(page, "patients_per_capacity").value == 1600
    assert "Ingen af 1 områder." in texts(page)
    assert page.session_state[STATE].thresholds == ()


def test_a_slider_moved_back_to_the_studys_value_is_not_moved(open_page, study_path):
    page = open_page(study_path)
    slider(page, "patients_per_capacity").set_value(1500.0).run()
    assert page.session_state[STATE].thresholds
    slider(page, "patients_per_capacity").set_value(1600.0).run()
    assert page.session_state[STATE].thresholds == ()


def test_the_area_shows_its_eight_criteria(open_page, study_path):
    rows = table(open_page(study_path), "rule_source")
    assert len(rows) == 8
    assert rows["value"].tolist()[:3] == ["1.577", "66,7", "4,8"]
    assert rows["status"].tolist()[5:7] == ["ikke vurderet", "ikke vurderet"]
    assert set(rows["rule_status"]) == {"antagelse"}


def test_a_judgement_is_filed_shown_at_once_and_still_there_after_a_restart(open_page, study_path):
    page = fill_in(open_page(study_path))
    assert not page.exception
    assert "Gemt i judgements" in page.success[0].value
    assert table(page, "rule_source")["status"].tolist()[5] == "● opfyldt"
    today = datetime.now(tz=UTC).astimezone().date()
    filed, _ = read_judgements(study_path.parent / "judgements.csv", as_of=None)
    assert filed["entered_on"].dt.date.tolist() == [today]
    again = open_page(study_path)
    assert table(again, "rule_source")["status"].tolist()[5] == "● opfyldt"
    assert "Kendte særlige forhold: opfyldt · AB:" in texts(again)
    assert "lukning varslet" in texts(again)


def test_an_override_sets_the_signal_and_puts_the_area_on_the_list(open_page, study_path):
    page = fill_in(open_page(study_path), criterion="override")
    shown = texts(page)
    assert "1 af 1: Odense." in shown
    assert "Nyt signal: skal området udpeges? (1)" in shown
    assert "Beregnet: Intet signal. Tilsidesat" in shown
    assert table(page, "nearest_criterion")["signal"].tolist() == ["signal (tilsidesat)"]


def test_after_an_entry_the_reason_is_empty_and_the_author_kept(open_page, study_path):
    page = fill_in(open_page(study_path))
    assert page.text_input[0].value == "AB"
    assert page.text_area[0].value == ""
    assert page.radio[0].value is None
    page = fill_in(page, met="no", reason="aflyst")
    assert table(page, "rule_source")["status"].tolist()[5] == "ikke opfyldt"
    assert texts(page).index("aflyst") < texts(page).index("lukning varslet")


def test_a_judgement_is_taken_back_and_its_history_stays(open_page, study_path):
    page = fill_in(open_page(study_path))
    assert table(page, "rule_source")["status"].tolist()[5] == "● opfyldt"
    page = fill_in(page, met="withdrawn", reason="forveksling")
    assert table(page, "rule_source")["status"].tolist()[5] == "ikke vurderet"
    assert "lukning varslet" in texts(page)
    assert "forveksling" in texts(page)
    assert "trukket tilbage" in texts(page)


@pytest.mark.parametrize("changed", [{"met": None}, {"author": ""}, {"reason": " "}])
def test_what_is_incomplete_is_not_filed(open_page, study_path, changed):
    page = fill_in(open_page(study_path), **changed)
    assert "Ikke gemt" in page.warning[0].value.replace("\\", "")
    assert not (study_path.parent / "judgements.csv").exists()


def test_a_cpr_number_in_the_reason_is_refused_and_the_text_stays_to_be_mended(
    open_page, study_path
):
    page = fill_in(open_page(study_path), reason="ring til 010190-1234")
    assert page.error
    assert "Vurderingen er ikke gemt" in texts(page)
    assert page.text_area[0].value == "ring til 010190-1234"
    assert not (study_path.parent / "judgements.csv").exists()


def test_hostile_names_and_reasons_are_text_and_never_markup(open_page, study_path):
    hostile = "<img src=x onerror=alert(1)> {{7*7}} **fed** =1+1"
    page = fill_in(open_page(study_path), author=hostile, reason=hostile)
    assert not page.exception
    assert "<img" not in texts(page)
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed** =1+1" in texts(page)


def test_without_a_file_for_judgements_the_page_says_how_to_name_one(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study", register=ONE_OPEN))
    assert "ingen fil til vurderinger" in texts(page)
    assert "[judgements]" in page.code[0].value
    assert not page.radio


def test_a_file_of_judgements_that_was_broken_meanwhile_is_told_and_can_be_mended(
    open_page, study_path
):
    page = fill_in(open_page(study_path))
    path = study_path.parent / "judgements.csv"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b";Ja;", b";Perhaps;"))
    page.run()
    assert page.error
    assert "judgements.csv" in texts(page)
    assert not page.select_slider
    path.write_bytes(kept)
    page.button(key="truede-again-da").click().run()
    assert not page.error
    assert page.select_slider


def test_the_page_speaks_english(open_page, study_path):
    page = open_page(study_path)
    page.session_state[STATE] = choose_language(page.session_state[STATE], "en")
    page.run()
    assert not page.exception
    assert "None of 1 areas. The next decision is in March 2026" in texts(page)
    assert page.select_slider(key="threshold-patients_per_capacity-en").value == 1600
