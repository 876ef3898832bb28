"""Names and notes of scenarios that are code: shown in every output, run in none."""

import csv
import io
import json
import re

import openpyxl
import pytest

from coverage.exports.comparison_book import comparison_bytes
from coverage.exports.effect_tables import effect_bytes, effect_table
from coverage.exports.said_table import said_csv
from coverage.exports.scenario_outputs import (
    COMPARISON_FILES,
    write_comparison_outputs,
    write_scenario_outputs,
)
from coverage.scenario.actions import Close, Move, Open, Scenario
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import normalise_scenario, parse_scenario, scenario_text
from tests.compared_town import compared_town
from tests.contracts.test_hostile_exports import HOSTILE, Elements
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment, drawn_stamp

# As a file keeps them: without blanks at their ends.
NAMES = tuple(name.strip() for name in HOSTILE)


def hostile(name, note, site):
    """Return a scenario whose every text is code, as it is kept in a file."""
    actions = (
        Open(
            site_id=site,
            name=site,
            owner=note,
            note=note,
            x_m=WEST_M + 24_000.0,
            y_m=ROAD_Y_M,
            capacities=1.0,
        ),
        Close(ydernummer="010002", note=name),
        Move(ydernummer="010001", x_m=WEST_M + 30_000.0, y_m=ROAD_Y_M, address=site, note=site),
    )
    return normalise_scenario(Scenario(name=name, note=note, actions=actions))


SCENARIOS = tuple(hostile(name, NAMES[at - 1], NAMES[at - 2]) for at, name in enumerate(NAMES))


@pytest.fixture(scope="module")
def compared():
    return compared_town(*SCENARIOS[:4])


@pytest.fixture(scope="module", params=(0, 4, 5, 7))
def applied(request, tmp_path_factory):
    """One scenario's outputs: the scenario, its file and where they are."""
    scenario = SCENARIOS[request.param]
    folder = tmp_path_factory.mktemp("applied")
    content = scenario_text(scenario).encode()
    one = compared_town(scenario)
    write_scenario_outputs(one, one.stamp, content, folder)
    return scenario, content, folder


def assert_no_formula(content):
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    for field in (field for row in rows for field in row if field.strip()):
        is_number = re.fullmatch(r"-?\d+(,\d+)?", field)
        assert is_number or field.lstrip()[0] not in "=+-@", field
    return rows


def cells_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    return {cell.value for cell in cells}


def test_a_scenario_of_code_reads_back_as_it_was():
    for scenario in SCENARIOS:
        assert parse_scenario(scenario_text(scenario).encode(), where="x") == scenario


def test_csv_files_of_a_comparison_start_no_formula_and_keep_the_names(compared, tmp_path):
    write_comparison_outputs(compared, tmp_path)
    for name in COMPARISON_FILES:
        rows = assert_no_formula((tmp_path / name).read_bytes())
        shown = {field.removeprefix("'") for row in rows for field in row}
        assert set(compared.comparison.variants) <= shown, name


def test_the_workbook_of_a_comparison_holds_words_word_for_word(compared):
    content = comparison_bytes(
        compared.tables("da"), compared.reference.assessment, compared.stamp, "da"
    )
    values = cells_of(content)
    for scenario in SCENARIOS[:4]:
        assert {scenario.name, scenario.note, *(one.note for one in scenario.actions)} <= values


def test_every_table_of_a_comparison_as_csv_starts_no_formula(compared):
    tables = compared.tables("en")
    for name in ("overview", "signals", "skal", "losing", "pairs", "actions"):
        table = getattr(tables, name)
        if not table.table.empty:
            assert_no_formula(said_csv(table, compared.stamp, "en", illustrative=True))


def test_nobodys_owner_is_in_a_table():
    """An owner stands in the scenario's file alone: owners are named in no table."""
    owned = Scenario(
        name="x",
        actions=(
            Open(
                site_id="K1",
                x_m=WEST_M + 24_000.0,
                y_m=ROAD_Y_M,
                capacities=1.0,
                owner="Ejeren Selv",
            ),
        ),
    )
    one = compared_town(owned)
    content = comparison_bytes(one.tables("da"), one.reference.assessment, one.stamp, "da")
    assert not [value for value in cells_of(content) if "Ejeren Selv" in str(value)]


class TestApplied:
    def test_csv_files_start_no_formula(self, applied):
        for path in applied[2].glob("*.csv"):
            assert_no_formula(path.read_bytes())

    def test_workbooks_hold_no_formula_and_name_the_scenario(self, applied):
        for path in applied[2].glob("*.xlsx"):
            values = cells_of(path.read_bytes())
            assert [value for value in values if applied[0].name in str(value)], path.name

    def test_the_map_has_no_element_and_no_handler_of_a_name(self, applied, tmp_path):
        page, plain = Elements(), Elements()
        page.feed((applied[2] / "map.html").read_text("utf-8"))
        calm = hostile("Rolig", "Note", "K1")
        one = compared_town(calm)
        write_scenario_outputs(one, one.stamp, b"", tmp_path)
        plain.feed((tmp_path / "map.html").read_text("utf-8"))
        assert sorted(page.tags) == sorted(plain.tags)
        assert page.handlers == []
        assert applied[0].name in "".join(page.text)

    def test_the_account_holds_texts_word_for_word_and_the_file_is_as_it_was(self, applied):
        scenario, content, folder = applied
        (account,) = json.loads((folder / "run.json").read_text("utf-8"))["scenarios"]
        assert (account["name"], account["note"]) == (scenario.name, scenario.note)
        assert (folder / "scenario.toml").read_bytes() == content


def test_quick_figures_hold_area_names_word_for_word_and_no_formula():

    town = drawn_assessment(
        kommune_names={"0461": HOSTILE[5], "0450": HOSTILE[0]}, area_names=HOSTILE[7:9]
    )
    basis = EffectBasis(town)
    before, after = (
        measure_effect(basis, resolve_scenario(town, one))
        for one in (Scenario(name="intet"), SCENARIOS[0])
    )
    table = effect_table(before, after, "da")
    stamp = drawn_stamp(town)
    assert_no_formula(said_csv(table, stamp, "da", illustrative=True))
    values = cells_of(effect_bytes(table, town, stamp, "da"))
    assert {HOSTILE[5], HOSTILE[0], *HOSTILE[7:9]} <= values
