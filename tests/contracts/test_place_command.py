"""``place`` from files to files, every way to be refused, and Ctrl-C."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from coverage import errors
from coverage.cli import main
from coverage.commands import place_command
from coverage.exports.placement_outputs import PLACEMENT_OUTPUTS
from coverage.placement.candidates import candidates_from_grid
from coverage.placement.frontier import frontier
from coverage.placement.place import place
from coverage.placement.request import Effort, PlacementRequest
from coverage.scenario.actions import Open
from coverage.scenario_files import read_scenario
from coverage.scenario_study import apply_to_study
from coverage.study import run_study
from coverage.study_file import load_study
from tests.contracts.test_hostile_exports import HOSTILE
from tests.tiny_study import PLAN, SOUTH_M, WEST_M, write_study

ROOT = Path(__file__).parents[2]
# With 15 km everybody of the square has a choice already.
NEAR = {**PLAN, "study": PLAN["study"] + '\n[rules.overrides]\n"choice.limit_m" = 2600\n'}
ASKED = ["--capacities", "3", "--grid-m", "1000", "--steps", "200"]
MORE = ["--frontier", "--trade-off", "second_distance"]
EFFORT = Effort(steps=200)
# In the Kattegat, in Denmark's bounds and far from every road.
AT_SEA = "650000;6230000"
# On land of the study, between two streets but too far from the last road.
OFF_ROAD = f"{WEST_M + 2_500:.0f};{SOUTH_M - 2_500:.0f}"
FIRST = """\
format = 1
name = "Øst lukker"

[[action]]
kind = "close"
ydernummer = "012347"
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A sound study with every optional file, its roads already prepared."""
    study = write_study(tmp_path_factory.mktemp("place") / "study", **NEAR)
    run_study(load_study(study))
    return study


@pytest.fixture(scope="module")
def placed(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("placed") / "out"
    assert main(["place", str(study), *ASKED, *MORE, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def answer(result):
    """What the library finds for the same request."""
    candidates = candidates_from_grid(result.assessment, 1_000.0)
    request = PlacementRequest(objective="choice", capacities=3.0, effort=EFFORT)
    return place(result.assessment, candidates, request), candidates


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def record_of(out):
    return json.loads((out / "run.json").read_text("utf-8"))


def sheet(out, name):
    book = openpyxl.load_workbook(out / "placement.xlsx")
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def contents(folder):
    """Return the bytes of every file; of the account and the workbook without the clock."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    record = json.loads(found["run.json"])
    record["timings_s"] = {}
    del record["outputs"]["placement.xlsx"]
    found["run.json"] = json.dumps(record).encode()
    book = openpyxl.load_workbook(folder / "placement.xlsx")
    cells = {
        name: [
            row
            for row in book[name].iter_rows(values_only=True)
            if not str(row[0]).startswith("Tid: ")
        ]
        for name in book.sheetnames
    }
    found["placement.xlsx"] = repr(cells).encode()
    return found


