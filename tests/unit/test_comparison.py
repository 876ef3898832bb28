"""Scenarios beside the baseline and each other, by hand on the drawn town (``tests.drawn_town``).

Opening P3 (km 20) gives E (km 22.5, 47 persons) a second open practice: P4 5.5 and P3 2.5 km.
Closing P2 (km 4) takes the second of A (km 0.5, 1200 persons: P1 0.5, P2 3.5), B (km 12.5, 310:
P1 11.5, P2 8.5; P4 is 15.5 off) and D (km 18.5, 55: P4 9.5, P2 14.5); the homes of C (km 14.7,
15.2, 15.3: P1 13.7, 14.2, 14.3; P4 13.3, 12.8, 12.7) keep P1 and P4. That makes 1510 in Odense
and 55 in Nyborg.
"""

from dataclasses import replace

import numpy as np
import pytest

from coverage.comparison import FIGURES, Variant, compare_variants
from coverage.scenario.actions import Close, Scenario, SetIntake
from coverage.scenario.apply import apply_scenario
from coverage.signal_rule import CRITERIA
from tests.annex_town import annex_town
from tests.drawn_town import WEST_M, drawn_assessment


@pytest.fixture(scope="module")
def town():
    return annex_town()


@pytest.fixture(scope="module")
def comparison(town):
    opened = Scenario(name="P3 åbner", actions=(SetIntake(ydernummer="010003", intake_open=True),))
    closed = Scenario(name="P2 lukker", actions=(Close(ydernummer="010002"),))
    variants = [Variant(one.name, apply_scenario(town, one)) for one in (opened, closed)]
    return compare_variants(Variant("Udgangspunkt", town), variants)


def figure(comparison, variant, area, name, level="kommune"):
    table = comparison.by_area
    held = (table["variant"] == variant) & (table["area_id"] == area) & (table["figure"] == name)
    (row,) = table[held & (table["area_level"] == level)].to_dict("records")
    return row


def test_people_who_gain_and_lose_are_counted_by_area(comparison):
    assert figure(comparison, "P3 åbner", "0450", "persons_gain_choice")["after"] == 47.0
    assert figure(comparison, "P3 åbner", "all", "persons_lose_choice")["after"] == 0.0
    lost = figure(comparison, "P2 lukker", "0461", "persons_lose_choice")
    assert (lost["before"], lost["after"], lost["difference"]) == (0.0, 1510.0, 1510.0)
    assert figure(comparison, "P2 lukker", "0450", "persons_lose_choice")["after"] == 55.0
    assert (
        figure(comparison, "P2 lukker", "Øst", "persons_lose_choice", "sundhedsraad")["after"] == 55
    )


def test_before_after_and_difference_are_those_of_the_assessments(comparison, town):
    row = figure(comparison, "P2 lukker", "all", "persons_two_or_more")
    total = town.by_area["kommune"].set_index("area_id")["road_persons_two_or_more"]["all"]
    assert row["before"] == total
    assert row["difference"] == pytest.approx(-1565.0)
    ratio = figure(comparison, "P2 lukker", "0461", "patients_per_capacity")
    assert (ratio["before"], ratio["after"]) == (
        pytest.approx(3009 / 3.5),
        pytest.approx(3009 / 2.5),
    )


def test_every_area_has_every_figure_once(comparison):
    names = [one.name for one in FIGURES] + ["persons_gain_choice", "persons_lose_choice"]
    counts = comparison.by_area.groupby(["variant", "area_level", "area_id"])["figure"].agg(list)
    assert all(figures == names for figures in counts)
    assert len(counts) == 2 * 2 * 4, "two variants, two levels; two areas, no area and all"


def test_a_missing_figure_has_no_difference(comparison):
    row = figure(comparison, "P3 åbner", "no_area", "second_mean_m")
    assert np.isnan(row["before"])
    assert np.isnan(row["difference"])


def test_nothing_that_follows_from_ages_is_compared():
    assert not [one for one in FIGURES if "exit" in one.column or "doctors" in one.column]


