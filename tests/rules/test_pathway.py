"""The years to the national target, on the drawn town, with every figure derived on paper.

The town's capacities (``tests.annex_town``): Odense P1 1.5 (doctors of 66 and 46), P2 1 (71) and
P6 1 (nobody says); Nyborg P3 1 (36) and P4 1 (64); P5 1 lies in no kommune, and nobody says how
old its doctor is. 6.5 in all. The yearly shares who stop: 1 % below 60, 7 % to 64, 20 % to 69, 35 %
from 70.

The region's own model gives Odense 8 and Nyborg 4 capacities in 2035. That is 12 / 5,000 of the
country's, and of 1,000 new specialists a year 2.4 capacities.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from coverage.errors import CoordinateError, UnknownIdError
from coverage.pathway.exits import Chance
from coverage.pathway.figures import new_practices_of, observe
from coverage.pathway.new_places import open_more_at_last
from coverage.pathway.pathway import build_pathway
from coverage.pathway.simulate import persons_of_year, start, take_step
from coverage.pathway.sites import no_sites
from coverage.pathway.tables import AGE_COLUMNS
from coverage.plan_tables import DISTRIBUTION_MODEL, PROJECTION, TRANSFERRED_TASKS, PlanTables
from coverage.signal_rule import CRITERIA
from coverage.tables import check_table
from coverage.workforce import exit_shares
from tests.annex_town import SUNDHEDSRAAD, annex_town, full_plan, west_and_centre
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment
from tests.pathway_checks import CHECKS

PLENTY = {"pathway.training_places": 1000, "pathway.training_filled_pct": 100}
# What chance of finding somebody, and whether practices follow their lists.
STEADY = {**PLENTY, "pathway.takeover_pct": 100, "pathway.takeover_threatened_pct": 100}


def model_of(rows, kind="capacities"):
    """Return table DISTRIBUTION_MODEL of (kommune, year, value)."""
    table = pd.DataFrame(
        [(code, year, kind, value) for code, year, value in rows],
        columns=list(DISTRIBUTION_MODEL.columns),
    )
    return check_table(table, DISTRIBUTION_MODEL, where="test")


KOMMUNER = ("0461", "0450")
TWELVE = (("0461", None, 8.0), ("0450", None, 4.0))


def plan_of(rows=TWELVE, kind="capacities", **more):
    return PlanTables(distribution_model=model_of(rows, kind), **more)


@cache
def annexed():
    return annex_town()


def town_of(*, overrides=None, plan):
    """Return the annex town with other rules and tables of the path, without assessing it anew."""
    rules = annexed().rules.override(overrides or {})
    assert all(key.startswith("pathway.") for key in overrides or {})
    return replace(annexed(), rules=rules, plan=plan)


@cache
def path_of(overrides=(), rows=TWELVE, kind="capacities"):
    changed, plan = dict(overrides), plan_of(rows, kind)
    make = town_of if all(key.startswith("pathway.") for key in changed) else annex_town
    return build_pathway(make(overrides=changed, plan=plan))


def frozen(overrides):
    return tuple(sorted(overrides.items()))


def row(pathway, year, area="all", level="kommune"):
    table = pathway.by_area
    held = (table["year"] == year) & (table["area_level"] == level) & (table["area_id"] == area)
    (found,) = [entry for _, entry in table[held].iterrows()]
    return found


def column(pathway, name, area="all", level="kommune"):
    table = pathway.by_area
    return table[(table["area_level"] == level) & (table["area_id"] == area)][name].to_numpy()


def keys(pathway):
    return {notice.key: dict(notice.values) for notice in pathway.notices}


def test_who_is_expected_to_stop_in_the_first_year():
    """Odense: P1 0.75 x 20 % + 0.75 x 1 %, P2 35 %, P6 the mean of the five known.

    That mean is (20 + 1 + 35 + 1 + 7) / 5 = 12.8 %. Nyborg: 1 % and 7 %.
    """
    path = path_of(frozen(STEADY))
    assert row(path, 2027, "0461")["capacities_retired"] == pytest.approx(0.1575 + 0.35 + 0.128)
    assert row(path, 2027, "0450")["capacities_retired"] == pytest.approx(0.08)
    assert row(path, 2027, "no_area")["capacities_retired"] == pytest.approx(0.128)
    assert row(path, 2027)["capacities_retired"] == pytest.approx(0.8435)


def test_who_stops_in_the_second_year_if_nobody_takes_over():
    """P1: 0.75 x 80 % x 20 % (67) + 0.75 x 99 % x 1 %. P2: 65 % x 35 %.

    Of the five known 4.36 are left, of whom 0.8 x 20 % + 0.99 x 1 % + 0.65 x 35 % + 0.99 x 1 % +
    0.93 x 20 % (the doctor of 64 is 65 by now) = 0.5933 stop: 13.608 % of P6's 87.2 %.
    """
    alone = {**PLENTY, "pathway.takeover_pct": 0, "pathway.takeover_threatened_pct": 0}
    path = path_of(frozen(alone), rows=(("0461", None, 0.5), ("0450", None, 0.5)))
    expected = 0.12 + 0.007425 + 0.2275 + 0.872 * 0.5933 / 4.36
    assert row(path, 2028, "0461")["capacities_retired"] == pytest.approx(expected)
    assert row(path, 2028, "0450")["capacities_retired"] == pytest.approx(0.0099 + 0.186)
    assert (column(path, "capacities_taken_over") == 0).all()
    assert (column(path, "capacities_opened") == 0).all()
    lapsed = column(path, "capacities_lapsed").sum()
    assert row(path, 2035)["capacities_end"] == pytest.approx(6.5 - lapsed)


def test_whoever_is_left_is_as_the_rules_of_ages_say():
    """After five years the known doctors' capacities are those of ``workforce.exit_shares``."""
    alone = {**PLENTY, "pathway.takeover_pct": 0, "pathway.takeover_threatened_pct": 0}
    path = path_of(frozen(alone), rows=(("0461", None, 0.5), ("0450", None, 0.5)))
    rules = annexed().rules.workforce
    left = 1.0 - exit_shares([36.0, 64.0], rules)
    assert row(path, 2031, "0450")["capacities_end"] == pytest.approx(left.sum())


