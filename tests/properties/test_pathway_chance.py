"""Chance on the path: what holds in every run, and what the mean of many comes to."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.pathway.exits import Chance
from coverage.pathway.monte_carlo import MEASURES, Trial, _draw, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.pathway.simulate import _keep_within, capacity_now, persons_of_year, start, take_step
from coverage.plan_tables import DISTRIBUTION_MODEL, PlanTables
from tests.annex_town import annex_town, full_plan, west_and_centre

TOLERANCE = 1e-9


def model_of(odense, nyborg):
    rows = [("0461", None, "capacities", odense), ("0450", None, "capacities", nyborg)]
    table = pd.DataFrame(rows, columns=list(DISTRIBUTION_MODEL.columns))
    return DISTRIBUTION_MODEL.validate(table)


@cache
def path_of(target=12.0, places=400, takeover=80.0, spread=2.0):
    rules = {
        "pathway.training_places": places,
        "pathway.takeover_pct": takeover,
        "pathway.takeover_threatened_pct": takeover / 2,
        "pathway.population_spread_pct": spread,
        "pathway.capacities_per_new_practice": 0.5,
        "designation.signal_weight": 2,
    }
    plan = PlanTables(
        distribution_model=model_of(target * 2 / 3, target / 3),
        projection=full_plan().projection,
    )
    divisions = {"bydel": west_and_centre()}
    return build_pathway(annex_town(overrides=rules, plan=plan, divisions=divisions))


def expected(path, measure):
    table = path.by_area
    return {
        "capacities": table["capacities_end"],
        "residents_per_capacity": table["residents_per_capacity"],
        "persons_without_choice": table["residents"] - table["persons_with_choice"],
        "short_of_target_capacities": table["short_of_target_capacities"],
    }[measure]


@pytest.mark.parametrize("places", [0, 60, 400, 2000])
@pytest.mark.parametrize("target", [3.0, 12.0])
def test_without_spread_every_run_is_the_expected_path(places, target):
    path = path_of(target, places)
    bands = run_trial(path, Trial(runs=5, spread=0, chunk_runs=2))
    for measure in MEASURES:
        table = bands.table[bands.table["measure"] == measure]
        known = expected(path, measure)
        for band in ("mean", "p10", "p50", "p90"):
            np.testing.assert_allclose(table[band], known, rtol=1e-9, atol=1e-9, err_msg=measure)
    signals = path.by_area.dropna(subset="signal")["signal"] == "signal"
    assert bands.probabilities["signal_probability"].tolist() == signals.astype(float).tolist()


def same(one, other):
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    pd.testing.assert_frame_equal(one.probabilities, other.probabilities, check_exact=True)


def test_the_same_seed_gives_the_same_answer_and_another_one_another():
    path = path_of()
    same(run_trial(path, Trial(runs=20, seed=3)), run_trial(path, Trial(runs=20, seed=3)))
    other = run_trial(path, Trial(runs=20, seed=4))
    assert not other.table.equals(run_trial(path, Trial(runs=20, seed=3)).table)


@pytest.mark.parametrize("chunk_runs", [1, 7, 20])
def test_the_answer_does_not_depend_on_the_chunks(chunk_runs):
    path = path_of()
    whole = run_trial(path, Trial(runs=20, seed=3))
    same(run_trial(path, Trial(runs=20, seed=3, chunk_runs=chunk_runs)), whole)


def test_nor_on_the_order_in_which_they_come_back():
    path = path_of()

    def backwards(work, numbers):
        return [work(some) for some in reversed(numbers)]

    trial = Trial(runs=20, seed=3, chunk_runs=6)
    same(run_trial(path, trial, map_chunks=backwards), run_trial(path, trial))


def test_more_runs_begin_with_the_same_runs():
    """Run n is drawn from the n-th child of the seed, however many there are."""
    model = path_of().model
    few = _draw(model, Trial(runs=3, seed=8), range(3))
    later = _draw(model, Trial(runs=900, seed=8), range(2, 4))
    assert (few.stops[2] == later.stops[0]).all()
    assert (few.population[2] == later.population[0]).all()
    child = np.random.default_rng(np.random.SeedSequence(8).spawn(3)[2])
    assert (child.random(few.stops[2].shape) == few.stops[2]).all()


def test_the_mean_of_many_runs_comes_near_the_expectation():
    """Nobody takes over and nothing opens: then capacities are sums of independent doctors.

    A post's capacity c is there with probability p, so that the mean of n runs has the variance
    sum of c^2 p (1 - p) / n, at most sum of c^2 / 4 n: 1.5^2 / 2 + 5 x 1 for the town's posts, with
    P1's two of 0.75 each. Five times the deviation is left to chance: once in two million.
    """
    path, runs = path_of(0.5, takeover=0.0), 400
    table = run_trial(path, Trial(runs=runs, seed=5)).table
    found = table[table["measure"] == "capacities"]["mean"].to_numpy()
    allowed = 5 * np.sqrt((2 * 0.75**2 + 5) / 4 / runs)
    off = np.abs(found - path.by_area["capacities_end"].to_numpy())
    assert 0 < off.max() < allowed


def test_the_residents_of_many_runs_come_near_the_projection():
    path, runs = path_of(spread=2.0), 400
    model = path.model
    draws = _draw(model, Trial(runs=runs, seed=5), range(runs))
    for year in range(len(model.years)):
        persons = persons_of_year(model, year, 1.0, draws) / model.population.persons[year]
        # A standard deviation of 2 % a year ahead; its own error is that / sqrt(2 n).
        deviation = 0.02 * year
        assert np.abs(persons.mean(axis=0) - 1).max() <= 5 * deviation / np.sqrt(runs)
        off = np.abs(persons.std(axis=0) - deviation)
        assert off.max() <= 5 * deviation / np.sqrt(2 * runs)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    target=st.sampled_from([3.0, 12.0, 30.0]),
    places=st.sampled_from([0, 60, 400, 2000]),
    takeover=st.sampled_from([0.0, 55.0, 100.0]),
    spread=st.sampled_from([0.0, 0.5, 1.0]),
    seed=st.integers(0, 99),
)
def test_what_holds_in_every_run_and_year(target, places, takeover, spread, seed):
    """Start - lapsed + opened = end; nobody is used twice; growth keeps to the path."""
    path = path_of(target, places, takeover)
    model, runs = path.model, 6
    draws = _draw(model, Trial(runs=runs, seed=seed), range(runs))
    state = start(model, runs)
    for year in range(1, len(model.years)):
        before = _total(model, state)
        flows = take_step(model, state, year, Chance(spread), draws)
        after = _total(model, state)
        retired, taken, lapsed = (
            getattr(flows, name).sum(axis=1) + getattr(flows, f"new_{name}").sum(axis=1)
            for name in ("retired", "taken_over", "lapsed")
        )
        opened = flows.opened.sum(axis=1)
        np.testing.assert_allclose(before - lapsed + opened, after, atol=TOLERANCE)
        np.testing.assert_allclose(retired - taken, lapsed, atol=TOLERANCE)
        assert (taken <= retired + TOLERANCE).all()
        assert (retired <= before + TOLERANCE).all()
        assert (taken + opened <= model.target.available_capacities + TOLERANCE).all()
        grown = opened > 0
        assert (after[grown] <= model.target.capacities[year] + TOLERANCE).all()
        assert (np.mod(2 * flows.opened, 1) == 0).all()
        assert (flows.opened_to_shortage <= flows.opened).all()
        assert (state.to_shortage <= model.target.shortage_capacities + TOLERANCE).all()
        assert (state.mass >= -TOLERANCE).all()
        assert (state.mass.sum(axis=2) <= 1 + TOLERANCE).all()
        if spread == 1:
            assert np.isin(state.mass, (0.0, 1.0)).all()
        if takeover == 0:
            assert (taken == 0).all()


def _total(model, state):
    at_practice, new = capacity_now(model, state)
    return at_practice[:, model.practices.inside].sum(axis=1) + new.sum(axis=1)


def test_of_too_many_takeovers_the_last_drawn_are_undone():
    """Specialists for 2.5, and four who would take over: the two with the lowest numbers do."""
    taken = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 0.0]])
    _keep_within(taken, np.ones(4), 2.5, np.array([[0.4, 0.1, 0.3, 0.2], [0.4, 0.1, 0.3, 0.2]]))
    assert taken.tolist() == [[0, 1, 0, 1], [1, 0, 1, 0]]


def test_certain_recruitment_lets_nothing_lapse_while_there_are_specialists():
    path = path_of(12.0, 2000, 100.0)
    model = path.model
    draws = _draw(model, Trial(runs=20, seed=1), range(20))
    state = start(model, 20)
    for year in range(1, len(model.years)):
        flows = take_step(model, state, year, Chance(1.0), draws)
        assert flows.retired.sum() > 0
        assert (flows.lapsed == 0).all()


def test_an_interrupted_trial_gives_the_runs_that_were_done():
    path, told = path_of(), []
    answers = iter([True, False])
    bands = run_trial(
        path,
        Trial(runs=20, seed=3, chunk_runs=5),
        keep_going=lambda: next(answers),
        progress=lambda stage, share: told.append((stage, share)),
    )
    assert (bands.runs, bands.interrupted) == (10, True)
    assert told == [("runs", 0.0), ("runs", 0.25), ("runs", 0.5)]
    whole = run_trial(path, Trial(runs=10, seed=3))
    same(bands, whole)
    assert not whole.interrupted


def test_bands_lie_in_order_and_probabilities_between_nothing_and_certain():
    bands = run_trial(path_of(), Trial(runs=60, seed=2))
    known = bands.table.dropna()
    assert (known["p10"] <= known["p50"]).all()
    assert (known["p50"] <= known["p90"]).all()
    for name in ("signal_probability", "choice_lost_probability"):
        assert bands.probabilities[name].between(0, 1).all()
    later = known[(known["measure"] == "capacities") & (known["year"] == 2035)]
    assert (later["p10"] < later["p90"]).all()
    today = known[known["year"] == 2026]
    assert (today["p10"] == today["p90"]).all()


def test_residents_without_a_capacity_have_no_figure_per_capacity():
    """Nobody takes over: in some runs a kommune has no doctor left, and the mean says nothing."""
    bands = run_trial(path_of(0.5, takeover=0.0), Trial(runs=200, seed=2)).table
    held = (bands["measure"] == "residents_per_capacity") & (bands["area_id"] == "0450")
    last = bands[held & (bands["area_level"] == "kommune")].iloc[-1]
    assert np.isnan(last["mean"])
    assert last["p10"] == pytest.approx(last["p10"])
    assert last["p10"] > 0


@pytest.mark.parametrize(
    "wrong", [{"runs": 0}, {"chunk_runs": 0}, {"seed": -1}, {"spread": 1.1}, {"spread": -0.1}]
)
def test_a_trial_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Trial(**wrong)
