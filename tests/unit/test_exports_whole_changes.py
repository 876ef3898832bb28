"""What did not change keeps its whole number; what changed still adds up."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from coverage.exports.whole_changes import round_change, round_changed_rows, split_change
from coverage.exports.whole_persons import round_together

PERSONS = st.floats(0, 3000, allow_nan=False).map(lambda value: round(value, 3))
ROW = st.lists(PERSONS, min_size=4, max_size=4)
# Where a row's persons go: from one status to another, and how large a share of them.
MOVE = st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 1))
STATES = st.lists(st.tuples(ROW, st.lists(MOVE, max_size=2)), min_size=1, max_size=5)


def states(drawn):
    """The exact persons before and after the moves; a row's sum stays."""
    before = np.array([row for row, _ in drawn])
    after = before.copy()
    for row, (_, moves) in enumerate(drawn):
        for start, end, share in moves:
            moved = after[row, start] * share
            after[row, start] -= moved
            after[row, end] += moved
    return before, after


class TestRows:
    @given(STATES)
    def test_rows_keep_their_sums_and_every_number_is_near_the_truth(self, drawn):
        before, after = states(drawn)
        whole = round_together(before)
        later = round_changed_rows(before, whole, after)
        assert (later.sum(axis=1) == whole.sum(axis=1)).all()
        assert (np.abs(later - after) < 1 + 1e-5).all()
        assert (later >= 0).all()

    @given(STATES)
    def test_a_row_where_nothing_happened_is_the_same(self, drawn):
        before, after = states(drawn)
        whole = round_together(before)
        later = round_changed_rows(before, whole, after)
        same = (np.round(before, 6) == np.round(after, 6)).all(axis=1)
        assert (later[same] == whole[same]).all()

    def test_rounded_each_by_itself_an_area_would_change_without_cause(self):
        # Two areas of half a person too many each: one goes up, and after the first has changed
        # the other one would.
        before = np.array([[10.5, 1.5], [10.5, 1.5]])
        after = np.array([[2.25, 9.75], [10.5, 1.5]])
        whole = np.array([[11, 1], [10, 2]])
        assert round_changed_rows(before, whole, after).tolist() == [[2, 10], [10, 2]]

    def test_a_status_that_did_not_change_stays_where_the_sum_allows_it(self):
        # 33.4 move; the third status keeps the number that it was rounded up to.
        before = np.array([[100.4, 20.3, 5.3]])
        after = np.array([[67.0, 53.7, 5.3]])
        assert round_changed_rows(before, np.array([[100, 20, 6]]), after).tolist() == [[67, 53, 6]]


class TestSums:
    @given(st.lists(st.tuples(PERSONS, PERSONS, st.booleans()), min_size=1, max_size=8))
    def test_what_did_not_change_stays_and_the_rest_makes_up_the_total(self, drawn):
        before = np.array([first for first, _, _ in drawn])
        after = np.array([second if changes else first for first, second, changes in drawn])
        whole = np.rint(before).astype(np.int64)
        total = int(np.rint(after.sum()))
        later = round_change(before, whole, after, total)
        changed = np.round(before, 6) != np.round(after, 6)
        assert (later[~changed] == whole[~changed]).all()
        assert (np.abs(later - after)[changed] < 1 + 1e-5).all()
        reachable = np.floor(after[changed]).sum(), np.ceil(after[changed]).sum()
        rest = total - whole[~changed].sum()
        assert later[changed].sum() == np.clip(rest, *reachable)

    def test_the_largest_remainders_go_up(self):
        later = round_change(np.zeros(3), np.zeros(3, dtype=np.int64), np.array([1.2, 1.7, 1.6]), 5)
        assert later.tolist() == [1, 2, 2]


class TestGainAndLoss:
    @given(
        st.integers(-50, 50), st.floats(0, 60, allow_nan=False), st.floats(0, 60, allow_nan=False)
    )
    def test_nobody_is_nobody_and_else_the_difference_is_gain_less_loss(
        self, difference, gain, loss
    ):
        whole_gain, whole_loss = (
            one.item()
            for one in split_change(np.array([difference]), np.array([gain]), np.array([loss]))
        )
        assert whole_gain >= 0
        assert whole_loss >= 0
        assert gain > 0 or whole_gain == 0
        assert loss > 0 or whole_loss == 0
        assume((gain > 0 or difference <= 0) and (loss > 0 or difference >= 0))
        assert whole_gain - whole_loss == difference