def test_growth_is_shared_out_half_by_half():
    """With everybody replaced the town grows from 6.5 to 12 in nine years, 0.6111 a year.

    The next half goes to the larger of 8 / (4 c + 1) and 4 / (4 c + 1), from 3.5 and 2: Odense .533
    (.444), Odense .471, Nyborg (.421 against .444), Odense (.421, .364), Odense and Nyborg (.381;
    .348 against .364), Odense (.348, .308), Odense (.32), Nyborg (.296 against .308), and twice
    Odense (.296; .276 against .267).
    """
    path = path_of(frozen(STEADY))
    odense = column(path, "capacities_opened", "0461")[1:]
    nyborg = column(path, "capacities_opened", "0450")[1:]
    assert odense.tolist() == [0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 0, 1.0]
    assert nyborg.tolist() == [0, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0]
    assert row(path, 2035, "0461")["capacities_end"] == pytest.approx(7.5)
    assert row(path, 2035, "0450")["capacities_end"] == pytest.approx(3.5)
    assert path.answer.end == pytest.approx(12)
    assert path.answer.short == pytest.approx(0)
    assert path.answer.needed == pytest.approx(5.5)
    assert path.answer.trained == pytest.approx(9 * 2.4)


def test_shortage_comes_first_while_the_first_doctors_last():
    """A limit of 538: Odense's 1,543.3 residents need 2.87 capacities and Nyborg's 177.7 0.33.

    Nyborg has none left to lack, Odense has 3.5. With 18 residents' weight each, Odense needs
    51.6: then all goes there, until the region's 12 / 5,000 of 650, 1.56 capacities, are used: 3
    halves.
    """
    plan = plan_of(need_by_kommune=full_plan().need_by_kommune.assign(weight=[18.0, 1.0]))
    limit = {"capacity.closing_limit_persons": 538}
    path = build_pathway(annex_town(overrides={**STEADY, **limit}, plan=plan))
    first = column(path, "capacities_opened_to_shortage")
    assert first.tolist() == [0, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0]
    assert column(path, "capacities_opened", "0461")[3] == 0.5
    needed = 18 * row(path, 2026, "0461")["residents"] / 538
    assert row(path, 2026)["short_of_need_capacities"] == pytest.approx(needed - 3.5)


def test_a_year_without_specialists_replaces_and_opens_nothing():
    path = path_of(frozen({**STEADY, "pathway.training_places": 0}))
    assert (column(path, "capacities_taken_over") == 0).all()
    assert (column(path, "capacities_opened") == 0).all()
    assert path.by_year["available_capacities"].tolist() == [0] * 10
    assert path.answer.short == pytest.approx(12 - path.answer.end)


def test_too_few_specialists_shrink_every_takeover_alike():
    """100 a year are 0.24 capacities, where 0.8435 are free: each is taken over to 28.5 %."""
    path = path_of(frozen({**STEADY, "pathway.training_places": 100}))
    share = 0.24 / 0.8435
    assert row(path, 2027)["capacities_taken_over"] == pytest.approx(0.24)
    assert row(path, 2027, "0450")["capacities_taken_over"] == pytest.approx(0.08 * share)
    assert (path.by_year["unused_capacities"] >= -1e-12).all()


