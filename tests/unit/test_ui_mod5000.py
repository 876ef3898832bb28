"""The page on the years to the national target, part by part, on the annex town.

With everybody replaced the town grows from 6.5 capacities to the 12 of its own model, 8 in
Odense and 4 in Nyborg, in halves: ``tests/rules/test_pathway.py`` derives which year gives
which half. Odense gets 4 and Nyborg 1.5, so each lacks half a capacity in 2035: 6.25 % and
12.5 % of its part. The capacity in no kommune stays, and is no part of the target.
"""

import itertools
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.plan_tables import DISTRIBUTION_MODEL, TRANSFERRED_TASKS, PlanTables
from coverage.tables import check_table
from coverage.ui.mod5000.amounts import capacities_text, chance_text, measure_text, rounded_text
from coverage.ui.mod5000.answer import how_sure, path_answer
from coverage.ui.mod5000.area_map import (
    CLASS_COLOURS,
    EARLIER_COLOUR,
    MAP_COLUMNS,
    NEW_COLOUR,
    UNKNOWN_COLOUR,
    class_colour,
    new_marks,
    path_legend,
    path_theme,
)
from coverage.ui.mod5000.area_rows import area_names, level_year, worst_first, year_by_year
from coverage.ui.mod5000.assumptions import MORE_SLIDERS, SLIDERS
from coverage.ui.mod5000.figures import path_figures
from coverage.ui.mod5000.series import area_years, year_series
from coverage.ui.mod5000.svg_chart import (
    ChartBand,
    ChartLine,
    YearChart,
    chart_document,
    draw_chart,
    nice_ticks,
)
from coverage.ui.mod5000.tables import (
    all_year_columns,
    area_year_columns,
    standing_columns,
    task_columns,
)
from coverage.ui.mod5000.tasks_part import tasks_sentence
from coverage.ui.mod5000.year_chart import year_chart
from coverage.ui.pathway_view import (
    MAP_FIGURES,
    MAX_SEED,
    PathwayView,
    move_assumption,
    shown_year,
    type_seed,
)
from coverage.ui.rule_slider import slider_options
from coverage.ui.state import AppState, choose_area, view_pathway
from coverage.wording import LANGUAGES, keys
from tests.annex_town import annex_town
from tests.colour_sight import SIGHT, lab, linear

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} </svg><script>alert(2)</script> \" ' `${x}`"
STEADY = {
    "pathway.training_places": 1000,
    "pathway.training_filled_pct": 100,
    "pathway.takeover_pct": 100,
    "pathway.takeover_threatened_pct": 100,
}
START = AppState(study_path=Path("study.toml"))
ALL, ODENSE, NYBORG = "all", "0461", "0450"


def checked(contract, **columns):
    return check_table(pd.DataFrame(columns), contract, where="test")


@cache
def town():
    return annex_town()


@cache
def path(**overrides):
    """Return the expected path of the town by its own model, everybody replaced."""
    model = checked(
        DISTRIBUTION_MODEL,
        kommune_code=[ODENSE, NYBORG],
        year=[None, None],
        kind=["capacities", "capacities"],
        value=[8.0, 4.0],
    )
    tasks = checked(
        TRANSFERRED_TASKS,
        task=[HOSTILE, "Børneastma"],
        age_from=[65.0, 0.0],
        age_to=[np.nan, 17.0],
        consultations=[12_600.0, 6_300.0],
    )
    plan = PlanTables(distribution_model=model, transferred_tasks=tasks)
    rules = town().rules.override({**STEADY, **overrides})
    return build_pathway(replace(town(), rules=rules, plan=plan))


@cache
def bands(spread=0.0, runs=4):
    return run_trial(path(), Trial(runs=runs, spread=spread, chunk_runs=2))


def partial_bands():
    looks = iter([True, False])
    trial = Trial(runs=40, spread=0.0, chunk_runs=2)
    return run_trial(path(), trial, keep_going=lambda: next(looks))


def texts(columns):
    """Return each column as its texts, by group and heading."""
    return {
        (one.group, one.heading): [one.text(value) if one.text else value for value in one.values]  # noqa: PD011 - no table
        for one in columns
    }


