"""The page Metode in Streamlit's own test harness."""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coverage.ui.pages.metode import show_metode
from coverage.ui.state import move_threshold
from coverage.wording import say
from tests.tiny_study import PLAN, STUDY, write_study

APP = Path(__file__).parents[2] / "app.py"
STATE = "laegedaekning"
OVERRIDES = "\n[rules.overrides]\n'skal.town_persons' = 2500\n"


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    changed = PLAN | {"study": PLAN["study"] + OVERRIDES}
    return write_study(tmp_path_factory.mktemp("study"), **changed)


@pytest.fixture
def open_page(monkeypatch):
    # The harness cannot choose a page from the menu.
    monkeypatch.setattr("coverage.ui.main.PAGES", {"metode": show_metode})

    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_file(str(APP), default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def plain_texts(page):
    return " ".join(element.value for element in page.get("html"))


def tables(page):
    rules, definitions, files = (frame.value for frame in page.dataframe)
    return rules.set_index("key"), definitions.set_index("column"), files.set_index("file_name")


def test_the_page_says_what_the_figures_rest_on(open_page, study_path):
    page = open_page(study_path)
    rules, _, files = tables(page)
    assumed = int((rules["status"] == "ANTAGELSE").sum())
    assert 0 < assumed < len(rules)
    answer = say(
        "app.metode.answer",
        "da",
        files=len(files),
        rules=len(rules),
        assumptions=assumed,
        changed=1,
    )
    assert f"Hvad bygger tallene på? {answer}" in plain_texts(page).replace(
        '<span class="app-answer">', ""
    )


def test_a_rule_that_the_study_changed_says_so(open_page, study_path):
    rules, _, _ = tables(open_page(study_path))
    assert rules.loc["skal.town_persons", "value"] == "2.500"
    assert rules.loc["skal.town_persons", "changed"] == "i undersøgelsen (ellers 3.000)"
    assert set(rules.index[rules["changed"] != ""]) == {"skal.town_persons"}


def test_a_threshold_that_the_visitor_moved_says_so(open_page, study_path):
    page = open_page(study_path)
    key = "designation.practices_closed_pct"
    page.session_state[STATE] = move_threshold(page.session_state[STATE], key, 50.0, 67.0)
    page.run()
    rules, _, _ = tables(page)
    assert rules.loc[key, "changed"] == "af dig (ellers 67)"


def test_no_column_says_that_nothing_is_changed(open_page, tmp_path):
    rules, _, _ = tables(open_page(write_study(tmp_path / "study", study=STUDY)))
    assert "changed" not in rules
    assert len(rules) > 40


def test_a_group_of_rules_is_kept_when_the_language_changes(open_page, study_path):
    page = open_page(study_path)
    groups = next(box for box in page.get("button_group") if box.label == "Vis regler om")
    groups.set_value("skal").run()
    rules, _, _ = tables(page)
    assert all(key.startswith("skal.") for key in rules.index)
    assert "skal.town_persons" in rules.index
    page.get("button_group")[0].set_value("en").run()
    rules, _, _ = tables(page)
    assert all(key.startswith("skal.") for key in rules.index)
    assert rules.loc["skal.town_persons", "value"] == "2,500"
    assert not page.exception


def test_figures_are_explained_and_files_accounted_for(open_page, study_path):
    _, definitions, files = tables(open_page(study_path))
    assert len(definitions.loc["Patienter pr. kapacitet", "definition"]) > 20
    # The register's three rows, one of them of two doctors in one cell.
    assert files.loc["register.csv", "rows_read"] == 3
    assert files.loc["register.csv", "as_of"] == "1.1.2026"
    assert {len(digest) for digest in files["sha256"]} == {64}
    assert {"grid.csv", "judgements.csv", "delomraader.geojson"} <= set(files.index)


def test_the_limits_of_the_data_are_told_with_the_rules_figures(open_page, study_path):
    text = plain_texts(open_page(study_path))
    assert say("app.metode.limit.satellites.heading", "da") in text
    assert "Tal om færre end 3 læger" in text
    assert "inden for 5 år" in text