class TestOutputs:
    def test_every_file_is_there(self, placed):
        names = {path.name for path in placed.iterdir()}
        assert names == {*PLACEMENT_OUTPUTS, "frontier.csv"}
        assert set(record_of(placed)["outputs"]) == names - {"run.json"}

    def test_the_csv_has_the_librarys_steps(self, placed, answer):
        placement, _ = answer
        found = rows(placed / "placement.csv")
        assert [row["Sted, id"] for row in found] == placement.sites["site_id"].tolist()
        for row, own in zip(found, placement.sites.to_dict("records"), strict=True):
            assert float(row["Kapaciteter"].replace(",", ".")) == own["capacities"]
            assert float(row["Gevinst"]) == pytest.approx(own["gain"], abs=0.5)
            assert float(row["Værdi"]) == pytest.approx(own["value"], abs=0.5)
            assert float(row["Øst (m, EPSG:25832)"]) == pytest.approx(own["x_m"], abs=0.5)
            assert row["Kommunekode"] == own["kommune_code"]
            assert row["Søgningen sluttede"] == placement.stopped_by == "optimal"
            assert row["Illustration"] == "nej"

    def test_the_workbook_says_the_same(self, placed, answer):
        placement, candidates = answer
        facts = {row[0]: row[1] for row in sheet(placed, "Svar")}
        assert facts["Værdi før"] == placement.value_before
        assert facts["Værdi efter"] == placement.value_after
        assert facts["Gevinst"] == placement.gain
        assert facts["Grænse for det bedste"] == pytest.approx(placement.bound)
        assert facts["Afstand til grænsen, af gevinsten"] == pytest.approx(0.0, abs=1e-6)
        assert facts["Mulige steder"] == len(candidates)
        assert {
            "Tid: søgning",
            "Tid: bevis",
            "Tid: praksis for praksis",
            "Tid: afvejning",
            "Frø",
        } <= set(facts)
        shown = sheet(placed, "Nye praksis")
        ids = [row[1] for row in shown if isinstance(row[0], int | float)]
        assert ids == placement.sites["site_id"].tolist()
        listed = [row for row in sheet(placed, "Mulige steder") if row[2] in ("ja", "nej")]
        assert len(listed) == len(candidates)
        assert {row[0] for row in listed if row[2] == "ja"} == set(placement.sites["site_id"])

    def test_the_frontier_is_the_librarys(self, placed, answer, result):
        placement, candidates = answer
        own = frontier(result.assessment, candidates, placement.request)
        found = rows(placed / "frontier.csv")
        assert [float(row["Værdi"]) for row in found] == pytest.approx(own["value"], abs=0.5)
        assert [row["Steder, id"] for row in found] == own["site_ids"].tolist()
        table = sheet(placed, "Praksis for praksis")
        assert [row[2] for row in table if isinstance(row[0], int)] == pytest.approx(own["value"])

    def test_the_account_has_everything(self, placed, answer):
        placement, candidates = answer
        account = record_of(placed)["placement"]
        for name in ("value_before", "value_after", "gain", "bound", "stopped_by"):
            assert account[name] == pytest.approx(getattr(placement, name))
        assert account["candidates"] == len(candidates)
        assert account["interrupted"] == []
        assert [site["site_id"] for site in account["sites"]] == list(placement.sites["site_id"])
        assert account["cutoff_m"] is None
        assert account["trade_off"][0]["choice"] == placement.value_after
        assert account["request"] == {
            key: value
            for key, value in tomllib.loads((placed / "place.toml").read_text("utf-8")).items()
            if key != "format"
        }
        assert "place_exact" in record_of(placed)["timings_s"]

    def test_the_scenario_replayed_gives_the_same_value(self, placed, answer, study, tmp_path):
        placement, _ = answer
        out = tmp_path / "out"
        scenario = placed / "scenario.toml"
        assert main(["scenario", "apply", str(study), str(scenario), "--out", str(out)]) == 0
        by_area = rows(out / "choice_by_area.csv")
        total = next(row for row in by_area if row["Område"] == "I alt")
        two = total["Personer med mindst to åbne praksis inden for grænsen ad vej"]
        assert float(two) == pytest.approx(placement.value_after, abs=1)

    def test_the_scenario_is_the_placement(self, placed, answer, result):
        placement, _ = answer
        scenario = read_scenario(placed / "scenario.toml")
        opened = [(one.site_id, one.capacities) for one in scenario.actions]
        assert opened == list(placement.sites[["site_id", "capacities"]].itertuples(index=False))
        after = apply_to_study(result, scenario).assessment
        total = after.by_area["kommune"].set_index("area_id").loc["all"]
        assert total["road_persons_two_or_more"] == pytest.approx(placement.value_after)

    def test_the_comparison_stands_in_the_workbook(self, placed):
        names = openpyxl.load_workbook(placed / "placement.xlsx").sheetnames
        assert names[:2] == ["Svar", "Nye praksis"]
        assert {"Overblik", "Områder Kommune", "Handlinger", "Forespørgsel", "Grundlag"} <= set(
            names
        )
        table = sheet(placed, "Overblik")
        header = next(row for row in table if row[0] == "Tal")
        assert header[3] == "Placering af 3 kapaciteter"
        gains = next(row for row in table if row[0] == "Personer, der får lægevalg")
        assert gains[3] == record_of(placed)["placement"]["gain"]

    @pytest.mark.usefixtures("ran")
    def test_the_same_seed_gives_the_same_bytes(self, placed, study, tmp_path):
        out = tmp_path / "out"
        assert main(["place", str(study), *ASKED, *MORE, "--out", str(out)]) == 0
        assert contents(out) == contents(placed)

    @pytest.mark.usefixtures("ran")
    def test_the_request_repeats_the_placement(self, placed, study, tmp_path):
        out = tmp_path / "out"
        request = str(placed / "place.toml")
        assert main(["place", str(study), "--request", request, "--out", str(out)]) == 0
        assert contents(out) == contents(placed)

    @pytest.mark.usefixtures("ran")
    def test_flags_go_before_the_request_and_older_parts_go(self, placed, study, tmp_path, capsys):
        out = tmp_path / "out"
        request = ["--request", str(placed / "place.toml")]
        assert main(["place", str(study), *request, "--out", str(out)]) == 0
        assert (out / "frontier.csv").is_file()
        (out / "notes.txt").write_text("mine")
        fewer = [*request, "--capacities", "1,5", "--no-frontier", "--language", "en"]
        assert main(["place", str(study), *fewer, "--out", str(out)]) == 0
        assert not (out / "frontier.csv").exists()
        assert (out / "notes.txt").read_text() == "mine"
        assert record_of(out)["placement"]["request"]["capacities"] == 1.5
        assert record_of(out)["placement"]["frontier"] == []
        printed = capsys.readouterr()
        assert "1.5 capacities in 1 new practices" in printed.out
        assert "Proved: no placement" in printed.out
        assert "gap 0.00% of the gain" in printed.err

    @pytest.mark.usefixtures("ran")
    def test_without_a_proof_none_is_claimed(self, study, tmp_path):
        out = tmp_path / "out"
        assert main(["place", str(study), *ASKED, "--no-proof", "--out", str(out)]) == 0
        account = record_of(out)["placement"]
        assert (account["stopped_by"], account["bound"]) == ("heuristic", None)
        facts = {row[0] for row in sheet(out, "Svar")}
        assert "Grænse for det bedste" not in facts
        assert "Tid: bevis" not in facts


