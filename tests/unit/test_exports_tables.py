"""CSV, workbook and Parquet, read back by other programs than those that wrote them."""

import dataclasses
import io
import json

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from coverage.assessment import assess_areas
from coverage.choice import ALL_AREAS, STATUSES
from coverage.exports.area_table import (
    AREA_COLUMNS,
    PERSON_COLUMNS,
    build_area_table,
    worst_first,
)
from coverage.exports.csv_table import harmless_text, write_area_csv
from coverage.exports.origin_table import write_origin_table
from coverage.exports.workbook import write_workbook
from coverage.levels import finest_parts
from coverage.wording import LANGUAGES, keys, say
from tests.drawn_town import drawn_assessment, drawn_stamp


@pytest.fixture(scope="module")
def assessment():
    return drawn_assessment()


@pytest.fixture(scope="module")
def stamp(assessment):
    return drawn_stamp(assessment)


@pytest.fixture(scope="module")
def csv_bytes(assessment, stamp, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "choice_by_area.csv"
    write_area_csv(path, assessment, stamp, "da")
    return path.read_bytes()


@pytest.fixture(scope="module")
def book(assessment, stamp, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "choice.xlsx"
    write_workbook(path, assessment, stamp, "da")
    return openpyxl.load_workbook(path)


def header(name, language="da"):
    return say(f"export.column.{name}", language)


def read_csv(content):
    return pd.read_csv(
        io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig", dtype={1: str}
    )


def rows_below(sheet, first_header):
    """The table of a sheet whose header starts with this text, as lists."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == first_header)
    return rows[start], rows[start + 1 :]


class TestAreaTable:
    def test_areas_of_each_level_sum_to_its_total(self, assessment, stamp):
        table = build_area_table(assessment, stamp)
        assert set(table["area_level"]) == {"kommune", "sundhedsraad"}
        for _, level in table.groupby("area_level"):
            total = level[level["area_id"] == ALL_AREAS].iloc[0]
            parts = level[level["area_id"] != ALL_AREAS]
            for column in PERSON_COLUMNS:
                assert parts[column].sum() == total[column], column

    def test_statuses_sum_to_the_persons_by_road_and_in_a_straight_line(self, assessment, stamp):
        table = build_area_table(assessment, stamp)
        for measure, statuses in (("road", STATUSES), ("straight", STATUSES[:-1])):
            parts = [f"{measure}_persons_{status}" for status in statuses]
            assert (table[parts].sum(axis=1) == table["persons"]).all(), measure

    def test_a_third_of_a_cell_west_of_the_border_is_rounded_with_the_rest(self, assessment, stamp):
        # Cell C: 100 persons, a third in 0461 (1200 + 310 + 33.3), the rest in 0450 (124 + 66.7).
        table = build_area_table(assessment, stamp).set_index(["area_level", "area_id"])
        assert table.loc[("kommune", "0461"), "persons"] == 1543
        assert table.loc[("kommune", "0450"), "persons"] == 191
        assert table.loc[("kommune", ALL_AREAS), "persons"] == 1734

    def test_figures_are_those_of_the_drawing(self, assessment, stamp):
        table = build_area_table(assessment, stamp)
        east = table[table["area_id"] == "0450"].iloc[0]
        assert east["road_persons_one"] == 47
        assert east["road_persons_none"] == 9
        assert east["road_persons_no_road_connection"] == 13
        assert east["road_share_none_pct"] == pytest.approx(9 / (55 + 47 + 9 + 13 + 200 / 3) * 100)
        # Half of the 177.7 persons with a road: D, at 9.5 km, is reached at 55 + 47 of them.
        assert east["road_first_median_km"] == pytest.approx(9.5, abs=0.01)

    def test_a_kommune_where_nobody_lives_has_a_row_and_no_shares(self, assessment, stamp):
        kommuner, *others = assessment.levels
        empty = kommuner.shapes.iloc[[0]].assign(area_id="0482", name="Langeland")
        shapes = pd.concat([kommuner.shapes, empty], ignore_index=True)
        levels = (dataclasses.replace(kommuner, shapes=shapes), *others)
        table = build_area_table(dataclasses.replace(assessment, levels=levels), stamp)
        row = table[table["area_id"] == "0482"].iloc[0]
        assert row["area_name"] == "Langeland"
        assert row["persons"] == 0
        assert pd.isna(row["road_share_none_pct"])
        assert pd.isna(row["road_first_mean_km"])

    def test_worst_first_puts_the_lowest_share_on_top_and_the_total_last(self, assessment, stamp):
        table = build_area_table(assessment, stamp)
        ordered = worst_first(table[table["area_level"] == "kommune"])
        assert list(ordered["area_id"]) == ["0450", "0461", ALL_AREAS]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_column_has_a_heading_and_a_definition(self, language):
        for part in ("column", "definition"):
            named = {key.removeprefix(f"export.{part}.") for key in keys(f"export.{part}.")}
            assert named == set(AREA_COLUMNS)
        headings = [header(name, language) for name in AREA_COLUMNS]
        assert len(set(headings)) == len(headings)


class TestCsv:
    def test_starts_with_the_mark_that_tells_excel_it_is_utf8(self, csv_bytes):
        assert csv_bytes.startswith(b"\xef\xbb\xbf")
        assert "Område" in csv_bytes.decode("utf-8-sig").split("\r\n")[0]

    def test_lines_end_as_excel_writes_them(self, csv_bytes):
        assert csv_bytes.count(b"\n") == csv_bytes.count(b"\r\n") == 1 + 3 + 3

    def test_numbers_have_a_decimal_comma_and_the_promised_decimals(self, csv_bytes):
        lines = csv_bytes.decode("utf-8-sig").split("\r\n")
        place = list(AREA_COLUMNS).index
        east = next(line for line in lines if ";0450;" in line).split(";")
        assert east[place("persons")] == "191"
        assert east[place("road_share_two_or_more_pct")] == "63,8"
        assert east[place("road_first_median_km")] == "9,50"

    def test_reads_back_with_codes_as_text_and_the_sums_intact(self, csv_bytes):
        table = read_csv(csv_bytes)
        kommuner = table[table[header("area_level")] == "Kommune"]
        assert list(kommuner[header("area_id")]) == ["0450", "0461", "I alt"]
        assert kommuner[header("persons")].tolist() == [191, 1543, 1734]
        assert kommuner[header("road_first_median_km")].tolist() == [9.5, 0.5, 0.5]

    def test_no_row_can_be_quoted_without_date_rules_and_illustration(self, csv_bytes):
        table = read_csv(csv_bytes)
        assert set(table[header("as_of")]) == {"2026-01-01"}
        assert set(table[header("ruleset_id")]) == {"default"}
        assert set(table[header("illustrative")]) == {"ja"}

    def test_what_is_missing_is_empty_and_never_zero(self, assessment, stamp, tmp_path):
        closed = assessment.tables.practices.assign(intake_open=False)
        choice = dataclasses.replace(
            assessment.choice,
            by_origin=assessment.choice.by_origin.assign(road_first_m=float("nan")),
        )
        by_area = {
            level: table.assign(road_first_mean_m=float("nan"))
            for level, table in assessment.by_area.items()
        }
        tables = dataclasses.replace(assessment.tables, practices=closed)
        nobody = dataclasses.replace(assessment, tables=tables, choice=choice, by_area=by_area)
        path = tmp_path / "x.csv"
        write_area_csv(path, nobody, stamp, "da")
        at = list(AREA_COLUMNS).index("road_first_mean_km")
        lines = path.read_text("utf-8-sig").splitlines()[1:]
        assert {line.split(";")[at] for line in lines} == {""}

    @pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=1"])
    def test_text_that_starts_a_formula_gets_an_apostrophe(self, start):
        assert harmless_text(start) == f"'{start}"

    @pytest.mark.parametrize("text", ["Lægehuset", "A-B", "0461", "", "1=1", "Odense (=by)"])
    def test_other_text_stays(self, text):
        assert harmless_text(text) == text

    def test_negative_numbers_are_numbers(self, assessment, stamp, tmp_path):
        by_area = {
            level: table.assign(road_first_mean_m=-1500.0)
            for level, table in assessment.by_area.items()
        }
        path = tmp_path / "x.csv"
        write_area_csv(path, dataclasses.replace(assessment, by_area=by_area), stamp, "da")
        assert ";-1,50;" in path.read_text("utf-8-sig")
        assert "'-1,50" not in path.read_text("utf-8-sig")


class TestWorkbook:
    def test_sheets_in_danish_with_the_studys_own_level(self, book):
        names = ["Kommuner", "sundhedsraad", "Praksis", "Ikke placeret", "Grundlag"]
        assert book.sheetnames == names

    def test_every_sheet_says_that_it_is_an_illustration(self, book):
        banner = say("export.workbook.illustrative", "da")
        for sheet in book:
            assert sheet["A2"].value == banner, sheet.title

    def test_no_banner_on_real_data(self, stamp, tmp_path):
        path = tmp_path / "x.xlsx"
        write_workbook(path, drawn_assessment(illustrative=False), stamp, "da")
        banner = say("export.workbook.illustrative", "da")
        for sheet in openpyxl.load_workbook(path):
            assert banner not in [cell.value for cell in sheet["A"]]

    def test_areas_worst_first_with_codes_as_text_and_numbers_as_numbers(self, book):
        sheet = book["Kommuner"]
        headers, rows = rows_below(sheet, header("area_name"))
        assert [row[0] for row in rows] == ["Nyborg", "Odense", "I alt"]
        assert [row[1] for row in rows] == ["0450", "0461", "I alt"]
        at = headers.index(header("road_share_two_or_more_pct"))
        assert rows[0][at] == pytest.approx(63.811, abs=0.001)
        assert sheet.cell(row=sheet.max_row, column=at + 1).number_format == "#,##0.0"

    def test_the_header_stays_on_screen(self, book):
        sheet = book["Kommuner"]
        frozen = int(sheet.freeze_panes[1:])
        assert sheet.cell(row=frozen - 1, column=1).value == header("area_name")

    def test_every_practice_is_listed_also_the_one_without_a_place(self, book):
        headers, rows = rows_below(book["Praksis"], say("export.practice.ydernummer", "da"))
        by_id = {row[0]: dict(zip(headers, row, strict=True)) for row in rows}
        assert list(by_id) == [f"01000{number}" for number in range(1, 7)]
        lost = by_id["010005"]
        assert lost[say("export.practice.x_m", "da")] is None
        assert say("export.note.not_placed", "da") in lost[say("export.practice.note", "da")]
        assert by_id["010003"][say("export.practice.listed_persons", "da")] is None
        assert by_id["010001"][say("export.practice.capacities", "da")] == 1.5
        unknown = by_id["010006"]
        assert unknown[say("export.practice.intake", "da")] == say("export.intake.unknown", "da")

    def test_not_placed_lists_the_practice_and_says_none_of_the_rest(self, book):
        column = [cell.value for cell in book["Ikke placeret"]["A"]]
        assert "010005" in column
        assert column.count(say("export.none", "da")) == 2

    def test_basis_shows_each_input_with_its_account(self, book, stamp):
        headers, rows = rows_below(book["Grundlag"], say("export.source.role", "da"))
        sources = {row[1]: dict(zip(headers, row, strict=True)) for row in rows if row[1]}
        practices = sources["practices.csv"]
        assert practices[say("export.source.sha256", "da")] == stamp.inputs[0].sha256
        assert practices[say("export.source.rows_read", "da")] == 9
        assert practices[say("export.source.rows_kept", "da")] == 6
        assert practices[say("export.source.merged_rows", "da")] == 2
        assert practices[say("export.source.dropped", "da")] == "no ydernummer: 1"
        unknown = sources["roads.osm.pbf"][say("export.source.as_of", "da")]
        assert unknown == say("export.workbook.date_unknown", "da")

    def test_basis_shows_every_rule_and_marks_assumptions_and_changes(self, stamp, tmp_path):
        plain = drawn_assessment()
        changed = plain.rules.override({"choice.limit_m": 12_000})
        path = tmp_path / "x.xlsx"
        write_workbook(path, dataclasses.replace(plain, rules=changed), stamp, "da")
        sheet = openpyxl.load_workbook(path)["Grundlag"]
        _, rows = rows_below(sheet, say("export.rule.title", "da"))
        rules = {row[7]: row for row in rows if row[7] in plain.rules.rules}
        assert set(rules) == set(plain.rules.rules)
        assert rules["choice.limit_m"][1] == "12.000"
        assert rules["choice.limit_m"][4] == say("export.workbook.overridden", "da")
        assert rules["travel.use_ferries"][1] == "nej"
        assert rules["travel.use_ferries"][3] == say("export.rule_status.assumption", "da")
        fills = {
            sheet.cell(row=cell.row, column=8).value: cell.fill.fgColor.rgb
            for cell in sheet["A"]
            if sheet.cell(row=cell.row, column=8).value in plain.rules.rules
        }
        assert (
            fills["travel.use_ferries"]
            == fills["choice.limit_m"]
            != fills["choice.limit_capital_m"]
        )

    def test_basis_holds_the_notices_and_every_definition(self, book, assessment):
        texts = {cell.value for row in book["Grundlag"].iter_rows() for cell in row}
        assert {notice.say("da") for notice in assessment.notices} <= texts
        assert {say(f"export.definition.{name}", "da") for name in AREA_COLUMNS} <= texts

    def test_a_level_with_a_name_excel_refuses_gets_one_it_takes(self, assessment, stamp, tmp_path):
        names = ["Kommuner", "History", "a/b:c*d?e[f]g", "x" * 40, "x" * 40 + "y", "'"]
        kommune, sundhedsraad = assessment.levels
        levels = (kommune, *(dataclasses.replace(sundhedsraad, name=name) for name in names))
        areas = assess_areas(assessment.choice, levels)
        path = tmp_path / "x.xlsx"
        many = dataclasses.replace(
            assessment, levels=levels, parts=finest_parts(levels), by_area=areas
        )
        write_workbook(path, many, stamp, "da")
        found = openpyxl.load_workbook(path).sheetnames
        assert len(found) == 4 + len(names)
        assert found[1:4] == ["Kommuner 2", "History 2", "a_b_c_d_e_f_g"]

    def test_english_words_are_there_too(self, assessment, stamp, tmp_path):
        path = tmp_path / "x.xlsx"
        write_workbook(path, assessment, stamp, "en")
        assert openpyxl.load_workbook(path).sheetnames[-1] == "Basis"


class TestOrigins:
    def test_reads_back_row_by_row_with_its_basis(self, assessment, stamp, tmp_path):
        path = tmp_path / "x.parquet"
        write_origin_table(path, assessment, stamp, "da")
        table = pd.read_parquet(path)
        expected = assessment.choice.by_origin
        assert list(table["origin_id"]) == list(expected["origin_id"])
        assert table["persons"].sum() == pytest.approx(1734)
        assert list(table["road_open_within_limit_practices"]) == list(expected["road_open_within"])
        assert table.loc[table["origin_id"] == "F", "road_first_m"].isna().all()
        assert set(table.loc[table["cell_id"] == "C", "kommune_code"]) == {"0461", "0450"}
        about = json.loads(pq.read_schema(path).metadata[b"laegedaekning"])
        assert about["ruleset_id"] == "default"
        assert about["illustrative"] is True
        assert [source["sha256"] for source in about["sources"]] == [
            source.sha256 for source in stamp.inputs
        ]
