"""Who stops within a year: by hand, against the rule of expected exits, and as a draw."""

from datetime import date

import numpy as np
import pytest

from coverage.pathway.exits import Chance, horizon_exits, mean_exits, survivors, yearly_exits
from coverage.rules import load_ruleset
from coverage.workforce import exit_shares

RULES = load_ruleset("default", date(2026, 1, 1)).workforce


def test_a_doctor_grows_older_every_year():
    """58: 1 % at 58 and 59, 7 % from 60. 69: 20 %, then 35 %."""
    exits = yearly_exits([58, 69], 3, RULES)
    np.testing.assert_allclose(exits, [[0.01, 0.2], [0.01, 0.35], [0.07, 0.35]])
    left = survivors([58, 69], 3, RULES)
    np.testing.assert_allclose(left[:, 0], [1, 0.99, 0.99**2, 0.99**2 * 0.93])
    np.testing.assert_allclose(left[:, 1], [1, 0.8, 0.8 * 0.65, 0.8 * 0.65**2])


def test_survivors_after_the_horizon_are_those_of_the_expected_exits():
    ages = np.arange(25, 90)
    years = round(RULES.horizon_years)
    np.testing.assert_allclose(
        1.0 - survivors(ages, years, RULES)[-1], exit_shares(ages, RULES), rtol=1e-12
    )


def test_the_horizon_moves_with_the_doctor():
    found = horizon_exits([58], 2, RULES)
    np.testing.assert_allclose(found[:, 0], exit_shares([58, 59, 60], RULES))


def test_those_of_unknown_age_stop_as_the_others_do():
    """20 % and 1 % of one each: 10.5 %; then of 0.8 and 0.99 (0.16 + 0.0099) / 1.79."""
    np.testing.assert_allclose(mean_exits([66, 46], 2, RULES), [0.105, 0.1699 / 1.79])
    assert mean_exits([], 2, RULES).tolist() == [0, 0]


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
def test_an_event_happens_in_the_mean_as_often_as_is_probable(spread):
    """Of evenly spaced numbers a quarter lies below 0.25."""
    uniform = (np.arange(1000) + 0.5) / 1000
    happened = Chance(spread).happens(np.array(0.25), uniform)
    assert happened.mean() == pytest.approx(0.25)
    assert happened.std() == pytest.approx(spread * np.sqrt(0.25 * 0.75))


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_the_impossible_never_happens_and_the_certain_always(probability):
    uniform = np.array([0.0, 0.5, np.nextafter(1, 0)])
    assert (Chance(1.0).happens(np.full(3, probability), uniform) == probability).all()
    assert Chance(1.0).happens(np.array([probability]), None)[0] == probability