class TestAmounts:
    def test_capacities_have_a_tenth_and_sentences_whole_ones_from_a_hundred_on(self):
        assert capacities_text(1004.81, "da") == "1.004,8"
        assert rounded_text(1004.81, "da") == "1.005"
        assert rounded_text(27.79, "en") == "27.8"
        assert rounded_text(12.04, "da") == "12"

    def test_some_runs_are_never_none_and_nearly_all_are_never_all(self):
        shown = [chance_text(share, "da") for share in (0.0, 0.001, 0.005, 0.25, 0.998, 1.0)]
        assert shown == ["0 %", "< 1 %", "< 1 %", "25 %", "> 99 %", "100 %"]
        assert chance_text(float("nan"), "da") == "–"

    def test_each_figure_has_its_own_form(self):
        assert measure_text("capacities", 12.25, "da") == "12,2"
        assert measure_text("residents_per_capacity", 1599.6, "da") == "1.600"
        assert measure_text("persons_without_choice", 0.2, "da") == "<\u00a01"


class TestAnswer:
    def test_it_says_what_is_there_needed_trained_and_short(self):
        """1,000 specialists a year x 12 / 5,000 x 9 years = 21.6."""
        answer = path_answer(path(), None, "da")
        assert "Regionen har 6,5 kapaciteter i 2026 og skal have 12 i 2035" in answer
        assert "regionens egen fordelingsmodel, svarende til 0,2\u00a0% af landets 5.000" in answer
        assert "5,5 flere. Der uddannes 21,6" in answer
        assert "målet er nået. Hvor sikkert det er, regnes nu." in answer

    def test_half_a_capacity_is_not_short_as_nothing_smaller_is_given(self):
        near = replace(path(), answer=replace(path().answer, short=0.5))
        assert "målet er nået" in path_answer(near, None, "da")
        lacking = replace(path(), answer=replace(path().answer, short=0.6))
        assert ": 0,6 mangler." in path_answer(lacking, None, "da")

    def test_who_has_more_than_the_target_needs_nothing(self):
        full = replace(path(), answer=replace(path().answer, needed=0.0))
        assert "målet er nået på forhånd" in path_answer(full, None, "da")

    def test_without_a_coming_year_it_says_so(self):
        answer = replace(path().answer, first_year=2035)
        assert "ingen år tilbage" in path_answer(replace(path(), answer=answer), None, "da")

    def test_how_sure_it_is_follows_the_runs(self):
        assert how_sure(path(), bands(), "da") == "I 9 af 10 forløb mangler ingen."
        table = bands().table.copy()
        held = (table["measure"] == "short_of_target_capacities") & (table["year"] == 2035)
        table.loc[held, ["p10", "p90"]] = [1.25, 3.75]
        short = replace(bands(), table=table)
        assert how_sure(path(), short, "en") == "In 8 of 10 runs 1.2 to 3.8 are short."

    def test_stopped_runs_are_told_as_such(self):
        some = partial_bands()
        assert (some.runs, some.interrupted) == (4, True)
        assert how_sure(path(), some, "da").startswith("I 9 af 10 af de 4 forløb")


class TestSeries:
    def test_the_whole_region_has_a_straight_path_and_an_area_its_part_of_the_target(self):
        whole = year_series(path(), None, "capacities", "kommune", ALL)
        assert whole.years == tuple(range(2026, 2036))
        assert (whole.expected[0], whole.expected[-1]) == (6.5, pytest.approx(12.0))
        assert whole.target == pytest.approx(np.linspace(6.5, 12.0, 10))
        assert whole.low is None
        odense = year_series(path(), None, "capacities", "kommune", ODENSE)
        assert odense.target == pytest.approx([8.0] * 10)

    def test_without_spread_the_band_is_the_expected_path(self):
        for measure in ("capacities", "residents_per_capacity", "persons_without_choice"):
            series = year_series(path(), bands(), measure, "kommune", NYBORG)
            for band in (series.low, series.middle, series.high):
                assert band == pytest.approx(series.expected)
            assert (series.target is None) == (measure != "capacities")

    def test_an_area_that_the_level_does_not_have_is_the_whole(self):
        assert set(area_years(path(), "kommune", "9999")["area_id"]) == {ALL}

    def test_who_has_no_choice_is_never_less_than_nobody(self):
        lacking = area_years(path(), "kommune", ALL)["persons_without_choice"]
        assert (lacking >= 0).all()
        assert (lacking <= area_years(path(), "kommune", ALL)["residents"]).all()


