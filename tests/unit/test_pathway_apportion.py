"""Sainte-Laguë in halves: by hand, beside a slow one written anew, and what must hold."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.pathway.apportion import NOBODY, apportion, give_halves

NONE, ENDLESS = np.zeros(3), np.full(3, np.inf)

votes_of = st.lists(st.integers(0, 900), min_size=1, max_size=7)


@st.composite
def parliaments(draw):
    """Votes, seats, minimums and maximums that can be met."""
    votes = draw(votes_of.filter(any))
    least = [draw(st.integers(0, 3)) if vote else 0 for vote in votes]
    most = [
        low + draw(st.integers(0, 9)) if vote else low
        for low, vote in zip(least, votes, strict=True)
    ]
    return votes, draw(st.integers(sum(least), sum(most))), least, most


def slow(votes, seats, least, most):
    """The textbook's way round: every quotient of every area in one list, the largest win.

    With minimums held by giving their quotients first. Fractions, so that a tie is a tie.
    """
    quotients = [
        (seat >= least[area], -Fraction(vote, 2 * seat + 1), area)
        for area, vote in enumerate(votes)
        for seat in range(most[area])
    ]
    won = [area for _, _, area in sorted(quotients)[:seats]]
    return [won.count(area) for area in range(len(votes))]


def test_the_published_example():
    """53,000, 24,000 and 23,000 votes for seven seats.

    Quotients 53 / 1, 3, 5, 7, 9: 53, 17.67, 10.6, 7.57, 5.89; 24: 24, 8, 4.8; 23: 23, 7.67,
    4.6. The seven largest: 53, 24, 23, 17.67, 10.6, 8, 7.67.
    """
    assert apportion([53_000, 24_000, 23_000], 7, NONE, ENDLESS).tolist() == [3, 2, 2]


def test_a_minimum_is_held_and_counted():
    assert apportion([53_000, 24_000, 23_000], 7, [0, 0, 4], ENDLESS).tolist() == [2, 1, 4]


def test_a_maximum_ends_what_an_area_gets():
    assert apportion([53_000, 24_000, 23_000], 7, NONE, [1, 9, 9]).tolist() == [1, 3, 3]


def test_a_tie_goes_to_the_first():
    assert apportion([5, 5, 5], 4, NONE, ENDLESS).tolist() == [2, 1, 1]


def test_nobody_without_votes_gets_anything():
    assert apportion([0, 5, np.nan], 4, NONE, ENDLESS).tolist() == [0, 4, 0]


@pytest.mark.parametrize(
    ("least", "most", "says"),
    [
        ([3, 3, 3], [9, 9, 9], "9 together, more than the 7"),
        ([0, 0, 0], [2, 2, 2], "7 are left to give, and the areas can take 6"),
        ([4, 0, 0], [3, 9, 9], "above its maximum"),
    ],
)
def test_what_cannot_be_met_is_refused_with_both_numbers(least, most, says):
    with pytest.raises(ValueError, match=says):
        apportion([5, 4, 3], 7, least, most)


@given(parliaments())
def test_it_is_the_slow_one(parliament):
    votes, seats, least, most = parliament
    assert apportion(votes, seats, least, most).tolist() == slow(votes, seats, least, most)


@given(parliaments())
def test_the_sum_is_exact_between_minimum_and_maximum(parliament):
    votes, seats, least, most = parliament
    got = apportion(votes, seats, least, most)
    assert got.sum() == seats
    assert (got >= least).all()
    assert (got <= most).all()


@given(votes_of.filter(any), st.integers(0, 40))
def test_nobody_loses_one_when_the_house_grows(votes, seats):
    none, endless = np.zeros(len(votes)), np.full(len(votes), np.inf)
    before = apportion(votes, seats, none, endless)
    after = apportion(votes, seats + 1, none, endless)
    assert sorted((after - before).tolist()) == [0] * (len(votes) - 1) + [1]


@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=6, unique=True),
    st.integers(0, 25),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_areas_does_not_matter_but_in_a_tie(votes, seats, random):
    quotients = [Fraction(vote, 2 * seat + 1) for vote in votes for seat in range(seats + 1)]
    if len(set(quotients)) < len(quotients):
        return
    order = random.sample(range(len(votes)), len(votes))
    none, endless = np.zeros(len(votes)), np.full(len(votes), np.inf)
    got = apportion(votes, seats, none, endless)
    turned = apportion([votes[at] for at in order], seats, none, endless)
    assert turned.tolist() == [got[at] for at in order]


def test_each_run_has_its_own_seats_and_the_order_of_giving_is_told():
    given_ = give_halves(
        np.array([[3.0, 2.0], [3.0, 2.0]]),
        np.array([[0.0, 0.0], [1.0, 0.5]]),
        np.array([1, 3]),
        np.full((2, 2), np.inf),
    )
    # Second run: 3/3 and 2/2 tie, to the first; then 3/5 and 2/2; then 3/5 and 2/4.
    assert given_.to_area.tolist() == [[0, NOBODY, NOBODY], [0, 1, 0]]
    assert given_.halves.tolist() == [[1, 0], [2, 1]]


def test_where_nobody_can_take_more_the_rest_is_nobodys():
    given_ = give_halves(np.array([[3.0, 2.0]]), np.zeros((1, 2)), np.array([4]), np.ones((1, 2)))
    assert given_.to_area.tolist() == [[0, 1, NOBODY, NOBODY]]
