"""The annex's CSV files, workbook and layers, read back by other programs than their writers'."""

import csv
import re
from dataclasses import replace

import geopandas as gpd
import openpyxl
import pytest

from coverage.exports.annex_book import write_annex_book, write_annex_tables
from coverage.exports.annex_columns import DECIMALS, FIELDS
from coverage.exports.annex_csv import write_annex_csv
from coverage.exports.annex_tables import COLUMNS, annex_tables
from coverage.exports.geopackage import write_geopackage
from coverage.exports.outputs import ANNEX_FILES
from coverage.plan_tables import (
    Division,
)
from coverage.wording import LANGUAGES, say
from tests.annex_town import annex_town, planned_town
from tests.drawn_town import WEST_M, drawn_assessment, drawn_stamp

BY_LEVEL = ("capacity_by_area", "designation")


@pytest.fixture(scope="module")
def town():
    return planned_town()


@pytest.fixture(scope="module")
def stamp(town):
    return drawn_stamp(town)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def danish(town, stamp):
    """Return the annex's tables with Danish words."""
    return annex_tables(town, stamp, "da")


@pytest.fixture(scope="module")
def bare():
    """Return a town without doctors and without a plan, and its annex's tables."""
    town = drawn_assessment()
    return town, annex_tables(town, drawn_stamp(town), "da")


@pytest.fixture(scope="module")
def written(town, stamp, language, tmp_path_factory):
    """Write the workbook, each language once; return where."""
    path = tmp_path_factory.mktemp("book") / "praksisplan.xlsx"
    write_annex_book(path, town, stamp, language)
    return path


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written)


@pytest.fixture(scope="module")
def tables(town, stamp, language, danish):
    return danish if language == "da" else annex_tables(town, stamp, language)


@pytest.fixture(scope="module")
def layers(town, stamp, tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "coverage.gpkg"
    write_geopackage(path, town, stamp, "da")
    return path


def header(name, language="da"):
    return say(f"annex.column.{name}", language)


def csv_rows(annex, town, tmp_path, language="da"):
    """The rows of a table's CSV file as dicts of texts, by header."""
    path = tmp_path / "table.csv"
    write_annex_csv(path, annex, town, drawn_stamp(town), language)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def sheet_rows(book, sheet, first_header):
    """The rows of a sheet as dicts of cells, by header."""
    rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == first_header)
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


class TestCsv:
    def test_a_row_carries_its_basis(self, town, danish, tmp_path):
        for name in ANNEX_FILES.values():
            rows = csv_rows(danish[name], town, tmp_path)
            assert rows, name
            for row in rows:
                assert row[header("as_of")] == "2026-01-01"
                assert row[header("ruleset_id")] == town.rules.id
                assert row[header("illustrative")] == "ja"

    def test_what_is_missing_is_empty_and_never_zero(self, bare, tmp_path):
        town, tables = bare
        rows = csv_rows(tables["capacity_by_area"], town, tmp_path)
        for name in ("doctors", "doctors_older_pct", "expected_exit_pct", "projected_to_persons"):
            assert {row[header(name)] for row in rows} == {""}, name
        practices = {
            row[header("ydernummer")]: row for row in csv_rows(tables["practices"], town, tmp_path)
        }
        assert practices["010003"][header("listed_persons")] == ""
        assert practices["010003"][header("free_places")] == "0"
        assert practices["010003"][header("accessible")] == ""

    def test_numbers_are_danish_with_the_decimals_of_their_kind(self, town, danish, tmp_path):
        rows = csv_rows(danish["capacity_by_area"], town, tmp_path)
        nyborg = next(row for row in rows if row[header("area_id")] == "0450")
        assert nyborg[header("expected_exit_pct")] == "33,4"
        assert nyborg[header("residents")] == "191"
        assert re.fullmatch(r"\d,\d{3}", nyborg[header("access_2sfca_per_1000")])
        place = csv_rows(danish["skal_areas"], town, tmp_path)[0]
        assert place[header("nearest_now_m")] == "0,50"

    def test_a_negative_number_is_a_number(self, town, danish, tmp_path):
        rows = csv_rows(danish["criteria"], town, tmp_path)
        distances = {row[header("distance")] for row in rows}
        assert "-8,0" in distances
        assert not any(text.startswith("'") for text in distances)