def test_fewer_take_over_where_an_area_signals():
    """Above 800 patients per capacity is enough for a signal here: Odense has 860, Nyborg 1,004.

    Then 50 % are taken over, not 100 %.
    """
    easy = {"designation.signal_weight": 1, "designation.patients_per_capacity_persons": 800}
    path = path_of(frozen({**STEADY, **easy, "pathway.takeover_threatened_pct": 50}))
    assert row(path, 2026, "0461")["signal"] == "signal"
    assert row(path, 2027, "0461")["capacities_taken_over"] == pytest.approx(0.6355 / 2)
    # A practice in no area is in no area that signals.
    assert row(path, 2027, "no_area")["capacities_taken_over"] == pytest.approx(0.128)


def test_a_designation_counts_until_its_earliest_end():
    """Nyborg is designated since September 2025, for six months: on 1 January 2026, not in 2027."""
    plan = plan_of(designations=full_plan().designations)
    rules = {**STEADY, "pathway.takeover_threatened_pct": 0}
    path = build_pathway(town_of(overrides=rules, plan=plan))
    assert row(path, 2027, "0450")["capacities_taken_over"] == 0
    assert row(path, 2028, "0450")["capacities_lapsed"] == pytest.approx(0)


def test_start_less_lapsed_plus_opened_is_the_end():
    path = path_of(frozen(PLENTY))
    for area in ("0461", "0450", "no_area", "all"):
        start, end = column(path, "capacities_start", area), column(path, "capacities_end", area)
        lapsed = column(path, "capacities_lapsed", area)
        opened = column(path, "capacities_opened", area)
        np.testing.assert_allclose(start - lapsed + opened, end)
        np.testing.assert_allclose(start[1:], end[:-1])


def test_a_practice_closes_with_less_than_half_a_doctor_and_its_list_is_told():
    """P2's doctor of 71: 65 % after a year, 42.25 % after two. Its list is 1,002 patients."""
    alone = {**PLENTY, "pathway.takeover_pct": 0, "pathway.takeover_threatened_pct": 0}
    path = path_of(frozen(alone), rows=(("0461", None, 0.5), ("0450", None, 0.5)))
    assert column(path, "practices", "0461")[:3].tolist() == [3, 3, 2]
    assert column(path, "displaced_persons", "0461")[:3].tolist() == [0, 0, 1002]


def test_the_table_of_today_is_the_assessments():
    town = annex_town(plan=plan_of())
    path = build_pathway(town)
    for level in town.levels:
        capacity = town.capacity.by_area[level.name].set_index("area_id")
        choice = town.by_area[level.name].set_index("area_id")
        for area in capacity.index:
            today = row(path, 2026, area, level.name)
            assert today["capacities_end"] == pytest.approx(capacity.loc[area, "capacities"])
            assert today["residents"] == pytest.approx(capacity.loc[area, "residents"])
            assert today["patients_per_capacity"] == pytest.approx(
                capacity.loc[area, "patients_per_capacity"], nan_ok=True
            )
            if area in choice.index:
                held = choice.loc[area, "road_persons_two_or_more"]
                assert today["persons_with_choice"] == pytest.approx(held)
    signals = path.by_area[path.by_area["year"] == 2026].dropna(subset="signal")
    computed = town.designation.areas.set_index(["area_level", "area_id"])["computed"]
    found = signals.set_index(["area_level", "area_id"])["signal"]
    assert found.to_dict() == computed.to_dict()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("target", [0.5, 8.0])
def test_the_path_fits_together_on_every_level(check, target):
    check(parted(target))


@cache
def parted(target):
    plan = plan_of(
        (("0461", None, target), ("0450", None, target / 2)), projection=full_plan().projection
    )
    divisions = {"sundhedsraad": SUNDHEDSRAAD, "bydel": west_and_centre()}
    return build_pathway(annex_town(plan=plan, overrides=STEADY, divisions=divisions))


def test_a_part_of_a_kommune_gets_the_growth_that_its_residents_are():
    """Beside the centre live 343.3 of Odense's 1,543.3."""
    odense = column(parted(8.0), "capacities_opened", "0461").sum()
    part = column(parted(8.0), "capacities_opened", "V2", "bydel").sum()
    assert part == pytest.approx(odense * (310 + 100 / 3) / (1510 + 100 / 3))


def test_people_to_come_where_nobody_lives_are_in_the_area_that_the_kommune_lies_in():
    """Nyborg's residents move away from the grid: the projection still has its 200."""
    town = annex_town(plan=plan_of(projection=full_plan().projection))
    empty = town.origins.table["kommune_code"] == "0450"
    table = town.origins.table.assign(persons=town.origins.table["persons"].mask(empty, 0.0))
    path = build_pathway(replace(town, origins=replace(town.origins, table=table)))
    assert row(path, 2026, "0450")["residents"] == 200
    assert row(path, 2026, "Øst", "sundhedsraad")["residents"] == 200


