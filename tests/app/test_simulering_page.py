"""The page Simulering in Streamlit's own test harness, which draws everything but the map.

The tiny study has three practices: 012345 (2 capacities, 3.210 patients, open, doctors of
1961 and 1975), 012346 (1.5, 2.405, closed) and 012347 (1, 1.480, open). All 25 cells of 100
persons are within 15 km of all three: closing one open practice takes the choice from 2,500.
"""

import io
import sys

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from coverage.scenario.actions import Close, Move, Open, OpenSatellite, Resize, Scenario, SetIntake
from coverage.scenario_files import parse_scenario, scenario_text
from coverage.scenario_folder import list_scenarios, scenario_file_name
from coverage.ui.draft import add_actions, load_scenario
from coverage.ui.simulering.files_panel import upload
from coverage.ui.state import (
    change_draft,
    choose_area,
    choose_language,
    move_threshold,
    view_simulation,
)
from coverage.wording import say
from tests.app.scenario_page import (
    SCRIPT,
    STATE,
    actions_of,
    change,
    draft_of,
    figures,
    press,
    texts,
)
from tests.tiny_study import PLAN, REGISTER, SOUTH_M, STUDY, WEST_M, lonlat, write_study

# Four practices of one owner are one more than the law allows.
OWNED = REGISTER.replace("Fødselsår\n", "Fødselsår;Ejer\n").replace("\n0123", ";A. Læge\n0123")
OWNED = OWNED.replace("Ejer;A. Læge", "Ejer").rstrip() + ";A. Læge\n"
HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} **fed** =1+1"


@pytest.fixture(scope="module")
def kept_path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture
def study_path(kept_path):
    """The study, its saved scenarios gone."""
    for path in (kept_path.parent / "scenarios").glob("*"):
        path.unlink()
    return kept_path


@pytest.fixture
def open_page(monkeypatch):
    def opened(path):
        monkeypatch.setattr(sys, "argv", ["app.py", str(path)])
        page = AppTest.from_string(SCRIPT, default_timeout=120).run()
        assert not page.exception
        return page

    return opened


def place(page, typed, label="Placér ny praksis"):
    page.text_input(key="simulering-place-open").set_value(typed)
    return press(page, label)


def choose(page, practice):
    return change(page, view_simulation, panel="practice", practice=practice)


def column(page, group, heading):
    table = next(frame.value for frame in page.dataframe if (group, heading) in frame.value)
    return list(table[group, heading])


def test_the_page_begins_with_the_baseline(open_page, study_path):
    page = open_page(study_path)
    assert "Intet er ændret endnu" in texts(page)
    shown = figures(page)
    assert shown["Får valget"] == shown["Mister valget"] == ("0", "")
    assert shown["Kan vælge"] == ("100,0\u00a0%", "")
    assert actions_of(page) == ()


def test_a_typed_address_opens_a_practice_with_the_chosen_settings(open_page, study_path):
    page = open_page(study_path)
    page.selectbox(key="new-capacities-da").set_value(2.5).run()
    page.selectbox(key="new-intake_open-da").set_value(False).run()
    page.selectbox(key="new-clinic_form-da").set_value("solo").run()
    place(page, "Prøvevej 15, 5000 Prøveby")
    (opened,) = actions_of(page)
    assert isinstance(opened, Open)
    assert (opened.site_id, opened.name) == ("N1", "Prøvevej 15, 5000 Prøveby")
    assert (opened.capacities, opened.intake_open, opened.clinic_form) == (2.5, False, "solo")
    assert "1. Ny praksis N1 · Prøvevej 15, 5000 Prøveby med kapacitet 2,5" in texts(page)
    assert figures(page)["Ledige pladser"] == ("120", "")


