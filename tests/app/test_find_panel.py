"""Finding the best places on the page Simulering, in Streamlit's own test harness.

In the tiny study all 25 cells have two open practices: no choice can be gained, and the way to
the second one can be shortened.
"""

import io
import sys
import threading

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from coverage.placement.place import place
from coverage.placement_study import find_candidates
from coverage.scenario.actions import Close, Open
from coverage.study import run_study
from coverage.study_file import load_study
from coverage.ui import placement_results
from coverage.ui.draft import add_actions
from coverage.ui.loading import judged_state, preparation, study_key
from coverage.ui.placement_results import SearchStart, placement_run
from coverage.ui.placement_view import Quota, Wish, set_quota
from coverage.ui.scenario_results import Ground
from coverage.ui.simulering.find_files import FILES, placement_files
from coverage.ui.state import change_draft, change_placing, choose_language, view_simulation
from coverage.wording import say
from tests.app.scenario_page import SCRIPT, STATE, actions_of, change, figures, press, texts
from tests.tiny_study import PLAN, write_study

BUTTON = "Find de bedste steder"
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} **fed** =1+1"


@pytest.fixture(scope="module")
def study_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def result(study_path):
    return run_study(load_study(study_path))


@pytest.fixture
def open_page(monkeypatch):
    """Return a function: path -> the page with the panel, its searches begun anew."""
    placement_run.clear()

    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_string(SCRIPT, default_timeout=120).run()
        return change(page, view_simulation, panel="find")

    return opened


def wish(page, **changes):
    for name, value in changes.items():
        page.selectbox(key=f"find-{name}-da").set_value(value).run()
    return page


def searches():
    return [one for one in threading.enumerate() if one.name == "background-run"]


def over(page):
    """Return the page once no search runs any more."""
    for search in searches():
        search.join(60.0)
    page.run()
    assert not page.exception
    return page


def find(page, **changes):
    return over(press(wish(page, **changes), BUTTON))


def test_one_press_finds_the_place_that_the_library_finds(open_page, study_path, result):
    page = find(open_page(study_path), capacities=1.0, objective="second_distance")
    order = Wish(capacities=1.0, objective="second_distance").order()
    candidates = find_candidates(result.assessment, order).candidates
    wanted = place(result.assessment, candidates, order.request())
    assert wanted.gain > 0
    assert "Bevist: ingen placering" in texts(page)
    assert "Gevinst: " in texts(page)
    assert f"-{wanted.gain / 1000:.3f} km".replace(".", ",") in texts(page)
    assert actions_of(page) == (), "it is a proposal"
    press(page, "Tilføj alle (1)")
    (opened,) = actions_of(page)
    site = wanted.sites.iloc[0]
    assert isinstance(opened, Open)
    assert (opened.site_id, opened.x_m, opened.y_m) == ("N1", site["x_m"], site["y_m"])
    assert figures(page)["Ledige pladser"] == ("1.720", "+1.600")
    assert [button.disabled for button in page.button if button.label == "Alle er tilføjet"] == [
        True
    ]
    press(page, "Fortryd")
    assert actions_of(page) == ()
    assert [button for button in page.button if button.label == "Tilføj alle (1)"]
    press(page, "Læg væk")
    assert "Gevinst" not in texts(page)


def test_without_a_gain_it_says_so(open_page, study_path):
    page = find(open_page(study_path), capacities=1.0)
    assert "Ingen gevinst" in texts(page)


def test_single_steps_are_added_and_the_search_goes_on_from_the_scenario(open_page, study_path):
    page = open_page(study_path)
    # 012345 is one of the two open ones: without it nobody has a choice.
    draft = add_actions(page.session_state[STATE].draft, [Close(ydernummer="012345")], "")
    page = find(change(page, change_draft, draft), capacities=1.0)
    assert "Gevinst: 2.500 personer (0 → 2.500 personer)." in texts(page)
    page.button(key="find-add-1-da").click().run()
    assert [type(action) for action in actions_of(page)] == [Close, Open]
    assert figures(page)["Mister valget"] == ("0", "")
    assert "Scenariet er et andet nu" not in texts(page)
    page.button(key="simulering-remove-1-da").click().run()
    assert "Scenariet er et andet nu" in texts(page)


def test_a_request_that_cannot_be_met_is_told_with_both_numbers(open_page, study_path):
    page = wish(open_page(study_path), capacities=1.0)
    placing = set_quota(page.session_state[STATE].placing, Quota("0461", 2.0, 3.0))
    page = over(press(change(page, change_placing, placing), BUTTON))
    assert page.error[0].value == say("app.error.PlacementError", "da")
    shown = texts(page)
    assert "mindstekvoter er 2 kapaciteter til sammen, men der skal kun placeres 1 kap" in shown
    assert "Gevinst" not in shown
    # And with another request it goes on.
    page.button(key="find-quota-remove-0-da").click().run()
    assert not find(page).error


def test_a_quota_is_entered_replaced_and_removed(open_page, study_path):
    page = open_page(study_path)
    for most in (2.0, 1.0):
        page.selectbox(key="find-quota-most-kommune-3.0-da").set_value(most).run()
        press(page, "Tilføj kvoten")
        assert page.session_state[STATE].placing.wish.quotas == (Quota("0461", 0.0, most),)
    assert "Odense: 0 til 1" in texts(page)
    page.button(key="find-quota-remove-0-da").click().run()
    assert page.session_state[STATE].placing.wish.quotas == ()