class TestAreaRows:
    def test_what_each_area_got_and_lacks(self):
        areas = level_year(path(), None, "kommune", 2035).set_index("area_id")
        got = areas.loc[[ODENSE, NYBORG], "opened_so_far_capacities"]
        assert got.tolist() == [4.0, 1.5]
        short = areas.loc[[ODENSE, NYBORG], "short_of_target_pct"]
        assert short.tolist() == pytest.approx([6.25, 12.5])
        assert np.isnan(areas.loc["no_area", "short_of_target_pct"])
        assert areas["signal_probability"].isna().all()
        assert ALL not in areas.index

    def test_half_way_only_what_has_opened_by_then_counts(self):
        areas = level_year(path(), None, "kommune", 2029).set_index("area_id")
        assert areas.loc[[ODENSE, NYBORG], "opened_so_far_capacities"].tolist() == [1.0, 0.5]
        assert areas.loc[ODENSE, "start_capacities"] == 3.5

    def test_chances_are_those_of_the_year(self):
        areas = level_year(path(), bands(), "kommune", 2030).set_index("area_id")
        table = bands().probabilities
        own = table[(table["area_level"] == "kommune") & (table["year"] == 2030)]
        for row in own.to_dict("records"):
            for name in ("signal_probability", "choice_lost_probability"):
                assert areas.loc[row["area_id"], name] == row[name]

    def test_the_worst_comes_first_by_what_is_asked(self):
        areas = level_year(path(), None, "kommune", 2035)
        by_share = worst_first(areas, "short_of_target_pct", "da")
        assert by_share["area_id"].tolist()[:2] == [NYBORG, ODENSE]
        assert by_share["area_id"].tolist()[-1] == "no_area"
        chances = areas.assign(signal_probability=[0.2, 0.9, np.nan])
        first = worst_first(chances, "signal_probability", "da")
        assert first["signal_probability"].tolist()[:2] == [0.9, 0.2]

    def test_year_by_year_begins_with_all_and_adds_up(self):
        wide = year_by_year(path(), "kommune", "opened", "da")
        assert wide["area_id"].tolist()[:3] == [ALL, ODENSE, NYBORG]
        assert wide["area"].iloc[0] == "I alt"
        assert wide.loc[1, list(range(2027, 2036))].tolist() == [
            *(0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 0, 1.0)
        ]
        assert wide["total"].tolist() == [5.5, 4.0, 1.5, 0.0]
        assert 2026 not in wide.columns

    def test_what_is_held_has_todays_year_and_no_total(self):
        wide = year_by_year(path(), "kommune", "end", "da")
        assert 2026 in wide.columns
        assert "total" not in wide.columns
        assert wide.iloc[0][2026] == 6.5

    def test_rows_without_an_area_have_a_name_to_choose(self):
        names = area_names(path(), "kommune", "da")
        assert (names["area_name"].str.len() > 0).all()
        assert set(names["area_id"]) == {ALL, ODENSE, NYBORG, "no_area"}


class TestFigures:
    def test_a_year_and_an_area(self):
        figures = {one.name: one for one in self.figures(ODENSE, 2035)}
        assert figures["capacities"].value == "7,5"
        assert figures["capacities"].caption == "8 af 10: 7,5–7,5"
        assert (figures["opened"].value, figures["opened"].caption) == ("1,0", "4,0 siden 2026")
        assert figures["target"].value == "0,5"
        assert figures["signal"].value in ("0 %", "100 %")
        assert "væk" in figures["retired"].caption

    def test_today_has_no_flows(self):
        figures = {one.name: one for one in self.figures(ODENSE, 2026)}
        assert (figures["opened"].value, figures["opened"].caption) == ("–", "")
        assert figures["retired"].value == "–"

    def test_the_whole_region_counts_its_areas(self):
        figures = {one.name: one for one in self.figures(ALL, 2035)}
        assert re.fullmatch(r"\d af 2", figures["signals"].value)

    def test_without_runs_there_is_no_span(self):
        figures = path_figures(path(), None, "kommune", ODENSE, 2035, "da")
        captions = {one.name: one.caption for one in figures}
        assert captions["capacities"] == captions["per_capacity"] == captions["signal"] == ""

    @staticmethod
    def figures(area, year):
        return path_figures(path(), bands(), "kommune", area, year, "da")


