"""What a path withholds: ages that differ where they are withheld leave no trace in any file."""

import io
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest

from coverage.choice import ALL_AREAS
from coverage.exports import withholding
from coverage.exports.pathway_book import pathway_bytes
from coverage.exports.pathway_outputs import PATHWAY_FILES, pathway_csv
from coverage.exports.pathway_region import answer_lines
from coverage.exports.pathway_tables import AREA_COLUMNS, pathway_tables
from coverage.exports.withholding import withhold_ages, withhold_path
from coverage.pathway.monte_carlo import Trial
from coverage.pathway.pathway import build_pathway
from coverage.pathway.tables import AGE_COLUMNS, CLOSING_COLUMNS
from coverage.scenario.actions import Close, Move, Open, Retire, Scenario, SetIntake
from coverage.scenario.apply import apply_scenario
from coverage.wording import say
from tests.annex_town import BIRTH_YEARS
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment
from tests.path_town import ALONE, LARGE, STEADY, assert_nothing_follows, planned_path

WITHHELD = say("annex.withheld", "da")
TRIAL = Trial(runs=12, seed=2)
# P1 to P4 with doctors of wholly other ages, as many as before.
OTHER = {"010001": (1990, 1991), "010002": (1994,), "010003": (1956,), "010004": (1957,)}


@cache
def small(years="usual"):
    """Three doctors in Odense and two in Nyborg: both kommuner are withheld, the total is told."""
    births = {"usual": BIRTH_YEARS, "other": OTHER}[years]
    return planned_path(birth_years=births, overrides=ALONE, trial=TRIAL)


@cache
def large(p3=1990):
    """Every kommune has four doctors or more; P3 alone is a practice of one."""
    return planned_path(birth_years={**LARGE, "010003": (p3,)}, overrides=ALONE, trial=TRIAL)


def held_areas(areas):
    return {area_id for (_, area_id), hidden in areas.items() if hidden}


def told_by_area(planned, names=AREA_COLUMNS):
    """Return (level, area, year) -> the cells that the published table has."""
    said = pathway_tables(planned).by_area.table
    keys = zip(said["area_level"], said["area_id"].fillna(""), said["year"], strict=True)
    cells = said[list(names)].itertuples(index=False)
    return dict(zip(keys, (tuple(map(str, one)) for one in cells), strict=True))


class TestWhere:
    def test_areas_are_those_whose_ages_the_annex_withholds(self):
        planned = small()
        ages = withhold_ages(planned.assessment).areas
        assert held_areas(planned.withheld.areas) == held_areas(ages)
        assert held_areas(ages) == {"0461", "0450", "Vest", "Øst", "V1"}
        assert held_areas(planned.withheld.areas) <= held_areas(planned.withheld.closing)

    def test_a_single_small_practice_withholds_the_choice_there_and_in_all(self):
        """P3, of one doctor, is in Nyborg; the study has no other such practice."""
        withheld = large().withheld
        assert held_areas(withheld.areas) == set()
        assert held_areas(withheld.closing) == {"0450", "Øst", ALL_AREAS}

    def test_three_small_practices_may_be_told_apart_by_nobody(self):
        births = {**LARGE, "010001": (1960, 1980), "010002": (1955, 1971), "010003": (1990,)}
        births["010004"] = (1962, 1964, 1988)
        withheld = planned_path(birth_years=births, least=3).withheld
        # Two in Odense and one in Nyborg: the kommuner tell of one and two, the total of three.
        assert held_areas(withheld.closing) == {"0461", "0450", "Vest", "Øst", "V1"}

    def test_of_few_doctors_in_all_nothing_is_told(self):
        withheld = planned_path(birth_years={"010001": (1960,), "010004": (1950,)}).withheld
        assert withheld.areas.all()
        assert withheld.closing.all()

    def test_where_nobody_states_an_age_there_is_nothing_to_withhold(self):
        withheld = withhold_path(drawn_assessment())
        assert not withheld.areas.any()
        assert not withheld.closing.any()

    @pytest.mark.parametrize("planned", [small, large], ids=["few doctors", "a small practice"])
    def test_no_sum_of_rows_that_are_told_gives_one_that_is_not(self, planned):
        """The oracle: what is withheld for its own sake adds rank to the rows that are told."""
        town = planned().assessment
        assert_nothing_follows(town, planned().withheld)

    def test_columns_that_are_told_follow_from_no_age(self):
        """Whatever the doctors' ages: what is in no list of columns is the same to the last bit."""
        one, other = (
            build_pathway(small(years).assessment).by_area for years in ("usual", "other")
        )
        free = [name for name in one if name not in AGE_COLUMNS]
        pd.testing.assert_frame_equal(one[free], other[free], check_exact=True)
        differing = [name for name in one if not one[name].equals(other[name])]
        assert set(differing) <= set(AGE_COLUMNS)
        assert {"capacities_end", "doctors", "practices", "choice_pct"} <= set(differing)

    def test_todays_row_follows_from_no_age(self):
        one, other = (
            build_pathway(small(years).assessment).by_area for years in ("usual", "other")
        )
        own = [name for name in AGE_COLUMNS if name != "signal"]
        today = [table[table["year"] == 2026][own] for table in (one, other)]
        pd.testing.assert_frame_equal(*today, check_exact=True)