def test_nobody_knows_who_will_be_listed_where_nobody_is_today():
    """Nyborg's P3 has no list; without P4's nobody there has one, however much opens."""
    town = annex_town(plan=plan_of(), overrides=STEADY)
    practices = town.tables.practices
    east = practices["ydernummer"] == "010004"
    table = practices.assign(listed_persons=practices["listed_persons"].mask(east))
    path = build_pathway(replace(town, tables=replace(town.tables, practices=table)))
    assert np.isnan(column(path, "patients_per_capacity", "0450")).all()
    assert not np.isnan(column(path, "patients_per_capacity", "0461")).any()


def test_residents_are_the_projections_and_lie_between_its_years():
    """Odense has 1,000 in 2026 and 1,100 in 2031: 1,020 in 2027, and 1,100 ever after."""
    path = build_pathway(town_of(plan=plan_of(projection=full_plan().projection)))
    odense = column(path, "residents", "0461")
    assert odense.tolist() == pytest.approx([1000, 1020, 1040, 1060, 1080, *[1100] * 5])
    assert column(path, "residents").tolist() == pytest.approx(
        [1200, 1218, 1236, 1254, 1272, *[1290] * 5]
    )
    assert keys(path)["pathway_population_filled"]["kommuner"] == "0450, 0461"
    # Lists grow as the residents do: 2,001 + ... in Odense.
    listed = column(path, "listed_persons", "0461")
    assert listed[1] == pytest.approx(listed[0] * 1.02)


def test_a_projection_that_lacks_a_kommune_leaves_its_people_as_they_are():
    rows = [("0461", year, None, None, 1000.0 + year - 2026) for year in range(2026, 2042)]
    table = pd.DataFrame(rows, columns=list(PROJECTION.columns))
    plan = plan_of(projection=check_table(table, PROJECTION, where="test"))
    path = build_pathway(town_of(plan=plan))
    assert column(path, "residents", "0461").tolist() == [1000.0 + year for year in range(10)]
    assert len(set(column(path, "residents", "0450"))) == 1
    assert keys(path)["pathway_population_constant"] == {"count": 1, "kommuner": "0450"}
    assert "pathway_population_filled" not in keys(path)


def test_without_a_projection_everybody_stays_and_it_is_told():
    path = path_of(frozen(STEADY))
    assert len(set(column(path, "residents"))) == 1
    assert keys(path)["pathway_population_constant"]["count"] == 2


def test_a_target_year_that_has_come_leaves_nothing_to_do():
    path = build_pathway(town_of(overrides={"pathway.target_year": 2025}, plan=plan_of()))
    assert path.by_year["year"].tolist() == [2026]
    assert set(path.by_area["year"]) == {2026}
    assert path.answer.start == path.answer.end == 6.5
    assert path.answer.opened == path.answer.retired == path.answer.trained == 0
    assert path.answer.short == pytest.approx(5.5)
    assert keys(path)["pathway_no_year_left"] == {"target_year": "2025", "year": "2026"}


def test_the_share_is_of_need_weighted_residents():
    """Weights 2 and 1: (2 x 1,543.3 + 190.7) / 5,961,249 of 5,000."""
    need = full_plan().need_by_kommune.assign(weight=[2.0, 1.0])
    path = build_pathway(town_of(plan=PlanTables(need_by_kommune=need)))
    expected = (2 * (1510 + 100 / 3) + 111 + 200 / 3 + 13) / 5_961_249
    assert path.answer.share == pytest.approx(expected)
    assert path.answer.target == pytest.approx(expected * 5000)
    assert path.answer.basis == "need"
    # The town has far more than its share: nothing to open, nothing needed.
    assert path.answer.needed == path.answer.opened == 0


def test_a_models_index_takes_the_place_of_the_need_weights():
    need = full_plan().need_by_kommune.assign(weight=[2.0, 1.0])
    rows = (("0461", None, 2.0), ("0450", None, 1.0))
    weighted = build_pathway(town_of(plan=PlanTables(need_by_kommune=need)))
    assert path_of(rows=rows, kind="index").answer.share == pytest.approx(weighted.answer.share)
    assert path_of(rows=rows, kind="index").answer.basis == "index"


def test_a_models_patients_per_capacity_give_the_target():
    """1,543.3 / 154.333 + 190.7 / 95.333 = 10 + 2."""
    odense, nyborg = 1510 + 100 / 3, 111 + 200 / 3 + 13
    rows = (("0461", None, odense / 10), ("0450", None, nyborg / 2))
    path = path_of(frozen(STEADY), rows=rows, kind="persons_per_capacity")
    assert path.answer.target == pytest.approx(12)
    assert row(path, 2035, "0461")["target_capacities"] == pytest.approx(10)
    assert row(path, 2035, "0450")["target_capacities"] == pytest.approx(2)


