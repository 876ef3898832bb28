"""The plan end to end on the demo, and what a slider or a judgement changes without a new run."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from coverage.decision_files import Judgement, add_judgement
from coverage.errors import RuleError
from coverage.plan_tables import PlanTables
from coverage.rules import load_ruleset
from coverage.study import redesignate_study, run_study
from coverage.study_file import load_study
from tests.plan_sums import CHECKS
from tests.tiny_study import PLAN, write_study

DEMO = Path(__file__).parents[2] / "data" / "demo" / "study.toml"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    study = load_study(DEMO)
    cache = tmp_path_factory.mktemp("demo")
    # Where nobody has judged yet, whatever was judged in the app of this working copy.
    judgements = replace(study.judgements, path=cache / "judgements.csv")
    return run_study(replace(study, cache_folder=cache, judgements=judgements))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_answers_of_the_demo_fit_together(demo, check):
    check(demo.assessment)


def test_the_demo_has_every_table_of_the_plan(demo):
    """So that what is checked above is checked with every input there is."""
    empty = [name for name, table in vars(demo.assessment.plan).items() if table.empty]
    # A distribution model would go before the share that the demo shows; displaced patients are
    # a scenario's.
    assert empty == ["need_by_age", "judgements", "displaced", "distribution_model"]
    assert set(vars(demo.assessment.plan)) == set(PlanTables.__dataclass_fields__)
    assert [level.name for level in demo.assessment.levels] == [
        "kommune",
        "Planområde",
        "Delområde",
        "Region 2027",
    ]


def test_the_regions_of_2027_are_a_level_by_a_column(demo):
    table = demo.assessment.capacity.by_area["Region 2027"]
    assert table["area_id"].tolist() == ["Region Syddanmark", "all"]


THRESHOLDS = {
    "designation.patients_per_capacity_persons": 1450.0,
    "designation.practices_closed_pct": 99.0,
    "designation.spare_places_pct": 10.0,
    "designation.expected_exit_pct": 3.5,
    "designation.population_growth_pct": -10.0,
    "designation.choice_pct": 100.0,
    "designation.weight_patients_per_capacity": 2.0,
    "designation.weight_practices_closed": 0.0,
    "designation.weight_spare_places": 1.5,
    "designation.weight_expected_exit": 0.5,
    "designation.weight_population_growth": 3.0,
    "designation.weight_special_circumstances": 0.0,
    "designation.weight_clinic_need": 2.0,
    "designation.weight_choice": 5.0,
    "designation.signal_weight": 2.5,
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    return run_study(load_study(write_study(folder, **PLAN)))


def assert_same_designation(one, other):
    assert one.assessment.rules == other.assessment.rules
    assert one.stamp.ruleset_id == other.stamp.ruleset_id == one.assessment.rules.id
    first, second = vars(one.assessment.designation), vars(other.assessment.designation)
    assert first.pop("decision_on") == second.pop("decision_on")
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


def test_thresholds_of_a_slider_are_those_of_a_study_that_says_the_same(tiny):
    moved = redesignate_study(tiny, THRESHOLDS)
    fresh = run_study(replace(tiny.study, overrides=THRESHOLDS))
    assert_same_designation(moved, fresh)
    # The move is not idle: signals change, and the sensitivity with them.
    before, after = tiny.assessment.designation, moved.assessment.designation
    assert before.areas["computed"].tolist() != after.areas["computed"].tolist()
    assert not before.sensitivity.equals(after.sensitivity)


DESIGNATION_RULES = sorted(
    key
    for key, rule in load_ruleset("default", date(2026, 1, 1)).rules.items()
    if key.startswith("designation.") and isinstance(rule.value, float)
)
# What was read or measured already depends on them.
NEED_A_RUN = {"designation.trend_years", "designation.min_months"}


def test_every_rule_of_designation_is_a_slider_or_needs_a_run():
    assert set(DESIGNATION_RULES) == {*THRESHOLDS, *NEED_A_RUN}


@pytest.mark.parametrize("key", sorted(NEED_A_RUN))
def test_a_rule_that_the_measuring_used_is_refused_by_a_slider(tiny, key):
    value = tiny.assessment.rules.rules[key].value
    with pytest.raises(RuleError, match=f"need a new run: {key}"):
        redesignate_study(tiny, {key: value + 1})


def test_a_rule_of_another_group_is_refused_by_a_slider(tiny):
    with pytest.raises(RuleError, match=r"need a new run: choice\.limit_m.*study\.toml"):
        redesignate_study(tiny, {"choice.limit_m": 12_000.0})


def test_a_threshold_outside_its_range_is_refused_by_a_slider(tiny):
    with pytest.raises(RuleError, match="outside 0 to 100"):
        redesignate_study(tiny, {"designation.practices_closed_pct": 100.5})


def test_without_a_change_the_designation_is_the_same(tiny):
    assert_same_designation(redesignate_study(tiny, {}), tiny)


def test_thresholds_go_on_top_of_the_studys_own(tiny):
    """A slider back at the study's own value leaves the study's own ruleset."""
    own = {"designation.signal_weight": 2.0}
    study = replace(tiny.study, overrides=own)
    result = run_study(study)
    both = redesignate_study(result, {"designation.spare_places_pct": 10.0})
    fresh = run_study(replace(study, overrides={**own, "designation.spare_places_pct": 10.0}))
    assert_same_designation(both, fresh)
    assert_same_designation(redesignate_study(both, own), result)


NEED = Judgement(
    area_level="kommune",
    area_id="0450",
    criterion="clinic_need",
    met=True,
    entered_on=date(2026, 2, 3),
    author="C. Planlægger",
    reason="Ingen vil overtage lægehuset i Østby; 2 udbud er gået\nforgæves",
)
OVERRIDE = Judgement(
    area_level="Planområde",
    area_id="Vest",
    criterion="override",
    met=True,
    entered_on=date(2026, 2, 4),
    author="D. Planlægger",
    reason="=Aftalt i udvalget",
)


@pytest.mark.parametrize("filed_before", [True, False])
def test_judgements_that_are_added_speak_after_a_slider_and_after_a_fresh_run(
    tmp_path, filed_before
):
    study = load_study(write_study(tmp_path, **PLAN))
    if not filed_before:
        study.judgements.path.unlink()
    result = run_study(study)
    add_judgement(study.judgements.path, NEED)
    add_judgement(study.judgements.path, OVERRIDE)
    moved = redesignate_study(result, {})
    fresh = run_study(study)
    assert_same_designation(moved, fresh)
    pd.testing.assert_frame_equal(
        moved.assessment.plan.judgements, fresh.assessment.plan.judgements
    )
    assert len(moved.assessment.plan.judgements) == (4 if filed_before else 2)
    designation = moved.assessment.designation
    criterion = designation.criteria.set_index(["area_level", "area_id", "criterion"])
    row = criterion.loc["kommune", "0450", "clinic_need"]
    assert (row["status"], row["author"], row["reason"]) == ("met", NEED.author, NEED.reason)
    assert row["entered_on"] == pd.Timestamp(NEED.entered_on)
    before = result.assessment.designation.criteria.set_index(
        ["area_level", "area_id", "criterion"]
    )
    assert before.loc["kommune", "0450", "clinic_need"]["status"] == "not_entered"
    vest = designation.areas.set_index(["area_level", "area_id"]).loc["Planområde", "Vest"]
    assert (vest["computed"], vest["signal"], vest["override_author"]) == (
        "no_signal",
        "signal",
        OVERRIDE.author,
    )
    assert vest["override_reason"] == OVERRIDE.reason


def test_the_account_of_the_judgements_is_that_of_the_file_as_read_anew(tmp_path):
    study = load_study(write_study(tmp_path, **PLAN))
    result = run_study(study)
    add_judgement(study.judgements.path, NEED)
    moved, fresh = redesignate_study(result, {}).stamp, run_study(study).stamp
    by_role = [
        {source.role: source for source in stamp.inputs if source.role == "judgements"}
        for stamp in (result.stamp, moved, fresh)
    ]
    assert by_role[0]["judgements"].rows_kept == 2
    assert by_role[1] == by_role[2]
    assert by_role[1]["judgements"].rows_kept == 3
    assert sorted(source.file_name for source in moved.inputs) == sorted(
        source.file_name for source in fresh.inputs
    )


def test_a_slider_measures_nothing(tiny):
    moved = redesignate_study(tiny, {"designation.signal_weight": 1.0}).assessment
    for part in ("tables", "origins", "matrix", "choice", "levels", "by_area", "capacity", "skal"):
        assert getattr(moved, part) is getattr(tiny.assessment, part)
