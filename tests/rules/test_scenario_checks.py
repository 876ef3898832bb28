"""The rules that a scenario touches: inside, outside and on the line, as a warning and forbidden.

On the drawn town a road kilometre is a kilometre of easting but for UTM's scale, so that
moves are set to the metre by the straight road (``tests.straight_road``) where the line matters.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.exports.scenario_words import clause_text, finding_text
from coverage.plan_tables import NEED_BY_KOMMUNE, PROJECTION, PlanTables
from coverage.scenario.actions import (
    Close,
    Move,
    Open,
    OpenSatellite,
    Retire,
    Scenario,
    SetIntake,
)
from coverage.scenario.checks import CHECKS, check_scenario
from coverage.scenario.resolve import resolve_scenario
from coverage.tables import check_table
from coverage.units import scale_factor
from tests.annex_town import annex_town, planned_town
from tests.drawn_town import ROAD_Y_M, WEST_M


def at_km(km):
    return {"x_m": WEST_M + km * 1000.0, "y_m": ROAD_Y_M}


def at_road_m(start_km, metres):
    """A place so many ground metres east of a kilometre of the road."""
    start = WEST_M + start_km * 1000.0
    # The road's steps are measured one by one: the scale at each step's middle.
    steps = np.arange(start, start + 40_000.0, 1.0)
    ground = np.cumsum(1.0 / scale_factor(steps + 0.5))
    whole = int(np.searchsorted(ground, metres))
    return {"x_m": float(steps[whole]), "y_m": ROAD_Y_M}


def findings(town, *actions):
    scenario = Scenario(name="prøve", actions=actions)
    return check_scenario(town, resolve_scenario(town, scenario))


def found(town, *actions):
    return [(one.check, one.subject, one.action) for one in findings(town, *actions)]


@pytest.fixture(scope="module")
def town():
    return annex_town()


@pytest.fixture(scope="module")
def parted_town():
    return planned_town()


THE_TOWN_CLOSES = tuple(Close(ydernummer=one) for one in ("010001", "010006", "010002"))


def with_rules(town, **values):
    keys = {f"scenario.{name}": value for name, value in values.items()}
    return replace(town, rules=town.rules.override(keys))


def test_nothing_is_found_where_nothing_is_done(town):
    assert findings(town) == ()


def test_closing_the_last_practice_of_a_skal_area_is_found(town):
    # Vesterby (km 1) is the largest town of Odense and the place of P1, P2 (km 4) and P6.
    practices = town.skal.practices.set_index("ydernummer")["place_id"]
    place = practices["010001"]
    assert set(practices.index[practices == place]) == {"010001", "010002", "010006"}
    assert bool(town.skal.places.set_index("place_id")["is_skal"][place])
    assert ("last_of_skal", "010002", 3) in found(town, *THE_TOWN_CLOSES)


def test_one_of_two_practices_may_close(town):
    assert "last_of_skal" not in {check for check, *_ in found(town, Close(ydernummer="010001"))}


def test_the_action_that_takes_the_last_one_is_named(town):
    others, last = THE_TOWN_CLOSES[:2], THE_TOWN_CLOSES[2]
    assert ("last_of_skal", "010006", 3) in found(town, last, *others)
    retired = [*others, Retire(ydernummer="010002")]
    assert ("last_of_skal", "010002", 3) in found(town, *retired)


def test_a_new_practice_in_the_place_keeps_it(town):
    new = Open(site_id="K1", capacities=1, **at_km(5))
    assert "last_of_skal" not in {check for check, *_ in found(town, *THE_TOWN_CLOSES, new)}
    far = Open(site_id="K1", capacities=1, **at_km(8))
    assert "last_of_skal" in {check for check, *_ in found(town, *THE_TOWN_CLOSES, far)}


def test_a_move_within_the_place_keeps_it_and_a_move_away_does_not(town):
    others = THE_TOWN_CLOSES[:2]
    within = found(town, *others, Move(ydernummer="010002", **at_km(5)))
    away = found(town, *others, Move(ydernummer="010002", **at_km(9)))
    assert "last_of_skal" not in {check for check, *_ in within}
    assert ("last_of_skal", "010002", 3) in away


@pytest.mark.parametrize(("metres", "is_far"), [(14_990, False), (15_000, False), (15_010, True)])
def test_a_move_may_be_15_km_by_road_and_not_more(town, metres, is_far):
    # From P1 at km 1; the new place is set a metre short at most.
    actions = Move(ydernummer="010001", **at_road_m(1, metres))
    assert ("far_move" in {check for check, *_ in found(town, actions)}) is is_far


def test_the_limit_of_a_move_is_a_rule_and_its_line_is_inside(town):
    move = Move(ydernummer="010001", **at_km(6))
    (far,) = [
        one
        for one in findings(with_rules(town, max_move_m=1000.0), move)
        if one.check == "far_move"
    ]
    exact = dict(far.values)["distance_m"]
    for limit_m, is_far in ((exact, False), (exact - 0.001, True), (exact + 0.001, False)):
        checks = {one.check for one in findings(with_rules(town, max_move_m=limit_m), move)}
        assert ("far_move" in checks) is is_far


def test_a_move_to_a_place_without_a_road_from_here_is_too_far(town):
    island = {"x_m": WEST_M + 31_000.0, "y_m": ROAD_Y_M + 8_000.0}
    far = next(
        one
        for one in findings(town, Move(ydernummer="010004", **island))
        if one.check == "far_move"
    )
    assert np.isnan(dict(far.values)["distance_m"])
    assert "ingen vej" in finding_text(far, "da")


def test_a_move_out_of_the_kommune_is_found(town):
    assert ("move_out_of_kommune", "010002", 1) in found(
        town, Move(ydernummer="010002", **at_km(16))
    )
    assert "move_out_of_kommune" not in {
        check for check, *_ in found(town, Move(ydernummer="010002", **at_km(14)))
    }


def test_a_move_out_of_a_part_of_the_kommune_is_found_and_within_it_is_not(parted_town):
    level = next(level for level in parted_town.levels if level.name == "bydel")
    part = level.of_practice["010001"]
    places = {km: Move(ydernummer="010001", **at_km(km)) for km in range(2, 14)}
    for move in places.values():
        resolved = resolve_scenario(parted_town, Scenario(name="x", actions=(move,)))
        after = next(one for one in resolved.levels if one.name == "bydel").of_practice["010001"]
        checks = {one.check for one in check_scenario(parted_town, resolved)}
        assert ("move_out_of_part" in checks) == (after != part)
        assert "move_out_of_kommune" not in checks
    ends = [found(parted_town, places[km]) for km in (2, 13)]
    assert [("move_out_of_part", "010001", 1) in one for one in ends] == [False, True]


def test_a_practice_that_moves_away_and_back_has_not_moved(town):
    there = Move(ydernummer="010002", **at_km(40))
    back = Move(ydernummer="010002", **at_km(4))
    assert found(town, there, back) == []


def owned(town, owners):
    practices = town.tables.practices.assign(owner=pd.Series(owners, dtype="str"))
    return replace(town, tables=replace(town.tables, practices=practices))


@pytest.mark.parametrize(("held", "is_found"), [(1, False), (2, False), (3, True)])
def test_a_fourth_ydernummer_is_one_too_many(town, held, is_found):
    ours = owned(town, ["Læge  Hansen"] * held + [None] * (6 - held))
    new = Open(site_id="K1", capacities=1, owner="LÆGE HANSEN ", **at_km(22))
    (*others,) = [one for one in findings(ours, new) if one.check == "many_ydernumre"]
    assert bool(others) is is_found
    assert all(one.forbidden for one in others), "the law forbids it"


def test_the_register_s_own_owners_are_not_this_scenario_s_matter(town):
    ours = owned(town, ["A"] * 5 + [None])
    assert found(ours, SetIntake(ydernummer="010003", intake_open=True)) == []
    without_owner = Open(site_id="K1", capacities=1, **at_km(22))
    assert "many_ydernumre" not in {check for check, *_ in found(ours, without_owner)}


def test_a_regional_clinic_does_not_count(town):
    ours = owned(town, ["Region"] * 3 + [None] * 3)
    new = Open(site_id="K1", capacities=1, owner="Region", clinic_form="regionsklinik", **at_km(22))
    assert "many_ydernumre" not in {check for check, *_ in found(ours, new)}


def growing(growth_pct, need_weight):
    """The town where Nyborg grows so much over the trend's five years, with that need weight."""
    rows = [("0450", 2026, 1000.0), ("0450", 2031, 1000.0 + 10 * growth_pct)]
    rows += [("0461", 2026, 1000.0), ("0461", 2031, 1000.0)]
    projection = pd.DataFrame(rows, columns=["kommune_code", "year", "persons"])
    projection = projection.assign(age_from=np.nan, age_to=np.nan)[list(PROJECTION.columns)]
    need = pd.DataFrame({"kommune_code": ["0450"], "weight": [need_weight]})
    plan = PlanTables(
        projection=check_table(projection, PROJECTION, where="test"),
        need_by_kommune=check_table(need, NEED_BY_KOMMUNE, where="test"),
    )
    return annex_town(plan=plan)