class TestChart:
    @pytest.mark.parametrize(
        ("values", "ticks"),
        [
            ([719, 1004.8], (700, 800, 900, 1000, 1100)),
            ([10_000, 124_653], (0, 25_000, 50_000, 75_000, 100_000, 125_000)),
            ([0.0, 0.0], (0, 1)),
            ([2.0, 2.0], (0, 0.5, 1, 1.5, 2)),
            ([float("nan")], (0, 1)),
            ([1.0, 2.7, 3.0], (0, 1, 2, 3)),
        ],
    )
    def test_the_scale_has_round_numbers_around_the_values(self, values, ticks):
        assert nice_ticks(values) == pytest.approx(ticks)

    def chart(self, **changed):
        nan = float("nan")
        parts = {
            "title": HOSTILE,
            "years": (2026, 2027, 2028),
            "lines": (
                ChartLine(HOSTILE, (1.0, 2.0, 3.0), "#000000", 2.0),
                ChartLine("mål", (nan, 2.5, nan), "#d55e00", 2.0, (7, 5)),
            ),
            "band": ChartBand("bånd", (1.0, nan, 2.0), (1.0, nan, 4.0), "#b9d7ea"),
            "notes": (HOSTILE, "to", "tre"),
            "chosen": 2027,
        }
        return YearChart(**{**parts, **changed})

    def test_hostile_words_are_words(self):
        svg = draw_chart(self.chart(), str, 600, 300)
        root = ET.fromstring(svg)  # noqa: S314 - our own text
        assert not [one for one in root.iter() if one.tag.endswith(("script", "img"))]
        said = [one.text for one in root.iter() if one.tag.endswith(("text", "title"))]
        assert said.count(HOSTILE) == 2
        assert root.attrib["aria-label"] == HOSTILE
        assert "<img" not in svg

    def test_the_document_lets_nothing_run_and_nothing_out(self):
        document = chart_document(draw_chart(self.chart(), str, 600, 300))
        assert "default-src 'none'" in document
        without_names = document.replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in without_names
        assert "https:" not in without_names
        assert "<script" not in document

    def test_missing_years_break_lines_and_band(self):
        svg = draw_chart(self.chart(), str, 600, 300)
        points = re.findall(r'<polyline points="([^"]*)"', svg)
        assert [len(one.split()) for one in points] == [3, 1]
        bands_drawn = re.findall(r'<polygon points="([^"]*)"', svg)
        assert [len(one.split()) for one in bands_drawn] == [2, 2]

    def test_more_lies_higher_and_later_lies_farther_right(self):
        svg = draw_chart(self.chart(), str, 600, 300)
        (line, _) = re.findall(r'<polyline points="([^"]*)"', svg)
        points = [tuple(map(float, one.split(","))) for one in line.split()]
        assert [x for x, _ in points] == sorted(x for x, _ in points)
        assert [y for _, y in points] == sorted((y for _, y in points), reverse=True)

    def test_a_year_says_its_numbers_in_the_language(self):
        series = year_series(path(), bands(), "capacities", "kommune", ALL)
        chart = year_chart(series, "capacities", "Hele", 2035, "da")
        assert chart.notes[-1].splitlines() == [
            "2035",
            *("Ventet: 12,0", "Median: 12,0", "En tiendedel under: 12,0"),
            *("En tiendedel over: 12,0", "Mål: 12,0"),
        ]
        assert len(chart.lines) == 3
        plain = year_chart(
            year_series(path(), None, "persons_without_choice", "kommune", ALL),
            "persons_without_choice",
            "Hele",
            2035,
            "en",
        )
        assert len(plain.lines) == 1
        assert plain.band is None
        assert plain.notes[0].startswith("2026\nExpected: ")