def test_a_models_years_make_the_path():
    """Odense 5.5 in 2029 and 8 in 2035; Nyborg 2 and 4: from 3.5 and 2, on straight lines.

    P5, which lies in no kommune, fades out: 1 today, 0 in 2035.
    """
    rows = (
        *(("0461", 2029.0, 5.5), ("0461", 2035.0, 8.0)),
        *(("0450", 2029.0, 2.0), ("0450", 2035.0, 4.0)),
    )
    path = path_of(frozen(STEADY), rows=rows)
    line = path.by_year["path_capacities"].tolist()
    assert row(path, 2029, "0461")["target_capacities"] == pytest.approx(8)
    assert row(path, 2029, "0450")["target_capacities"] == pytest.approx(4)
    assert line[:4] == pytest.approx([6.5, 5.5 + 2 / 3 + 8 / 9, 5.5 + 4 / 3 + 7 / 9, 7.5 + 2 / 3])
    assert line[-1] == pytest.approx(12)


def test_a_models_years_are_what_each_year_is_shared_out_by():
    """Odense 9 and Nyborg 2 until 2030, then Nyborg up to 30: from 3.5 and 2.

    Until 2030 9 / (4 c + 1) is more than 2 / 9 while c < 9.9: everything goes to Odense.
    """
    rows = (
        *(("0461", 2030.0, 9.0), ("0461", 2035.0, 9.0)),
        *(("0450", 2030.0, 2.0), ("0450", 2035.0, 30.0)),
    )
    path = path_of(frozen(STEADY), rows=rows)
    assert column(path, "capacities_opened", "0450")[1:5].tolist() == [0, 0, 0, 0]
    assert column(path, "capacities_opened", "0461")[1:5].sum() > 3
    assert column(path, "capacities_opened", "0450")[5:].sum() > 10


def test_who_took_over_grows_older_too():
    """A new doctor is 59: 1 % stop in the first year, and 7 % from 60 on. Nyborg, P3 36 and P4 64.

    2027: 0.01 + 0.07. 2028: 0.0099, P4 at 65 0.93 x 20 %, and 1 % of the 0.08 who came.
    2029: 0.009801, 0.93 x 0.8 x 20 %, of the first who came 99 % x 7 %, of the next 0.1967 1 %.
    """
    rules = {**STEADY, "pathway.new_doctor_age_years": 59}
    path = path_of(frozen(rules), rows=(("0461", None, 3.0), ("0450", None, 2.0)))
    retired = column(path, "capacities_retired", "0450")[1:4].tolist()
    second = 0.0099 + 0.186 + 0.0008
    third = 0.009801 + 0.1488 + 0.08 * 0.99 * 0.07 + second * 0.01
    assert retired == pytest.approx([0.08, second, third])


def test_the_expected_exits_of_coming_years_are_of_the_doctors_there_then():
    """Nyborg after two years: P3 38, P4 66, those who came 60 and 59 (the masses as above)."""
    rules = {**STEADY, "pathway.new_doctor_age_years": 59}
    path = path_of(frozen(rules), rows=(("0461", None, 3.0), ("0450", None, 2.0)))
    model, state = path.model, start(path.model, 1)
    for year in (1, 2):
        take_step(model, state, year, Chance(), None)
    persons = persons_of_year(model, 2, 0.0, None)
    figures = observe(model, state, 2, persons, path.places.reach, path.places.columns)
    at = model.rows.positions("kommune")["0450"]
    found = figures.criteria[0, at, CRITERIA.index("expected_exit")]
    mass = np.array([0.99**2, 0.93 * 0.8, 0.08 * 0.99, 0.0099 + 0.186 + 0.0008])
    ages = exit_shares([38.0, 66.0, 60.0, 59.0], annexed().rules.workforce)
    assert mass.sum() == pytest.approx(2)
    assert found == pytest.approx(100 * (mass * ages).sum() / 2)