class TestWhat:
    def test_of_a_withheld_area_only_people_lists_and_target_are_told(self):
        said = pathway_tables(small()).by_area.table
        own = said[(said["area_id"] == "0450") & (said["year"] > 2026)]
        for name in AREA_COLUMNS:
            is_word = (own[name] == WITHHELD).all()
            assert is_word == (name in AGE_COLUMNS), name
        today = said[(said["area_id"] == "0450") & (said["year"] == 2026)]
        assert WITHHELD not in today.astype(str).to_numpy()

    def test_the_total_is_told(self):
        said = pathway_tables(small()).by_area.table
        total = said[(said["area_id"] == "I alt") & (said["area_level"] == "Kommune")]
        sums = [name for name in AREA_COLUMNS if name not in CLOSING_COLUMNS]
        assert WITHHELD not in total[sums].astype(str).to_numpy()

    def test_where_one_small_practice_could_close_only_that_is_withheld(self):
        said = pathway_tables(large()).by_area.table
        own = said[(said["area_id"] == "0450") & (said["year"] > 2026)]
        for name in AREA_COLUMNS:
            is_word = (own[name] == WITHHELD).all()
            assert is_word == (name in CLOSING_COLUMNS), name
        by_year = pathway_tables(large()).by_year.table
        assert by_year["persons_with_choice"].tolist()[1:] == [WITHHELD] * 9
        assert WITHHELD not in by_year.drop(columns="persons_with_choice").astype(str).to_numpy()

    def test_signals_are_counted_of_kommuner_that_are_told(self):
        """Both kommuner signal in some year, and both are withheld: nobody counts them."""
        easy = {**ALONE, "designation.signal_weight": 1, "designation.expected_exit_pct": 1}
        told, held = (pathway_tables(planned_path(overrides=easy, least=least)) for least in (1, 3))
        assert max(told.by_year.table["areas_signalling"]) == 2
        assert held.by_year.table["areas_signalling"].tolist() == [0] * 10
        # Nor does the colour of a row tell it.
        own = told.short.table["area_id"].isin(["0461", "0450"]).to_numpy()
        assert np.array(told.short.marked)[own].any()
        own = held.short.table["area_id"].isin(["0461", "0450"]).to_numpy()
        assert not np.array(held.short.marked)[own].any()

    def test_bands_and_probabilities_go_with_them(self):
        said = pathway_tables(large()).bands.table
        own = said[(said["area_id"] == "0450") & (said["year"] > 2026)]
        hidden = own[(own[["mean", "probability_pct"]] == WITHHELD).any(axis=1)]
        assert set(hidden["figure_code"]) == {"persons_without_choice", "choice_lost_probability"}
        few = pathway_tables(small())
        own = few.bands.table[few.bands.table["area_id"] == "0450"]
        for one in own[own["year"] > 2026].to_dict("records"):
            figures = [one[name] for name in ("mean", "p10", "p50", "p90", "probability_pct")]
            assert {str(cell) for cell in figures} <= {WITHHELD, "nan"}
        own = few.chances.table[few.chances.table["area_id"] == "0450"]
        assert (own[own["year"] > 2026].iloc[:, -2:] == WITHHELD).all(axis=None)

    def test_the_patients_of_practices_that_close_are_in_no_file(self):
        header = say("pathway.column.displaced_persons", "da")
        closing = planned_path(overrides=ALONE, least=1, trial=TRIAL)
        assert closing.pathway.by_area["displaced_persons"].sum() > 0
        for name in PATHWAY_FILES:
            assert header not in pathway_csv(closing, name).decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO(pathway_bytes(closing)))
        cells = {cell.value for sheet in book for line in sheet.iter_rows() for cell in line}
        assert header not in cells

    def test_without_publishing_all_is_shown(self):
        shown = pathway_tables(small(), publish=False)
        for name in ("by_area", "by_year", "given", "short", "bands", "chances", "answer"):
            assert WITHHELD not in getattr(shown, name).table.astype(str).to_numpy(), name
        assert "displaced_persons" in shown.by_area.table
        assert shown.areas_left_out == shown.closing_left_out == 0
        assert not pathway_tables(small()).by_area.table.equals(shown.by_area.table)

    def test_lines_say_how_many_areas_say_little(self):
        found = pathway_tables(small())
        assert found.areas_left_out == 6, "0461, 0450 twice, Vest, Øst and V1"
        book = openpyxl.load_workbook(io.BytesIO(pathway_bytes(small())))
        told = [line[0] for line in book["Hvor der mangler"].iter_rows(values_only=True)]
        assert any(str(line).startswith("”tilbageholdt”: i 6 områder") for line in told)