@pytest.mark.parametrize(
    ("growth_pct", "need_weight", "is_found"),
    [
        (3.1, 0.99, True),
        (3.0, 0.99, False),  # growth on its line is fine
        (2.9, 0.99, False),
        (3.1, 1.0, False),  # a need on its line is not low
        (3.1, 1.1, False),
    ],
)
def test_growth_and_low_need_make_a_new_practice_restrictive(growth_pct, need_weight, is_found):
    town = growing(growth_pct, need_weight)
    new = Open(site_id="K1", capacities=1, **at_km(22))
    assert (("restrictive", "K1", 1) in found(town, new)) is is_found
    elsewhere = Open(site_id="K1", capacities=1, **at_km(2))
    assert "restrictive" not in {check for check, *_ in found(town, elsewhere)}


def test_what_nobody_knows_is_no_reason_for_a_warning(town):
    new = Open(site_id="K1", capacities=1, **at_km(22))
    assert "restrictive" not in {check for check, *_ in found(town, new)}


@pytest.mark.parametrize(("metres", "is_far"), [(14_990, False), (15_000, False), (15_010, True)])
def test_a_satellite_may_lie_15_km_from_its_practice(town, metres, is_far):
    satellite = OpenSatellite(ydernummer="010001", **at_road_m(1, metres))
    assert (("far_satellite", "010001", 1) in found(town, satellite)) is is_far


