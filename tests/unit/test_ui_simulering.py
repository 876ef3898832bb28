"""Words, figures and marks of a scenario, on the drawn town (``tests.drawn_town``).

Closing P2 takes the choice from A, B and D: 1,565 persons, 1,510 of them in Odense.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from coverage.exports.map_layers import StatusImage
from coverage.scenario.actions import (
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
)
from coverage.scenario.difference import difference_by_area
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario.screening import screen_closures
from coverage.ui.area_choice import known_area
from coverage.ui.map_legend import legend_strip
from coverage.ui.map_view import base_layers
from coverage.ui.scenario_figures import change_text, figure_text, is_seen, names_text
from coverage.ui.scenario_results import what_it_does
from coverage.ui.simulering.closures import worst_closures
from coverage.ui.simulering.figures import answer, broken_places, scenario_figures
from coverage.ui.simulering.practice_names import (
    action_sentence,
    nearest_practice,
    nearest_town,
    practice_facts,
    practice_labels,
)
from coverage.ui.simulering.scenario_map import (
    CHANGED_COLOUR,
    CHOSEN_COLOUR,
    GONE_COLOUR,
    PLACED_COLOUR,
    scenario_legend,
    scenario_marks,
    simulation_theme,
)
from coverage.ui.state import AppState, choose_area, view_simulation
from coverage.ui.theme_map import theme_layers
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M

HOSTILE = "{{7*7}}{% raw %}${alert(1)}<img src=x onerror=alert(2)>`\\"
PICTURE = StatusImage(b"\x89PNG", 55.0, 10.0, 56.0, 11.0)
STATE = AppState(study_path=Path("study.toml"))


def at_km(km):
    return {"x_m": WEST_M + km * 1000.0, "y_m": ROAD_Y_M}


AT_E = Open(site_id="N1", capacities=1.5, name="", **at_km(22.5))
CLOSE_P2 = Close(ydernummer="010002")


@pytest.fixture(scope="module")
def town():
    return annex_town()


@pytest.fixture(scope="module")
def basis(town):
    return EffectBasis(town)


def resolved(town, *actions):
    return resolve_scenario(town, Scenario(name="", actions=actions))


@pytest.fixture(scope="module")
def measured(town, basis):
    """Return a function: actions -> differences by kommune, and the skal-areas that change."""

    def measure(*actions):
        before, after = (measure_effect(basis, resolved(town, *done)) for done in ((), actions))
        return difference_by_area(before, after, "kommune"), after.skal

    return measure


def figures(measured, *actions, area_id="all", language="da"):
    differences, skal = measured(*actions)
    return {
        figure.name: figure for figure in scenario_figures(differences, skal, area_id, language)
    }


def test_figures_say_value_change_and_what_was_before(measured):
    shown = figures(measured, CLOSE_P2)
    assert shown["lose"].value == "1.565"
    assert shown["gain"].value == "0"
    share = shown["share"]
    assert share.change.startswith("-")
    assert share.change.endswith("pct.point")
    assert share.caption.startswith("før: ")
    assert share.better == "normal"
    assert shown["per_capacity"].better == "inverse"


def test_without_actions_nothing_has_changed(measured):
    assert {figure.change for figure in figures(measured).values()} == {""}
    assert {figure.caption for figure in figures(measured).values()} == {""}


def test_an_area_has_its_own_figures_and_its_signal_in_words(measured):
    shown = figures(measured, CLOSE_P2, area_id="0461")
    assert shown["lose"].value == "1.510"
    assert "signals" not in shown
    assert shown["signal"].value in ("signal", "muligt", "intet")


def test_an_area_of_another_page_is_answered_with_everything():
    elsewhere = choose_area(STATE, "Vest")
    assert known_area(["all", "0461"], elsewhere) == "all"
    assert known_area(["all", "0461"], choose_area(STATE, "0461")) == "0461"


def test_the_answer_names_who_loses_and_which_skal_area_breaks(measured):
    differences, skal = measured(CLOSE_P2)
    told = answer(differences, skal, "da")
    assert told.startswith("0 borgere får valget mellem to åbne praksis, og 1.565 mister det.")
    english = answer(differences, skal, "en")
    assert english.startswith("0 citizens gain the choice between two open practices, and 1,565")


def test_a_skal_area_is_broken_when_its_last_practice_goes(measured):
    all_gone = [Close(ydernummer=f"01000{number}") for number in (1, 2, 6)]
    _, skal = measured(*all_gone)
    assert "Vesterby" in broken_places(skal)
    assert broken_places(measured(CLOSE_P2)[1]) == ()


@pytest.mark.parametrize(
    ("figure", "value", "text"),
    [
        ("share_two_or_more_pct", 89.64, "89,6\u00a0%"),
        ("second_mean_m", 6952.0, "7,0\u00a0km"),
        ("capacities", 4.5, "4,5"),
        ("persons_none", 0.2, "<\u00a01"),
        ("patients_per_capacity", 1603.6, "1.604"),
        ("access_gini", 0.1234, "0,123"),
        ("free_places", float("nan"), "–"),
    ],
)
def test_a_figure_reads_with_its_unit(figure, value, text):
    assert figure_text(figure, value, "da") == text


@pytest.mark.parametrize(
    ("figure", "change", "text", "seen"),
    [
        ("share_two_or_more_pct", -0.04, "0,0", False),
        ("share_two_or_more_pct", 1.25, "+1,2", True),
        ("second_mean_m", -149.0, "-0,1", True),
        ("second_mean_m", 49.0, "0,0", False),
        ("free_places", -1600.4, "-1.600", True),
        ("free_places", 0.3, "0", False),
        ("access_gini", 0.0104, "+0,010", True),
        ("capacities", 2.0, "+2,0", True),
        ("capacities", float("nan"), "–", False),
    ],
)
def test_a_change_has_a_sign_and_nothing_is_no_change(figure, change, text, seen):
    assert change_text(figure, change, "da") == text
    assert is_seen(text) is seen


def test_three_names_are_shown_and_the_others_counted():
    assert names_text(["A", "B", "C"], "da") == "A, B, C"
    assert names_text(["A", "B", "C", "D", "E"], "da") == "A, B, C og 2 til"


def test_practices_are_found_by_name_and_ydernummer_new_ones_first(town):
    labels = practice_labels(town, Scenario(name="", actions=(AT_E,)))
    assert next(iter(labels.items())) == ("N1", "N1 · Østerlund")
    assert labels["010002"] == "Lægerne på Torvet · Vesterby · 010002"
    assert list(labels.values())[1:] == sorted(list(labels.values())[1:])


def test_the_nearest_town_and_practice_are_found(town):
    assert nearest_town(town.tables.towns, WEST_M + 14_000.0, ROAD_Y_M) == "Midterby"
    assert nearest_town(town.tables.towns.iloc[:0], 0.0, 0.0) == ""
    assert nearest_practice(town.tables.practices, WEST_M + 27_000.0, ROAD_Y_M) == "010004"
    assert nearest_practice(town.tables.practices.iloc[:0], 0.0, 0.0) == ""


def test_facts_are_those_after_the_scenario(town):
    after = resolved(town, Resize(ydernummer="010001", capacities=7.0), Retire(ydernummer="010001"))
    facts = practice_facts(after, "010001")
    assert facts.doctors == 1
    assert facts.capacities == 3.5
    assert facts.intake_open is True
    assert not facts.is_new
    assert practice_facts(after, "010006").intake_open is None
    assert practice_facts(resolved(town, CLOSE_P2), "010002") is None
    assert practice_facts(resolved(town, AT_E), "N1").is_new


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (CLOSE_P2, "Lægerne på Torvet (010002) lukker"),
        (Close(ydernummer="999999"), "999999 lukker"),
        (
            Move(ydernummer="010002", address="Torvet 1", **at_km(6)),
            "Lægerne på Torvet (010002) flytter: Torvet 1",
        ),
        (
            OpenSatellite(ydernummer="010002", **at_km(12)),
            "Satellit til Lægerne på Torvet (010002): Midterby",
        ),
        (AT_E, "Ny praksis N1 · Østerlund med kapacitet 1,5"),
        (
            replace(AT_E, intake_open=False, name="Havnen"),
            "Ny praksis N1 · Havnen med kapacitet 1,5, lukket for tilgang",
        ),
        (
            SetIntake(ydernummer="010003", intake_open=True),
            "Lukket Klinik (010003) åbner for tilgang",
        ),
    ],
)
def test_an_action_reads_with_the_name_of_its_practice(town, action, sentence):
    assert action_sentence(action, town, Scenario(name="", actions=(action,)), "da") == sentence


def marks_of(town, *actions):
    return scenario_marks(town, resolved(town, *actions), "da")


def test_closed_moved_changed_and_new_practices_are_marked(town):
    marks, lines = marks_of(
        town,
        AT_E,
        Close(ydernummer="010001"),
        Move(ydernummer="010002", **at_km(6)),
        Resize(ydernummer="010004", capacities=9.0),
        OpenSatellite(ydernummer="010004", **at_km(30)),
    )
    at = {(mark.colour, round((mark.x_m - WEST_M) / 1000.0, 1)) for mark in marks}
    assert at == {
        (PLACED_COLOUR, 22.5),
        (GONE_COLOUR, 1.0),
        (GONE_COLOUR, 4.0),
        (PLACED_COLOUR, 6.0),
        (CHANGED_COLOUR, 28.0),
        (PLACED_COLOUR, 30.0),
    }
    (line,) = lines
    assert (line.from_x_m, line.to_x_m) == (WEST_M + 4_000.0, WEST_M + 6_000.0)


def test_a_new_practice_has_its_name_or_number_beside_it(town):
    (plain,), _ = marks_of(town, AT_E)
    (named,), _ = marks_of(town, replace(AT_E, name="Et meget langt navn på en praksis i byen"))
    assert plain.label == "N1"
    assert named.label == "Et meget langt navn på en praksis…"
    assert ("", "N1 · Østerlund") in plain.tooltip


def test_a_list_that_opens_is_a_change_and_taking_it_back_is_none(town):
    opens = SetIntake(ydernummer="010003", intake_open=True)
    (mark,), _ = marks_of(town, opens)
    assert ("Tilgang", "Lukket for tilgang → Åben for tilgang") in mark.tooltip
    assert marks_of(town, opens, replace(opens, intake_open=False)) == ((), ())


def test_a_practice_without_a_place_has_no_mark(town):
    assert marks_of(town, Close(ydernummer="010005")) == ((), ())


def test_the_chosen_practice_has_a_ring_and_hostile_names_are_escaped(town):
    state = view_simulation(STATE, practice="010004")
    hostile = resolved(town, replace(AT_E, name=HOSTILE))
    theme = simulation_theme(town, hostile, PICTURE, state)
    assert [mark.colour for mark in theme.marks] == [CHOSEN_COLOUR, PLACED_COLOUR]
    group = theme_layers(base_layers(town, "da"), theme)
    drawn = "".join(str(part.data) for part in group._children.values() if hasattr(part, "data"))
    for sign in ("{{", "{%", "${", "<img", "`"):
        assert sign not in drawn


def test_the_legend_is_of_what_the_map_shows(town):
    status = scenario_legend(town, "da", shows_change=False, has_chosen=True)
    change = scenario_legend(town, "da", shows_change=True, has_chosen=False)
    assert "kun én praksis" in str(status)
    assert "mister valget – dårligst" in str(change)
    assert "kun én praksis" not in str(change)
    assert len([row for row in status if "valgt" in row[1]]) == 1


def test_a_legend_below_the_map_takes_no_markup_and_no_other_colours():
    strip = legend_strip([("", "<b>Hjem</b>"), ("dot:#112233", "åben"), ("#445566", "ja")])
    assert "&lt;b&gt;Hjem&lt;/b&gt;" in strip
    assert '<i class="dot" style="background:#112233"></i>åben' in strip
    with pytest.raises(ValueError, match="is no colour"):
        legend_strip([("red;}", "x")])


def test_two_scenarios_that_do_the_same_share_their_results_whatever_they_are_called():
    one = Scenario(name="A", note="x", actions=(CLOSE_P2,), register_sha256="a" * 64)
    assert what_it_does(one) == what_it_does(replace(one, name="B", note="", register_sha256=""))
    # Same fields, other actions: a digest of the fields alone would not tell them apart.
    move = Move(ydernummer="010002", **at_km(6))
    satellite = OpenSatellite(ydernummer="010002", **at_km(6))
    texts = {what_it_does(replace(one, actions=(action,))) for action in (move, satellite)}
    assert len(texts) == 2


def test_the_worst_closings_come_first(town):
    table = worst_closures(screen_closures(town))
    taken = list(table["persons_lose_practice"])
    assert taken == sorted(taken, reverse=True)
