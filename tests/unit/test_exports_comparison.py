"""A comparison in words: every table by hand, read back from its files."""

import csv
import io
from dataclasses import fields, replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from coverage.choice import ALL_AREAS
from coverage.comparison import FIGURES
from coverage.exports.area_table import build_area_table
from coverage.exports.comparison_actions import ACTION_COLUMNS
from coverage.exports.comparison_book import comparison_bytes
from coverage.exports.comparison_places import LOSING_COLUMNS, SKAL_COLUMNS
from coverage.exports.comparison_tables import (
    LONG_COLUMNS,
    PAIR_COLUMNS,
    SIGNAL_COLUMNS,
    ComparisonTables,
)
from coverage.exports.comparison_words import COMPARED, COUNTS, EVERY_FIGURE, KIND_OF_UNIT
from coverage.exports.effect_tables import (
    EFFECT_COLUMNS,
    EFFECT_FIGURES,
    effect_bytes,
    effect_table,
)
from coverage.exports.said_table import STUDY_COLUMNS, said_csv
from coverage.exports.withholding import AGE_COLUMNS
from coverage.scenario.actions import Close, Move, Open, Scenario, SetIntake
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.wording import LANGUAGES, keys, say
from tests.annex_town import annex_town
from tests.compared_town import BASELINE, CLOSES, OPENS, compared_town, drawn_town
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_stamp

TABLE_COLUMNS = {
    "by_area": LONG_COLUMNS,
    "signals": SIGNAL_COLUMNS,
    "skal": SKAL_COLUMNS,
    "losing": LOSING_COLUMNS,
    "pairs": PAIR_COLUMNS,
    "actions": ACTION_COLUMNS,
    "effect": EFFECT_COLUMNS,
}


@pytest.fixture(scope="module")
def compared():
    return compared_town(CLOSES, OPENS)


@pytest.fixture(scope="module")
def tables(compared) -> ComparisonTables:
    return compared.tables("da")


@pytest.fixture(scope="module")
def shown(compared):
    return compared.shown().set_index(["variant", "area_level", "area_id", "figure"])


def states(shown, variant, area_id, figure, level="kommune"):
    row = shown.loc[(variant, level, area_id, figure)]
    return row["before"], row["after"], row["difference"]