def test_what_comes_by_shortage_counts_when_the_rest_is_shared_out():
    """From 6.5 to 53.3 in nine years: ten halves in 2027, 2 : 1 for Odense and Nyborg.

    A need weight of 4.8726 makes Odense's 1,543.3 residents need 4.7 capacities, 1.2 more than it
    has: two halves. The other eight by 2 / (2 s + 1) and 1 / (2 s + 1), from 9 and 4 halves, in
    hundredths: N 11.1, O 10.5, O 9.5, N 9.1, O 8.7, O 8.0, N 7.7, O 7.4.
    """
    need = full_plan().need_by_kommune.assign(weight=[4.7 * 1600 / (1510 + 100 / 3), 0.1])
    plan = plan_of((("0461", None, 53.3 * 2 / 3), ("0450", None, 53.3 / 3)), need_by_kommune=need)
    rules = {**STEADY, "pathway.training_places": 2000}
    path = build_pathway(town_of(overrides=rules, plan=plan))
    first = [row(path, 2027, code) for code in KOMMUNER]
    assert [entry["capacities_opened_to_shortage"] for entry in first] == [1.0, 0]
    assert [entry["capacities_opened"] for entry in first] == [3.5, 1.5]


def test_a_new_practice_is_closed_when_half_of_it_is_gone():
    """Two for four capacities of two each; with three left two still, with 2.9 one."""
    model = path_of(frozen(PLENTY)).model
    state = start(model, 1)
    state.opened[:] = 4.0
    for left, practices in ((4.0, 2), (3.0, 2), (2.9, 1), (1.0, 1), (0.9, 0)):
        assert (new_practices_of(model, state, np.full((1, 2), left)) == practices).all()


def test_a_new_practice_in_a_full_kommune_is_full():
    """The limit is 600 and Nyborg's patients per capacity are above it: nobody gains a choice."""
    rules = {
        **STEADY,
        "pathway.capacities_per_new_practice": 0.5,
        "capacity.closing_limit_persons": 600,
    }
    path = path_of(frozen(rules))
    known = column(path, "patients_per_capacity", "0450")
    assert (path.sites["kommune_code"] == "0450").any()
    with_choice = column(path, "persons_with_choice", "0450")
    full = known > 600
    assert 1 < full.sum() < 10
    assert len(set(with_choice[full])) == 1
    assert (with_choice[~full] > with_choice[0]).all()


def test_what_opens_beyond_the_places_known_opens_at_the_last():
    """One place known, at home G (km 45.5), which no practice reaches: two there are a choice.

    Unless the path itself left practices without a place.
    """

    def place(demand, most=99):
        rows = [
            (f"{code} {demand.year} {number}", code, WEST_M + 45_500.0, ROAD_Y_M)
            for code, count in demand.practices.items()
            for number in range(count)
        ]
        rows = rows[: most - len(demand.placed)]
        return pd.DataFrame(rows, columns=["site_id", "kommune_code", "x_m", "y_m"])

    rules = {
        **STEADY,
        "pathway.capacities_per_new_practice": 0.5,
        "pathway.intake_follows_lists": False,
    }
    town = town_of(overrides=rules, plan=plan_of())
    whole = build_pathway(town, place_year=place)
    today = row(whole, 2026)["persons_with_choice"]
    assert row(whole, 2035)["persons_with_choice"] == pytest.approx(today + 9)
    single = build_pathway(town, place_year=lambda demand: place(demand, most=1))
    assert row(single, 2035)["persons_with_choice"] == pytest.approx(today)
    model, state = single.model, start(single.model, 1)
    for year in range(1, 10):
        take_step(model, state, year, Chance(), None)
    persons = persons_of_year(model, 9, 0.0, None)
    every = model.rows.table.index[model.rows.table["area_id"] == "all"][0]
    for lacking, gains in (((), 9), (("0461",), 0)):
        places = open_more_at_last(single.places, lacking)
        found = observe(model, state, 9, persons, places.reach, places.columns)
        assert found.with_choice[0, every] == pytest.approx(today + gains)


def test_practices_without_ages_and_what_is_not_carried_on_are_told():
    plan = plan_of(judgements=full_plan().judgements)
    path = build_pathway(town_of(plan=plan))
    assert keys(path)["pathway_ages_unknown"] == {"count": 2, "ydernumre": "010005, 010006"}
    assert keys(path)["pathway_judgements_not_carried"]["count"] == 2
    nobody = build_pathway(drawn_assessment(plan=plan_of()))
    assert keys(nobody)["pathway_no_ages"]["count"] == 6
    # The doctors of tomorrow are of the rule's age.
    assert column(nobody, "capacities_retired")[:2].tolist() == [0, 0]


def test_new_practices_open_beside_the_busiest_one_and_count_for_the_choice():
    """One practice for every capacity that opens: Odense has four more by 2035, Nyborg one.

    They lie beside P1 (home A) and P3 (homes C, D and E): home E then reaches P4 and the new one.
    """
    rules = {
        **STEADY,
        "pathway.capacities_per_new_practice": 1,
        "pathway.intake_follows_lists": False,
    }
    path = path_of(frozen(rules))
    assert path.sites["kommune_code"].value_counts().to_dict() == {"0461": 4, "0450": 1}
    assert dict(zip(path.sites["kommune_code"], path.sites["same_reach_as"], strict=True)) == {
        "0461": "010001",
        "0450": "010003",
    }
    opened = path.sites.set_index("kommune_code").loc["0450", "year"]
    with_choice = column(path, "persons_with_choice", "0450")
    before, after = with_choice[opened - 2027], with_choice[opened - 2026]
    assert after - before == pytest.approx(47)