class TestMap:
    def test_a_value_on_a_limit_belongs_to_the_worse_class(self):
        figure = MAP_COLUMNS["target"]
        values = (0.0, 0.99, 1.0, 3.0, 10.0, 25.0, 99.0)
        shown = [CLASS_COLOURS.index(class_colour(figure, value)) for value in values]
        assert shown == [0, 0, 1, 2, 3, 4, 4]
        assert class_colour(figure, float("nan")) == UNKNOWN_COLOUR

    @pytest.mark.parametrize("figure", MAP_FIGURES)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_legend_names_every_class_and_the_bad_end(self, figure, language):
        areas = level_year(path(), None, "kommune", 2035)
        theme = path_theme(areas, path().sites, 2035, START)
        legend = path_legend(areas, theme, figure, language)
        words = [words for colour, words in legend if colour in CLASS_COLOURS]
        assert len(words) == len(set(words)) == len(CLASS_COLOURS)
        assert {"da": "værst", "en": "worst"}[language] in words[-1]
        is_unknown = areas[MAP_COLUMNS[figure].column].isna().any()
        assert (UNKNOWN_COLOUR in [colour for colour, _ in legend]) == is_unknown

    def test_areas_have_the_colour_of_their_shortage_and_say_it(self):
        areas = level_year(path(), None, "kommune", 2035)
        state = choose_area(START, ODENSE)
        theme = path_theme(areas, path().sites, 2035, state)
        fills = {fill.area_id: fill for fill in theme.fills}
        assert fills[ODENSE].colour == CLASS_COLOURS[2]
        assert fills[NYBORG].colour == CLASS_COLOURS[3]
        told = dict(fills[NYBORG].tooltip)
        assert told["Mangler til målet"] == "0,5 (12,5\u00a0%)"
        assert told["Risiko for signal"] == "–"
        assert theme.outline == ODENSE
        assert theme.legend == ()

    def test_one_mark_a_place_with_its_first_year(self):
        sites = pd.DataFrame(
            {"year": [2027, 2030, 2030, 2033], "x_m": [1.0, 1.0, 1.0, 2.0], "y_m": [5.0] * 4}
        )
        (mark,) = new_marks(sites, 2030, "da")
        assert (mark.label, mark.colour, mark.is_label_below) == ("2027", NEW_COLOUR, True)
        assert mark.tooltip == (("", "Nye praksis her: 3"), ("2027", "1"), ("2030", "2"))
        earlier, new = new_marks(sites, 2033, "da")
        assert (earlier.colour, new.colour) == (EARLIER_COLOUR, NEW_COLOUR)
        assert new_marks(sites, 2026, "da") == ()

    @pytest.mark.parametrize(("places", "label", "told"), [(40, "2027", "tal"), (41, "", "mus")])
    def test_many_places_tell_their_year_on_hovering_only(self, places, label, told):
        sites = pd.DataFrame({"year": 2027, "x_m": range(places), "y_m": 5.0})
        areas = level_year(path(), None, "kommune", 2035)
        theme = path_theme(areas, sites, 2035, START)
        assert {mark.label for mark in theme.marks} == {label}
        assert {mark.tooltip[1] for mark in theme.marks} == {("2027", "1")}
        assert told in path_legend(areas, theme, "target", "da")[-1][1]

    @pytest.mark.parametrize("sight", SIGHT)
    def test_every_two_classes_are_told_apart(self, sight):
        seen = [lab(SIGHT[sight] @ linear(colour)) for colour in CLASS_COLOURS]
        for one, other in itertools.combinations(range(len(seen)), 2):
            assert np.linalg.norm(seen[one] - seen[other]) > 25, (one, other)

    def test_worse_is_darker_from_the_second_class_on(self):
        """Light green is told from light yellow by its hue, and by being at the other end."""
        lightness = [lab(linear(colour))[0] for colour in CLASS_COLOURS[1:]]
        assert lightness == sorted(lightness, reverse=True)


