"""Doctors' ages and expected exits, against a loop on paper."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.rules import load_ruleset
from coverage.workforce import annual_exit_pct, exit_shares, expected_exits

AS_OF = date(2026, 1, 1)
RULES = replace(
    load_ruleset("default", AS_OF).workforce,
    older_age_years=60.0,
    old_age_years=65.0,
    horizon_years=5.0,
    exit_under_60_pct=1.0,
    exit_60_to_64_pct=7.0,
    exit_65_to_69_pct=20.0,
    exit_from_70_pct=35.0,
)


def exits_of(capacities, birth_years, rules=RULES):
    """Return the exits of practices of so many capacities with doctors born in these years."""
    practices = pd.DataFrame(
        {"ydernummer": pd.Series(list(capacities), dtype="str"), "capacities": capacities.values()}
    )
    doctors = pd.DataFrame(
        [(ydernummer, year) for ydernummer, years in birth_years.items() for year in years],
        columns=["ydernummer", "birth_year"],
    )
    return expected_exits(practices, doctors, rules, AS_OF).set_index("ydernummer")


def slowly(age, rules):
    """Walk through the years: who is still there, and who stops."""
    here, stopped = 1.0, 0.0
    for _ in range(int(rules.horizon_years)):
        if age < 60:
            pct = rules.exit_under_60_pct
        elif age < 65:
            pct = rules.exit_60_to_64_pct
        elif age < 70:
            pct = rules.exit_65_to_69_pct
        else:
            pct = rules.exit_from_70_pct
        stopped += here * pct / 100
        here -= here * pct / 100
        age += 1
    return stopped


@pytest.mark.parametrize(
    ("age", "pct"),
    [(25, 1), (59, 1), (60, 7), (64, 7), (65, 20), (69, 20), (70, 35), (71, 35), (99, 35)],
)
def test_a_doctor_of_exactly_60_65_or_70_is_in_the_older_band(age, pct):
    assert annual_exit_pct(np.array([age]), RULES).tolist() == [pct]


@pytest.mark.parametrize(
    ("age", "share"),
    [
        (54, 1 - 0.99**5),
        (55, 1 - 0.99**5),
        (56, 1 - 0.99**4 * 0.93),
        (60, 1 - 0.93**5),
        (63, 1 - 0.93**2 * 0.80**3),
        (65, 1 - 0.80**5),
        (68, 1 - 0.80**2 * 0.65**3),
        (70, 1 - 0.65**5),
    ],
)
def test_a_doctor_grows_older_within_the_horizon(age, share):
    assert exit_shares(np.array([float(age)]), RULES)[0] == pytest.approx(share)


@given(
    age=st.integers(16, 126),
    horizon=st.integers(1, 15),
    pct=st.tuples(*[st.floats(0, 100)] * 4),
)
def test_exit_shares_are_those_of_a_slow_walk_through_the_years(age, horizon, pct):
    rules = replace(
        RULES,
        horizon_years=float(horizon),
        exit_under_60_pct=pct[0],
        exit_60_to_64_pct=pct[1],
        exit_65_to_69_pct=pct[2],
        exit_from_70_pct=pct[3],
    )
    share = exit_shares(np.array([age]), rules)[0]
    assert share == pytest.approx(slowly(age, rules), abs=1e-12)
    assert 0.0 <= share <= 1.0


@pytest.mark.parametrize(
    ("birth_year", "older", "old"),
    [(1967, 0, 0), (1966, 1, 0), (1962, 1, 0), (1961, 1, 1), (1956, 1, 1)],
)
def test_ages_are_those_reached_in_the_year_and_the_line_is_included(birth_year, older, old):
    row = exits_of({"p": 1.0}, {"p": [birth_year]}).loc["p"]
    assert (row["doctors"], row["doctors_older"], row["doctors_old"]) == (1, older, old)


def test_a_practices_capacities_are_shared_evenly_among_its_doctors():
    """Three capacities, doctors of 60, 65 and 30: one capacity each."""
    row = exits_of({"p": 3.0}, {"p": [1966, 1961, 1996]}).loc["p"]
    ending = (1 - 0.93**5) + (1 - 0.80**5) + (1 - 0.99**5)
    assert row["doctors"] == 3
    assert row["exit_share"] == pytest.approx(ending / 3)
    assert row["capacities_expected_to_end"] == pytest.approx(ending)


def test_practices_keep_their_order_and_a_doctor_of_another_practice_counts_in_none():
    table = exits_of({"b": 1.0, "a": 2.0}, {"a": [1990], "b": [1956], "x": [1940, 1941]})
    assert table.index.tolist() == ["b", "a"]
    assert table["doctors"].tolist() == [1, 1]
    assert table["capacities_expected_to_end"].tolist() == pytest.approx(
        [1 - 0.65**5, 2 * (1 - 0.99**5)]
    )


def test_without_doctors_in_the_register_everything_is_missing_and_never_zero():
    table = exits_of({"p": 1.0, "q": np.nan, "r": 0.0}, {"q": [1956], "r": [1956]})
    assert table.loc["p"].isna().all()
    assert table.loc["q", "exit_share"] == pytest.approx(1 - 0.65**5)
    assert np.isnan(table.loc["q", "capacities_expected_to_end"])
    assert table.loc["r", "capacities_expected_to_end"] == 0.0


def test_a_register_without_any_doctors_gives_missing_columns():
    table = exits_of({"p": 1.0}, {})
    assert len(table) == 1
    assert table.isna().all(axis=None)