def test_a_place_that_is_given_is_reached_by_road():
    """A practice at km 22.5, where home E lives: E then reaches it and P4."""
    at = []

    def place(demand):
        at.append(demand)
        rows = [
            (f"{code}-{demand.year}-{number}", code, WEST_M + 22_500.0, ROAD_Y_M)
            for code, count in demand.practices.items()
            for number in range(count)
        ]
        return pd.DataFrame(rows, columns=["site_id", "kommune_code", "x_m", "y_m"])

    rules = {
        **STEADY,
        "pathway.capacities_per_new_practice": 1.5,
        "pathway.intake_follows_lists": False,
    }
    town = town_of(overrides=rules, plan=plan_of())
    path = build_pathway(town, place_year=place)
    assert path.sites["same_reach_as"].isna().all()
    assert row(path, 2035, "0450")["persons_with_choice"] == pytest.approx(
        row(path, 2026, "0450")["persons_with_choice"] + 47
    )
    assert [demand.year for demand in at if len(demand.practices)] == sorted(
        set(path.sites["year"].tolist())
    )
    assert at[0].capacities.to_dict() == {"0461": 0.5}


def test_a_place_is_the_same_by_search_as_beside_a_practice():
    rules = {**STEADY, "pathway.capacities_per_new_practice": 0.5}
    town = town_of(overrides=rules, plan=plan_of())
    beside = build_pathway(town)

    def search(demand):
        own = beside.sites[beside.sites["year"] == demand.year]
        return own[["site_id", "kommune_code", "x_m", "y_m"]]

    searched = build_pathway(town, place_year=search)
    names = ["persons_with_choice", "signal", "capacities_end"]
    pd.testing.assert_frame_equal(beside.by_area[names], searched.by_area[names])


@pytest.mark.parametrize(
    ("codes", "ids", "says"),
    [
        (["0461", "0461"], ["a", "b"], "more places than new practices in 20.*0461: 2 for 1"),
        (["0400"], ["a"], "0400: 1 for 0"),
    ],
)
def test_places_that_were_not_asked_for_are_refused(codes, ids, says):
    def place(_demand):
        columns = {"site_id": ids, "kommune_code": codes, "x_m": WEST_M, "y_m": ROAD_Y_M}
        return pd.DataFrame(columns)

    town = town_of(overrides=STEADY, plan=plan_of())
    with pytest.raises(ValueError, match=says):
        build_pathway(town, place_year=place)


def test_a_place_twice_is_refused():
    def place(demand):
        code = demand.practices.index[0]
        columns = {"site_id": ["a"], "kommune_code": [code], "x_m": WEST_M, "y_m": ROAD_Y_M}
        return pd.DataFrame(columns)

    with pytest.raises(ValueError, match="a place twice: a"):
        build_pathway(town_of(overrides=STEADY, plan=plan_of()), place_year=place)


def test_a_place_in_the_sea_or_beside_nobody_is_refused():
    def place(demand, **where):
        code = demand.practices.index[0]
        columns = {"site_id": [f"new {demand.year}"], "kommune_code": [code], "x_m": [WEST_M]}
        return pd.DataFrame({**columns, "y_m": [ROAD_Y_M], **where})

    town = town_of(overrides=STEADY, plan=plan_of())
    with pytest.raises(CoordinateError, match=r"places of new practices .* new 20"):
        build_pathway(town, place_year=lambda demand: place(demand, y_m=[ROAD_Y_M - 90_000.0]))
    for other in ("010005", "999999"):
        with pytest.raises(UnknownIdError, match=other):
            build_pathway(
                town, place_year=lambda demand, at=other: place(demand, same_reach_as=[at])
            )


def test_without_a_place_the_capacities_are_there_and_it_is_told():
    town = town_of(overrides=STEADY, plan=plan_of())
    path = build_pathway(town, place_year=lambda _demand: no_sites())
    assert keys(path)["pathway_practices_without_place"]["kommuner"] == "0461"
    pd.testing.assert_series_equal(
        path.by_area["capacities_end"], path_of(frozen(STEADY)).by_area["capacities_end"]
    )