def test_a_wrong_seed_is_told_and_a_right_one_is_used(open_page, study_path):
    page = open_page(study_path)
    page.text_input(key="find-seed-da").set_value("1,5").run()
    assert "helt tal" in page.warning[0].value
    page.text_input(key="find-seed-da").set_value("7").run()
    assert not page.warning
    assert page.session_state[STATE].placing.wish.seed == 7


@pytest.fixture
def held(monkeypatch):
    """Hold every proof until it is stopped or let go; return the event that lets go."""
    go_on = threading.Event()

    def slowly(assessment, candidates, request, watch, listen):
        found = place(assessment, candidates, request, None, listen)
        watch.progress("exact", 0.25)
        watch.gap(0.031)
        while watch.keep_going() and not go_on.wait(0.01):
            pass
        if watch.keep_going():
            return found
        stopped = type(watch)(keep_going=lambda: False)
        return place(assessment, candidates, request, stopped)

    monkeypatch.setattr(placement_results, "place", slowly)
    yield go_on
    go_on.set()


def shows(page, text):
    for _ in range(100):
        if text in texts(page.run()):
            return True
        threading.Event().wait(0.05)
    return False


def test_a_search_can_be_stopped_and_shows_the_best_so_far(open_page, study_path, held):
    page = press(wish(open_page(study_path), capacities=1.0, objective="second_distance"), BUTTON)
    assert shows(page, "Indtil nu bevist: det bedst mulige er højst 3,1\u00a0% af gevinsten bedre.")
    assert "Nu bevises det" in texts(page), "the first answer is there before the proof"
    assert next(button for button in page.button if button.label == BUTTON).disabled
    press(page, "Stop her")
    page = over(page)
    assert "AFBRUDT: det bedste, der var fundet" in texts(page)
    # It can be added as it is, and searched to the end.
    assert [button for button in page.button if button.label == "Tilføj alle (1)"]
    press(page, BUTTON)
    assert shows(page, "Nu bevises det")
    held.set()
    assert "Bevist: ingen placering" in texts(over(page))


def test_a_search_goes_on_while_its_visitor_is_elsewhere_and_others_are_served(
    open_page, study_path, held
):
    page = press(wish(open_page(study_path), capacities=1.0, objective="second_distance"), BUTTON)
    change(page, view_simulation, panel="open")
    assert len(searches()) == 1
    assert "Gevinst" not in texts(page)
    # Another visitor asks for the same while it runs: there is one search, and both see it.
    other = wish(open_page(study_path), capacities=1.0, objective="second_distance")
    press(other, BUTTON)
    assert len(searches()) == 1
    # And a third, with other things to do, is served meanwhile.
    third = change(open_page(study_path), view_simulation, panel="practice", practice="012345")
    press(third, "Luk praksis")
    assert figures(third)["Mister valget"] == ("2.500", "")
    assert len(searches()) == 1
    held.set()
    page = over(change(page, view_simulation, panel="find"))
    assert "Bevist: ingen placering" in texts(page)
    assert "Bevist: ingen placering" in texts(over(other))


def test_what_each_practice_more_gives_is_shown_when_asked_for(open_page, study_path):
    page = find(open_page(study_path), capacities=1.0, objective="second_distance")
    assert "Den sidste giver" not in texts(page)
    page.toggle(key="find-frontier-da").set_value(True).run()
    page = over(page)
    assert "Den sidste giver" in texts(page)
    rows = texts(page).split('class="app-bars"')[1].split("<tr>")[2:]
    # One is asked for and three more are shown; the first adds what the search says.
    assert [row[4] for row in rows] == ["1", "2", "3", "4"]


def test_the_files_are_those_of_the_command_and_read_back(study_path, open_page):
    page = find(open_page(study_path), capacities=1.0, objective="second_distance")
    state = page.session_state[STATE]
    ground = ground_of(page)
    start = SearchStart(ground, state.placing.asked.scenario, state.placing.asked.wish)
    placement = placement_run(start).result
    files = placement_files(start, placement, "da")
    assert set(FILES) <= set(files)
    text = files["placement.csv"].decode("utf-8-sig").splitlines()
    assert len(text) == 1 + len(placement.sites)
    book = openpyxl.load_workbook(io.BytesIO(files["placement.xlsx"]))
    cells = [cell for row in book["Nye praksis"].iter_rows(values_only=True) for cell in row]
    assert placement.sites["site_id"].iloc[0] in cells
    assert b'objective = "second_distance"' in files["place.toml"]


def ground_of(page):
    """Return what the page's searches stand on."""
    key = study_key(page.session_state[STATE].study_path)
    return Ground(key, (), judged_state(preparation(key).result.study))


def test_hostile_town_names_are_text(open_page, tmp_path):
    towns = PLAN["towns"].replace("Prøveby", f'"{HOSTILE}"').replace("Østby", f'"{HOSTILE} 2"')
    page = open_page(write_study(tmp_path / "study", **{**PLAN, "towns": towns}))
    change_to = {"capacities": 1.0, "objective": "second_distance"}
    page.selectbox(key="find-candidates-conditions-da").set_value("towns").run()
    page = find(page, **change_to)
    press(page, "Tilføj alle (1)")
    assert actions_of(page)[0].name.startswith(HOSTILE)
    assert "<img" not in texts(page)
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed** =1+1" in texts(page)


def test_towns_are_offered_only_where_the_study_has_them(open_page, study_path):
    page = open_page(study_path)
    assert page.selectbox(key="find-candidates-conditions-da").options == [
        "beboede steder på et net"
    ]


def test_the_language_switches_and_the_answer_stays(open_page, study_path):
    page = find(open_page(study_path), capacities=1.0, objective="second_distance")
    change(page, choose_language, "en")
    assert "Proved: no placement" in texts(page)
    assert not page.exception