class TestNoTrace:
    def test_rows_that_are_withheld_are_the_same_whatever_the_ages(self):
        one, other = (told_by_area(small(years)) for years in ("usual", "other"))
        own = [key for key in one if key[1] in ("0461", "0450", "Vest", "Øst", "V1")]
        assert [key for key in own if one[key] != other[key]] == []
        total = [key for key in one if key[1] == "I alt" and one[key] != other[key]]
        assert total, "or the ages would have made no difference anywhere"

    @pytest.mark.parametrize("name", ["given", "bands", "chances", "sites"])
    def test_nor_do_other_tables_tell_them_apart(self, name):
        frames = []
        for years in ("usual", "other"):
            table = getattr(pathway_tables(small(years)), name).table.astype(str)
            if "area_id" in table:
                table = table[table["area_id"].isin(["0461", "0450", "Vest", "Øst", "V1"])]
            frames.append(table.reset_index(drop=True))
        pd.testing.assert_frame_equal(*frames)

    def test_the_order_of_what_falls_short_tells_nothing(self):
        orders = []
        for years in ("usual", "other"):
            short = pathway_tables(small(years)).short
            held = short.table["short_of_target_capacities"].astype(str) == WITHHELD
            orders.append(short.table["area_id"][held].tolist())
            assert not np.array(short.marked)[held].any()
        assert orders[0] == orders[1]

    def test_the_choice_is_the_same_whatever_the_age_of_the_one_who_could_close(self):
        one, other = (told_by_area(large(p3), CLOSING_COLUMNS[:1]) for p3 in (1990, 1950))
        own = [key for key in one if key[1] in ("0450", "Øst", "I alt")]
        assert [key for key in own if one[key] != other[key]] == []

    def test_ages_that_differ_where_they_are_withheld_leave_no_trace(self):
        """Two doctors of a capacity each, of P2 and P4, change places; the total stays.

        Everybody is replaced, so that nothing lapses: growth is shared out as before.
        """
        births = {**BIRTH_YEARS, "010002": (1962,), "010004": (1955,)}
        one, other = planned_path(overrides=STEADY), planned_path(birth_years=births)
        retired = [
            table[table["area_id"] == "0450"]["capacities_retired"].tolist()
            for table in (one.pathway.by_area, other.pathway.by_area)
        ]
        assert retired[0] != retired[1]
        for name in PATHWAY_FILES:
            assert pathway_csv(one, name) == pathway_csv(other, name), name
        assert pathway_bytes(one) == pathway_bytes(other)