def test_a_new_practice_changes_the_figures_and_every_area(open_page, study_path):
    """2 capacities hold 3,200; 7,095 patients share 4.5 and then 6.5 capacities."""
    page = open_page(study_path)
    page.selectbox(key="new-capacities-da").set_value(2.0).run()
    place(page, f"{WEST_M + 1500:.0f}, {SOUTH_M + 1500:.0f}")
    shown = figures(page)
    assert shown["Ledige pladser"] == ("3.320", "+3.200")
    assert shown["Pt. pr. kapacitet"] == ("1.092", "-485")
    assert column(page, "Ledige pladser", "plads ±") == [3200]
    assert column(page, "Patienter pr. kapacitet", "pt. efter") == [pytest.approx(7095 / 6.5)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Skriv en adresse"),
        ("Ingenvej 1, 5000 Prøveby", "findes ikke i undersøgelsens adresser"),
        ("10.4, 55.4", "byttet om"),
        ("56.5, 12.0", "ingen vej inden for 2\u00a0km"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_and_nothing_is_added(
    open_page, study_path, typed, message
):
    page = place(open_page(study_path), typed)
    assert message in page.warning[0].value.replace("\\", "")
    assert actions_of(page) == ()


def test_closing_an_open_practice_takes_the_choice_and_can_be_undone(open_page, study_path):
    page = press(choose(open_page(study_path), "012345"), "Luk praksis")
    assert actions_of(page) == (Close(ydernummer="012345"),)
    assert figures(page)["Mister valget"] == ("2.500", "")
    assert figures(page)["Kan vælge"] == ("0,0\u00a0%", "-100,0 pct.point")
    assert "0 borgere får valget mellem to åbne praksis, og 2.500 mister det." in texts(page)
    assert column(page, "Borgere, valget", "mister det") == [2500]
    assert "Lægerne Vest (012345) lukker" in texts(page)
    press(page, "Fortryd")
    assert figures(page)["Mister valget"] == ("0", "")
    press(page, "Gentag")
    assert figures(page)["Mister valget"] == ("2.500", "")
    press(page, "Ryd")
    assert actions_of(page) == ()


def test_a_closed_practice_cannot_be_changed_until_the_action_is_removed(open_page, study_path):
    page = press(choose(open_page(study_path), "012345"), "Luk praksis")
    assert "Praksissen lukker i dette scenarie" in texts(page)
    assert not [button for button in page.button if button.label == "Luk praksis"]
    page.button(key="simulering-remove-1-da").click().run()
    assert actions_of(page) == ()
    assert [button for button in page.button if button.label == "Luk praksis"]


def test_a_practice_opens_its_list_and_changes_its_capacity(open_page, study_path):
    page = press(choose(open_page(study_path), "012346"), "Åbn for tilgang")
    assert actions_of(page)[0] == SetIntake(ydernummer="012346", intake_open=True)
    page.selectbox(key="simulering-capacities-012346-1.5-da").set_value(2.0)
    press(page, "Ændr kapacitet")
    assert actions_of(page)[1] == Resize(ydernummer="012346", capacities=2.0)
    # 120 free places at 012347, and 2 x 1,600 - 2,405 more.
    assert figures(page)["Ledige pladser"] == ("915", "+795")


def test_doctors_retire(open_page, study_path):
    page = press(choose(open_page(study_path), "012345"), "Lad dem stoppe")
    assert "1. 1 læge(r) i Lægerne Vest (012345) stopper" in texts(page)
    assert "kapacitet 1 ·" in texts(page)


def test_a_practice_moves_to_a_typed_address_and_gets_a_satellite(open_page, study_path):
    page = choose(open_page(study_path), "012347")
    page.text_input(key="simulering-place-practice").set_value("Prøvevej 1, 5000 Prøveby")
    press(page, "Flyt hertil")
    page.text_input(key="simulering-place-practice").set_value("Prøvevej 15, 5000 Prøveby")
    press(page, "Satellit her")
    assert "1. Lægerne Øst (012347) flytter: Prøvevej 1, 5000 Prøveby" in texts(page)
    assert "2. Satellit til Lægerne Øst (012347): Prøvevej 15, 5000 Prøveby" in texts(page)


def test_a_warning_names_its_clause(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study", **PLAN))
    choose(page, "012347")
    page.text_input(key="simulering-place-practice").set_value("Prøvevej 1, 5000 Prøveby")
    press(page, "Flyt hertil")
    assert "Advarsel: Praksis flytter fra Nyborg til Odense. Kilde: " in texts(page)
    assert len(actions_of(page)) == 1


def test_what_the_law_forbids_is_not_added_and_names_its_clause(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study", register=OWNED))
    page.text_input(key="new-owner-da").set_value("A. Læge").run()
    place(page, "Prøvevej 15, 5000 Prøveby")
    assert actions_of(page) == ()
    assert page.error[0].value == "Ikke tilføjet: en regel forbyder det."
    shown = texts(page)
    assert "Forbudt: Ejeren ville have 4 ydernumre; loven tillader 3." in shown
    assert "sundhedsloven § 227" in shown


CLICKING = """
import sys
from pathlib import Path
import streamlit as st
from coverage.ui.ready import wait_for_study
from coverage.ui.scenario_results import scenario_ground
from coverage.ui.session import current_state, open_session
from coverage.ui.simulering.doing import clicked
open_session(Path(sys.argv[1]))
ground = scenario_ground(wait_for_study(current_state()), current_state())
for value in st.session_state["clicks"]:
    clicked(ground, value)
"""


def click(page, x_m, y_m, **view):
    """Return the state after a click on the map, which the component reports twice."""
    lon, lat = lonlat(x_m, y_m)
    value = {"last_clicked": {"lat": lat, "lng": lon}}
    clicking = AppTest.from_string(CLICKING, default_timeout=120)
    clicking.session_state[STATE] = view_simulation(page.session_state[STATE], **view)
    clicking.session_state["clicks"] = [value, value]
    clicking.run()
    assert not clicking.exception
    page.session_state[STATE] = clicking.session_state[STATE]
    return page.run()


def test_a_click_places_a_practice_once(open_page, study_path):
    page = click(open_page(study_path), WEST_M + 1500, SOUTH_M + 1500)
    (opened,) = actions_of(page)
    assert (opened.x_m, opened.y_m) == pytest.approx((WEST_M + 1500, SOUTH_M + 1500), abs=0.5)
    assert "1. Ny praksis N1 med kapacitet 1" in texts(page)


def test_a_click_chooses_the_nearest_practice_and_then_moves_it(open_page, study_path):
    page = click(open_page(study_path), WEST_M + 4800, SOUTH_M + 4800, panel="practice")
    assert page.session_state[STATE].simulation.practice == "012347"
    assert "Prøvevej 36" in texts(page)
    page = click(page, WEST_M + 3000, SOUTH_M + 3000, click="move")
    assert [type(action) for action in actions_of(page)] == [Move]
    assert page.session_state[STATE].simulation.click == "choose", "and not once more"
    page = click(page, WEST_M + 1000, SOUTH_M + 1000, click="satellite")
    assert [type(action) for action in actions_of(page)] == [Move, OpenSatellite]


def test_a_click_in_the_sea_is_told(open_page, study_path):
    page = click(open_page(study_path), WEST_M - 60_000, SOUTH_M)
    assert "ingen vej inden for 2\u00a0km" in page.warning[0].value.replace("\\", "")
    assert actions_of(page) == ()


def test_a_click_beside_the_files_does_nothing(open_page, study_path):
    page = click(open_page(study_path), WEST_M + 1500, SOUTH_M + 1500, panel="files")
    assert actions_of(page) == ()


def test_the_chosen_area_has_its_own_figures(open_page, tmp_path):
    page = open_page(write_study(tmp_path / "study", **PLAN))
    press(choose(page, "012347"), "Luk praksis")
    change(page, choose_area, "0450")
    assert figures(page)["Signal"][0] in ("signal", "intet", "muligt")
    assert "Signaler" not in figures(page)


def test_moved_thresholds_are_told(open_page, study_path):
    page = open_page(study_path)
    change(page, move_threshold, "designation.signal_weight", 2.0, 4.0)
    assert "Du har flyttet tærskler" in texts(page)
    assert not page.exception


def test_the_language_switches_and_the_scenario_stays(open_page, study_path):
    page = press(choose(open_page(study_path), "012345"), "Luk praksis")
    change(page, choose_language, "en")
    assert "Lægerne Vest (012345) closes" in texts(page)
    assert figures(page)["Lose the choice"] == ("2,500", "")
    assert not page.exception


def test_every_single_closing_is_listed_the_worst_first(open_page, study_path):
    page = change(open_page(study_path), view_simulation, shows_closures=True)
    table = next(frame.value for frame in page.dataframe if "persons_lose_choice" in frame.value)
    assert list(table["persons_lose_choice"]) == [2500, 2500, 0]
    assert list(table["ydernummer"]) == ["012345", "012347", "012346"]


def open_files(page):
    return change(page, view_simulation, panel="files")


def name_it(page, name, note=""):
    page.text_input(key="simulering-name-da").set_value(name).run()
    if note:
        page.text_area(key="simulering-note-da").set_value(note).run()
    return page


def test_a_scenario_is_saved_listed_and_opened_again(open_page, study_path):
    page = press(choose(open_page(study_path), "012345"), "Luk praksis")
    press(name_it(open_files(page), "Plan A", "Til mødet"), "Gem")
    assert page.success[0].value.replace("\\", "") == "Gemt: Plan A"
    (saved,) = list_scenarios(study_path.parent / "scenarios")
    assert saved.scenario.actions == (Close(ydernummer="012345"),)
    assert len(saved.scenario.register_sha256) == 64
    again = open_files(open_page(study_path))
    press(again, "Åbn")
    assert actions_of(again) == saved.scenario.actions
    assert draft_of(again).is_saved
    assert "Scenariet (1): Plan A" in texts(again)


def test_another_scenario_of_the_name_is_replaced_only_if_asked(open_page, study_path):
    first = press(choose(open_page(study_path), "012345"), "Luk praksis")
    press(name_it(open_files(first), "A"), "Gem")
    other = press(choose(open_page(study_path), "012347"), "Luk praksis")
    press(name_it(open_files(other), "A"), "Gem")
    folder = study_path.parent / "scenarios"
    assert list_scenarios(folder)[0].scenario.actions == (Close(ydernummer="012345"),)
    press(other, "Erstat det")
    assert list_scenarios(folder)[0].scenario.actions == (Close(ydernummer="012347"),)
    # One's own is saved over without a question.
    press(choose(other, "012346"), "Luk praksis")
    press(open_files(other), "Gem")
    assert len(list_scenarios(folder)[0].scenario.actions) == 2


def test_a_file_of_a_newer_version_is_not_saved_over_without_a_question(open_page, study_path):
    folder = study_path.parent / "scenarios"
    folder.mkdir(exist_ok=True)
    newer = folder / scenario_file_name("A")
    newer.write_text("format = 99", encoding="utf-8")
    page = press(name_it(open_files(open_page(study_path)), "A"), "Gem")
    assert newer.read_text("utf-8") == "format = 99"
    press(page, "Behold det")
    assert newer.read_text("utf-8") == "format = 99"


def test_a_scenario_without_a_name_is_not_saved_and_says_so(open_page, study_path):
    page = press(open_files(open_page(study_path)), "Gem")
    assert page.error[0].value == say("app.error.ScenarioError", "da")
    assert "Scenariet har intet navn" in texts(page)
    assert not (study_path.parent / "scenarios").exists() or not list_scenarios(
        study_path.parent / "scenarios"
    )


def test_deleting_asks_first(open_page, study_path):
    page = press(name_it(open_files(open_page(study_path)), "A"), "Gem")
    folder = study_path.parent / "scenarios"
    press(page, "Slet")
    assert len(list_scenarios(folder)) == 1
    press(page, "Nej")
    assert len(list_scenarios(folder)) == 1
    press(press(page, "Slet"), "Ja, slet")
    assert list_scenarios(folder) == ()


def test_a_broken_file_in_the_folder_is_told_and_harms_nothing(open_page, study_path):
    folder = study_path.parent / "scenarios"
    folder.mkdir(exist_ok=True)
    (folder / "broken.toml").write_text("format = 99", encoding="utf-8")
    page = open_files(open_page(study_path))
    assert "broken.toml: kan ikke bruges" in texts(page)
    assert "Scenariefilen har version 99; programmet kan læse til og med 1" in texts(page)


def test_hostile_texts_are_text(open_page, study_path):
    page = open_page(study_path)
    page.text_input(key="new-name-da").set_value(HOSTILE).run()
    place(page, "Prøvevej 15, 5000 Prøveby")
    press(name_it(open_files(page), HOSTILE, HOSTILE), "Gem")
    assert "<img" not in texts(page)
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} **fed** =1+1" in texts(page)
    assert "<img" not in page.success[0].value.replace("\\<", "")
    (saved,) = list_scenarios(study_path.parent / "scenarios")
    assert saved.file_name == scenario_file_name(HOSTILE)
    assert saved.scenario.name == saved.scenario.note == HOSTILE
    assert saved.scenario.actions[0].name == HOSTILE


OTHER = Scenario(
    name="Andet register", actions=(Close(ydernummer="012345"),), register_sha256="f" * 64
)


def test_a_scenario_for_another_register_is_carried_over_only_if_asked(open_page, study_path):
    page = open_page(study_path)
    state = page.session_state[STATE]
    change(page, change_draft, load_scenario(state.draft, OTHER, is_saved=True))
    assert "lavet til et andet register" in page.warning[0].value
    assert figures(page)["Mister valget"] == ("0", "")
    assert "Lægerne Vest (012345) lukker" in texts(page)
    press(page, "Overfør efter ydernummer")
    assert not page.warning
    assert figures(page)["Mister valget"] == ("2.500", "")


def test_every_action_that_cannot_be_carried_out_is_told_at_once(open_page, study_path):
    page = open_page(study_path)
    wrong = [Close(ydernummer="999999"), Resize(ydernummer="888888", capacities=1.0)]
    draft = add_actions(page.session_state[STATE].draft, wrong, "")
    change(page, change_draft, draft)
    assert page.error[0].value == say("app.error.ScenarioError", "da")
    shown = texts(page)
    assert "handling 1 (999999 lukker): praksissen findes ikke i registret" in shown
    assert "handling 2 (888888 får ny kapacitet): praksissen findes ikke" in shown
    page.button(key="simulering-remove-1-da").click().run()
    page.button(key="simulering-remove-1-da").click().run()
    assert not page.error


class _Uploaded(io.BytesIO):
    name = "fil.toml"


@pytest.fixture
def uploaded(monkeypatch):
    """Return a function: a page and a file's content -> the page after its upload."""

    def upload_to(page, content):
        held = {"laegedaekning": page.session_state[STATE], "file": _Uploaded(content)}
        with monkeypatch.context() as patched:
            patched.setattr(st, "session_state", held)
            upload("file")
        page.session_state[STATE] = held[STATE]
        return page.run()

    return upload_to


def test_an_uploaded_file_is_opened_and_not_yet_saved(open_page, study_path, uploaded):
    page = open_files(open_page(study_path))
    mine = Scenario(name="Fra fil", actions=(Close(ydernummer="012345"),))
    uploaded(page, scenario_text(mine).encode())
    assert page.success[0].value.replace("\\", "") == "Hentet: Fra fil"
    assert parse_scenario(scenario_text(mine).encode(), where="x") == draft_of(page).scenario
    assert not draft_of(page).is_saved


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\x00\xff<img src=x>", "er ikke gyldig TOML"),
        (b"format = 7", "version 7"),
        (b'format = 1\nname = "A"\n[[action]]\nkind = "explode"', "kind er"),
        (b"#" * 1_000_001, "der læses højst 1.000.000"),
    ],
)
def test_a_file_that_is_no_scenario_is_told_and_changes_nothing(
    open_page, study_path, uploaded, content, part
):
    page = uploaded(open_files(open_page(study_path)), content)
    assert page.error[0].value == say("app.error.ScenarioError", "da")
    assert part in texts(page)
    assert "<img" not in texts(page)
    assert actions_of(page) == ()


def test_a_register_without_doctors_offers_no_retirement(open_page, tmp_path):
    bare = "\n".join(line.rsplit(";", 1)[0] for line in REGISTER.splitlines()) + "\n"
    page = choose(open_page(write_study(tmp_path / "study", register=bare)), "012345")
    assert not [button for button in page.button if button.label == "Lad dem stoppe"]
    press(page, "Luk praksis")
    assert figures(page)["Mister valget"] == ("2.500", "")


def test_a_study_without_scenarios_folder_makes_it_on_saving(open_page, tmp_path):
    path = write_study(
        tmp_path / "study", study=STUDY.replace("[area]", 'scenario_folder = "x/y"\n\n[area]', 1)
    )
    press(name_it(open_files(open_page(path)), "A"), "Gem")
    assert len(list_scenarios(path.parent / "x" / "y")) == 1
