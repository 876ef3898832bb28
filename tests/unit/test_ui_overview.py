from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.assessment import designate_anew
from coverage.exports.annex_tables import annex_tables
from coverage.exports.area_table import build_area_table
from coverage.plan_tables import JUDGEMENTS
from coverage.study import StudyResult
from coverage.study_file import load_study
from coverage.tables import empty_table
from coverage.ui.overblik.figures import STANDING_FIGURES, standing_answer
from coverage.ui.overblik.overview import amount_text, areas_worst_first, overview_level, take_stock
from coverage.ui.overblik.signal_map import signal_theme
from coverage.ui.rule_words import backing_sentences, value_with_unit
from coverage.ui.signal_colours import SIGNAL_COLOURS, SIGNAL_INK
from coverage.ui.theme_map import DOT, FRAME
from coverage.wording import keys
from tests.drawn_town import drawn_assessment, drawn_stamp
from tests.tiny_study import write_study

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def baseline():
    return drawn_assessment()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(write_study(tmp_path_factory.mktemp("study")))


def with_rules(assessment, **values):
    rules = assessment.rules.override({f"designation.{key}": v for key, v in values.items()})
    return designate_anew(assessment, rules, empty_table(JUDGEMENTS))


def with_places(assessment, *places):
    columns = ["is_skal", "practices"]
    table = pd.DataFrame(places, columns=columns).astype({"is_skal": bool, "practices": int})
    return replace(assessment, skal=replace(assessment.skal, places=table))


@pytest.fixture(scope="module")
def standing_of(baseline, study):
    """Return a function from an assessment to its figures, at the level of the kommuner."""
    # The annex of the town as drawn: its skal-areas are not what is looked at here.
    annex = annex_tables(baseline, drawn_stamp(baseline), "da")

    def take(assessment):
        stamp = drawn_stamp(assessment)
        result = StudyResult(study, assessment, stamp)
        return take_stock(result, build_area_table(assessment, stamp), annex, "kommune")

    return take


def rows_of(assessment, level="kommune", language="da"):
    areas = build_area_table(assessment, drawn_stamp(assessment))
    return areas_worst_first(assessment, areas, level, language)


def test_the_study_in_figures_is_the_town_as_drawn(baseline, standing_of):
    standing = standing_of(baseline)
    # A to G and the island: 1200 + 310 + 100 + 55 + 47 + 9 + 13.
    assert standing.residents == 1734
    # Six practices, P3 closed and P6 silent; P3 does not say how many it lists.
    assert (standing.practices, standing.practices_open) == (6, 4)
    assert (standing.capacities, standing.capacities_open) == (6.5, 4.5)
    assert standing.listed_persons == 1001 + 1002 + 1004 + 1005 + 1006
    assert standing.patients_per_capacity == pytest.approx(5018 / 5.5)
    # E has one practice, G has none, the island has no road to any.
    assert standing.persons_without_choice == 47 + 9 + 13
    assert standing.without_choice_pct == pytest.approx(100 * 69 / 1734)


def test_who_has_no_practice_near_finds_no_place_either(baseline, standing_of):
    standing = standing_of(baseline)
    assert standing.persons_without_practice == 9 + 13
    assert standing.persons_unplaced == 9 + 13


def test_signals_and_possible_ones_are_counted_apart(baseline, standing_of):
    # East has its one closed practice of two: 50 %. Nobody knows doctors or a projection.
    drawn = standing_of(baseline)
    assert (drawn.signals, drawn.areas) == (0, 2)
    over = standing_of(with_rules(baseline, practices_closed_pct=49, signal_weight=1))
    assert (over.signals, over.possible) == (1, 1)
    line = standing_of(with_rules(baseline, practices_closed_pct=50, signal_weight=1))
    assert (line.signals, line.possible) == (0, 2)


def test_skal_areas_are_broken_without_and_last_with_one_practice(baseline, standing_of):
    town = with_places(baseline, (True, 0), (True, 1), (True, 2), (False, 0), (False, 1))
    standing = standing_of(town)
    assert (standing.skal_areas, standing.skal_broken, standing.skal_last) == (3, 1, 1)


def test_the_answer_says_all_four_things(baseline, standing_of):
    town = with_places(baseline, (True, 0), (True, 1))
    assert standing_answer(standing_of(town), "da") == (
        "0 af 2 områder giver signal som lægedækningstruet, 69 borgere mangler et valg mellem to "
        "åbne praksis, 1 af 2 skal-områder mangler en praksis, og 22 borgere finder ingen plads, "
        "selv om alle pladser bruges."
    )


def test_the_answer_names_possible_signals_and_missing_skal_areas(baseline, standing_of):
    one = with_rules(baseline, practices_closed_pct=49, signal_weight=1)
    answer = standing_answer(standing_of(with_places(one)), "da")
    assert answer.startswith(
        "1 af 2 områder giver signal som lægedækningstruet (og 1 måske, fordi tal mangler), "
    )
    assert "undersøgelsen har ingen skal-områder" in answer


def test_the_level_is_the_chosen_one_or_that_of_the_designation(baseline, study):
    result = StudyResult(study, baseline, drawn_stamp(baseline))
    assert overview_level(result, "") == "kommune"
    assert overview_level(result, "sundhedsraad") == "sundhedsraad"
    assert overview_level(result, "a level of another study") == "kommune"
    other = replace(result, study=replace(study, designation_level="sundhedsraad"))
    assert overview_level(other, "") == "sundhedsraad"