def test_the_places_that_lose_are_named_the_largest_first(comparison):
    table = comparison.losing
    assert list(table["variant"]) == ["P2 lukker"] * 3
    assert list(table["place"]) == ["Vesterby", "Midterby", "Midterby"]
    assert list(table["kommune_code"]) == ["0461", "0461", "0450"]
    assert list(table["persons_lose_choice"]) == [1200.0, 310.0, 55.0]
    assert list(table["persons_lose_practice"]) == [0.0, 0.0, 0.0]
    assert table["x_m"].tolist() == [WEST_M + km * 1000.0 for km in (0.5, 12.5, 18.5)]


def test_every_two_variants_are_compared(comparison):
    pairs = comparison.pairs.set_index(["from_variant", "to_variant"])
    assert len(pairs) == 6
    # From P2 closed to P3 opened: those whom P2's closing took the choice, and E.
    row = pairs.loc[("P2 lukker", "P3 åbner")]
    assert (row["persons_gain_choice"], row["persons_lose_choice"]) == (1565.0 + 47.0, 0.0)
    back = pairs.loc[("P3 åbner", "P2 lukker")]
    assert (back["persons_gain_choice"], back["persons_lose_choice"]) == (0.0, 1565.0 + 47.0)


def test_a_place_that_loses_its_last_practice_is_broken_if_it_must_keep_one(town):
    actions = tuple(Close(ydernummer=one) for one in ("010001", "010002", "010006"))
    after = apply_scenario(town, Scenario(name="x", actions=actions))
    skal = compare_variants(Variant("før", town), [Variant("x", after)]).skal
    (row,) = skal.to_dict("records")
    assert (row["name"], row["practices_before"], row["practices_after"]) == ("Vesterby", 3, 0)
    assert (row["is_skal"], row["is_broken"]) == (True, True)


def test_signals_that_appear_and_go_are_listed():
    # A signal by one criterion alone: choice below 90 %.
    strict = annex_town(
        overrides={
            **{f"designation.weight_{name}": float(name == "choice") for name in CRITERIA},
            "designation.signal_weight": 1,
            "designation.choice_pct": 90,
        }
    )
    closed = apply_scenario(strict, Scenario(name="x", actions=(Close(ydernummer="010002"),)))
    there = compare_variants(Variant("før", strict), [Variant("x", closed)]).signals
    back = compare_variants(Variant("x", closed), [Variant("før", strict)]).signals
    # In Odense 1510 of 1543.3 lose the choice; Nyborg signals before and after.
    assert list(there["change"]) == ["appears", "appears"], "the kommune and its sundhedsråd"
    assert list(there["area_id"]) == ["0461", "Vest"]
    assert list(back["change"]) == ["goes", "goes"]


def test_the_baseline_against_itself_differs_in_nothing(town):
    again = apply_scenario(town, Scenario(name="intet"))
    comparison = compare_variants(Variant("før", town), [Variant("intet", again)])
    assert comparison.by_area["difference"].fillna(0.0).eq(0.0).all()
    assert comparison.signals.empty
    assert comparison.skal.empty
    assert comparison.losing.empty


def test_without_others_every_table_is_empty_with_its_columns(town):
    comparison = compare_variants(Variant("før", town), [])
    for name in ("by_area", "signals", "skal", "losing", "pairs"):
        table = getattr(comparison, name)
        assert table.empty
        assert "variant" in table or "from_variant" in table


def test_two_variants_of_one_name_or_of_two_studies_are_a_mistake(town):
    with pytest.raises(ValueError, match="one name"):
        compare_variants(Variant("x", town), [Variant("x", town)])
    other = drawn_assessment(resolution="cell")
    with pytest.raises(ValueError, match="another study"):
        compare_variants(Variant("x", town), [Variant("y", other)])


def test_places_without_towns_go_by_kommune(town):
    without = replace(town, tables=replace(town.tables, towns=town.tables.towns.iloc[:0]))
    closed = apply_scenario(without, Scenario(name="x", actions=(Close(ydernummer="010002"),)))
    losing = compare_variants(Variant("før", without), [Variant("x", closed)]).losing
    assert list(losing["place"]) == ["", ""]
    assert list(losing["persons_lose_choice"]) == [1510.0, 55.0]
