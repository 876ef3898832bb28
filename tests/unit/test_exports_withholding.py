"""What is withheld of doctors' ages, and that nothing published gives it back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.choice import ALL_AREAS
from coverage.exports.annex_table import shown_rows
from coverage.exports.annex_tables import annex_tables
from coverage.exports.withholding import AGE_COLUMNS, find_withheld, withhold_ages
from coverage.wording import say
from tests.annex_town import annex_town
from tests.drawn_town import drawn_assessment, drawn_stamp

WITHHELD = say("annex.withheld", "da")


@pytest.fixture(scope="module")
def town():
    return annex_town()


@pytest.fixture(scope="module")
def tables(town):
    return annex_tables(town, drawn_stamp(town), "da")


@pytest.fixture(scope="module")
def nearly_closed():
    # Half of Nyborg's practices are closed: met if the threshold of 52 % falls by 5 % or more.
    overrides = {"designation.signal_weight": 2, "designation.practices_closed_pct": 52}
    return annex_town(overrides=overrides)


def with_least(town, least):
    """Return the town as if it were published with another least number of doctors."""
    return replace(town, rules=town.rules.override({"publication.min_doctors": least}))


def units(doctors, *divisions, least=3):
    """Withheld or not: each division's areas as tuples of practices, then its total."""
    rows, division = [], []
    for number, areas in enumerate(divisions):
        everything = tuple(range(len(doctors)))
        for area in (*areas, everything):
            rows.append([practice in area for practice in range(len(doctors))])
            division.append(number)
    member = np.array(rows, dtype=bool)
    sizes = np.array(doctors, dtype=float)
    return find_withheld(member, sizes, np.array(division), least).tolist()


class TestOneLevel:
    @pytest.mark.parametrize(
        ("doctors", "held"),
        [
            (2, [True, True, False, False]),  # 15 - 10 would be 2 and 5 together
            (3, [False, False, False, False]),
            (4, [False, False, False, False]),
        ],
    )
    def test_an_area_just_below_at_and_above_the_minimum(self, doctors, held):
        assert units([doctors, 5, 10], [(0,), (1,), (2,)]) == held

    def test_the_total_would_tell_so_the_next_smallest_area_is_withheld_too(self):
        assert units([10, 2, 6, 4], [(0,), (1,), (2,), (3,)]) == [False, True, False, True, False]

    def test_two_small_areas_hide_each_other(self):
        assert units([2, 2, 9], [(0,), (1,), (2,)]) == [True, True, False, False]

    def test_two_small_areas_with_too_few_doctors_together_need_a_third(self):
        assert units([1, 1, 9, 8], [(0,), (1,), (2,), (3,)]) == [True, True, False, True, False]

    def test_a_whole_study_with_too_few_doctors_is_withheld(self):
        assert units([2], [(0,)]) == [True, True]

    def test_an_area_without_doctors_tells_nothing(self):
        assert units([5], [(0,), ()]) == [False, False, False]

    def test_without_known_ages_there_is_nothing_to_withhold(self):
        assert units([], [(), ()]) == [False, False, False]

    def test_the_minimum_of_one_withholds_nothing(self):
        assert units([1, 1, 9], [(0,), (1,), (2,)], least=1) == [False] * 4