class TestBook:
    def test_sheets_in_the_order_of_the_tables(self, book, language):
        names = {table: say(f"annex.table.{table}", language) for table in COLUMNS}
        levels = [say("export.level.kommune", language), "sundhedsraad", "bydel"]
        by_level = [f"{names[table]} {level}" for table in BY_LEVEL for level in levels]
        others = [names[table] for table in COLUMNS if table not in BY_LEVEL]
        assert book.sheetnames == [*by_level, *others, say("export.sheet.basis", language)]

    def test_every_sheet_says_that_it_is_an_illustration(self, book, language):
        for sheet in book:
            assert sheet["A2"].value == say("export.workbook.illustrative", language), sheet.title

    def test_the_total_is_last_and_outside_the_filter(self, book, language):
        sheet = book.worksheets[0]
        assert sheet.cell(sheet.max_row, 2).value == say("export.all_areas", language)
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row - 1))
        assert sheet.cell(sheet.max_row, 2).font.bold
        assert sheet.cell(sheet.max_row - 1, 2).value == say("annex.no_area", language)

    def test_a_table_without_a_total_is_wholly_in_the_filter(self, book, language):
        sheet = book[say("annex.table.practices", language)]
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))

    def test_headers_and_what_a_row_is_stay_on_screen(self, book, language):
        frozen = {
            "skal_areas": ("place_name", "C"),
            "practices": ("ydernummer", "C"),
            "criteria": ("area_level", "D"),
        }
        for table, (first, column) in frozen.items():
            sheet = book[say(f"annex.table.{table}", language)]
            assert sheet.freeze_panes.startswith(column), table
            row = int(sheet.freeze_panes[len(column) :])
            assert sheet.cell(row - 1, 1).value == header(first, language)

    def test_a_sheet_without_rows_says_so(self, bare, stamp, tmp_path):
        town, tables = bare
        path = tmp_path / "x.xlsx"
        write_annex_tables(path, tables, town, stamp, "da")
        sheet = openpyxl.load_workbook(path)[say("annex.table.agreement", "da")]
        assert sheet.cell(sheet.max_row, 1).value == say("annex.nothing", "da")
        assert sheet.auto_filter.ref is None

    def test_what_asks_for_attention_is_marked(self, book, language):
        sheet = book[say("annex.table.criteria", language)]
        start = int(sheet.freeze_panes[1:])
        headers = [cell.value for cell in sheet[start - 1]]
        at = headers.index(header("status", language)) + 1
        met = say("annex.status.met", language)
        fills = {}
        for row in range(start, sheet.max_row + 1):
            fills.setdefault(sheet.cell(row, at).value == met, set()).add(
                sheet.cell(row, 1).fill.fgColor.rgb
            )
        assert {len(found) for found in fills.values()} == {1}
        assert fills[True] != fills[False]

    def test_the_same_run_gives_the_same_bytes(self, written, town, stamp, language, tmp_path):
        write_annex_book(tmp_path / "again.xlsx", town, stamp, language)
        assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()

    def test_an_area_that_is_called_total_is_an_area(self, stamp, tmp_path):
        total = say("export.all_areas", "da")
        town = annex_town(divisions={"x": Division({"0461": total, "0450": "Øst"})})
        path = tmp_path / "x.xlsx"
        write_annex_book(path, town, stamp, "da")
        sheet = openpyxl.load_workbook(path)[f"{say('annex.table.capacity_by_area', 'da')} x"]
        start = int(sheet.freeze_panes[1:])
        rows = [
            (sheet.cell(row, 1).value, bool(sheet.cell(row, 1).font.bold))
            for row in range(start, sheet.max_row + 1)
        ]
        assert rows == [(total, False), ("Øst", False), (None, False), (total, True)]

    @pytest.mark.parametrize("table", ANNEX_FILES.values())
    def test_csv_and_workbook_hold_the_same_figures(
        self, book, tables, town, language, table, tmp_path
    ):
        rows = csv_rows(tables[table], town, tmp_path, language)
        columns = COLUMNS[table]
        sheets = [say(f"annex.table.{table}", language)]
        if table in BY_LEVEL:
            sheets = [name for name in book.sheetnames if name.startswith(f"{sheets[0]} ")]
            columns = [name for name in columns if name != "area_level"]
        cells = [
            row for sheet in sheets for row in sheet_rows(book, sheet, header(columns[0], language))
        ]
        assert len(cells) == len(rows) > 0
        for text, cell in zip(rows, cells, strict=True):
            for name in columns:
                same(text[header(name, language)], cell[header(name, language)], FIELDS[name].kind)

    def test_every_number_is_traced_to_definition_files_and_rules(self, book, language):
        trace = {
            row[say("annex.trace_column", language)]: row
            for row in sheet_rows(
                book, say("export.sheet.basis", language), say("annex.trace_column", language)
            )
        }
        none = say("export.none", language)
        numbers = {
            header(name, language)
            for columns in COLUMNS.values()
            for name in columns
            if FIELDS[name].kind in DECIMALS
        }
        for name in numbers:
            row = trace[name]
            assert len(row[say("annex.trace_meaning", language)]) > 30, name
            assert row[say("annex.trace_tables", language)], name
            files, rules = (
                row[say(f"annex.trace_{part}", language)] for part in ("inputs", "rules")
            )
            assert files != none or rules != none, name
        shown = {cell.value for sheet in book.worksheets[:-1] for row in sheet for cell in row}
        assert numbers <= shown

    def test_a_trace_names_files_with_their_rows_and_says_which_are_not_given(self, book, language):
        trace = {
            row[say("annex.trace_column", language)]: row
            for row in sheet_rows(
                book, say("export.sheet.basis", language), say("annex.trace_column", language)
            )
        }
        row = trace[header("free_places", language)]
        files = row[say("annex.trace_inputs", language)]
        given = say(
            "annex.one_input",
            language,
            role=say("export.role.practices", language),
            file_name="practices.csv",
            rows="6",
        )
        lacking = say("annex.not_given", language, role=say("export.role.closing_limits", language))
        assert files == f"{given}; {lacking}"
        assert row[say("annex.trace_rules", language)] == "capacity.closing_limit_persons"