class TestConditions:
    @pytest.mark.usefixtures("ran")
    def test_every_condition_reaches_the_placement(self, study, tmp_path):
        out = tmp_path / "out"
        conditions = [
            *("--objective", "second_distance", "--practices", "3", "--least-capacities", "0,5"),
            *("--most-capacities", "1", "--level", "Planområde"),
            *("--quota", "Vest=1:1", "Øst=0.5:2"),
            *("--forced-in", "6141_589", "--forced-out", "6140_587", "6140_586"),
            *("--apart-m", "900", "--serve-skal", "--movable-open", "--move-cost", "100000"),
            *("--seed", "3", "--seconds", "20", "--gap", "0,01"),
        ]
        arguments = ["place", str(study), "--capacities", "2", "--grid-m", "1000", *conditions]
        assert main([*arguments, "--out", str(out)]) == 0
        found = rows(out / "placement.csv")
        own = [(row["Sted, id"], row["Område"], row["Kapaciteter"]) for row in found]
        assert "6141_589" in {one[0] for one in own}
        assert not {"6140_587", "6140_586"} & {one[0] for one in own}
        by_area = {}
        for _, area, capacities in own:
            by_area[area] = by_area.get(area, 0.0) + float(capacities.replace(",", "."))
        assert by_area == {"Vest": 1.0, "Øst": 1.0}
        asked = tomllib.loads((out / "place.toml").read_text("utf-8"))
        assert asked["quotas"] == {"Vest": [1.0, 1.0], "Øst": [0.5, 2.0]}
        assert (asked["seed"], asked["gap"], asked["apart_m"]) == (3, 0.01, 900.0)
        assert (asked["movable_open"], asked["serve_skal"]) == (True, True)

    @pytest.mark.usefixtures("ran")
    def test_towns_are_candidates(self, study, tmp_path):
        out = tmp_path / "out"
        asked = ["--capacities", "1", "--candidates", "towns", "--steps", "10"]
        assert main(["place", str(study), *asked, "--out", str(out)]) == 0
        assert rows(out / "placement.csv")[0]["Sted"] in ("Prøveby", "Østby")

    @pytest.mark.usefixtures("ran")
    def test_a_practice_that_moves_is_in_every_file(self, study, result, tmp_path):
        out = tmp_path / "out"
        asked = [*ASKED, "--movable", "012345", "--capacities", "1"]
        assert main(["place", str(study), *asked, "--out", str(out)]) == 0
        moves = [row for row in rows(out / "placement.csv") if row["Slags"] == "Flytning"]
        assert [row["Ydernummer"] for row in moves] == ["012345"]
        account = record_of(out)["placement"]
        assert [one["ydernummer"] for one in account["moves"]] == ["012345"]
        after = apply_to_study(result, read_scenario(out / "scenario.toml")).assessment
        total = after.by_area["kommune"].set_index("area_id").loc["all"]
        assert total["road_persons_two_or_more"] == pytest.approx(account["value_after"])
        assert "Lægerne Vest" in {row[2] for row in sheet(out, "Flytninger")}