class TestWords:
    def test_every_column_has_a_header_and_a_definition_and_no_words_are_left_over(self):
        columns = {name for names in TABLE_COLUMNS.values() for name in names}
        columns |= {*STUDY_COLUMNS, "baseline"}
        for part in ("column", "definition"):
            named = {key.removeprefix(f"comparison.{part}.") for key in keys(f"comparison.{part}.")}
            assert named == columns, part

    def test_every_table_has_a_name_and_all_but_the_long_one_a_line(self):
        named = {key.removeprefix("comparison.table.") for key in keys("comparison.table.")}
        told = {field.name for field in fields(ComparisonTables)} - {"levels"}
        assert named == told | {"level", "effect"}
        lines = {key.removeprefix("comparison.line.") for key in keys("comparison.line.")}
        assert lines == named - {"by_area"}

    def test_every_figure_has_its_words_and_every_unit_its_kind(self):
        assert set(COMPARED) >= {figure.name for figure in FIGURES}
        units = {key.removeprefix("comparison.unit.") for key in keys("comparison.unit.")}
        assert units == set(KIND_OF_UNIT) == {figure.unit for figure in EVERY_FIGURE.values()}
        for figure in EVERY_FIGURE.values():
            for language in LANGUAGES:
                assert figure.title(language)
                assert figure.meaning(language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_two_figures_and_no_two_columns_of_a_table_share_a_name(self, language):
        titles = [figure.title(language) for figure in EVERY_FIGURE.values()]
        assert len(set(titles)) == len(titles)
        for table, columns in TABLE_COLUMNS.items():
            headers = [say(f"comparison.column.{name}", language) for name in columns]
            assert len(set(headers)) == len(headers), table

    def test_nothing_that_follows_from_doctors_ages_is_compared(self):
        assert not {figure.column for figure in FIGURES} & set(AGE_COLUMNS)
        assert not set(EFFECT_FIGURES) & set(AGE_COLUMNS)


class TestFigures:
    def test_people_who_lose_and_gain_the_choice(self, shown):
        assert states(shown, "Torvet lukker", "0461", "persons_lose_choice") == (0, 1510, 1510)
        assert states(shown, "Torvet lukker", "0450", "persons_lose_choice") == (0, 55, 55)
        assert states(shown, "Torvet lukker", ALL_AREAS, "persons_lose_choice") == (0, 1565, 1565)
        assert states(shown, "Ny i øst", "0450", "persons_gain_choice") == (0, 47, 47)
        assert states(shown, "Ny i øst", "0461", "persons_gain_choice") == (0, 0, 0)

    def test_statuses_before_and_after(self, shown):
        total = {
            figure: states(shown, "Torvet lukker", ALL_AREAS, f"persons_{figure}")
            for figure in ("two_or_more", "one", "none", "no_road_connection")
        }
        assert total == {
            "two_or_more": (1665, 100, -1565),
            "one": (47, 1612, 1565),
            "none": (9, 9, 0),
            "no_road_connection": (13, 13, 0),
        }

    def test_the_share_has_one_decimal_and_distances_are_km_with_two(self, shown):
        # 1665 and 100 of 1734.
        share = states(shown, "Torvet lukker", ALL_AREAS, "share_two_or_more_pct")
        assert share == (96.0, 5.8, -90.2)
        # Nyborg, by persons: C's two addresses at 15.25 on average have P2 at 11.25 km now and
        # K1 at 8.75 then; D P4 at 9.5, then K1 at 5.5; E P4 at 5.5, then K1 at 1.5; G P4 at 17.5.
        now = (66.667 * 11.25 + 55 * 9.5 + 47 * 5.5 + 9 * 17.5) / 177.667
        then = (66.667 * 8.75 + 55 * 5.5 + 47 * 1.5 + 9 * 17.5) / 177.667
        km = states(shown, "Ny i øst", "0450", "first_mean_m")
        # Metres on the ground are a little longer than those of the map.
        assert km == pytest.approx((now, then, then - now), abs=0.02)
        assert all(round(value, 2) == value for value in km)

    def test_persons_add_up_over_the_areas_and_the_statuses(self, compared):
        table = compared.shown()
        persons = [name for name, figure in COMPARED.items() if figure.unit == "persons"]
        table = table[table["figure"].isin(persons)]
        for keys_, rows in table.groupby(["variant", "area_level", "figure"]):
            total = (rows["area_id"] == ALL_AREAS).to_numpy()
            for state in ("before", "after", "difference"):
                assert rows.loc[~total, state].sum() == rows.loc[total, state].sum(), keys_

    def test_a_difference_is_that_of_the_figures_shown(self, compared):
        table = compared.shown()
        gap = (table["after"] - table["before"] - table["difference"]).abs()
        assert gap.max() < 1e-9
        missing = table["before"].isna() | table["after"].isna()
        assert (table["difference"].isna() == missing).all()

    def test_figures_before_are_those_of_the_registers_own_tables(self, compared):
        own = build_area_table(compared.reference.assessment, compared.stamp)
        table = compared.shown()
        rows = table[table["figure"] == "persons_two_or_more"].drop_duplicates(
            ["area_level", "area_id"]
        )
        both = rows.merge(own, on=["area_level", "area_id"])
        assert len(both) == 6
        assert both["before"].tolist() == both["road_persons_two_or_more"].tolist()

    def test_an_empty_scenario_changes_nothing_and_equals_the_baseline(self):
        table = compared_town(Scenario(name="intet")).shown()
        assert (table["difference"].dropna() == 0).all()
        assert table["before"].equals(table["after"])

    def test_lists_of_a_closed_practice_stay_in_the_study(self, shown):
        # P2 leaves 1002 patients; P3 does not say how many it has.
        before, after, difference = states(shown, "Torvet lukker", ALL_AREAS, "listed_persons")
        assert (before, after, difference) == (5018, 5018, 0)


class TestTables:
    def test_overview_has_the_baseline_and_two_columns_a_scenario(self, tables):
        overview = tables.overview
        headers = [column.header for column in overview.columns.values()]
        assert headers == [
            *("Tal", "Enhed", "Udgangspunkt"),
            *("Torvet lukker", "Forskel: Torvet lukker", "Ny i øst", "Forskel: Ny i øst"),
        ]
        assert len(overview.table) == len(COMPARED) + len(COUNTS)
        rows = overview.table.set_index("figure")
        two = rows.loc[COMPARED["persons_two_or_more"].title("da")]
        assert two.tolist() == ["personer", 1665, 100, -1565, 1712, 47]

    def test_a_level_has_every_area_figure_by_figure_with_the_total_last(self, tables):
        own = tables.levels["kommune"]
        areas = own.table["area_name"].tolist()
        assert areas[:4] == ["Nyborg", "Odense", say("annex.no_area", "da"), "I alt"]
        assert areas == areas[:4] * len(COMPARED)
        lost = own.table[own.table["figure"] == "Personer, der mister lægevalg"]
        assert lost["after_0"].tolist() == [55, 1510, 0, 1565]
        assert set(tables.levels) == {"kommune", "sundhedsraad"}

    def test_losing_places_have_most_people_first_and_their_kommune(self, tables):
        rows = tables.losing.table
        assert rows["scenario"].tolist() == ["Torvet lukker"] * 3
        assert rows["town"].tolist() == ["Vesterby", "Midterby", "Midterby"]
        assert rows["kommune_name"].tolist() == ["Odense", "Odense", "Nyborg"]
        assert rows["persons_lose_choice"].tolist() == [1200, 310, 55]
        assert rows["persons_lose_practice"].tolist() == [0, 0, 0]
        assert rows["x_m"].tolist()[0] == WEST_M + 500

    def test_every_two_are_set_against_each_other(self, tables):
        pairs = tables.pairs.table.set_index(["from_scenario", "to_scenario"])
        assert len(pairs) == 6
        assert pairs.loc[(BASELINE, "Torvet lukker")].tolist() == [0, 1565]
        assert pairs.loc[("Torvet lukker", BASELINE)].tolist() == [1565, 0]
        assert pairs.loc[("Torvet lukker", "Ny i øst")].tolist() == [1612, 0]
        assert pairs.loc[("Ny i øst", "Torvet lukker")].tolist() == [0, 1612]

    def test_places_that_lose_their_last_practice_are_marked(self):
        # Vesterby has P1, P2 and P6 around it; Østerlund has P4 alone.
        compared = compared_town(
            Scenario(name="øst", actions=(Close(ydernummer="010004"),)),
        )
        skal = compared.tables("da").skal
        places = compared.reference.assessment.skal.places.set_index("name")
        row = skal.table.set_index("place_name").loc["Østerlund"]
        assert row[["practices_before", "practices_after"]].tolist() == [1, 0]
        assert bool(skal.marked[0]) is bool(places.loc["Østerlund", "is_skal"])

    def test_actions_are_said_in_order_with_names_notes_rules_and_clauses(self):
        moves = Scenario(
            name="flytter",
            actions=(
                Move(ydernummer="010001", x_m=WEST_M + 30_000, y_m=ROAD_Y_M, note="Lejemål"),
                SetIntake(ydernummer="010003", intake_open=True),
            ),
        )
        rows = compared_town(moves, OPENS).tables("da").actions.table
        first = rows[(rows["scenario"] == "flytter") & (rows["action_number"] == 1)]
        assert set(first["action"]) == {"Lægehuset Æblevej flytter"}
        assert set(first["note"]) == {"Lejemål"}
        assert set(first["verdict"]) == {"Advarsel"}
        assert any("29,01 km ad vej" in text for text in first["finding"])
        assert all(text.startswith("Kilde: ") for text in first["clause"])
        assert any("Odense til Nyborg" in text for text in first["finding"])
        other = rows[rows["action_number"] == 2].iloc[0]
        assert other["action"] == "Lukket Klinik åbner for tilgang"
        assert pd.isna(other["verdict"])
        opened = rows[rows["scenario"] == "Ny i øst"].iloc[0]
        assert opened["action"] == "Ny praksis Nyt lægehus med kapacitet 1,5"

    def test_signals_that_appear_are_marked(self):
        # Nyborg has P3, closed, and P4: if P4 closes its list all are, above 60 %. With the
        # expected exits that makes two criteria.
        town = annex_town(
            overrides={"designation.signal_weight": 2, "designation.practices_closed_pct": 60}
        )
        closing = Scenario(
            name="lukker", actions=(SetIntake(ydernummer="010004", intake_open=False),)
        )
        compared = compared_town(closing, town=town)
        table = compared.tables("da").signals
        expected = compared.comparison.signals
        assert "appears" in set(expected["change"])
        assert table.table["signal_after"].tolist().count("Signal") >= 1
        assert len(table.table) == len(expected)
        assert [bool(mark) for mark in table.marked] == list(expected["change"] == "appears")

    def test_a_page_sees_the_table_under_its_headers(self, tables):
        assert list(tables.losing.shown())[:2] == ["Scenarie", "Nærmeste by"]


def read_csv(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def book_rows(content, sheet, first_header):
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == first_header)
    width = len([cell for cell in rows[start] if cell is not None])
    return [dict(zip(rows[start][:width], row[:width], strict=True)) for row in rows[start + 1 :]]


class TestFiles:
    def test_the_long_csv_holds_what_is_shown_in_danish_numbers(self, compared, tables):
        rows = read_csv(said_csv(tables.by_area, compared.stamp, "da", illustrative=True))
        shown = compared.shown()
        assert len(rows) == len(shown)
        for row, expected in zip(rows, shown.to_dict("records"), strict=True):
            assert row["Tallets kode"] == expected["figure"]
            assert row["Scenarie"] == expected["variant"]
            for header, state in (("Før", "before"), ("Efter", "after"), ("Forskel", "difference")):
                if np.isnan(expected[state]):
                    assert row[header] == ""
                else:
                    assert float(row[header].replace(",", ".")) == pytest.approx(expected[state])
            assert row["Undersøgelse"] == "Den tegnede by"
            assert row["Illustration"] == "ja"

    def test_decimals_go_by_the_unit(self, compared, tables):
        rows = read_csv(said_csv(tables.by_area, compared.stamp, "da", illustrative=True))
        texts = {
            row["Tallets kode"]: row["Før"]
            for row in rows
            if row["Områdekode"] == "I alt" and row["Niveau"] == "Kommune"
        }
        assert texts["persons_two_or_more"] == "1665"
        assert texts["share_two_or_more_pct"] == "96,0"
        assert len(texts["second_mean_m"].split(",")[1]) == 2
        assert texts["capacities"] == "6,5"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_workbook_holds_the_same_figures(self, compared, language):
        tables = compared.tables(language)
        content = comparison_bytes(tables, compared.reference.assessment, compared.stamp, language)
        for name in ("overview", "signals", "losing", "pairs", "actions"):
            table = getattr(tables, name)
            headers = [column.header for column in table.columns.values()]
            sheet = say(f"comparison.table.{name}", language)
            rows = book_rows(content, sheet, headers[0])
            if table.table.empty:
                assert rows[0][headers[0]] == say("comparison.nothing", language)
                continue
            for row, expected in zip(rows, table.table.itertuples(index=False), strict=True):
                for cell, value in zip(row.values(), expected, strict=True):
                    same = pd.isna(value) if cell is None else cell == value
                    assert same or cell == pytest.approx(value)

    def test_sheets_stand_in_their_order_and_say_that_it_is_an_illustration(self, compared, tables):
        content = comparison_bytes(tables, compared.reference.assessment, compared.stamp, "da")
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.sheetnames == [
            *("Overblik", "Områder Kommune", "Områder sundhedsraad", "Signaler", "Skal-områder"),
            *("Steder, der mister", "Parvis", "Handlinger", "Grundlag"),
        ]
        for sheet in book:
            assert "ILLUSTRATION" in str(sheet["A2"].value)

    def test_the_basis_has_scenarios_rules_files_and_every_figure(self, compared, tables):
        content = comparison_bytes(tables, compared.reference.assessment, compared.stamp, "da")
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Grundlag"]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert {"Scenarie: Torvet lukker", "Scenarie: Ny i øst", "Efter mødet"} <= cells
        assert {account.sha256 for account in compared.stamp.scenarios} <= cells
        assert {"scenario.max_move_m", "choice.limit_m"} <= cells
        for figure in (*COMPARED.values(), *COUNTS):
            assert figure.title("da") in cells
            assert figure.meaning("da") in cells

    def test_equal_comparisons_give_equal_bytes(self, compared):
        again = compared_town(CLOSES, OPENS)
        one, other = (
            comparison_bytes(each.tables("da"), each.reference.assessment, each.stamp, "da")
            for each in (compared, again)
        )
        assert one == other


@pytest.fixture(scope="module")
def effects():
    town = drawn_town()
    basis = EffectBasis(town)
    return [
        measure_effect(basis, resolve_scenario(town, scenario))
        for scenario in (Scenario(name="intet"), CLOSES)
    ]


class TestEffect:
    def test_quick_figures_before_after_and_their_difference(self, effects):
        table = effect_table(*effects, "da").table
        total = table[(table["area_id"] == "I alt") & (table["area_level"] == "Kommune")]
        rows = total.set_index("figure_code")[["before", "after", "difference"]]
        assert rows.loc["persons"].tolist() == [1734, 1734, 0]
        assert rows.loc["persons_two_or_more"].tolist() == [1665, 100, -1565]
        assert rows.loc["persons_lose_choice"].tolist() == [0, 1565, 1565]
        assert rows.loc["practices"].tolist() == [6, 5, -1]

    def test_signals_are_words_without_a_difference_and_the_total_has_none(self, effects):
        table = effect_table(*effects, "da")
        own = table.table[table.table["figure_code"] == "signal"]
        assert own["difference"].isna().all()
        words = {say(key, "da") for key in keys("annex.signal.")}
        assert set(own["before"].dropna()) <= words
        assert own.loc[own["area_id"] == "I alt", "before"].isna().all()

    def test_all_figures_of_an_area_stand_together(self, effects):
        table = effect_table(*effects, "en").table
        assert table["figure_code"].tolist()[: len(EFFECT_FIGURES)] == list(EFFECT_FIGURES)

    def test_csv_and_workbook_hold_the_table(self, effects):
        town = drawn_town()
        table = effect_table(*effects, "da")
        rows = read_csv(said_csv(table, drawn_stamp(town), "da", illustrative=True))
        assert len(rows) == len(table.table)
        content = effect_bytes(table, town, drawn_stamp(town), "da")
        cells = book_rows(content, "Virkning", "Niveau")
        for row, cell in zip(rows, cells, strict=True):
            for header in ("Før", "Efter", "Forskel"):
                if cell[header] is None:
                    assert row[header] == ""
                elif isinstance(cell[header], str):
                    assert row[header] == cell[header]
                else:
                    assert float(row[header].replace(",", ".")) == pytest.approx(cell[header])


def test_a_study_without_towns_says_so():
    town = drawn_town()
    bare = replace(town, tables=replace(town.tables, towns=town.tables.towns.iloc[:0]))
    losing = compared_town(CLOSES, town=bare).tables("da").losing.table
    assert set(losing["town"]) == {"uden by"}


def test_opened_practices_without_patients_are_new_rows_of_nobody():
    opens = Scenario(
        name="åbner",
        actions=(Open(site_id="K9", x_m=WEST_M + 2_000, y_m=ROAD_Y_M, capacities=1.0),),
    )
    shown = compared_town(opens).shown().set_index(["area_level", "area_id", "figure"])
    row = shown.loc[("kommune", ALL_AREAS, "practices")]
    assert row[["before", "after", "difference"]].tolist() == [6, 7, 1]
