"""A practice or a threshold placed anew answers as measuring everything anew would."""

import numpy as np
import pandas as pd
import pytest

from coverage.assessment import assess_areas, designate_anew, place_candidates
from coverage.choice import measure_choice
from coverage.errors import CoordinateError, DuplicateIdError, RuleError, UnknownIdError
from coverage.plan_tables import JUDGEMENTS
from coverage.tables import check_table
from tests.drawn_town import ISLAND_Y_M, ROAD_Y_M, WEST_M, drawn_assessment


def site(km, *, y_m=ROAD_Y_M, site_id="K1"):
    return pd.DataFrame({"site_id": [site_id], "x_m": [WEST_M + km * 1000], "y_m": [y_m]})


@pytest.fixture(scope="module")
def baseline():
    return drawn_assessment()


@pytest.mark.parametrize("where", [site(40.0), site(31.0, y_m=ISLAND_Y_M + 500)])
def test_a_placed_practice_gives_what_measuring_everything_gives(baseline, where):
    """On the mainland it does not reach the island F; on the island nobody else."""
    placed = place_candidates(baseline, where)
    opened = [*baseline.choice.open_ids, "K1"]
    whole = measure_choice(baseline.origins.table, placed.matrix, opened, baseline.rules.choice)
    pd.testing.assert_frame_equal(placed.choice.by_origin, whole.by_origin)
    areas = assess_areas(whole, baseline.levels)
    for level, table in areas.items():
        pd.testing.assert_frame_equal(placed.by_area[level], table)


def test_a_place_without_a_road_to_the_new_practice_keeps_its_missing_distances(baseline):
    island = baseline.origins.table["cell_id"] == "F"
    before = baseline.choice.by_origin[island.to_numpy()]
    after = place_candidates(baseline, site(40.0)).choice.by_origin[island.to_numpy()]
    assert before["road_first_m"].isna().all()
    assert after["road_first_m"].isna().all()
    assert after["road_status"].tolist() == ["no_road_connection"]
    total = place_candidates(baseline, site(40.0)).by_area["kommune"].iloc[-1]
    assert np.isfinite(total["road_second_mean_m"])


def test_a_practice_on_the_island_connects_it(baseline):
    after = place_candidates(baseline, site(31.0, y_m=ISLAND_Y_M + 500)).choice.by_origin
    assert (after["road_status"] == "no_road_connection").sum() == 0


def test_without_candidates_it_is_the_baseline_itself(baseline):
    assert place_candidates(baseline, site(1.0).iloc[:0]) is baseline


@pytest.mark.parametrize(
    ("where", "error", "part"),
    [
        (site(10.0, y_m=ROAD_Y_M + 5_000), CoordinateError, "No road within 2,000 m"),
        (site(10.0, site_id="010001"), DuplicateIdError, "010001"),
    ],
)
def test_a_candidate_that_cannot_be_is_named(baseline, where, error, part):
    with pytest.raises(error, match=part):
        place_candidates(baseline, where)


def test_other_thresholds_decide_anew_and_measure_nothing(baseline):
    """Kommune 0450: 1 of 2 practices is closed, which is over 49 % and not over 67 %."""
    rules = baseline.rules.override({"designation.practices_closed_pct": 49.0})
    anew = designate_anew(baseline, rules, baseline.plan.judgements)
    for part in ("tables", "origins", "matrix", "choice", "levels", "by_area", "capacity", "skal"):
        assert getattr(anew, part) is getattr(baseline, part)
    assert anew.rules.id == rules.id != baseline.rules.id
    before, after = (
        each.designation.criteria.set_index(["area_level", "area_id", "criterion"])["status"]
        for each in (baseline, anew)
    )
    changed = before[before != after].index.tolist()
    assert changed == [
        ("kommune", "0450", "practices_closed"),
        ("sundhedsraad", "Øst", "practices_closed"),
    ]
    assert after["kommune", "0450", "practices_closed"] == "met"


def test_a_judgement_speaks_at_its_own_level_only(baseline):
    anew = designate_anew(baseline, baseline.rules, judged("sundhedsraad", "Vest"))
    signals = anew.designation.areas.set_index(["area_level", "area_id"])
    assert signals.loc[("sundhedsraad", "Vest"), "signal"] == "signal"
    assert signals["override"].notna().sum() == 1
    assert signals.loc[("sundhedsraad", "Vest"), "override_author"] == "A. Planlægger"
    assert baseline.designation.areas["override"].isna().all()
    assert len(anew.plan.judgements) == 1


def test_the_same_rules_and_judgements_give_the_same_designation(baseline):
    anew = designate_anew(baseline, baseline.rules, baseline.plan.judgements)
    for name, table in vars(baseline.designation).items():
        if isinstance(table, pd.DataFrame):
            pd.testing.assert_frame_equal(vars(anew.designation)[name], table)
    assert anew.designation.decision_on == baseline.designation.decision_on


@pytest.mark.parametrize(
    "changed",
    [
        {"choice.limit_m": 12_000.0},
        {"capacity.closing_limit_persons": 1500.0},
        {"workforce.horizon_years": 4.0, "designation.signal_weight": 2.0},
        # The trend is measured over its years, earliest ends are read with the least duration.
        {"designation.trend_years": 6.0},
        {"designation.min_months": 12.0},
    ],
)
def test_rules_that_were_used_before_need_a_new_run(baseline, changed):
    with pytest.raises(RuleError, match=next(iter(changed))) as refused:
        designate_anew(baseline, baseline.rules.override(changed), baseline.plan.judgements)
    assert "designation.signal_weight" not in str(refused.value)
    assert "[rules.overrides]" in str(refused.value)


def test_a_judgement_of_no_area_is_refused(baseline):
    with pytest.raises(UnknownIdError, match="kommune 0999"):
        designate_anew(baseline, baseline.rules, judged("kommune", "0999"))


def judged(level, area_id):
    entry = {
        "area_level": level,
        "area_id": area_id,
        "criterion": "override",
        "met": True,
        "entered_on": pd.Timestamp(2026, 2, 1),
        "author": "A. Planlægger",
        "reason": "Aftalt i udvalget",
        "source_row": 2,
    }
    return check_table(pd.DataFrame([entry]), JUDGEMENTS, where="test")
