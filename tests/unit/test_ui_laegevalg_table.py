import pandas as pd
import pytest

from coverage.assessment import place_candidates
from coverage.exports.area_table import build_area_table
from coverage.ui.laegevalg.area_table import worst_first
from coverage.ui.laegevalg.figures import area_row, level_part, persons_lacking
from coverage.ui.laegevalg.question import _answer
from coverage.ui.laegevalg.steady_areas import keep_unchanged
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment, drawn_stamp


@pytest.fixture(scope="module")
def baseline():
    return drawn_assessment()


def areas(assessment):
    return build_area_table(assessment, drawn_stamp(assessment))


def with_practice_at(assessment, km):
    place = {"site_id": ["K1"], "x_m": [WEST_M + km * 1000.0], "y_m": [ROAD_Y_M]}
    return place_candidates(assessment, pd.DataFrame(place))


def test_the_worst_area_comes_first_and_the_total_is_left_out(baseline):
    summary = level_part(areas(baseline), "kommune")
    table = worst_first(summary, summary)
    assert list(table["area"]) == ["Nyborg", "Odense"]
    assert list(table["lacking"]) == sorted(table["lacking"], reverse=True)
    assert list(table["change"]) == [0, 0]


def test_the_change_is_the_difference_of_the_numbers_shown(baseline):
    after = with_practice_at(baseline, 22.5)
    before_table = areas(baseline)
    steady = keep_unchanged(areas(after), before_table, after.by_area, baseline.by_area)
    summary, before = (level_part(one, "kommune") for one in (steady, before_table))
    table = worst_first(summary, before).set_index("area")
    lost = persons_lacking(area_row(before, "0450")) - persons_lacking(area_row(summary, "0450"))
    assert lost > 0
    assert table.loc["Nyborg", "change"] == -lost
    assert table.loc["Odense", "change"] == 0


def test_rounding_alone_changes_no_number(baseline):
    before = areas(baseline)
    nudged = before.assign(road_persons_none=before["road_persons_none"] + 1)
    steady = keep_unchanged(nudged, before, baseline.by_area, baseline.by_area)
    pd.testing.assert_frame_equal(steady, before)


def test_what_a_candidate_changes_is_kept(baseline):
    after = with_practice_at(baseline, 45.0)
    changed = areas(after)
    before = areas(baseline)
    steady = keep_unchanged(changed, before, after.by_area, baseline.by_area)
    moved = (changed["road_persons_none"] - before["road_persons_none"]).abs() > 1
    assert moved.any()
    assert (steady["road_persons_none"] == changed["road_persons_none"])[moved].all()
    pd.testing.assert_series_equal(
        steady["road_share_two_or_more_pct"], changed["road_share_two_or_more_pct"]
    )


def row(persons, two_or_more, percent):
    return pd.Series(
        {
            "persons": persons,
            "road_persons_two_or_more": two_or_more,
            "road_persons_one": persons - two_or_more,
            "road_persons_none": 0,
            "road_persons_no_road_connection": 0,
            "road_share_two_or_more_pct": percent,
        }
    )


@pytest.mark.parametrize(
    ("numbers", "answer"),
    [
        ((1000, 1000, 100.0), "Ja, alle 1.000 borgere kan."),
        ((1000, 990, 99.0), "Nej. 10 af 1.000 borgere (1,0\u00a0%) kan ikke."),
        ((1000, 1000, 99.97), "Nej. <\u00a01 af 1.000 borgere (<\u00a00,1\u00a0%) kan ikke."),
        ((0, 0, float("nan")), "Her bor ingen."),
    ],
)
def test_the_answer_is_yes_only_if_nobody_lacks_a_choice(numbers, answer):
    assert _answer(row(*numbers), "da") == answer