class TestTables:
    def test_the_areas_with_the_chosen_one_marked(self):
        areas = worst_first(level_year(path(), bands(), "kommune", 2035), "target_capacities", "da")
        columns = standing_columns(areas, NYBORG, "da")
        assert columns[0].marked == (1,)
        shown = texts(columns)
        assert shown["Kapaciteter", "Nye"] == ["4,0", "1,5", "0,0"]
        assert shown["Mål og mangel", "Mangler %"] == ["6,2\u00a0%", "12,5\u00a0%", "–"]
        assert shown["Signal og risiko", "Ventet"][-1] == "–"
        assert len(shown) == len(columns)

    def test_an_areas_years_have_no_flows_today(self):
        state = choose_area(START, ODENSE)
        columns = area_year_columns(path(), None, state, 2030)
        assert columns[0].marked == (4,)
        shown = texts(columns)
        assert shown["Kapaciteter i året", "Nye"][:3] == ["–", "0,5", "0,5"]
        assert shown["Kapaciteter i året", "Ultimo"][-1] == "7,5"
        assert not [group for group, _ in shown if "8 af 10" in group]

    def test_what_the_runs_span_is_of_the_charts_figure(self):
        state = view_pathway(choose_area(START, ODENSE), chart="persons_without_choice")
        shown = texts(area_year_columns(path(), bands(), state, 2030))
        spans = shown["Borgere uden valg: 8 af 10 forløb", "Fra"]
        assert spans == shown["Borgere", "Uden valg"]
        assert shown["Signal og risiko", "Signal"][0] in ("0 %", "100 %")
        whole = texts(area_year_columns(path(), bands(), START, 2030))
        assert ("Signal og risiko", "Signal") not in whole

    def test_all_years_have_the_chosen_year_and_area_marked(self):
        wide = year_by_year(path(), "kommune", "opened", "da")
        columns = all_year_columns(wide, "opened", ODENSE, 2028, "da")
        assert columns[0].marked == (1,)
        marked = [one.heading for one in columns[1:] if one.marked]
        assert marked == ["2028"]
        assert columns[-1].heading == "I alt"

    def test_tasks_and_all_of_them(self):
        """7.35 x 5,961,249 / 3,500 = 12,518.6 a doctor: 18,900 consultations are 1.5 doctors."""
        shown = texts(task_columns(path().tasks, "da"))
        assert shown["", "Opgave"] == [HOSTILE, "Børneastma", "Alle opgaver"]
        assert shown["Konsultationer om året", "2026"] == ["12.600", "6.300", "18.900"]
        assert shown["Læger", "2035"] == ["1,0", "0,5", "1,5"]
        assert shown["Vækst", "2026–2035"] == ["0,0\u00a0%"] * 3

    def test_the_tasks_part_of_what_is_left_for_new_ones(self):
        """0.24 % of 800 to 900 is 1.92 to 2.16; 1.51 is 70 to 79 % of that."""
        sentence = tasks_sentence(path().tasks, path().model.rules, "da")
        assert "I 2035 tager opgaverne 1,5 læger" in sentence
        assert "1,9-2,2 tilbage, regionens del af landets 800-900" in sentence
        assert "70-79 %" in sentence

    def test_without_doctors_left_there_is_no_share(self):
        tasks = replace(path().tasks, low_doctors=0.0)
        assert "Opgaverne tager altså" not in tasks_sentence(tasks, path().model.rules, "da")


class TestView:
    def test_an_assumption_moved_back_is_not_moved(self):
        view = move_assumption(PathwayView(), "pathway.takeover_pct", 80.0, 90.0)
        assert view.assumptions == (("pathway.takeover_pct", 80.0),)
        view = move_assumption(view, "workforce.exit_from_70_pct", 40.0, 35.0)
        assert [key for key, _ in view.assumptions] == [
            "pathway.takeover_pct",
            "workforce.exit_from_70_pct",
        ]
        assert move_assumption(view, "pathway.takeover_pct", 90.0, 90.0).assumptions == (
            ("workforce.exit_from_70_pct", 40.0),
        )

    @pytest.mark.parametrize(
        ("typed", "seed"), [("7", 7), (" 12 ", 12), ("0", 0), (str(MAX_SEED), MAX_SEED)]
    )
    def test_a_whole_number_is_a_seed(self, typed, seed):
        view = type_seed(PathwayView(seed=3, seed_problem="x"), typed)
        assert (view.seed, view.seed_problem) == (seed, "")

    @pytest.mark.parametrize("typed", ["", "1.000", "-1", "1,5", "²", "٣", str(MAX_SEED + 1), "x"])
    def test_all_else_keeps_the_seed_before(self, typed):
        view = type_seed(PathwayView(seed=3), typed)
        assert view.seed == 3
        assert view.seed_problem

    def test_a_year_of_another_study_is_the_last_one(self):
        assert shown_year(PathwayView(year=2031), (2026, 2031, 2035)) == 2031
        assert shown_year(PathwayView(year=2040), (2026, 2031, 2035)) == 2035
        assert shown_year(PathwayView(), (2026, 2031, 2035)) == 2035


class TestSliders:
    @pytest.mark.parametrize("slider", [*SLIDERS, *MORE_SLIDERS], ids=lambda one: one.name)
    def test_each_offers_the_rules_own_value_and_others_within_its_range(self, slider):
        rule = town().rules.rules[slider.rule_key]
        options = slider_options(slider, rule, rule.value)
        assert rule.value in options
        assert len(options) > 5
        for value in (options[0], options[-1]):
            town().rules.override({slider.rule_key: value})
        assert f"app.mod5000.assumption.{slider.name}" in keys()
        assert f"app.mod5000.assumption.unit_{slider.name}" in keys()

    def test_no_rule_has_two_sliders(self):
        names = [slider.rule_key for slider in (*SLIDERS, *MORE_SLIDERS)]
        assert len(set(names)) == len(names)
