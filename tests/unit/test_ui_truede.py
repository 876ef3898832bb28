"""What the page on lægedækningstruede says, without a browser."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.decisions import AGENDA_ITEMS
from coverage.designation import STATUSES, designate
from coverage.errors import PersonalDataError
from coverage.plan_tables import JUDGED
from coverage.rules import STATUSES as RULE_STATUSES
from coverage.signal_rule import CRITERIA, MEASURES, SIGNALS
from coverage.sources.judgements import read_judgements
from coverage.ui.rule_slider import slider_options
from coverage.ui.signal_colours import SIGNAL_COLOURS
from coverage.ui.state import (
    AppState,
    Message,
    file_judgement,
    judge_area,
    move_threshold,
    refuse_judgement,
    reset_thresholds,
)
from coverage.ui.truede.agenda_list import agenda_rows
from coverage.ui.truede.answer import agenda_sentence, month_text, signal_sentence
from coverage.ui.truede.area_criteria import area_sentence, criteria_rows
from coverage.ui.truede.area_panel import with_area
from coverage.ui.truede.criteria_table import COLUMNS, signals_worst_first
from coverage.ui.truede.criterion_text import (
    day_text,
    plain_number,
    signed_number,
    signed_percent,
    threshold_text,
    value_text,
)
from coverage.ui.truede.judgement_form import enter_judgement, judgements_of, met_text
from coverage.ui.truede.signal_map import met_criteria, signal_theme
from coverage.ui.truede.threshold_panel import (
    SLIDERS,
    ThresholdSlider,
    areas_flipping,
    flips_sentence,
)
from coverage.wording import keys
from tests.area_facts import AS_OF, RULES, bad, designations_of, facts_of, plan_of
from tests.area_facts import judgements_of as entries_of

START = AppState(study_path=Path("study.toml"))
TWO = ("patients_per_capacity", "practices_closed_pct")
THREE = (*TWO, "expected_exit_pct")
NBSP = "\u00a0"
MOVED = "designation.patients_per_capacity_persons"


def region(plan=None):
    """Nord signals, midt perhaps, syd does not but is designated; øst is told to."""
    facts = facts_of(
        {
            "nord": bad(*THREE),
            "midt": bad(*TWO, unknown=["spare_places_pct"]),
            "syd": {},
            "øst": bad(TWO[0]),
        }
    )
    plan = plan or plan_of(
        entries_of(
            {"area_id": "øst", "criterion": "override", "author": "EF", "reason": "lukning"},
            {"area_id": "nord", "criterion": "clinic_need"},
            {"area_id": "syd", "criterion": "clinic_need", "met": False},
        ),
        designations_of({"area_id": "syd"}),
    )
    return designate({"kommune": facts}, plan, RULES, AS_OF)


REGION = region()


def of_area(table, area_id):
    return table[table["area_id"] == area_id].reset_index(drop=True)


# --- numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "threshold", "criterion", "text"),
    [
        (1720.4, 1600.0, "patients_per_capacity", "1.720"),
        (1600.0, 1600.0, "patients_per_capacity", "1.600"),
        (1600.4, 1600.0, "patients_per_capacity", "1.600,4"),
        (1599.98, 1600.0, "patients_per_capacity", "1.599,98"),
        (1.96, 2.0, "spare_places", "1,96"),
        (2.04, 2.0, "spare_places", "2,04"),
        (2.0, 2.0, "spare_places", "2,0"),
        (2.0 + 1e-10, 2.0, "spare_places", "2,0"),
        (63.6, 67.0, "practices_closed", "63,6"),
        (-0.7, 3.0, "population_growth", "-0,7"),
        (np.nan, 3.0, "population_growth", "–"),
    ],
)
def test_a_value_never_looks_as_if_it_were_its_threshold(value, threshold, criterion, text):
    assert value_text(value, threshold, criterion, "da") == text


def test_thresholds_say_their_side_and_numbers_their_decimals():
    assert threshold_text("patients_per_capacity", 1600.0, "da") == "over 1.600"
    assert threshold_text("spare_places", 2.5, "da") == "under 2,5"
    assert threshold_text("spare_places", 2.5, "en") == "below 2.5"
    assert [plain_number(value, "da") for value in (3.0, 0.1 + 0.2, 2.25)] == ["3", "0,3", "2,25"]


def test_distances_carry_their_sign_also_where_they_round_to_zero():
    assert signed_number(12.0, "da", 0) == "+12"
    assert signed_number(-1234.5, "da", 1) == "-1.234,5"
    assert signed_number(0.0, "da", 1) == "0,0"
    assert signed_percent(0.02, "da") == f"+0,0{NBSP}%"
    assert signed_percent(-0.02, "da") == f"-0,0{NBSP}%"
    assert signed_percent(-4.375, "en") == "-4.4%"
    assert signed_number(np.nan, "da", 1) == signed_percent(np.nan, "da") == "–"


def test_a_day_of_a_table_is_written_as_a_day():
    assert day_text(pd.Timestamp("2026-01-10"), "da") == "10.1.2026"
    assert day_text(pd.Timestamp("2026-01-10"), "en") == "2026-01-10"
    assert day_text(pd.NaT, "da") == "–"


# --- sliders --------------------------------------------------------------------------------


def test_there_is_a_slider_for_each_measured_criterion_and_for_the_weight():
    assert [slider.rule_key for slider in SLIDERS] == [
        *(MEASURES[name].rule_key for name in CRITERIA if name in MEASURES),
        "designation.signal_weight",
    ]


@pytest.mark.parametrize("slider", SLIDERS, ids=lambda slider: slider.name)
def test_every_value_of_a_slider_is_one_that_the_rule_takes(slider):
    rule = RULES.rules[slider.rule_key]
    options = slider_options(slider, rule, rule.value)
    assert len(options) > 15
    assert list(options) == sorted(set(options))
    assert rule.value in options
    for end in (options[0], options[-1]):
        assert RULES.override({slider.rule_key: end}).rules[slider.rule_key].value == end


def test_the_rules_range_narrows_a_slider_and_a_value_between_two_steps_is_kept():
    rule = replace(RULES.rules["designation.choice_pct"], min=90.0, max=91.2)
    slider = ThresholdSlider("choice", 50, 100, 0.5)
    assert slider_options(slider, rule, 90.7) == (90.0, 90.5, 90.7, 91.0)
    free = replace(rule, min=None, max=None)
    assert slider_options(slider, free)[0] == 50.0
    assert slider_options(slider, free)[-1] == 100.0


def test_steps_are_round_numbers():
    rule = RULES.rules["designation.spare_places_pct"]
    slider = next(one for one in SLIDERS if one.name == "spare_places")
    assert 0.3 in slider_options(slider, rule)
    assert 2.3 in slider_options(slider, rule)


def changes(*rows):
    names = ["area_level", "area_id", "area_name", "before", "after"]
    return pd.DataFrame([("kommune", name, name, *pair) for name, *pair in rows], columns=names)


def test_the_sentence_on_what_changes_against_the_studys_own_thresholds():
    moved = move_threshold(START, MOVED, 1700.0, 1600.0)
    one = changes(("Nyborg", "no_signal", "signal"))
    two = changes(("Nyborg", "no_signal", "signal"), ("Fanø", "signal", "possible"))
    assert flips_sentence(changes(), START).startswith("Undersøgelsens egne tærskler gælder.")
    assert "ingen områder skifter" in flips_sentence(changes(), moved)
    assert flips_sentence(one, moved).endswith("egne tærskler: Nyborg: intet → signal")
    assert flips_sentence(one, moved).startswith("1 område ")
    assert flips_sentence(two, moved).startswith("2 områder ")
    assert flips_sentence(two, moved).endswith("Nyborg: intet → signal; Fanø: signal → muligt")


def test_areas_are_counted_once_however_many_thresholds_change_them():
    table = pd.DataFrame(
        {
            "area_id": ["a", "a", "b", "c", "c"],
            "change_pct": [-5, 5, 10, -20, 20],
        }
    )
    assert areas_flipping(table) == {5: 1, 10: 2, 20: 3}
    assert areas_flipping(table.iloc[:0]) == {5: 0, 10: 0, 20: 0}


# --- the answer -----------------------------------------------------------------------------


def test_the_answer_names_the_areas_with_a_signal_and_the_possible_ones():
    assert signal_sentence(REGION.areas, "da") == (
        "2 af 4: Nord, Øst. I 1 mangler tal, som kan give signal: Midt."
    )
    calm = designate({"kommune": facts_of({"a": {}, "b": {}})}, plan_of(), RULES, AS_OF)
    assert signal_sentence(calm.areas, "da") == "Ingen af 2 områder."


@pytest.mark.parametrize(("count", "named"), [(10, True), (11, False)])
def test_many_signals_are_counted_and_not_named(count, named):
    facts = facts_of({f"a{number:02}": bad(*THREE) for number in range(count)})
    areas = designate({"kommune": facts}, plan_of(), RULES, AS_OF).areas
    assert ("A00" in signal_sentence(areas, "da")) is named
    assert signal_sentence(areas, "da").startswith(f"{count} af {count}")


def test_the_answer_says_when_is_decided_and_about_how_many_areas():
    assert agenda_sentence(3, date(2026, 3, 1), "da") == (
        "Næste beslutning er i marts 2026; områder på listen nederst: 3."
    )
    assert agenda_sentence(0, date(2026, 9, 1), "en").startswith(
        "The next decision is in September 2026: nothing"
    )
    months = {month_text(date(2026, month, 1), "da") for month in range(1, 13)}
    assert len(months) == 12


# --- the table ------------------------------------------------------------------------------


def test_the_table_has_the_worst_areas_first():
    table = signals_worst_first(REGION.areas, REGION.criteria)
    assert table["area_id"].tolist() == ["nord", "øst", "midt", "syd"]
    assert table["signal"].tolist() == ["signal", "signal", "possible", "no_signal"]
    assert table["overridden"].tolist() == [False, True, False, False]
    assert list(table) == ["area_id", *COLUMNS, "overridden"]


def test_the_table_keeps_figures_as_numbers_and_judgements_as_statuses():
    table = signals_worst_first(REGION.areas, REGION.criteria).set_index("area_id")
    assert table.loc["nord", "patients_per_capacity"] == 1700.0
    assert np.isnan(table.loc["midt", "spare_places"])
    assert table["choice"].dtype == "float64"
    assert table["clinic_need"].to_dict() == {
        "nord": "met",
        "øst": "not_entered",
        "midt": "not_entered",
        "syd": "not_met",
    }


def test_of_equal_weights_the_one_nearer_to_or_farther_beyond_its_threshold_comes_first():
    facts = facts_of(
        {"a": {}, "b": {"patients_per_capacity": 1590.0}, "c": {"patients_per_capacity": 1400.0}}
    )
    result = designate({"kommune": facts}, plan_of(), RULES, AS_OF)
    table = signals_worst_first(result.areas, result.criteria)
    # 1590 is 0.6 % short of 1600, 1500 is 6.25 %, 1400 12.5 %.
    assert table["area_id"].tolist() == ["b", "a", "c"]


# --- the map --------------------------------------------------------------------------------


def test_the_map_fills_every_area_by_its_signal_and_frames_the_designated_ones():
    theme = signal_theme(REGION.areas, REGION.criteria, 3.0, "da")
    assert theme.level == "kommune"
    colours = {fill.area_id: fill.colour for fill in theme.fills}
    assert colours == {
        "nord": SIGNAL_COLOURS["signal"],
        "øst": SIGNAL_COLOURS["signal"],
        "midt": SIGNAL_COLOURS["possible"],
        "syd": SIGNAL_COLOURS["no_signal"],
    }
    assert [fill.area_id for fill in theme.fills if fill.bold_border] == ["syd"]
    lines = {fill.area_id: dict(fill.tooltip) for fill in theme.fills}
    assert lines["nord"]["Vægt opfyldt"] == "4 af 7; signal fra 3"
    assert lines["nord"]["Opfyldt"] == (
        "patienter pr. kapacitet, lukkede praksis, ventet ophør, klinikbehov"
    )
    assert "Opfyldt" not in lines["syd"]
    assert lines["øst"]["Tilsidesat af"] == "EF"


def test_a_criterion_without_weight_is_not_told_as_met():
    facts = facts_of({"nord": bad(TWO[0], "choice_pct")})
    criteria = designate({"kommune": facts}, plan_of(), RULES, AS_OF).criteria
    assert met_criteria(criteria, "da") == {"nord": "patienter pr. kapacitet"}


# --- one area -------------------------------------------------------------------------------


def rows_of(area_id, state=START):
    rows = criteria_rows(of_area(REGION.criteria, area_id), RULES, state)
    return dict(zip(CRITERIA, rows, strict=True))


def test_each_criterion_of_an_area_has_its_value_threshold_distance_and_backing():
    row = rows_of("nord")["patients_per_capacity"]
    assert row["value"] == "1.700"
    assert row["threshold"] == "over 1.600 patienter pr. kapacitet"
    assert row["distance"] == f"+100 (+6,2{NBSP}%)"
    assert row["status"] == "● opfyldt"
    assert row["weight"] == "1"
    assert row["rule_status"] == "antagelse"
    assert row["rule_source"].startswith("KL 2015")


def test_what_is_missing_judged_or_not_judged_says_so():
    assert rows_of("midt")["spare_places"]["status"] == "tal mangler"
    assert rows_of("midt")["spare_places"]["value"] == "–"
    assert rows_of("midt")["spare_places"]["distance"] == "–"
    assert rows_of("nord")["clinic_need"]["status"] == "● opfyldt"
    assert rows_of("syd")["clinic_need"]["status"] == "ikke opfyldt"
    assert rows_of("syd")["special_circumstances"]["status"] == "ikke vurderet"
    assert rows_of("syd")["clinic_need"]["threshold"] == "når regionen vurderer det"


def test_a_threshold_that_the_visitor_moved_is_no_longer_anybodys_rule():
    moved = move_threshold(START, MOVED, 1650.0, 1600.0)
    rows = rows_of("nord", moved)
    assert rows["patients_per_capacity"]["rule_status"] == "flyttet på siden"
    assert rows["spare_places"]["rule_status"] == "antagelse"


def test_an_areas_sentence_says_signal_weight_and_designation():
    areas = REGION.areas.set_index("area_id")
    assert area_sentence(areas.loc["nord"], RULES, "da") == (
        "Signal. Opfyldt vægt 4 af 7; signal fra 3."
    )
    assert area_sentence(areas.loc["syd"], RULES, "da") == (
        "Intet signal. Opfyldt vægt 0 af 7; signal fra 3. Udpeget på beslutningsdagen."
    )


def test_the_worst_area_is_shown_until_another_is_chosen_and_stays_when_it_is_no_longer_worst():
    table = pd.DataFrame({"area_id": ["nord", "syd"]})
    first = with_area(START, table)
    assert first.judged_area == "nord"
    assert with_area(first, table.iloc[::-1]) == first
    assert with_area(judge_area(START, "syd"), table).judged_area == "syd"
    assert with_area(judge_area(START, "gone"), table).judged_area == "nord"


# --- judgements -----------------------------------------------------------------------------

ENTERED = ("kommune", "0461", "clinic_need", "yes", date(2026, 11, 22), " AB ", "udbud")


def entered(**changed):
    names = ("area_level", "area_id", "criterion", "met", "day", "author", "reason")
    return tuple({**dict(zip(names, ENTERED, strict=True)), **changed}.values())


def test_a_judgement_is_filed_and_its_author_kept_for_the_next(tmp_path):
    path = tmp_path / "judgements.csv"
    state = enter_judgement(START, path, ENTERED)
    filed, _ = read_judgements(path, as_of=None)
    assert filed[["area_id", "criterion", "met", "author"]].to_numpy().tolist() == [
        ["0461", "clinic_need", True, "AB"]
    ]
    assert filed["entered_on"].tolist() == [pd.Timestamp("2026-11-22")]
    assert (state.author, state.entries) == ("AB", 1)
    assert isinstance(state.entry, Message)
    assert dict(state.entry.values)["file"] == "judgements.csv"


def test_a_judgement_can_be_taken_back(tmp_path):
    path = tmp_path / "judgements.csv"
    enter_judgement(START, path, ENTERED)
    state = enter_judgement(START, path, entered(met="withdrawn", reason="forveksling"))
    filed, _ = read_judgements(path, as_of=None)
    assert filed["met"].isna().tolist() == [False, True]
    assert dict(state.entry.values)["verdict"] == "withdrawn"


@pytest.mark.parametrize(
    "changed",
    [{"met": None}, {"day": None}, {"author": " "}, {"reason": ""}, {"reason": "\n \t"}],
)
def test_a_judgement_that_lacks_something_is_not_filed_and_says_so(tmp_path, changed):
    path = tmp_path / "judgements.csv"
    state = enter_judgement(START, path, entered(**changed))
    assert not path.exists()
    assert state.entry == Message("app.truede.judge.incomplete")
    assert (state.author, state.entries) == ("", 0)


def test_a_judgement_that_the_file_refuses_keeps_the_reason_why(tmp_path):
    path = tmp_path / "judgements.csv"
    state = enter_judgement(START, path, entered(reason="patient 010190-1234"))
    assert not path.exists()
    assert isinstance(state.entry, PersonalDataError)
    assert state.entries == 0


def test_another_area_forgets_what_became_of_the_last_entry():
    filed = file_judgement(START, "AB", Message("app.truede.judge.saved"))
    other = judge_area(filed, "0450")
    assert other.entry is None
    assert (other.author, other.entries) == ("AB", 1)
    assert refuse_judgement(filed, Message("app.truede.judge.incomplete")).entries == 1


def test_an_areas_judgements_are_shown_newest_first_and_no_others():
    entries = entries_of(
        {"author": "first", "entered_on": "2026-01-01"},
        {"author": "second", "entered_on": "2026-03-01"},
        {"author": "third", "entered_on": "2026-03-01"},
        {"author": "other", "area_id": "syd"},
        {"author": "plan", "area_level": "plan"},
    )
    assert judgements_of(entries, "kommune", "nord")["author"].tolist() == [
        "third",
        "second",
        "first",
    ]


def test_an_override_says_the_signal_that_it_sets():
    assert met_text("override", "da", met=False) == "intet signal"
    assert met_text("override", "da", met=True) == "signal"
    assert met_text("clinic_need", "da", met=False) == "ikke opfyldt"
    assert met_text("clinic_need", "da", met=None) == "trukket tilbage"


def test_thresholds_move_and_come_back():
    moved = move_threshold(START, MOVED, 1650.0, 1600.0)
    assert moved.thresholds == ((MOVED, 1650.0),)
    assert move_threshold(moved, MOVED, 1600.0, 1600.0).thresholds == ()
    assert reset_thresholds(moved).thresholds == ()


# --- the agenda -----------------------------------------------------------------------------


def test_the_agenda_is_grouped_by_question_with_what_each_area_meets():
    groups = agenda_rows(REGION.agenda, REGION.areas, REGION.criteria, "da")
    assert list(groups) == ["new_signal", "signal_gone", "possible_signal"]
    new = groups["new_signal"]
    assert new["area"].tolist() == ["Nord", "Øst"]
    assert new["met_weight"].tolist() == [4.0, 1.0]
    assert list(new) == ["area", "met_weight", "met"]
    assert new["met"].iloc[0].endswith("klinikbehov")
    assert groups["possible_signal"]["unknown"].tolist() == ["ledige pladser"]
    gone = groups["signal_gone"]
    assert gone["earliest_end"].tolist() == [pd.Timestamp("2026-03-01")]
    assert gone["basis"].tolist() == ["få ledige pladser"]


def test_without_a_question_there_is_no_group():
    calm = designate({"kommune": facts_of({"a": {}})}, plan_of(), RULES, AS_OF)
    assert agenda_rows(calm.agenda, calm.areas, calm.criteria, "da") == {}


# --- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        *(f"app.truede.threshold.{slider.name}" for slider in SLIDERS),
        *(f"app.truede.threshold.{status}" for status in RULE_STATUSES),
        *(f"app.truede.short.{signal}" for signal in SIGNALS),
        *(f"app.truede.map.{signal}" for signal in SIGNALS),
        *(f"app.truede.table.{column}" for column in COLUMNS),
        *(f"annex.criterion.{criterion}" for criterion in (*CRITERIA, *JUDGED)),
        *(f"app.truede.criterion.{criterion}" for criterion in CRITERIA),
        *(f"app.truede.threshold.unit_{slider.name}" for slider in SLIDERS),
        *(f"annex.status.{status}" for status in STATUSES),
        *(f"annex.item.{item}" for item in AGENDA_ITEMS),
        *(f"annex.unit.{measure.column}" for measure in MEASURES.values()),
        *(f"app.truede.area.{side}_only" for side in ("above", "below")),
    ],
)
def test_every_word_that_is_put_together_exists(key):
    assert key in set(keys())
