"""The years to the national target on the demo: figures that fit, and chance by processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.study import run_study
from coverage.study_file import load_study
from tests.pathway_checks import CHECKS

DEMO = Path(__file__).parents[2] / "data" / "demo" / "study.toml"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    study = load_study(DEMO)
    cache = tmp_path_factory.mktemp("demo")
    judgements = replace(study.judgements, path=cache / "judgements.csv")
    return run_study(replace(study, cache_folder=cache, judgements=judgements)).assessment


@pytest.fixture(scope="module")
def path(demo):
    return build_pathway(demo)


def test_the_share_is_reckoned_from_the_demos_own_files(demo, path):
    """Need weight x projected persons of 2026, kommune by kommune, over 5,961,249."""
    projection = demo.plan.projection
    persons = projection[projection["year"] == 2026].groupby("kommune_code")["persons"].sum()
    weight = demo.plan.need_by_kommune.set_index("kommune_code")["weight"]
    share = (persons * weight).sum() / 5_961_249
    assert path.answer.share == pytest.approx(share)
    assert path.answer.share == pytest.approx(0.20096, abs=5e-6)
    assert path.answer.target == pytest.approx(5000 * share)
    assert path.answer.trained == pytest.approx(9 * 350 * 0.87 * share)


def test_the_whole_region_in_one_line(path):
    answer = path.answer
    assert (answer.first_year, answer.last_year, answer.start) == (2026, 2035, 719.0)
    assert answer.needed == pytest.approx(answer.target - 719)
    assert answer.start - answer.lapsed + answer.opened == pytest.approx(answer.end)
    assert answer.retired == pytest.approx(answer.taken_over + answer.lapsed)
    assert answer.taken_over + answer.opened <= answer.trained
    assert answer.short == pytest.approx(answer.target - answer.end)
    # What the demo's made-up doctors and the default rules come to.
    assert answer.opened == 303.5
    assert answer.retired == pytest.approx(290.3, abs=0.1)
    assert answer.end == pytest.approx(977.0, abs=0.1)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_path_of_the_demo_fits_together(path, check):
    check(path)


def test_residents_are_the_projections(demo, path):
    projection = demo.plan.projection
    persons = projection.groupby(["year", "kommune_code"])["persons"].sum()
    table = path.by_area
    kommuner = table[(table["area_level"] == "kommune") & (table["area_id"] != "all")]
    for row in kommuner.itertuples():
        assert row.residents == persons.loc[(row.year, row.area_id)]
    assert not [notice for notice in path.notices if "population" in notice.key]


def test_today_is_as_the_assessment_has_it(demo, path):
    today = path.by_area[path.by_area["year"] == 2026].set_index(["area_level", "area_id"])
    for level, table in demo.capacity.by_area.items():
        own = today.loc[level].reindex(table["area_id"])
        figures = {"capacities_end": "capacities", "listed_persons": "listed_persons"}
        figures["patients_per_capacity"] = "patients_per_capacity"
        for ours, theirs in figures.items():
            np.testing.assert_allclose(own[ours], table[theirs], err_msg=f"{level} {ours}")
    computed = demo.designation.areas.set_index(["area_level", "area_id"])["computed"]
    assert today["signal"].dropna().to_dict() == computed.to_dict()
    shares = demo.by_area["kommune"].set_index("area_id")["road_share_two_or_more"] * 100
    own = today.loc["kommune"]["choice_pct"].drop("all")
    np.testing.assert_allclose(own, shares.drop("all").reindex(own.index))


@pytest.mark.parametrize("seed", range(3))
def test_who_has_a_choice_is_what_the_matrix_says(demo, path, seed):
    """Open practices at random: merged kinds of homes give what counting home by home gives."""
    random = np.random.default_rng(seed)
    reach, matrix = path.places.reach, demo.matrix
    opened = random.random(len(matrix.site_ids)) < (0.1, 0.3, 0.8)[seed]
    columns = np.zeros((1, reach.sites.shape[1]))
    columns[0, : len(opened)] = opened
    limit_m = demo.choice.by_origin["limit_m"].to_numpy()
    counts = matrix.count_within(limit_m, matrix.site_ids[opened]).to_numpy()
    held = demo.origins.table["persons"].where(counts >= 2, 0.0)
    by_part = held.groupby(demo.parts.of_origin.to_numpy()).sum().sort_index()
    np.testing.assert_allclose(reach.persons_with_choice(columns)[0], by_part, rtol=1e-9)


def test_transferred_tasks_take_a_part_of_what_is_left_for_new_ones(path):
    tasks = path.tasks
    last = tasks.table[tasks.table["year"] == 2035]
    first = tasks.table[tasks.table["year"] == 2026]
    assert len(first) == len(last) == 6
    assert tasks.consultations_per_doctor == pytest.approx(7.35 * 5_961_249 / 3500)
    assert first["consultations"].sum() == 777_700
    old = last.set_index("task").loc["Osteoporose: udredning og kontrol", "growth_pct"]
    whole = last.set_index("task").loc["Opfølgning efter kræftforløb", "growth_pct"]
    assert old > 20 > whole > 0
    assert 0 < last["doctors"].sum() < tasks.low_doctors < tasks.left_doctors < tasks.high_doctors


def test_two_processes_give_the_answer_of_one(path):
    trial = Trial(runs=12, seed=7, chunk_runs=4)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        both = run_trial(path, trial, map_chunks=pool.map)
    one = run_trial(path, trial)
    pd.testing.assert_frame_equal(both.table, one.table, check_exact=True)
    pd.testing.assert_frame_equal(both.probabilities, one.probabilities, check_exact=True)


def test_chance_on_the_demo_stays_about_the_expected_path(path):
    """719 posts at most a capacity each: the mean of 100 runs is off by few of them."""
    bands = run_trial(path, Trial(runs=100, seed=1))
    table = bands.table[bands.table["measure"] == "capacities"]
    last = table[(table["area_level"] == "kommune") & (table["year"] == 2035)]
    known = path.by_area[path.by_area["year"] == 2035].set_index(["area_level", "area_id"])
    whole = last[last["area_id"] == "all"].iloc[0]
    assert whole["p10"] < known.loc[("kommune", "all"), "capacities_end"] < whole["p90"]
    assert abs(whole["mean"] - known.loc[("kommune", "all"), "capacities_end"]) < 10
    still = run_trial(path, Trial(runs=2, spread=0)).table
    ends = still[still["measure"] == "capacities"]["mean"]
    np.testing.assert_allclose(ends, path.by_area["capacities_end"])