@pytest.fixture(scope="module")
def after_first(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("after")
    (folder / "mine.toml").write_text(FIRST, "utf-8")
    asked = [*ASKED, "--scenario", str(folder / "mine.toml")]
    assert main(["place", str(study), *asked, "--out", str(folder / "out")]) == 0
    return folder / "out"


class TestAfterAScenario:
    @pytest.fixture
    def out(self, after_first):
        return after_first

    def test_practices_are_placed_in_the_state_after_it(self, out, result):
        after = apply_to_study(result, read_scenario(out / "first_scenario.toml")).assessment
        total = after.by_area["kommune"].set_index("area_id").loc["all"]
        account = record_of(out)["placement"]
        assert account["value_before"] == pytest.approx(total["road_persons_two_or_more"])

    def test_the_scenario_has_both_and_the_files_say_so(self, out, result):
        scenario = read_scenario(out / "scenario.toml")
        assert scenario.actions[0].ydernummer == "012347"
        assert all(isinstance(one, Open) for one in scenario.actions[1:])
        record = record_of(out)
        names = [one["name"] for one in record["scenarios"]]
        assert names == ["Øst lukker", "Placering af 3 kapaciteter"]
        assert "Øst lukker" in record["study_title"]
        assert any("Øst lukker" in notice["da"] for notice in record["notices"])
        header = next(row for row in sheet(out, "Overblik") if row[0] == "Tal")
        assert names == [header[3], header[5]]
        after = apply_to_study(result, scenario).assessment
        total = after.by_area["kommune"].set_index("area_id").loc["all"]
        assert total["road_persons_two_or_more"] == record["placement"]["value_after"]

    def test_its_request_repeats_it_from_its_own_folder(self, out, study, tmp_path):
        asked = tomllib.loads((out / "place.toml").read_text("utf-8"))
        assert asked["scenario"] == "first_scenario.toml"
        again = tmp_path / "again"
        arguments = ["--request", str(out / "place.toml"), "--out", str(again)]
        assert main(["place", str(study), *arguments]) == 0
        for name in ("placement.csv", "place.toml", "first_scenario.toml", "scenario.toml"):
            assert (again / name).read_bytes() == (out / name).read_bytes()

    def test_a_placement_after_a_placement_has_a_name_of_its_own(self, placed, study, tmp_path):
        asked = [*ASKED, "--scenario", str(placed / "scenario.toml"), "--forced-out"]
        # Where a practice of the first placement is, its id is taken: other candidates are used.
        text = "id;x;y\n" + "".join(
            f"N{at};{WEST_M + at * 1000:.0f};{SOUTH_M + 3000:.0f}\n" for at in range(6)
        )
        (tmp_path / "mine.csv").write_text(text, "utf-8")
        asked = [one for one in asked if one not in ("--grid-m", "1000", "--forced-out")]
        asked += ["--candidates", str(tmp_path / "mine.csv"), "--out", str(tmp_path / "out")]
        assert main(["place", str(study), *asked]) == 0
        names = [one["name"] for one in record_of(tmp_path / "out")["scenarios"]]
        assert names == ["Placering af 3 kapaciteter", "Placering af 3 kapaciteter (2)"]


class TestOwnList:
    @pytest.fixture
    def listed(self, study, tmp_path):
        """Return a function that places among these rows, and gives the folder of outputs."""

        def run(text, *more):
            path = tmp_path / "Vores steder.csv"
            path.write_text(text, "utf-8")
            out = tmp_path / "out"
            asked = ["--capacities", "1", "--steps", "20", "--candidates", str(path)]
            assert main(["place", str(study), *asked, *more, "--out", str(out)]) == 0
            return out

        return run

    @pytest.mark.usefixtures("ran")
    def test_every_row_is_accounted_for(self, listed):
        near = f"{WEST_M + 1_010:.0f};{SOUTH_M + 1_000:.0f}"
        out = listed(
            "id;navn;x;y\n"
            f"A;Skolen;{WEST_M + 1_000:.0f};{SOUTH_M + 1_000:.0f}\n"
            f"B;Ved siden af;{near}\n"
            f"C;Uden vej;{OFF_ROAD}\n"
            "D;Uden sted;;\n"
        )
        left_out = {
            one["site_id"]: one["reason"] for one in record_of(out)["placement"]["left_out"]
        }
        assert left_out == {"B": "merged", "C": "no_road", "D": "no_place"}
        (account,) = [one for one in record_of(out)["inputs"] if one["role"] == "candidates"]
        assert account["file_name"] == "Vores steder.csv"
        assert (account["rows_read"], account["rows_kept"], account["merged_rows"]) == (4, 1, 1)
        assert account["dropped"] == {"too far from a road": 1, "without coordinates": 1}
        reasons = {row[0]: row[2] for row in sheet(out, "Udeladte steder")}
        assert reasons["D"] == "uden koordinater"
        basis = [row[0] for row in sheet(out, "Grundlag")]
        assert "Mulige steder" in basis

    @pytest.mark.usefixtures("ran")
    def test_the_list_is_kept_beside_the_outputs(self, listed, study, tmp_path):
        text = f"id;x;y\nA;{WEST_M + 1_000:.0f};{SOUTH_M + 1_000:.0f}\n"
        out = listed(text)
        assert (out / "own_candidates.csv").read_text("utf-8") == text
        asked = tomllib.loads((out / "place.toml").read_text("utf-8"))
        assert asked["candidates"] == "own_candidates.csv"
        again = tmp_path / "again"
        request = ["--request", str(out / "place.toml"), "--out", str(again)]
        assert main(["place", str(study), *request]) == 0
        assert (again / "placement.csv").read_bytes() == (out / "placement.csv").read_bytes()

    @pytest.mark.usefixtures("ran")
    def test_hostile_names_are_words_everywhere(self, listed, study, tmp_path):
        spots = [(east, north) for east in range(6) for north in range(6)]
        lines, names = ["id;navn;x;y"], [name.strip() for name in HOSTILE]
        for name, (east, north) in zip(names, spots, strict=False):
            quoted = '"' + name.replace('"', '""') + '"'
            lines.append(
                f"{quoted};{quoted};{WEST_M + east * 1000:.0f};{SOUTH_M + north * 1000:.0f}"
            )
        out = listed("\n".join(lines) + "\n", "--capacities", "10")
        for path in out.glob("*.csv"):
            if path.name.startswith("own_"):
                continue
            for field in (field for row in rows(path) for field in row.values() if field):
                is_number = re.fullmatch(r"-?\d+(,\d+)?", field)
                assert is_number or field.lstrip()[0] not in "=+-@", field
        book = openpyxl.load_workbook(out / "placement.xlsx")
        cells = [cell for page in book for row in page.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if cell.hyperlink]
        assert set(names) <= {cell.value for cell in cells}
        sites = {one.site_id for one in read_scenario(out / "scenario.toml").actions}
        assert sites == set(names)
        after = tmp_path / "after"
        scenario = str(out / "scenario.toml")
        assert main(["scenario", "apply", str(study), scenario, "--out", str(after)]) == 0
        assert not list(ROOT.glob("hostile-was-here"))


@pytest.fixture
def out(tmp_path):
    """A folder with an older output, which must stay as it is."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "placement.csv").write_text("older")
    (folder / "frontier.csv").write_text("older")
    return folder


def refused(arguments, out, capsys):
    """Run a command that is refused; return its exit code and messages. Nothing is touched."""
    code = main(["place", *arguments, "--out", str(out)])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err + printed.out
    left = {path.name: path.read_text() for path in out.iterdir()}
    assert left == {"placement.csv": "older", "frontier.csv": "older"}
    return code, printed.err


GRID = ["--grid-m", "1000", "--steps", "10"]
CASES = {
    "quotas above the total": (
        [*GRID, "--capacities", "2", "--quota", "0461=2:3", "0450=1:2"],
        ["the areas' least quotas sum to 3 capacities, the total is 2 capacities"],
    ),
    "no candidate left in an area": (
        [
            *("--candidates", "towns", "--capacities", "2"),
            *("--forced-out", "0450-oestby", "--quota", "0450=1:2"),
        ],
        ["area 0450 needs 1 capacity", "its 0 candidates hold at most 0 capacities"],
    ),
    "too much for one practice": (
        [*GRID, "--capacities", "3", "--practices", "1", "--most-capacities", "2"],
        ["the total is 3 capacities", "1 practices of at most 2 capacities hold 2 capacities"],
    ),
    "less than a practice": ([*GRID, "--capacities", "0,5"], ["0.5 capacities", "1"]),
    "a quarter of a capacity": ([*GRID, "--capacities", "1.25"], ["capacities is 1.25"]),
    "an area that is not there": (
        [*GRID, "--capacities", "1", "--quota", "0999=0:1"],
        ["the level kommune has no area '0999'"],
    ),
    "a level that is not there": (
        [*GRID, "--capacities", "1", "--level", "Sogn"],
        ["no level is called 'Sogn'", "Planområde"],
    ),
    "a candidate that is not there": (
        [*GRID, "--capacities", "1", "--forced-in", "K9"],
        ["'K9', which is no candidate"],
    ),
    "a practice that is not there": (
        [*GRID, "--capacities", "1", "--movable", "999999"],
        ["'999999', which is no practice of the register"],
    ),
    "forced sites too near to each other": (
        [*GRID, "--capacities", "2", "--forced-in", "6140_585", "6140_586", "--apart-m", "1500"],
        ["'6140_585' and '6140_586' are forced in", "1,500 m"],
    ),
    "everything wrong at once": (
        [*GRID, "--capacities", "1.25", "--seed", "-1", "--forced-in", "K9"],
        ["capacities is 1.25", "seed is -1", "'K9'"],
    ),
    "nothing to place": (GRID, ["capacities is missing", "command line"]),
    "an objective against itself": (
        [*GRID, "--capacities", "1", "--trade-off", "choice"],
        ["weighed against itself"],
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("ran")
def test_a_request_that_cannot_be_met_is_refused_with_its_numbers(case, study, out, capsys):
    arguments, parts = CASES[case]
    code, messages = refused([str(study), *arguments], out, capsys)
    assert code == errors.PlacementError.exit_code
    for part in parts:
        assert part in messages


@pytest.mark.usefixtures("ran")
def test_a_site_in_the_sea_is_refused_with_file_and_rows(study, out, tmp_path, capsys):
    path = tmp_path / "steder.csv"
    path.write_text(f"id;x;y\nA;{WEST_M};{SOUTH_M}\nB;{AT_SEA}\nC;{AT_SEA}\n", "utf-8")
    code, messages = refused(
        [str(study), "--capacities", "1", "--candidates", str(path)], out, capsys
    )
    assert code == errors.CoordinateError.exit_code
    for part in ("in the sea", "steder.csv, x and y", "2 rows: 3, 4"):
        assert part in messages


@pytest.mark.usefixtures("ran")
def test_a_site_without_a_road_may_not_be_forced_and_cannot_be_alone(study, out, tmp_path, capsys):
    path = tmp_path / "steder.csv"
    asked = [str(study), "--capacities", "1", "--candidates", str(path)]
    path.write_text(f"id;x;y\nA;{WEST_M};{SOUTH_M}\nB;{OFF_ROAD}\n", "utf-8")
    code, messages = refused([*asked, "--forced-in", "B"], out, capsys)
    assert code == errors.PlacementError.exit_code
    assert "'B', which is no candidate (left out: no_road)" in messages
    path.write_text(f"id;x;y\nB;{OFF_ROAD}\n", "utf-8")
    code, messages = refused(asked, out, capsys)
    assert code == errors.PlacementError.exit_code
    assert "the total is 1 capacity, and there are 0 candidates" in messages


@pytest.mark.usefixtures("ran")
def test_an_id_that_is_a_ydernummer_is_refused_with_its_row(study, out, tmp_path, capsys):
    path = tmp_path / "steder.csv"
    path.write_text(f"id;x;y\nA;{WEST_M};{SOUTH_M}\n012345;{WEST_M};{SOUTH_M}\n", "utf-8")
    code, messages = refused(
        [str(study), "--capacities", "1", "--candidates", str(path)], out, capsys
    )
    assert code == errors.DuplicateIdError.exit_code
    assert "steder.csv" in messages
    assert "1 row: 3 (012345)" in messages


def test_an_objective_without_its_data(tmp_path, out, capsys):
    """Nobody's capacity is known, so that no room is: neither for the answer nor to weigh."""
    register = NEAR.get("register") or write_register_without_capacities()
    study = write_study(tmp_path / "study", **{**NEAR, "register": register})
    for asked in (["--objective", "shortage"], ["--trade-off", "shortage"]):
        arguments = [str(study), *GRID, "--capacities", "1", *asked]
        code, messages = refused(arguments, out, capsys)
        assert code == errors.PlacementError.exit_code
        assert "shortage" in messages


def write_register_without_capacities():
    return (
        "Ydernr;Praksisnavn;Adresse;Postnr;By;Tilgang\n"
        "012345;Lægerne Vest;Prøvevej 1;5000;Prøveby;Åben\n"
        "012346;Lægerne Midt;Prøvevej 15;5000;Prøveby;Lukket\n"
        "012347;Lægerne Øst;Prøvevej 36;5000;Prøveby;Åben\n"
    )


def test_towns_without_towns(tmp_path, out, capsys):
    bare = {name: text for name, text in NEAR.items() if name not in ("towns", "skal_areas")}
    study = write_study(tmp_path / "study", **bare)
    arguments = [str(study), "--capacities", "1", "--candidates", "towns"]
    code, messages = refused(arguments, out, capsys)
    assert code == errors.PlacementError.exit_code
    assert "the study has no table of towns" in messages


def test_a_request_of_a_newer_version_is_refused_before_anything_is_measured(
    study, out, tmp_path, capsys
):
    path = tmp_path / "place.toml"
    path.write_text("format = 2\ncapacities = 3\n", "utf-8")
    code, messages = refused([str(study), "--request", str(path)], out, capsys)
    assert code == errors.PlacementError.exit_code
    assert "version 2; this program reads up to 1" in messages
    assert "travel" not in messages
    assert path.read_text("utf-8").startswith("format = 2")


@pytest.mark.usefixtures("ran")
def test_a_first_scenario_that_cannot_be_carried_out_is_told_with_its_file(
    study, out, tmp_path, capsys
):
    path = tmp_path / "mine.toml"
    path.write_text(FIRST.replace("012347", "999999"), "utf-8")
    arguments = [str(study), *GRID, "--capacities", "1", "--scenario", str(path)]
    code, messages = refused(arguments, out, capsys)
    assert code == errors.ScenarioError.exit_code
    for part in ("mine.toml", "action 1 (close 999999): the register has no such practice"):
        assert part in messages


@pytest.mark.usefixtures("ran")
def test_a_scenario_of_another_register_is_carried_over_only_if_asked(study, out, tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(f'register_sha256 = "{"f" * 64}"\n{FIRST}', "utf-8")
    arguments = [str(study), *GRID, "--capacities", "1", "--scenario", str(path)]
    code, messages = refused(arguments, out, capsys)
    assert code == errors.ScenarioError.exit_code
    assert "--by-ydernummer" in messages
    again = tmp_path / "again"
    assert main(["place", *arguments, "--by-ydernummer", "--out", str(again)]) == 0
    first, last = record_of(again)["scenarios"]
    assert (first["carried_over"], last["carried_over"]) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--request", "no.toml"], errors.MissingFileError),
        (["--capacities", "1", "--scenario", "no.toml"], errors.MissingFileError),
        (["--capacities", "1", "--candidates", "no.csv"], errors.MissingFileError),
    ],
)
@pytest.mark.usefixtures("ran")
def test_a_file_that_is_not_there(arguments, error, study, out, capsys):
    code, messages = refused([str(study), *arguments], out, capsys)
    assert code == error.exit_code
    assert "no." in messages


