"""What must hold on every path, whatever the study."""

import numpy as np

from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS

FLOWS = ("retired", "taken_over", "lapsed", "opened", "opened_to_shortage")
ADDITIVE = (
    "capacities_start",
    *(f"capacities_{name}" for name in FLOWS),
    *("capacities_end", "doctors", "practices", "displaced_persons", "residents"),
    *("need_weighted_residents", "listed_persons", "short_of_need_capacities"),
    *("target_capacities", "persons_with_choice"),
)


def check_no_year_uses_more_than_it_has(path):
    """Neither more than the specialists, nor beyond the path, nor more for shortage than the first.

    And less than a half capacity of what the year has, or the path asks for, is left.
    """
    table = path.by_year
    used = table["capacities_taken_over"] + table["capacities_opened"]
    assert (used <= table["available_capacities"] + 1e-9).all()
    grows = table["capacities_opened"] > 0
    assert (table["capacities_end"] <= table["path_capacities"] + 1e-9)[grows].all()
    first = path.model.target.shortage_capacities
    assert table["capacities_opened_to_shortage"].sum() <= first + 1e-9
    left = np.minimum(table["unused_capacities"], table["short_of_path_capacities"])
    assert (left.iloc[1:] < 0.5).all()


def check_years_follow_on_each_other(path):
    """In every row the start - lapsed + opened is the end, and the next year starts there."""
    table = path.by_area
    held = table["capacities_start"] - table["capacities_lapsed"] + table["capacities_opened"]
    np.testing.assert_allclose(held, table["capacities_end"], atol=1e-9)
    before = table.groupby(["area_level", "area_id"], sort=False)["capacities_end"].shift()
    known = before.notna()
    np.testing.assert_allclose(table["capacities_start"][known], before[known], atol=1e-9)
    retired, taken = table["capacities_retired"], table["capacities_taken_over"]
    np.testing.assert_allclose(retired - taken, table["capacities_lapsed"], atol=1e-9)
    assert (table[["capacities_retired", "capacities_taken_over"]] >= -1e-12).all(axis=None)
    halves = 2 * table.loc[table["area_level"] == "kommune", "capacities_opened"]
    assert (halves % 1 == 0).all()


def check_every_level_adds_up_to_the_same_year(path):
    """On every level the areas make up "all", which is the same on every level."""
    table = path.by_area
    whole = table[table["area_id"] == ALL_AREAS]
    sums = table[table["area_id"] != ALL_AREAS].groupby(["year", "area_level"])
    first = whole[whole["area_level"] == "kommune"].set_index("year")
    ordered = whole.sort_values(["year", "area_level"])
    for name in ADDITIVE:
        found = sums[name].sum().to_numpy()
        np.testing.assert_allclose(found, ordered[name], rtol=1e-9, atol=1e-6, err_msg=name)
        for _, level in whole.groupby("area_level"):
            same = level.set_index("year")[name]
            np.testing.assert_allclose(same, first[name], rtol=1e-9, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(first["target_capacities"], path.answer.target)


def check_nothing_is_missing_without_a_reason(path):
    """A figure per capacity needs capacities, a share needs residents."""
    table = path.by_area
    for name in ADDITIVE:
        assert table[name].notna().all(), name
        assert (table[name] >= -1e-9).all(), name
    nobody, no_capacity = table["residents"] == 0, table["capacities_end"] <= 0
    assert table["residents_per_capacity"].isna().equals(nobody | no_capacity)
    assert table["choice_pct"].isna().equals(nobody)
    assert (table["choice_pct"].dropna() <= 100 + 1e-9).all()
    assert (table["patients_per_capacity"].dropna() >= 0).all()
    is_area = ~table["area_id"].isin([ALL_AREAS, NO_AREA])
    assert table["signal"].notna().equals(is_area)


def check_the_answer_is_the_sum_of_the_years(path):
    """One line for the region, which the tables add up to."""
    answer, table = path.answer, path.by_year
    assert np.isclose(answer.start - answer.lapsed + answer.opened, answer.end)
    assert np.isclose(answer.trained, table["available_capacities"].sum())
    assert np.isclose(answer.short, max(0.0, answer.target - answer.end))
    assert np.isclose(answer.needed, max(0.0, answer.target - answer.start))
    assert (answer.first_year, answer.last_year) == (table["year"].min(), table["year"].max())


CHECKS = (
    check_no_year_uses_more_than_it_has,
    check_years_follow_on_each_other,
    check_every_level_adds_up_to_the_same_year,
    check_nothing_is_missing_without_a_reason,
    check_the_answer_is_the_sum_of_the_years,
)
