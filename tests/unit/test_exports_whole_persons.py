"""Fractions of persons become whole persons that add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.exports.whole_persons import round_to_totals, round_together

TABLES = st.integers(1, 6).flatmap(
    lambda rows: st.lists(
        st.lists(st.floats(0, 5000, allow_nan=False), min_size=4, max_size=4),
        min_size=rows,
        max_size=rows,
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_every_number_and_every_sum_is_less_than_one_from_the_truth(rows):
    exact = np.round(np.array(rows), 3)
    whole = round_together(exact)
    assert (np.abs(whole - exact) < 1).all()
    assert (np.abs(whole.sum(axis=0) - exact.sum(axis=0)) < 1).all()
    assert (np.abs(whole.sum(axis=1) - exact.sum(axis=1)) < 1).all()
    assert abs(whole.sum() - exact.sum()) <= 0.5 + 1e-6


def test_a_third_and_two_thirds_of_a_hundred_stay_a_hundred():
    whole = round_together(np.array([[100 / 3, 0.0], [100 / 3, 100 / 3]]))
    assert whole.sum() == 100
    assert whole[0, 1] == 0


def test_four_halves_rounded_one_by_one_would_be_four_persons_or_none():
    assert round_together(np.full((2, 2), 0.5)).sum() == 2


def test_whole_numbers_stay_as_they_are():
    exact = np.array([[3.0, 0.0], [7.0, 2.0]])
    assert (round_together(exact) == exact).all()


def test_a_rounding_error_of_the_machine_does_not_add_a_person():
    exact = np.array([[3.0000000001, 0.0], [6.9999999999, 2.0]])
    assert round_together(exact).tolist() == [[3, 0], [7, 2]]


def test_no_areas_give_no_numbers():
    assert round_together(np.zeros((0, 4))).shape == (0, 4)


@pytest.mark.parametrize(
    ("exact", "total", "expected"),
    [
        ([1.5, 1.3, 1.2], 4, [2, 1, 1]),
        ([0.6, 0.6, 0.6], 2, [1, 1, 0]),
        ([5.0, 0.0, 2.0], 7, [5, 0, 2]),
        ([0.4, 0.3, 0.0], 1, [1, 0, 0]),
        ([0.4, 0.3, 0.0], 0, [0, 0, 0]),
    ],
)
def test_the_largest_remainders_go_up_until_the_total_is_met(exact, total, expected):
    assert round_to_totals(np.array([exact]), np.array([total])).tolist() == [expected]