def same(text, cell, kind):
    """Compare a field of a CSV file with a cell of the workbook."""
    if cell is None:
        assert text == ""
    elif isinstance(cell, str):
        assert text.removeprefix("'") == cell
    else:
        half = 0.5 * 10 ** -DECIMALS[kind] + 1e-9
        assert float(text.replace(",", ".")) == pytest.approx(cell, abs=half)


class TestGeoPackage:
    def test_kommuner_have_their_signal_and_whether_they_are_designated(self, layers):
        kommuner = gpd.read_file(layers, layer="kommuner").set_index("kommune_code")
        assert kommuner["signal"].to_dict() == {"0450": "no_signal", "0461": "signal"}
        assert kommuner["designated"].to_dict() == {"0450": True, "0461": False}

    def test_places_are_points_with_their_duty_and_nothing_about_ages(self, layers):
        places = gpd.read_file(layers, layer="places").set_index("place_id")
        assert places.loc["0461-vesterby", "duty"] == "kept"
        assert places.loc["0461-vesterby", "persons_lose_practice"] == pytest.approx(1200)
        assert places.loc["0461-vesterby"].geometry.x == WEST_M + 1000.0
        assert [name for name in places if "doctor" in name or "exit" in name] == []

    def test_owners_are_nobodys_business(self, layers):
        assert "owner" not in gpd.read_file(layers, layer="practices")


def test_the_files_of_an_area_level_are_named_in_the_readers_words(town, stamp, danish, tmp_path):
    level = replace(stamp.inputs[0], role="area level", file_name="parts.csv")
    given = replace(stamp, inputs=(*stamp.inputs, level))
    path = tmp_path / "x.xlsx"
    write_annex_tables(path, danish, town, given, "da")
    basis = openpyxl.load_workbook(path).worksheets[-1]
    texts = {cell.value for row in basis.iter_rows() for cell in row}
    assert say("export.role.area_level", "da") in texts
    assert "area level" not in texts
