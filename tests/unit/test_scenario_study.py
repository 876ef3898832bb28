"""Scenarios on a study that was run: another register, and what the ruleset forbids."""

import pytest

from coverage.errors import ScenarioError
from coverage.scenario.actions import Close, Scenario, SetIntake
from coverage.scenario_study import (
    apply_to_study,
    compare_in_study,
    register_sha256,
)
from coverage.study import StudyResult, run_study
from coverage.study_file import load_study
from tests.tiny_study import STUDY, write_study

FORBIDDING = '\n[rules.overrides]\n"scenario.forbid_last_of_skal" = true\n'
TOWNS = "town,kommune_code,kommune,lat,lon,population\nPrøveby,0461,Odense,{lat},{lon},3500\n"


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> StudyResult:
    return run_study(load_study(write_study(tmp_path_factory.mktemp("study"))))


def closing(*ydernumre, name="x", **more):
    actions = tuple(Close(ydernummer=ydernummer) for ydernummer in ydernumre)
    return Scenario(name=name, actions=actions, **more)


def test_a_scenario_carries_the_digest_of_the_register_it_is_applied_to(result):
    applied = apply_to_study(result, closing("012346"))
    assert applied.scenario.register_sha256 == register_sha256(result)
    assert list(applied.assessment.tables.practices["ydernummer"]) == ["012345", "012347"]


def test_a_scenario_for_another_register_is_refused_unless_it_is_carried_over(result):
    other = closing("012346", register_sha256="f" * 64)
    with pytest.raises(ScenarioError, match="another register"):
        apply_to_study(result, other)
    applied = apply_to_study(result, other, by_ydernummer=True)
    assert applied.scenario.register_sha256 == register_sha256(result)


def test_carried_over_actions_that_find_no_practice_are_all_listed(result):
    other = closing("999999", "012346", "888888", register_sha256="f" * 64)
    with pytest.raises(ScenarioError) as caught:
        apply_to_study(result, other, by_ydernummer=True)
    assert len(caught.value.problems) == 2


def test_what_the_ruleset_forbids_is_not_carried_out(tmp_path, result):
    towns = TOWNS.format(lat=55.4, lon=10.35)
    study = STUDY + FORBIDDING
    strict = run_study(load_study(write_study(tmp_path, study=study, towns=towns)))
    every = closing("012345", "012346", "012347")
    with pytest.raises(ScenarioError, match="forbids") as caught:
        apply_to_study(strict, every)
    assert "scenario.forbid_last_of_skal" in caught.value.problems[0]
    assert apply_to_study(result, every).assessment.choice.open_ids == ()


def test_scenarios_are_compared_with_the_baseline(result):
    opened = Scenario(name="åbner", actions=(SetIntake(ydernummer="012346", intake_open=True),))
    applied = [apply_to_study(result, one) for one in (opened, closing("012345", name="lukker"))]
    comparison = compare_in_study(result, applied, baseline_name="Udgangspunkt")
    assert comparison.variants == ("åbner", "lukker")
    assert comparison.reference == "Udgangspunkt"


def test_two_scenarios_of_one_name_cannot_be_compared(result):
    applied = [apply_to_study(result, closing("012346", name="ens")) for _ in range(2)]
    with pytest.raises(ScenarioError) as caught:
        compare_in_study(result, applied, baseline_name="Udgangspunkt")
    assert caught.value.problems == ("'ens' is used 2 times",)
    with pytest.raises(ScenarioError):
        compare_in_study(result, applied[:1], baseline_name="ens")