class TestSeveralLevels:
    def test_the_same_area_at_another_level_is_withheld_with_it(self):
        # Practice 0 is an area at both levels; the next smallest is 1, at both.
        first = units([2, 4, 9, 9], [(0,), (1,), (2,), (3,)], [(0,), (1,), (2, 3)])
        assert first == [True, True, False, False, False, True, True, False, False]

    def test_what_an_area_has_beside_its_parts_is_not_told(self):
        # Area (0, 1) is shown with 22 doctors; of its parts the one with 20 would tell the other.
        held = units([2, 20, 9], [(0, 1), (2,)], [(0,), (1,), (2,)])
        assert held == [False, False, False, True, True, False, False]

    def test_sums_and_differences_of_crossing_areas_tell_nothing(self):
        # (0, 1) + (2, 3) - (1, 2, 3) would be 0.
        held = units([2, 5, 6, 7], [(0, 1), (2, 3)], [(0,), (1, 2, 3)], [(0,), (1,), (2,), (3,)])
        assert held[3] is True
        assert held[4] is True, "the total minus it is area 0"

    @given(
        doctors=st.lists(st.integers(1, 6), min_size=1, max_size=9),
        cuts=st.lists(st.lists(st.integers(0, 3), min_size=9, max_size=9), min_size=1, max_size=3),
        least=st.integers(1, 5),
    )
    def test_no_area_with_few_doctors_follows_from_what_is_shown(self, doctors, cuts, least):
        """The oracle: a figure follows if its row adds no rank to the rows that are shown."""
        count = len(doctors)
        divisions = [
            [tuple(at for at in range(count) if cut[at] == area) for area in range(4)]
            for cut in cuts
        ]
        held = np.array(units(doctors, *divisions, least=least))
        areas = [area for division in divisions for area in (*division, tuple(range(count)))]
        rows = np.array([[at in area for at in range(count)] for area in areas], dtype=float)
        sums = rows @ np.array(doctors, dtype=float)
        few = (sums > 0) & (sums < least)
        assert held[few].all()
        shown = rows[~held]
        rank = np.linalg.matrix_rank(shown) if len(shown) else 0
        for row in rows[few]:
            assert np.linalg.matrix_rank(np.vstack([shown, row])) == rank + 1
        for whole in np.flatnonzero(~held):
            for part in np.flatnonzero(~held):
                if set(areas[part]) < set(areas[whole]):
                    left = sums[whole] - sums[part]
                    assert left == 0 or left >= least


class TestStudy:
    """Odense has three doctors of known age, Nyborg two."""

    @pytest.mark.parametrize(
        ("least", "held"),
        [(1, set()), (2, set()), (3, {"0450", "0461", "Vest", "Øst"})],
    )
    def test_areas_by_the_rule(self, town, least, held):
        areas = withhold_ages(with_least(town, least)).areas
        assert {area_id for (_, area_id), hidden in areas.items() if hidden} == held

    def test_every_figure_of_ages_is_the_word_and_the_total_is_told(self, tables):
        annex = tables["capacity_by_area"]
        for row, area_id in zip(shown_rows(annex, "da"), annex.codes["area_id"], strict=True):
            cells = [row[name] for name in AGE_COLUMNS]
            if area_id == ALL_AREAS:
                assert WITHHELD not in cells
                assert row["doctors_older"] == 3
            elif area_id in ("0450", "0461", "Vest", "Øst"):
                assert cells == [WITHHELD] * len(AGE_COLUMNS)
            else:
                assert area_id == "no_area"
                assert WITHHELD not in cells

    def test_the_word_stands_for_a_figure_only(self):
        nobody = drawn_assessment()
        annex = annex_tables(nobody, drawn_stamp(nobody), "da")["capacity_by_area"]
        assert all(row["doctors_older"] != WITHHELD for row in shown_rows(annex, "da"))

    def test_the_criterion_of_ages_and_what_would_tell_its_side_are_withheld(self, tables):
        exit_words = say("annex.criterion.expected_exit", "da")
        for row in shown_rows(tables["criteria"], "da"):
            telling = [row[name] for name in ("value", "distance", "distance_pct", "status")]
            if row["criterion"] == exit_words:
                assert telling == [WITHHELD] * 4
            else:
                assert WITHHELD not in telling
        for row in shown_rows(tables["designation"], "da"):
            assert row["met_weight"] == row["nearest_criterion"] == WITHHELD
            assert row["nearest_distance_pct"] == WITHHELD
            assert row["signal"] == say("annex.signal.no_signal", "da")

    @pytest.mark.parametrize(("least", "rows", "left_out"), [(2, 4, 0), (3, 0, 4)])
    def test_sensitivity_leaves_out_the_areas_and_counts_them(
        self, nearly_closed, least, rows, left_out
    ):
        town = with_least(nearly_closed, least)
        annex = annex_tables(town, drawn_stamp(town), "da")["sensitivity"]
        closed = say("annex.criterion.practices_closed", "da")
        kommuner = annex.table[annex.codes["area_level"] == "kommune"]
        assert (kommuner["criterion"] == closed).sum() == (3 if rows else 0)
        assert (len(annex.table) > 0) == (rows > 0)
        assert annex.areas_left_out == left_out


def test_a_place_is_withheld_by_its_own_doctors(town):
    places = withhold_ages(with_least(town, 2)).places
    # Of Vesterby's practices one does not say its doctors' ages: there is no figure to withhold.
    assert places.to_dict() == {
        "0461-vesterby": False,
        "0461-midterby": False,
        "0450-oesterlund": True,
        "praksis-010003": True,
    }
