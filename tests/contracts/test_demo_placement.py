"""Placement on the demo region: its own practices, 857 candidates, 15 new."""

from dataclasses import replace
from pathlib import Path

import pytest

from coverage.assessment import place_candidates
from coverage.placement.candidates import candidates_from_grid, candidates_from_towns
from coverage.placement.place import place
from coverage.placement.request import Effort, PlacementRequest
from coverage.study import run_study
from coverage.study_file import load_study

ROOT = Path(__file__).parents[2]
REQUEST = PlacementRequest(
    objective="choice", capacities=15.0, effort=Effort(gap=0.02, seconds=600.0)
)


@pytest.fixture(scope="module")
def demo():
    assessment = run_study(load_study(ROOT / "data/demo/study.toml")).assessment
    return assessment, candidates_from_grid(assessment)


@pytest.fixture(scope="module")
def placed(demo):
    return place(*demo, REQUEST)


def test_there_are_enough_candidates(demo):
    assessment, candidates = demo
    assert len(candidates) >= 500
    towns = candidates_from_towns(assessment)
    assert len(towns) + len(towns.left_out) == len(assessment.tables.towns)


def test_two_fold_cover_is_proved_within_two_percent_of_the_gain(placed):
    assert placed.stopped_by in ("gap", "optimal")
    assert placed.gap_of_gain <= 0.02
    assert placed.gap_of_value <= placed.gap_of_gain
    assert placed.bound >= placed.value_after


def test_the_heuristic_is_at_most_one_percent_below(placed):
    gain = placed.heuristic_value - placed.value_before
    assert gain >= 0.99 * (placed.value_after - placed.value_before)


def test_the_assessment_says_the_same(demo, placed):
    assessment, _ = demo
    before = assessment.by_area["kommune"].set_index("area_id").loc["all"]
    assert placed.value_before == pytest.approx(before["road_persons_two_or_more"])
    after = place_candidates(assessment, placed.sites[["site_id", "x_m", "y_m"]])
    everybody = after.by_area["kommune"].set_index("area_id").loc["all"]
    assert placed.value_after == pytest.approx(everybody["road_persons_two_or_more"])


def test_the_same_seed_gives_the_same_answer(demo, placed):
    again = place(*demo, REQUEST)
    assert again.sites.equals(placed.sites)
    assert again.bound == placed.bound


def test_conditions_hold_on_the_demo_too(demo):
    assessment, candidates = demo
    asked = replace(
        REQUEST,
        quotas={"0410": (2.0, 2.5), "0430": (0.0, 1.0)},
        most_capacities=2.0,
        practices=12,
        apart_m=4_000.0,
        serve_skal=True,
        effort=Effort(steps=500, exact=False),
    )
    found = place(assessment, candidates, asked)
    by_area = found.sites.groupby("kommune_code")["capacities"].sum()
    assert 2.0 <= by_area["0410"] <= 2.5
    assert by_area.get("0430", 0.0) <= 1.0
    assert found.sites["capacities"].sum() == 15.0
    assert found.sites["capacities"].between(1.0, 2.0).all()
    assert len(found.sites) <= 12
    assert found.gain > 0