CHANGES = {
    "closing": Close(ydernummer="010004"),
    "a doctor who stops": Retire(ydernummer="010002"),
}
HARMLESS = {
    "opening": Open(site_id="K1", x_m=WEST_M + 20_000, y_m=ROAD_Y_M, capacities=1.0),
    "another intake": SetIntake(ydernummer="010003", intake_open=True),
}


class TestScenarios:
    @pytest.mark.parametrize("action", CHANGES.values(), ids=CHANGES)
    def test_other_doctors_withhold_every_coming_year(self, action):
        """The path of the register stands beside it: the difference would be their ages."""
        scenario = Scenario(name="x", actions=(action,))
        planned = planned_path(birth_years=LARGE, scenario=scenario, trial=TRIAL)
        assert planned.is_held_whole
        found = pathway_tables(planned)
        for name in ("by_area", "by_year"):
            table = getattr(found, name).table
            coming = table[table["year"] > 2026]
            assert (coming["capacities_end"].astype(str) == WITHHELD).all()
            assert not (coming["residents"].astype(str) == WITHHELD).any()
        answer = found.answer.table.set_index("figure")["value"]
        assert answer["Kapaciteter i 2035"] == WITHHELD
        assert answer["Målet i 2035"] == 12
        assert found.sites.table.empty
        assert say("pathway.line.held_whole", "da") in answer_lines(planned, "da")
        assert len(answer_lines(planned, "da", publish=False)) == 5

    @pytest.mark.parametrize("action", HARMLESS.values(), ids=HARMLESS)
    def test_what_changes_no_doctor_is_told_as_before(self, action):
        scenario = Scenario(name="x", actions=(action,))
        planned = planned_path(birth_years=LARGE, scenario=scenario)
        before = planned_path(birth_years=LARGE)
        assert planned.withheld.areas.to_dict() == before.withheld.areas.to_dict()
        assert planned.withheld.closing.to_dict() == before.withheld.closing.to_dict()

    def test_a_move_withholds_both_kommuner_and_tells_the_total(self):
        move = Move(ydernummer="010003", x_m=WEST_M + 3_000, y_m=ROAD_Y_M)
        scenario = Scenario(name="x", actions=(move,))
        planned = planned_path(birth_years=LARGE, scenario=scenario)
        held = held_areas(planned.withheld.areas)
        assert {"0461", "0450"} <= held
        assert ALL_AREAS not in held

    def test_what_the_register_withholds_stays_withheld(self, monkeypatch):
        """A scenario may leave another area to be withheld for the others' sake; both are."""
        before = planned_path(birth_years=LARGE).assessment
        after = apply_scenario(before, Scenario(name="x", actions=(HARMLESS["another intake"],)))
        area = ("kommune", "0461")

        def few(assessment):
            held = withheld_now(assessment)
            held[area] = assessment is before
            return held

        withheld_now = withholding._few_small_practices
        monkeypatch.setattr(withholding, "_few_small_practices", few)
        assert not withhold_path(after).closing[area]
        assert withhold_path(after, before).closing[area]
