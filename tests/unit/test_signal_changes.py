"""Which areas change their signal, as a planner would compare two lists."""

import pandas as pd
import pytest

from coverage.designation import designate
from coverage.exports.signal_changes import STEPS_PCT, changed_signals, flips_by_step
from coverage.plan_tables import PlanTables
from tests.area_facts import AS_OF, RULES, bad, facts_of, judgements_of, plan_of

TWO = ("patients_per_capacity", "practices_closed_pct")
THREE = (*TWO, "expected_exit_pct")
FACTS = facts_of({"nord": bad(*THREE), "midt": bad(*TWO), "syd": {}})


def designated(changes=None, plan=None):
    rules = RULES.override(
        {f"designation.{name}": value for name, value in (changes or {}).items()}
    )
    return designate({"kommune": FACTS, "plan": FACTS}, plan or PlanTables(), rules, AS_OF)


def test_an_area_that_gains_or_loses_its_signal_is_listed_with_both_signals():
    """By 2 of weight midt has a signal too; by 1,700 patients nobody has more than two met."""
    own = designated()
    looser = changed_signals(own.areas, designated({"signal_weight": 2}).areas)
    assert looser.to_numpy().tolist() == [
        ["kommune", "midt", "Midt", "no_signal", "signal"],
        ["plan", "midt", "Midt", "no_signal", "signal"],
    ]
    stricter = changed_signals(own.areas, designated({"patients_per_capacity_persons": 1700}).areas)
    assert stricter[["area_id", "before", "after"]].to_numpy().tolist() == [
        ["nord", "signal", "no_signal"],
        ["nord", "signal", "no_signal"],
    ]


def test_without_a_change_no_area_is_listed_and_the_columns_stay():
    found = changed_signals(designated().areas, designated({"expected_exit_pct": 29.9}).areas)
    assert found.empty
    assert list(found) == ["area_level", "area_id", "area_name", "before", "after"]


def test_what_an_override_holds_does_not_change():
    plan = plan_of(judgements_of({"criterion": "override", "met": True}))
    stricter = {"patients_per_capacity_persons": 1700}
    found = changed_signals(designated(None, plan).areas, designated(stricter, plan).areas)
    assert found["area_level"].tolist() == ["plan"]


def test_areas_of_the_same_id_at_two_levels_are_told_apart_in_any_order():
    own, other = designated().areas, designated({"signal_weight": 2}).areas
    found = changed_signals(own.iloc[::-1], other)
    assert found[["area_level", "area_id"]].to_numpy().tolist() == [
        ["kommune", "midt"],
        ["plan", "midt"],
    ]


def test_two_lists_with_an_area_twice_are_refused():
    own = designated().areas
    with pytest.raises(pd.errors.MergeError):
        changed_signals(pd.concat([own, own]), own)


def test_every_flip_stands_in_the_column_of_its_step():
    """1650 patients are met up to 1650: lost at +5, +10 and +20 % of 1600; 70 % of 67 likewise.

    2.3 free places are below 2.4 (+20 %) only.
    """
    facts = facts_of(
        {
            "nord": {**bad(*THREE), "patients_per_capacity": 1650.0, "practices_closed_pct": 70.0},
            "midt": {**bad(*TWO), "spare_places_pct": 2.3},
        }
    )
    result = designate({"kommune": facts}, PlanTables(), RULES, AS_OF)
    wide = flips_by_step(result.sensitivity).set_index(["area_id", "criterion"])
    steps = [str(step) for step in STEPS_PCT]
    assert steps == ["-20", "-10", "-5", "5", "10", "20"]
    words = wide[steps].fillna("-").apply(" ".join, axis=1).to_dict()
    assert words == {
        ("nord", "patients_per_capacity"): "- - - no_signal no_signal no_signal",
        ("nord", "practices_closed"): "- - - no_signal no_signal no_signal",
        ("midt", "spare_places"): "- - - - - signal",
    }
    assert wide["before"].tolist() == ["signal", "signal", "no_signal"]
    assert wide[steps].notna().to_numpy().sum() == len(result.sensitivity)


def test_without_flips_there_is_no_row_and_every_step_has_its_column():
    wide = flips_by_step(
        designate({"k": facts_of({"syd": {}})}, PlanTables(), RULES, AS_OF).sensitivity
    )
    assert wide.empty
    assert list(wide)[-6:] == [str(step) for step in STEPS_PCT]
