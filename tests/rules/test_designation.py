"""Signals of lægedækningstruede områder, case by case, as a planner would check them.

Every area is fine in all that a case does not mention; a signal needs three criteria.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from coverage.designation import designate
from coverage.errors import RuleError, UnknownIdError
from coverage.plan_tables import PlanTables
from coverage.signal_rule import CRITERIA
from tests.area_facts import (
    AS_OF,
    BAD,
    FINE,
    MISSING,
    RULES,
    bad,
    designations_of,
    facts_of,
    judgements_of,
    plan_of,
)

TWO = ("patients_per_capacity", "practices_closed_pct")
THREE = (*TWO, "expected_exit_pct")
NO_PLAN = PlanTables()


def designated(values, plan=NO_PLAN, rules=None, as_of=AS_OF):
    """The one area "nord" of the level kommune."""
    changed = RULES.override({f"designation.{key}": v for key, v in (rules or {}).items()})
    return designate({"kommune": facts_of({"nord": values})}, plan, changed, as_of)


def area_of(values, plan=NO_PLAN, rules=None, as_of=AS_OF):
    (row,) = designated(values, plan, rules, as_of).areas.itertuples()
    return row


def criterion_of(name, values, plan=NO_PLAN, rules=None):
    return designated(values, plan, rules).criteria.set_index("criterion").loc[name]


# --- the six measured criteria ----------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "column", "value", "status", "distance"),
    [
        ("patients_per_capacity", "patients_per_capacity", 1599.9, "not_met", -0.1),
        ("patients_per_capacity", "patients_per_capacity", 1600.0, "not_met", 0.0),
        ("patients_per_capacity", "patients_per_capacity", 1600.1, "met", 0.1),
        ("practices_closed", "practices_closed_pct", 66.9, "not_met", -0.1),
        ("practices_closed", "practices_closed_pct", 67.0, "not_met", 0.0),
        ("practices_closed", "practices_closed_pct", 67.1, "met", 0.1),
        ("spare_places", "spare_places_pct", 2.1, "not_met", -0.1),
        ("spare_places", "spare_places_pct", 2.0, "not_met", 0.0),
        ("spare_places", "spare_places_pct", 1.9, "met", 0.1),
        ("expected_exit", "expected_exit_pct", 19.9, "not_met", -0.1),
        ("expected_exit", "expected_exit_pct", 20.0, "not_met", 0.0),
        ("expected_exit", "expected_exit_pct", 20.1, "met", 0.1),
        ("population_growth", "population_growth_pct", 2.9, "not_met", -0.1),
        ("population_growth", "population_growth_pct", 3.0, "not_met", 0.0),
        ("population_growth", "population_growth_pct", 3.1, "met", 0.1),
        ("choice", "choice_pct", 95.1, "not_met", -0.1),
        ("choice", "choice_pct", 95.0, "not_met", 0.0),
        ("choice", "choice_pct", 94.9, "met", 0.1),
    ],
)
def test_only_what_lies_beyond_the_threshold_is_met(criterion, column, value, status, distance):
    row = criterion_of(criterion, {column: value})
    assert row["value"] == value
    assert row["status"] == status
    assert row["distance"] == pytest.approx(distance, abs=1e-9)


def test_a_share_that_rounding_puts_over_the_line_is_on_the_line():
    growth_pct = (103 / 100 - 1) * 100
    assert growth_pct > 3
    row = criterion_of("population_growth", {"population_growth_pct": growth_pct})
    assert (row["status"], row["distance"]) == ("not_met", 0.0)


def test_each_row_names_its_threshold_weight_and_rule():
    table = designated({}).criteria
    assert table["criterion"].tolist() == list(CRITERIA)
    assert table["worse_side"].tolist() == [
        *("above", "above", "below", "above", "above", "", "", "below")
    ]
    assert table["weight"].tolist() == [1, 1, 1, 1, 1, 1, 1, 0]
    thresholds = table.set_index("criterion")["threshold"]
    assert thresholds.dropna().to_dict() == {
        "patients_per_capacity": 1600,
        "practices_closed": 67,
        "spare_places": 2,
        "expected_exit": 20,
        "population_growth": 3,
        "choice": 95,
    }
    for row in table.itertuples():
        rule = RULES.rules[row.rule_key]
        assert rule.value == (row.weight if np.isnan(row.threshold) else row.threshold)


@pytest.mark.parametrize(
    ("value", "threshold", "distance_pct"),
    [(1.0, 2.0, -50.0), (3.0, 2.0, 50.0), (-1.0, -2.0, 50.0), (-3.0, -2.0, -50.0)],
)
def test_the_distance_is_also_given_in_percent_of_the_thresholds_size(
    value, threshold, distance_pct
):
    rules = {"population_growth_pct": threshold}
    row = criterion_of("population_growth", {"population_growth_pct": value}, rules=rules)
    assert row["distance_pct"] == pytest.approx(distance_pct)


def test_no_percentage_of_a_threshold_of_zero():
    rules = {"population_growth_pct": 0}
    row = criterion_of("population_growth", {"population_growth_pct": 1.0}, rules=rules)
    assert (row["status"], row["distance"]) == ("met", 1.0)
    assert np.isnan(row["distance_pct"])


def test_a_missing_figure_is_unknown_and_its_distance_missing():
    row = criterion_of("expected_exit", {"expected_exit_pct": MISSING})
    assert row["status"] == "unknown"
    assert np.isnan([row["value"], row["distance"], row["distance_pct"]]).all()


# --- from criteria to a signal -----------------------------------------------------------


@pytest.mark.parametrize(
    ("met", "unknown", "signal"),
    [
        (THREE, (), "signal"),
        (TWO, (), "no_signal"),
        ((*THREE, "spare_places_pct", "population_growth_pct"), (), "signal"),
        (TWO, ("spare_places_pct",), "possible"),
        (TWO[:1], ("spare_places_pct",), "no_signal"),
        (TWO[:1], ("spare_places_pct", "expected_exit_pct"), "possible"),
        (THREE, ("spare_places_pct", "population_growth_pct"), "signal"),
        ((), tuple(FINE), "possible"),
        ((), (), "no_signal"),
    ],
)
def test_three_met_are_a_signal_and_what_is_unknown_may_make_it_possible(met, unknown, signal):
    area = area_of(bad(*met, unknown=unknown))
    assert area.signal == area.computed == signal
    assert area.met_weight == len(met)
    assert area.unknown_weight == len(set(unknown) - {"choice_pct"})
    assert area.total_weight == 7


@pytest.mark.parametrize(
    ("signal_weight", "signal"), [(1.99, "signal"), (2.0, "signal"), (2.01, "no_signal")]
)
def test_weights_of_just_the_signal_weight_are_a_signal(signal_weight, signal):
    assert area_of(bad(*TWO), rules={"signal_weight": signal_weight}).signal == signal


def test_weights_that_rounding_puts_below_the_signal_weight_are_on_it():
    assert 0.7 + 0.1 < 0.8
    rules = {
        "weight_patients_per_capacity": 0.7,
        "weight_practices_closed": 0.1,
        "signal_weight": 0.8,
    }
    assert area_of(bad(*TWO), rules=rules).signal == "signal"


def test_a_heavy_criterion_can_be_a_signal_alone():
    assert area_of(bad(TWO[0]), rules={"weight_patients_per_capacity": 3}).signal == "signal"
    assert area_of(bad(TWO[1]), rules={"weight_patients_per_capacity": 3}).signal == "no_signal"


@pytest.mark.parametrize(("weight", "signal"), [(0, "no_signal"), (1, "signal")])
def test_a_criterion_without_weight_is_shown_and_not_counted(weight, signal):
    result = designated(bad(*TWO, "choice_pct"), rules={"weight_choice": weight})
    assert result.criteria.set_index("criterion").loc["choice", "status"] == "met"
    assert result.areas["signal"].tolist() == [signal]


def test_an_unknown_figure_without_weight_makes_nothing_possible():
    assert area_of(bad(*TWO, unknown=["choice_pct"])).signal == "no_signal"


def test_an_area_without_a_practice_is_possible_and_not_fine():
    """No capacity, no list, no doctor: only the free places are known, and there are none."""
    unknown = ["patients_per_capacity", "practices_closed_pct", "expected_exit_pct"]
    area = area_of({**bad(unknown=unknown), "spare_places_pct": 0.0, "choice_pct": 0.0})
    assert (area.met_weight, area.unknown_weight, area.signal) == (1, 3, "possible")


def test_the_total_and_what_lies_in_no_area_are_not_areas():
    result = designated(bad(*THREE))
    for table in (result.criteria, result.areas, result.sensitivity, result.agenda):
        assert set(table["area_id"]) == {"nord"}


def test_every_level_is_judged_by_the_same_rule_and_by_its_own_figures():
    facts = {
        "kommune": facts_of({"0461": bad(*THREE), "0479": {}}),
        "planområde": facts_of({"0461": {}, "øst": bad(*TWO, unknown=["spare_places_pct"])}),
    }
    areas = designate(facts, NO_PLAN, RULES, AS_OF).areas
    assert areas[["area_level", "area_id", "area_name", "signal"]].to_numpy().tolist() == [
        ["kommune", "0461", "0461", "signal"],
        ["kommune", "0479", "0479", "no_signal"],
        ["planområde", "0461", "0461", "no_signal"],
        ["planområde", "øst", "Øst", "possible"],
    ]


# --- judgements ---------------------------------------------------------------------------


def test_a_judgement_that_nobody_entered_is_not_met_and_makes_nothing_possible():
    result = designated(bad(*TWO))
    status = result.criteria.set_index("criterion")["status"]
    assert status["special_circumstances"] == status["clinic_need"] == "not_entered"
    assert result.areas["unknown_weight"].tolist() == [0]
    assert result.areas["signal"].tolist() == ["no_signal"]


@pytest.mark.parametrize("criterion", ["special_circumstances", "clinic_need"])
@pytest.mark.parametrize(
    ("met", "status", "signal"), [(True, "met", "signal"), (False, "not_met", "no_signal")]
)
def test_a_judgement_counts_like_a_figure(criterion, met, status, signal):
    plan = plan_of(judgements_of({"criterion": criterion, "met": met}))
    result = designated(bad(*TWO), plan)
    assert result.criteria.set_index("criterion").loc[criterion, "status"] == status
    assert result.areas["signal"].tolist() == [signal]


def test_a_judgement_is_shown_with_day_author_and_reason_and_on_no_other_row():
    plan = plan_of(judgements_of({"criterion": "clinic_need", "author": "CD", "reason": "udbud"}))
    table = designated({}, plan).criteria.set_index("criterion")
    row = table.loc["clinic_need"]
    assert row["entered_on"] == pd.Timestamp("2026-01-10")
    assert (row["author"], row["reason"]) == ("CD", "udbud")
    others = table.drop("clinic_need")
    assert others[["entered_on", "author", "reason"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("entered", "status"),
    [
        ([("2026-01-14", True)], "met"),
        ([("2026-01-15", True)], "met"),
        ([("2026-01-16", True)], "met"),
        ([("2026-01-02", True), ("2026-01-03", False)], "not_met"),
        ([("2026-01-03", False), ("2026-01-02", True)], "not_met"),
        ([("2026-01-03", False), ("2026-01-03", True)], "met"),
        ([("2026-01-03", True), ("2026-01-03", False)], "not_met"),
        ([("2026-01-03", True), ("2026-01-16", False)], "not_met"),
        ([("2026-11-22", True), ("2026-01-03", False)], "met"),
    ],
)
def test_the_latest_date_counts_also_after_the_studys_day_and_of_one_days_the_last(entered, status):
    entries = judgements_of(*({"entered_on": day, "met": met} for day, met in entered))
    assert criterion_of("special_circumstances", {}, plan_of(entries))["status"] == status


def test_a_judgement_of_one_level_says_nothing_of_an_area_of_that_id_at_another():
    facts = {"kommune": facts_of({"nord": {}}), "planområde": facts_of({"nord": {}})}
    plan = plan_of(judgements_of({"area_level": "planområde", "criterion": "override"}))
    areas = designate(facts, plan, RULES, AS_OF).areas
    assert areas["signal"].tolist() == ["no_signal", "signal"]


@pytest.mark.parametrize(
    ("values", "computed"),
    [
        (bad(*THREE), "signal"),
        (bad(*TWO, unknown=["spare_places_pct"]), "possible"),
        ({}, "no_signal"),
    ],
)
@pytest.mark.parametrize(("met", "signal"), [(True, "signal"), (False, "no_signal")])
def test_an_override_sets_the_signal_and_both_are_shown(values, computed, met, signal):
    entry = {"criterion": "override", "met": met, "author": "EF", "reason": "lukning varslet"}
    area = area_of(values, plan_of(judgements_of(entry)))
    assert (area.computed, area.signal, area.override) == (computed, signal, met)
    assert area.override_on == pd.Timestamp("2026-01-10")
    assert (area.override_author, area.override_reason) == ("EF", "lukning varslet")
    assert area.met_weight == sum(values.get(name) == BAD[name] for name in BAD)


def test_without_an_override_its_columns_are_missing():
    area = area_of(bad(*THREE))
    fields = (area.override, area.override_on, area.override_author, area.override_reason)
    assert all(pd.isna(value) for value in fields)


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ({"area_id": "ukendt"}, "kommune ukendt"),
        ({"area_level": "bydel"}, "bydel nord"),
        ({"area_id": "all"}, "kommune all"),
        ({"area_id": "ukendt", "entered_on": "2027-01-01"}, "kommune ukendt"),
    ],
)
def test_a_judgement_of_an_area_that_is_not_there_is_refused_with_its_row(entry, shown):
    with pytest.raises(UnknownIdError, match=f"{shown} · judgements · 1 row: 3") as caught:
        designated({}, plan_of(judgements_of({}, entry)))
    assert caught.value.rows == (3,)


def test_a_designation_of_an_area_that_is_not_there_is_refused_with_its_row():
    entries = designations_of({"area_id": "ukendt", "ended_on": "2020-01-01"})
    with pytest.raises(UnknownIdError, match="kommune ukendt · designations · 1 row: 2"):
        designated({}, plan_of(designations=entries))


# --- the nearest threshold -----------------------------------------------------------------

TIED = {"patients_per_capacity": 1672.0, "expected_exit_pct": 20.9}


@pytest.mark.parametrize(
    ("values", "criterion", "distance_pct"),
    [
        # 1500 of 1600 is 6.25 % away, 50 of 67 is 25 %, 5 of 2 is 150 %, 10 of 20 is 50 %.
        ({}, "patients_per_capacity", -6.25),
        ({"expected_exit_pct": 21.0}, "expected_exit", 5.0),
        ({"spare_places_pct": 1.98}, "spare_places", 1.0),
        ({"spare_places_pct": 2.02}, "spare_places", -1.0),
        # 72 patients of 1600 and 0.9 percentage points of 20 are 4.5 % both: the first.
        (TIED, "patients_per_capacity", 4.5),
        # 95.1 of 95 is nearer still, but lægevalg has no weight.
        ({"choice_pct": 95.1}, "patients_per_capacity", -6.25),
        ({"patients_per_capacity": MISSING}, "practices_closed", -1700 / 67),
    ],
)
def test_the_nearest_threshold_in_percent_of_it(values, criterion, distance_pct):
    area = area_of(values)
    assert area.nearest_criterion == criterion
    assert area.nearest_distance_pct == pytest.approx(distance_pct)


def test_a_threshold_of_zero_is_never_the_nearest():
    values = {"population_growth_pct": 0.001}
    area = area_of(values, rules={"population_growth_pct": 0})
    assert area.nearest_criterion == "patients_per_capacity"


def test_where_no_figure_is_known_no_threshold_is_the_nearest():
    area = area_of(dict.fromkeys(FINE, MISSING))
    assert pd.isna(area.nearest_criterion)
    assert np.isnan(area.nearest_distance_pct)


# --- sensitivity -----------------------------------------------------------------------------


def test_sensitivity_of_three_areas_by_hand():
    """Thresholds 1600, 67 %, 2 %, 20 %, 3 %, moved one at a time.

    nord: 1650, 70 and 1.0 are met: a signal. 1650 is met up to 1600 but not from
    1680 (+5 %), 70 not from 70.35 (+5 %); 1.0 still below 1.6 (-20 %).
    midt: 1650 and 70 are met. The third would be 2.3 free places below 2.4
    (+20 %), not below 2.2, or 17 % of exits above 16 (-20 %), not above 18.
    syd: patients unknown, 1.0 and 21 met: possible. 66 closed is above 63.65
    (-5 %): a signal. 21 % of exits is not above 21 (+5 %): no signal.
    """
    facts = facts_of(
        {
            "nord": {
                "patients_per_capacity": 1650.0,
                "practices_closed_pct": 70.0,
                "spare_places_pct": 1.0,
            },
            "midt": {
                "patients_per_capacity": 1650.0,
                "practices_closed_pct": 70.0,
                "spare_places_pct": 2.3,
                "expected_exit_pct": 17.0,
            },
            "syd": {
                "patients_per_capacity": MISSING,
                "practices_closed_pct": 66.0,
                "spare_places_pct": 1.0,
                "expected_exit_pct": 21.0,
            },
        }
    )
    result = designate({"kommune": facts}, NO_PLAN, RULES, AS_OF)
    assert result.areas["computed"].tolist() == ["signal", "no_signal", "possible"]
    columns = ["area_id", "criterion", "change_pct", "threshold", "before", "after"]
    found = [tuple(row) for row in result.sensitivity[columns].itertuples(index=False)]
    assert found == [
        ("nord", "patients_per_capacity", 5, 1680.0, "signal", "no_signal"),
        ("nord", "patients_per_capacity", 10, 1760.0, "signal", "no_signal"),
        ("nord", "patients_per_capacity", 20, 1920.0, "signal", "no_signal"),
        ("nord", "practices_closed", 5, 70.35, "signal", "no_signal"),
        ("nord", "practices_closed", 10, 73.7, "signal", "no_signal"),
        ("nord", "practices_closed", 20, 80.4, "signal", "no_signal"),
        ("midt", "spare_places", 20, 2.4, "no_signal", "signal"),
        ("midt", "expected_exit", -20, 16.0, "no_signal", "signal"),
        ("syd", "practices_closed", -20, 53.6, "possible", "signal"),
        ("syd", "practices_closed", -10, 60.3, "possible", "signal"),
        ("syd", "practices_closed", -5, 63.65, "possible", "signal"),
        ("syd", "expected_exit", 5, 21.0, "possible", "no_signal"),
        ("syd", "expected_exit", 10, 22.0, "possible", "no_signal"),
        ("syd", "expected_exit", 20, 24.0, "possible", "no_signal"),
    ]


def test_sensitivity_is_of_what_is_computed_whatever_the_override():
    plan = plan_of(judgements_of({"criterion": "override", "met": False}))
    # 1650 is lost from +5 % on, 81 % closed (80.4 at +20 %) and 30 % of exits never.
    values = {**bad(*THREE), "patients_per_capacity": 1650.0, "practices_closed_pct": 81.0}
    plain, overridden = designated(values), designated(values, plan)
    assert overridden.areas["signal"].tolist() == ["no_signal"]
    assert len(plain.sensitivity) == 3
    pd.testing.assert_frame_equal(plain.sensitivity, overridden.sensitivity)


def test_a_judgement_counts_in_the_sensitivity_too():
    values = {"patients_per_capacity": 1650.0, "practices_closed_pct": 80.1}
    plan = plan_of(judgements_of({}))
    found = designated(values, plan).sensitivity
    assert found["change_pct"].tolist() == [5, 10, 20, 20]
    assert designated(values).sensitivity.empty


def test_a_threshold_is_never_moved_out_of_its_rules_range():
    """95 % and a tenth more would be 104.5 %: even where all have a choice it would be met."""
    everybody = {**bad(*TWO), "choice_pct": 100.0}
    assert designated(everybody, rules={"weight_choice": 1}).sensitivity.empty
    nearly = {**bad(*TWO), "choice_pct": 99.9}
    found = designated(nearly, rules={"weight_choice": 1}).sensitivity
    assert found[["change_pct", "threshold"]].to_numpy().tolist() == [
        [10, 100.0],
        [20, 100.0],
    ]


def test_without_a_flip_the_table_is_empty_and_has_its_columns():
    found = designated({}).sensitivity
    assert found.empty
    assert list(found) == [
        *("area_level", "area_id", "area_name", "criterion"),
        *("change_pct", "threshold", "before", "after"),
    ]


# --- what the next meeting gets ---------------------------------------------------------------


def test_the_agenda_of_the_march_meeting():
    """Signals and designations of one region, each as the meeting of March 2026 finds them."""
    facts = facts_of(
        {
            "fortsat": bad(*THREE),
            "fredet": {},
            "måske": bad(*TWO, unknown=["spare_places_pct"]),
            "nyt": bad(*THREE),
            "ophørt": {},
            "overstyret": bad(*THREE),
            "roligt": {},
        }
    )
    names = ("fortsat", "fredet", "ophørt", "overstyret", "roligt")
    entries = {name: {"area_id": name} for name in names}
    entries["fredet"]["earliest_end"] = "2026-03-02"
    entries["roligt"]["ended_on"] = "2026-03-01"
    plan = plan_of(
        judgements_of({"area_id": "overstyret", "criterion": "override", "met": False}),
        designations_of(*entries.values()),
    )
    result = designate({"kommune": facts}, plan, RULES, AS_OF)
    assert result.decision_on == date(2026, 3, 1)
    assert result.agenda[["area_id", "signal", "designated", "item"]].to_numpy().tolist() == [
        ["fortsat", "signal", True, "continues"],
        ["fredet", "no_signal", True, "end_not_allowed"],
        ["måske", "possible", False, "possible_signal"],
        ["nyt", "signal", False, "new_signal"],
        ["ophørt", "no_signal", True, "signal_gone"],
        ["overstyret", "no_signal", True, "signal_gone"],
    ]
    held = result.areas.set_index("area_id")["designated"]
    assert set(held.index[held]) == {"fortsat", "fredet", "ophørt", "overstyret"}
    first, second = result.agenda.iloc[0], result.agenda.iloc[2]
    assert (first["basis"], first["decision"]) == ("få ledige pladser", "møde 7")
    assert first["from_date"] == pd.Timestamp("2025-09-01")
    assert second[["from_date", "earliest_end", "basis", "decision"]].isna().all()


def test_months_of_decision_that_are_none_are_refused():
    with pytest.raises(RuleError, match="decision_months"):
        designated({}, rules={"decision_months": ["13"]})