def test_intake_follows_the_lists_or_stays():
    """P3 is closed and has no list: it stays closed. P4 is open with 1,004 patients: it stays open.

    Lower the limit to 600 and P1 to P4 are above it today: open ones stay so until lists grow.
    """
    low = {"capacity.closing_limit_persons": 600}
    projection = full_plan().projection
    town = annex_town(overrides={**STEADY, **low}, plan=plan_of(projection=projection))
    steady = annex_town(
        overrides={**STEADY, **low, "pathway.intake_follows_lists": False},
        plan=plan_of(projection=projection),
    )
    follows, stays = build_pathway(town), build_pathway(steady)
    # 2027: Odense's residents grow by 2 %, its capacities by 0.5 of 3.5: lists fall, all stay open.
    shares = column(follows, "choice_pct", "0461"), column(stays, "choice_pct", "0461")
    assert shares[0][1] == pytest.approx(shares[1][1])
    # Without growth the lists of Odense rise above their level of today, and its practices close.
    few = plan_of((("0461", None, 3.0), ("0450", None, 2.0)), projection=projection)
    town = annex_town(overrides={**STEADY, **low}, plan=few)
    closing = build_pathway(town)
    assert (column(closing, "capacities_lapsed") == 0).all()
    assert column(closing, "choice_pct", "0461")[:2].tolist() == pytest.approx([100, 0])


def test_transferred_tasks_in_doctors():
    """2,400 consultations of those from 65: 900 (2026), 945 (2027: half of 65-74 and all of 75+).

    Contacts 7 a person, 5,000,000 persons to 2,500 doctors: 14,000 consultations a doctor.
    """
    rows = [
        *(("0461", 2026, 0, 64, 5000.0), ("0461", 2026, 65, 74, 600.0)),
        *(("0461", 2026, 75, None, 300.0), ("0461", 2027, 0, 64, 4000.0)),
        *(("0461", 2027, 65, 74, 690.0), ("0461", 2027, 75, None, 300.0)),
    ]
    table = pd.DataFrame(rows, columns=list(PROJECTION.columns))
    tasks = pd.DataFrame(
        [("KOL", 2400.0, 65, None), ("Alle", 1400.0, None, None), ("70+", 100.0, 70, None)],
        columns=list(TRANSFERRED_TASKS.columns),
    )
    plan = plan_of(
        projection=check_table(table, PROJECTION, where="test"),
        transferred_tasks=check_table(tasks, TRANSFERRED_TASKS, where="test"),
    )
    rules = {
        "pathway.contacts_per_person": 7,
        "pathway.national_population_persons": 5_000_000,
        "pathway.national_doctors": 2500,
        "pathway.target_year": 2027,
    }
    found = build_pathway(town_of(overrides=rules, plan=plan)).tasks
    assert found.consultations_per_doctor == 14_000
    by_task = found.table.set_index(["task", "year"])
    assert by_task.loc[("KOL", 2026), "doctors"] == pytest.approx(2400 / 14_000)
    assert by_task.loc[("KOL", 2027), "growth_pct"] == pytest.approx(10)
    assert by_task.loc[("KOL", 2027), "doctors"] == pytest.approx(2640 / 14_000)
    assert by_task.loc[("Alle", 2027), "growth_pct"] == pytest.approx(100 * (4990 / 5900 - 1))
    # From 70: half of the group 65-74 and all from 75.
    assert by_task.loc[("70+", 2027), "growth_pct"] == pytest.approx(100 * (645 / 600 - 1))
    assert found.low_doctors == pytest.approx(800 * 12 / 5000)
    assert found.high_doctors == pytest.approx(900 * 12 / 5000)
    assert found.left_doctors == pytest.approx(860 * 12 / 5000)


def test_tasks_stay_as_they_are_without_a_projection_and_with_one_without_ages():
    tasks = pd.DataFrame([("KOL", 2400.0, 65, None)], columns=list(TRANSFERRED_TASKS.columns)).pipe(
        check_table, TRANSFERRED_TASKS, where="test"
    )
    path = build_pathway(town_of(plan=plan_of(transferred_tasks=tasks)))
    assert path.tasks.table["consultations"].tolist() == [2400.0] * 10
    plan = plan_of(transferred_tasks=tasks, projection=full_plan().projection)
    path = build_pathway(town_of(plan=plan))
    assert path.tasks.table["growth_pct"].iloc[1] == pytest.approx(1.5)  # 1,200 to 1,218
    assert keys(path)["pathway_tasks_without_ages"] == {"count": 1, "tasks": "KOL"}


def test_columns_to_be_withheld_are_columns():
    path = path_of(frozen(STEADY))
    assert set(AGE_COLUMNS) <= set(path.by_area.columns)
    # What is left follows from the population and the target alone.
    assert set(path.by_area.columns) - set(AGE_COLUMNS) == {
        *("year", "area_level", "area_id", "area_name", "residents", "need_weighted_residents"),
        *("listed_persons", "target_capacities"),
    }
