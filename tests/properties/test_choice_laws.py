"""Laws of lægevalg that hold for every drawing: homes and practices anywhere on one road."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.assessment import open_ydernumre
from coverage.choice import STATUSES, add_open_practices, measure_choice, summarise_choice
from tests.straight_road import RULES, matrix_of, origins_at, sites_at

RANK = {status: rank for rank, status in enumerate(reversed(STATUSES))}
place_m = st.floats(0, 60_000).map(lambda value: round(value, 1))
homes_m = st.lists(place_m, min_size=1, max_size=6)
practices_m = st.lists(place_m, min_size=1, max_size=5)
fast = settings(max_examples=40, deadline=None)


def drawn(homes, practices):
    table = origins_at({f"h{number}": at for number, at in enumerate(homes)})
    table["persons"] = [100.0 + 7 * number for number in range(len(homes))]
    sites = sites_at({f"p{number}": at for number, at in enumerate(practices)})
    return table, matrix_of(table, sites)


@fast
@given(homes_m, practices_m, st.data())
def test_opening_a_practice_never_lowers_anyones_choice(homes, practices, data):
    table, matrix = drawn(homes, practices)
    ids = list(matrix.site_ids)
    opened = data.draw(st.lists(st.sampled_from(ids), unique=True))
    one_more = data.draw(st.sampled_from(ids))
    before = measure_choice(table, matrix, opened, RULES.choice).by_origin
    after = measure_choice(table, matrix, [*opened, one_more], RULES.choice).by_origin
    assert (after["road_status"].map(RANK) >= before["road_status"].map(RANK)).all()
    assert (after["road_open_within"] >= before["road_open_within"]).all()
    known = before["road_second_m"].notna()
    assert (after.loc[known, "road_second_m"] <= before.loc[known, "road_second_m"]).all()


@fast
@given(homes_m, practices_m)
def test_closing_and_reopening_changes_nothing(homes, practices):
    table, matrix = drawn(homes, practices)
    ids = list(matrix.site_ids)
    before = measure_choice(table, matrix, ids, RULES.choice).by_origin
    measure_choice(table, matrix, ids[1:], RULES.choice)
    again = measure_choice(table, matrix, [*ids[1:], ids[0]], RULES.choice).by_origin
    pd.testing.assert_frame_equal(before, again)


@fast
@given(homes_m, practices_m, st.randoms())
def test_the_order_of_rows_never_matters(homes, practices, random):
    table, matrix = drawn(homes, practices)
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = table.iloc[order].reset_index(drop=True)
    sites = sites_at({f"p{number}": at for number, at in reversed(list(enumerate(practices)))})
    ids = list(matrix.site_ids)
    one = measure_choice(table, matrix, ids, RULES.choice).by_origin.set_index("origin_id")
    other = measure_choice(shuffled, matrix_of(shuffled, sites), ids, RULES.choice).by_origin
    other = other.set_index("origin_id").loc[one.index]
    same = [name for name in one if not name.endswith("ydernummer")]  # equally near ones may swap
    pd.testing.assert_frame_equal(one[same], other[same])


@fast
@given(homes_m, practices_m, st.floats(1_000, 30_000), st.floats(1_000, 30_000))
def test_a_larger_limit_never_removes_a_pair(homes, practices, limit_m, other_m):
    _, matrix = drawn(homes, practices)
    low, high = sorted((limit_m, other_m))
    ids = list(matrix.site_ids)
    assert (matrix.count_within(low, ids) <= matrix.count_within(high, ids)).all()


@fast
@given(homes_m, practices_m, st.data())
def test_people_are_conserved_from_homes_to_areas_and_statuses(homes, practices, data):
    table, matrix = drawn(homes, practices)
    areas = data.draw(st.lists(st.sampled_from("xyz"), min_size=len(homes), max_size=len(homes)))
    choice = measure_choice(table, matrix, list(matrix.site_ids)[::2], RULES.choice)
    summary = summarise_choice(choice, areas, {})
    total, parts = summary.iloc[-1], summary.iloc[:-1]
    statuses = [f"road_persons_{status}" for status in STATUSES]
    assert total["persons"] == pytest.approx(table["persons"].sum())
    assert parts["persons"].sum() == pytest.approx(total["persons"])
    np.testing.assert_allclose(parts[statuses].sum(), total[statuses].astype(float))
    np.testing.assert_allclose(summary[statuses].sum(axis=1), summary["persons"])


@fast
@given(homes_m, practices_m)
def test_status_count_and_distances_agree_with_each_other(homes, practices):
    table, matrix = drawn(homes, practices)
    rows = measure_choice(table, matrix, list(matrix.site_ids), RULES.choice).by_origin
    for measure in ("road", "straight"):
        within = rows[f"{measure}_open_within"]
        assert ((rows[f"{measure}_second_m"] <= rows["limit_m"]) == (within >= 2)).all()
        assert ((rows[f"{measure}_first_m"] <= rows["limit_m"]) == (within >= 1)).all()
        assert (
            (rows[f"{measure}_margin_m"] >= 0) == (rows[f"{measure}_status"] == "two_or_more")
        ).all()


def test_unknown_intake_counts_as_closed():
    practices = pd.DataFrame(
        {
            "ydernummer": ["010001", "010002", "010003"],
            "intake_open": pd.array([True, None, False], dtype="boolean"),
        }
    )
    assert open_ydernumre(practices) == ("010001",)


@fast
@given(homes_m, practices_m, st.lists(place_m, min_size=1, max_size=3), st.data())
def test_adding_practices_gives_what_measuring_everything_gives(homes, practices, new, data):
    table, matrix = drawn(homes, practices)
    opened = data.draw(st.lists(st.sampled_from(list(matrix.site_ids)), unique=True))
    before = measure_choice(table, matrix, opened, RULES.choice)
    new_ids = [f"z{number}" for number in range(len(new))]
    grown = matrix.with_sites(sites_at(dict(zip(new_ids, new, strict=True))), RULES.travel)
    added = add_open_practices(before, grown, new_ids, RULES.choice)
    whole = measure_choice(table, grown, [*opened, *new_ids], RULES.choice)
    pd.testing.assert_frame_equal(added.by_origin, whole.by_origin)
    assert added.open_ids == whole.open_ids
