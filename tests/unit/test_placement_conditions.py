from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.placement.conditions import Conditions, Draft

NONE = np.zeros(4, dtype=bool)
# Four candidates, the first two in area a, the third in b, the fourth in none with a quota; one
# practice at position 4 that may move to the last candidate.
PLAIN = Conditions(
    candidates=4,
    mover_ids=("010001",),
    most_sites=3,
    halves=6,
    least=2,
    most=4,
    areas=("a", "b", ""),
    area=np.array([0, 0, 1, 2]),
    area_least=np.array([0, 0, 0]),
    area_most=np.array([6, 6, 6]),
    forced=NONE,
    barred=NONE,
    near=csr_array((5, 5)),
    beside_fixed=NONE,
    serve=(),
    serve_names=(),
    destinations=(np.array([3]),),
    move_cost=10.0,
)
STAY, AWAY = (4,), (3,)


def marked(*places):
    answer = NONE.copy()
    answer[list(places)] = True
    return answer


def apart(one, other):
    return csr_array((np.ones(2), ([one, other], [other, one])), shape=(5, 5))


def test_a_draft_meets_what_it_is_asked():
    assert PLAIN.is_met(Draft((0, 1, 2), STAY))
    assert PLAIN.is_met(Draft((0, 1), AWAY))
    assert PLAIN.moves(Draft((0, 1), AWAY)) == 1
    assert PLAIN.is_open(Draft((0, 1), AWAY)).tolist() == [True, True, False, True, False]


def test_a_draft_breaks_each_condition_by_itself():
    """Six halves at sites of two to four: one site holds too few, four need too many."""
    assert not PLAIN.is_met(Draft((0,), STAY))
    assert not PLAIN.is_met(Draft((0, 1, 2, 3), STAY))
    assert not PLAIN.is_met(Draft((0, 3), AWAY))  # two at one place
    assert not PLAIN.is_met(Draft((0, 1), (2,)))  # no place that it may move to
    assert not replace(PLAIN, forced=marked(2)).is_met(Draft((0, 1), STAY))
    assert not replace(PLAIN, barred=marked(1)).is_met(Draft((0, 1), STAY))
    assert not replace(PLAIN, barred=marked(3)).is_met(Draft((0, 1), AWAY))
    assert not replace(PLAIN, near=apart(0, 1)).is_met(Draft((0, 1), STAY))
    near_home = replace(PLAIN, near=apart(0, 4))
    assert not near_home.is_met(Draft((0, 1), STAY))
    assert near_home.is_met(Draft((0, 1), AWAY))
    serving = replace(PLAIN, serve=(np.array([2, 4]),), serve_names=("Byen",))
    assert serving.is_met(Draft((0, 1), STAY))
    assert not serving.is_met(Draft((0, 1), AWAY))
    assert not replace(PLAIN, area_most=np.array([3, 6, 6])).is_met(Draft((0, 1), STAY))
    assert not replace(PLAIN, area_least=np.array([0, 1, 0])).is_met(Draft((0, 1), STAY))


small = st.integers(0, 8)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.tuples(small, small), min_size=2, max_size=2),
    st.integers(1, 12),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(1, 5),
)
def test_where_one_more_site_fits_is_where_the_counts_then_fit(
    counts, quotas, halves, least, more, sites
):
    low, high = (
        np.array([*(f(quota) for quota in quotas), end]) for f, end in ((min, 0), (max, halves))
    )
    conditions = replace(
        PLAIN,
        halves=halves,
        least=least,
        most=least + more,
        most_sites=sites,
        area_least=low,
        area_most=high,
    )
    counted = np.array(counts)
    one_more = [conditions.counts_fit(counted + one) for one in np.eye(3, dtype=np.int64)]
    assert conditions.areas_that_fit(counted).tolist() == one_more
    # Greedy never goes where it cannot come on from: what fits with one more leads on.
    leads = conditions.areas_that_lead_on(counted)
    assert all(leads[one_more])