@pytest.mark.parametrize(
    "flag", [["--quota", "0461"], ["--quota", "0461=1"], ["--quota", "0461=a:2"], ["--gap", "x"]]
)
def test_flags_that_cannot_be_read_are_exit_code_2(flag, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["place", "study.toml", "--out", "x", "--capacities", "1", *flag])
    assert caught.value.code == 2
    assert "usage: laegedaekning place" in capsys.readouterr().err


def test_a_rule_that_forbids_what_was_found_is_told_with_its_clause(tmp_path, out, capsys):
    overrides = '"scenario.forbid_restrictive" = true\n'
    strict = write_study(tmp_path / "strict", **{**NEAR, "study": NEAR["study"] + overrides})
    arguments = [str(strict), *GRID, "--capacities", "1", "--quota", "0461=1:1"]
    code, messages = refused(arguments, out, capsys)
    assert code == errors.ScenarioError.exit_code
    for part in ("cannot be carried out", "scenario.forbid_restrictive", "--forced-out", "Source"):
        assert part in messages


@contextmanager
def stopped_at_once():
    yield lambda: False


@pytest.mark.usefixtures("ran")
def test_an_interrupted_search_is_marked_in_every_output(study, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(place_command, "keeping_best", stopped_at_once)
    out = tmp_path / "out"
    assert main(["place", str(study), *ASKED, *MORE, "--out", str(out)]) == 0
    account = record_of(out)["placement"]
    assert account["stopped_by"] == "interrupted"
    assert account["interrupted"] == ["placement", "frontier", "trade_off"]
    assert (account["bound"], account["frontier"], account["trade_off"]) == (None, [], [])
    assert {row["Søgningen sluttede"] for row in rows(out / "placement.csv")} == {"interrupted"}
    assert "AFBRUDT" in read_scenario(out / "scenario.toml").note
    text = [row[0] for row in sheet(out, "Svar") if row[0]]
    assert len([line for line in text if str(line).startswith("AFBRUDT")]) == 2
    assert "AFBRUDT" in capsys.readouterr().out
    assert not (out / "frontier.csv").exists()


@pytest.mark.usefixtures("ran")
def test_a_frontier_that_was_stopped_says_so_in_every_row(study, tmp_path, monkeypatch, answer):
    """Stopped after the first row: the placement itself is whole, and proved."""
    stopped = []

    def first_row(stage, share):
        if stage == "frontier" and share > 0:
            stopped.append(share)

    @contextmanager
    def until_then():
        yield lambda: not stopped

    monkeypatch.setattr(place_command, "keeping_best", until_then)
    own = place_command.SearchLines.progress

    def listening(self, stage, share):
        first_row(stage, share)
        own(self, stage, share)

    monkeypatch.setattr(place_command.SearchLines, "progress", listening)
    out = tmp_path / "out"
    assert main(["place", str(study), *ASKED, "--frontier", "--out", str(out)]) == 0
    found = rows(out / "frontier.csv")
    assert [(row["Afbrudt"], float(row["Værdi"])) for row in found] == [
        ("ja", answer[0].sites["value"].iloc[0])
    ]
    account = record_of(out)["placement"]
    assert (account["stopped_by"], account["interrupted"]) == ("optimal", ["frontier"])
    assert any(str(row[0]).startswith("AFBRUDT") for row in sheet(out, "Svar"))


class TestCtrlC:
    """A real signal to a real process. It is sent when the search is known to be on."""

    @pytest.fixture
    def running(self, study, tmp_path):
        out = tmp_path / "out"
        search = ["--capacities", "3", "--grid-m", "1000", "--steps", "100000000"]
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "coverage", "place", str(study), *search, "--out", str(out)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.wait_for(process, "prepare done")
        yield process, out
        process.kill()
        process.communicate()

    def wait_for(self, process, text):
        for line in process.stderr:
            if text in line:
                return
        pytest.fail(f"'{text}' was never said")

    def test_once_gives_the_best_found_so_far(self, running):
        process, out = running
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert "best found so far" in said
        assert "AFBRUDT" in printed
        account = record_of(out)["placement"]
        assert account["stopped_by"] == "interrupted"
        assert len(account["sites"]) == 3
        assert account["gain"] > 0

    def test_twice_ends_at_once_and_writes_nothing(self, running):
        process, out = running
        process.send_signal(signal.SIGINT)
        self.wait_for(process, "best found so far")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 130
        assert "no output was written" in said
        assert not out.exists()


def test_help_says_what_can_be_asked(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["place", "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    for flag in ("--capacities", "--quota", "--no-proof", "--frontier", "--request"):
        assert flag in printed


def test_the_objectives_of_the_flag_are_those_of_the_placement():
    from coverage.placement.request import OBJECTIVES  # noqa: PLC0415 - beside its use

    assert place_command._OBJECTIVES == OBJECTIVES