def test_a_check_warns_or_forbids_as_the_ruleset_says(town):
    for forbid in (False, True):
        rules = with_rules(town, forbid_last_of_skal=forbid)
        (one,) = findings(rules, *THE_TOWN_CLOSES)
        assert (one.check, one.forbidden) == ("last_of_skal", forbid)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_a_rule_with_its_clause(town, check):
    rule = town.rules.rules[f"scenario.forbid_{check}"]
    assert isinstance(rule.value, bool)
    assert rule.source


def test_every_check_is_said_in_words_with_its_clause(parted_town):
    town = with_rules(parted_town, max_move_m=100.0, max_satellite_m=100.0, low_need_weight=3.0)
    town = replace(town, rules=town.rules.override({"designation.population_growth_pct": -50.0}))
    town = owned(town, ["A"] * 3 + [None] * 3)
    every = findings(
        town,
        Close(ydernummer="010006"),
        Move(ydernummer="010001", **at_km(13)),
        Move(ydernummer="010002", **at_km(20)),
        Open(site_id="K1", capacities=1, owner="a", **at_km(12)),
        OpenSatellite(ydernummer="010002", **at_km(9)),
    )
    assert {one.check for one in every} == set(CHECKS)
    for one in every:
        for language in ("da", "en"):
            assert "{" not in finding_text(one, language)
            assert town.rules.rules[one.rule_key].source in clause_text(one, town.rules, language)
    far = next(one for one in every if one.check == "far_move" and one.subject == "010001")
    assert finding_text(far, "da") == "Flytningen er 12,00 km ad vej; reglen siger højst 0,10 km."