def test_areas_with_a_signal_and_more_weight_come_first(baseline):
    table = rows_of(with_rules(baseline, practices_closed_pct=49, signal_weight=1))
    assert list(table["area"]) == ["Nyborg", "Odense"]
    assert list(table["signal"]) == ["signal", "possible"]
    assert list(table["met_weight"]) == [1.0, 0.0]
    assert list(table["total_weight"]) == [7.0, 7.0]
    assert list(table["closed_pct"]) == [50.0, 0.0]
    # West: 3009 patients of 3.5 capacities. East: P3 lists nobody, P4 1004.
    assert table["patients_per_capacity"].tolist() == pytest.approx([1004.0, 3009 / 3.5])


def test_of_equals_the_one_with_more_patients_per_capacity_comes_first(baseline):
    assert list(rows_of(baseline)["area"]) == ["Nyborg", "Odense"]
    assert list(rows_of(baseline)["signal"]) == ["no_signal", "no_signal"]
    assert list(rows_of(baseline, "sundhedsraad")["area"]) == ["Øst", "Vest"]


def test_the_nearest_criterion_comes_with_its_distance(baseline):
    nearest = rows_of(baseline).set_index("area")["nearest"]
    # 50 % closed of 67 %: 25.4 % of the threshold short of it.
    assert nearest["Nyborg"] == "-25,4 % · Åbne og lukkede praksis"


def test_an_area_without_any_measured_criterion_has_no_nearest(baseline):
    areas = baseline.designation.areas.assign(nearest_criterion=None, nearest_distance_pct=np.nan)
    bare = replace(baseline, designation=replace(baseline.designation, areas=areas))
    assert rows_of(bare)["nearest"].isna().all()


def test_the_map_fills_each_area_by_its_signal_and_frames_the_designated(baseline):
    changed = with_rules(baseline, practices_closed_pct=49, signal_weight=1)
    table = rows_of(changed)
    table["designated"] = [False, True]
    theme = signal_theme(changed, table, "kommune", "da")
    fills = {fill.area_id: fill for fill in theme.fills}
    assert fills["0450"].colour == SIGNAL_COLOURS["signal"]
    assert fills["0461"].colour == SIGNAL_COLOURS["possible"]
    assert [fills[code].bold_border for code in ("0450", "0461")] == [False, True]
    lines = dict(fills["0450"].tooltip)
    assert lines[""] == "Nyborg"
    assert lines["Signal"] == "Signal"
    assert lines["Vægt af opfyldte kriterier"] == "1 af 7"
    assert lines["Lukkede praksis"] == f"50,0{NBSP}%"
    assert dict(fills["0461"].tooltip)["Udpeget"] == "ja"


def test_the_map_marks_every_placed_practice_the_open_ones_on_top(baseline):
    theme = signal_theme(baseline, rows_of(baseline), "kommune", "da")
    # P5 is not placed; P3 is closed and P6 does not say.
    assert len(theme.marks) == 5
    assert [mark.radius_px for mark in theme.marks] == [3.5] * 2 + [4.5] * 3
    closed = dict(
        next(mark for mark in theme.marks if "Lukket Klinik" in str(mark.tooltip)).tooltip
    )
    assert closed["Ydernummer"] == "010003"
    # Its list is unknown: a dash, never zero.
    assert (closed["Tilmeldte"], closed["Patienter pr. kapacitet"]) == ("–", "–")


def test_the_legend_names_every_colour_of_the_map(baseline):
    theme = signal_theme(baseline, rows_of(baseline), "kommune", "da")
    used = {fill.colour for fill in theme.fills} | {DOT + mark.colour for mark in theme.marks}
    named = {colour for colour, _ in theme.legend}
    assert used | set(SIGNAL_COLOURS.values()) <= named
    assert sum(colour.startswith(FRAME) for colour in named) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.0, "7"), (0.5, "0,5"), (1.25, "1,25"), (1234.5, "1.234,5"), (float("nan"), "–")],
)
def test_an_amount_has_the_decimals_that_it_has(value, text):
    assert amount_text(value, "da") == text


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("signal", SIGNAL_COLOURS)
def test_the_words_on_a_colour_can_be_read(signal):
    light, dark = sorted(map(luminance, (SIGNAL_COLOURS[signal], SIGNAL_INK[signal])), reverse=True)
    # WCAG 2.1, contrast of normal text.
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_rule_is_said_with_its_value_source_and_status(baseline):
    rules = baseline.rules
    assert value_with_unit(rules.rules["choice.limit_m"], "da") == f"15{NBSP}km"
    assert value_with_unit(rules.rules["travel.use_ferries"], "da") == "nej"
    limit = rules.rules["capacity.closing_limit_persons"]
    assert value_with_unit(limit, "da") == "1.600 personer pr. kapacitet"
    (sentence,) = backing_sentences(rules, ["skal.town_persons"], "da")
    assert "3.000 indbyggere" in sentence
    assert "Praksisplan 2025-2028" in sentence
    assert "ANTAGELSE" in sentence


def test_every_figure_has_its_words_and_its_rules(baseline):
    known = set(keys("app.overblik.figure."))
    for figure in STANDING_FIGURES:
        parts = ("label", "caption", "help")
        assert {f"app.overblik.figure.{figure.name}.{part}" for part in parts} <= known
        assert set(figure.rules) <= set(baseline.rules.rules)
