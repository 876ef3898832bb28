import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.sharing import share_capacities, shared_claims


def conditions(halves, *, least=2, most=99, area=(0, 0, 0), area_least=(0,), area_most=(99,)):
    """Return conditions on three candidates; all in halves."""
    none = np.zeros(3, dtype=bool)
    return Conditions(
        candidates=3,
        mover_ids=(),
        most_sites=3,
        halves=halves,
        least=least,
        most=most,
        areas=tuple(str(number) for number in range(len(area_least))),
        area=np.array(area),
        area_least=np.array(area_least),
        area_most=np.array(area_most),
        forced=none,
        barred=none,
        near=csr_array((3, 3)),
        beside_fixed=none,
        serve=(),
        serve_names=(),
        destinations=(),
        move_cost=0.0,
    )


ALL = Draft((0, 1, 2), ())


def test_halves_go_by_sainte_lague():
    """Each has 2. Quotients of 60, 30, 10 by 5: 12, 6, 2; so to the first, then 60 / 7 = 8.6,
    60 / 9 = 6.7, then 6 of the second before 60 / 11 = 5.5.
    """
    claims = np.array([60.0, 30.0, 10.0])
    assert share_capacities(conditions(9), ALL, claims).tolist() == [5, 2, 2]
    assert share_capacities(conditions(10), ALL, claims).tolist() == [5, 3, 2]


def test_no_site_has_more_than_the_most():
    claims = np.array([60.0, 30.0, 10.0])
    assert share_capacities(conditions(9, most=3), ALL, claims).tolist() == [3, 3, 3]


def test_what_an_area_must_have_goes_first():
    """The second area, the third site, needs 5 of 9 halves; without a claim of its own."""
    claims = np.array([60.0, 30.0, 0.0])
    bound = conditions(9, area=(0, 0, 1), area_least=(0, 5), area_most=(99, 99))
    assert share_capacities(bound, ALL, claims).tolist() == [2, 2, 5]


def test_an_area_has_no_more_than_its_most():
    claims = np.array([60.0, 30.0, 1.0])
    bound = conditions(9, area=(0, 0, 1), area_least=(0, 0), area_most=(5, 99))
    assert share_capacities(bound, ALL, claims).tolist() == [3, 2, 4]


def test_equal_claims_share_evenly_and_the_first_has_the_odd_one():
    assert share_capacities(conditions(8), ALL, np.zeros(3)).tolist() == [3, 3, 2]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=3), st.integers(6, 30))
def test_no_site_loses_a_half_when_there_are_more(claims, halves):
    """Of all divisor methods it is the property that quota methods lack."""
    fewer, more = (
        share_capacities(conditions(count), ALL, np.array(claims, float))
        for count in (halves, halves + 1)
    )
    assert fewer.sum() == halves
    assert (more >= fewer).all()


def test_people_in_reach_of_several_are_shared_among_them():
    """Home 0 (30 people) reaches sites 0 and 1, home 1 (10) site 1; site 2 is not chosen."""
    pairs = (np.array([0, 0, 0, 1]), np.array([0, 1, 2, 1]))
    claims = shared_claims(pairs, np.array([30.0, 10.0]), Draft((0, 1), ()), 3)
    assert claims.tolist() == pytest.approx([15.0, 25.0, 0.0])
