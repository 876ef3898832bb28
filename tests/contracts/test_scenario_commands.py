"""``scenario apply`` and ``scenario compare`` from files to files, and every way to be refused."""

import csv
import hashlib
import json
import signal
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from coverage import errors, scenario_study
from coverage.cli import main
from coverage.commands import scenario_commands
from coverage.exports.scenario_outputs import COMPARISON_OUTPUTS, SCENARIO_OUTPUTS
from coverage.scenario import apply as scenario_apply
from coverage.scenario_files import read_scenario, write_scenario
from coverage.scenario_study import apply_checked, apply_to_study, compare_in_study
from coverage.study import run_study
from coverage.study_file import load_study
from tests.tiny_study import PLAN, SOUTH_M, WEST_M, write_study

HEAD = 'format = 1\nname = "{name}"\n'
CLOSE = '[[action]]\nkind = "close"\nydernummer = "{0}"\n'
OPEN = (
    '[[action]]\nkind = "open"\nsite_id = "K1"\nname = "Ny klinik"\n'
    "x_m = {x}\ny_m = {y}\ncapacities = 1.5\n"
)
ON_LAND = {"x": WEST_M + 4_000.0, "y": SOUTH_M + 1_000.0}
# In the Kattegat, in Denmark's bounds and far from every road.
AT_SEA = {"x": 650_000.0, "y": 6_230_000.0}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A sound study with every optional file, its roads already prepared."""
    study = write_study(tmp_path_factory.mktemp("plan") / "study", **PLAN)
    run_study(load_study(study))
    return study


def write(folder: Path, file_name: str, text: str, name: str = "Et scenarie") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name
    path.write_text(HEAD.format(name=name) + text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def closing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    return write(folder, "lukker.toml", CLOSE.format("012347"), "Øst lukker")


@pytest.fixture(scope="module")
def opening(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    return write(folder, "åbner.toml", OPEN.format(**ON_LAND), "Ny i øst")


@pytest.fixture(scope="module")
def applied(study, closing, tmp_path_factory):
    out = tmp_path_factory.mktemp("applied") / "out"
    assert main(["scenario", "apply", str(study), str(closing), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def compared(study, closing, opening, tmp_path_factory):
    out = tmp_path_factory.mktemp("compared") / "out"
    files = [str(closing), str(opening)]
    assert main(["scenario", "compare", str(study), *files, "--out", str(out)]) == 0
    return out


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def contents(folder):
    """Return the bytes of every file; of run.json without what the clock says."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    record = json.loads(found["run.json"])
    record["timings_s"] = {}
    found["run.json"] = json.dumps(record).encode()
    return found


class TestApply:
    def test_it_writes_every_output_of_a_run_the_comparison_and_the_scenario(self, applied):
        assert {path.name for path in applied.iterdir()} == set(SCENARIO_OUTPUTS)

    def test_the_outputs_are_of_the_register_after_the_scenario(self, applied):
        ydernumre = {row["Ydernummer"] for row in rows(applied / "practices.csv")}
        assert ydernumre == {"012345", "012346"}

    def test_every_table_names_the_scenario(self, applied):
        title = "Prøveby – scenarie: Øst lukker"
        for name in ("choice_by_area.csv", "capacity_by_area.csv", "practices.csv"):
            assert {row["Undersøgelse"] for row in rows(applied / name)} == {title}
        assert "Øst lukker" in rows(applied / "choice_by_area.csv")[0]["Forbehold"]
        for name in ("choice.xlsx", "praksisplan.xlsx"):
            for sheet in openpyxl.load_workbook(applied / name):
                assert next(sheet.iter_rows(values_only=True))[0].startswith(title), sheet.title
        assert title in (applied / "map.html").read_text("utf-8")

    def test_the_account_says_which_scenario_and_whose_register(self, applied, closing, result):
        record = json.loads((applied / "run.json").read_text("utf-8"))
        (account,) = record["scenarios"]
        assert account["name"] == "Øst lukker"
        assert account["file_name"] == "lukker.toml"
        assert account["sha256"] == hashlib.sha256(closing.read_bytes()).hexdigest()
        assert account["actions"] == 1
        register = next(one for one in result.stamp.inputs if one.role == "practices")
        assert account["register_sha256"] == register.sha256
        assert record["row_counts"]["practices"] == 2
        assert set(record["outputs"]) == set(SCENARIO_OUTPUTS) - {"run.json"}
        basis = openpyxl.load_workbook(applied / "praksisplan.xlsx")["Grundlag"]
        cells = {cell.value for row in basis.iter_rows() for cell in row}
        assert {"Scenarie: Øst lukker", "lukker.toml", account["sha256"]} <= cells

    @pytest.mark.usefixtures("ran")
    def test_the_folder_can_be_replayed(self, applied, study, closing, tmp_path):
        replayed = applied / "scenario.toml"
        assert replayed.read_bytes() == closing.read_bytes()
        again = tmp_path / "out"
        assert main(["scenario", "apply", str(study), str(replayed), "--out", str(again)]) == 0
        one, other = contents(applied), contents(again)
        # The file has another name, which the account and the sheets "Grundlag" say.
        named = {"run.json", "choice.xlsx", "praksisplan.xlsx", "comparison.xlsx"}
        assert {name for name in one if one[name] != other[name]} == named

    @pytest.mark.usefixtures("ran")
    def test_the_same_inputs_give_the_same_bytes(self, applied, study, closing, tmp_path):
        out = tmp_path / "out"
        assert main(["scenario", "apply", str(study), str(closing), "--out", str(out)]) == 0
        assert contents(out) == contents(applied)

    @pytest.mark.usefixtures("ran")
    def test_warnings_are_printed_and_written_with_their_clause(self, study, tmp_path, capsys):
        every = "".join(CLOSE.format(number) for number in ("012345", "012346", "012347"))
        path = write(tmp_path, "alle.toml", every, "Alle lukker")
        out = tmp_path / "out"
        assert main(["scenario", "apply", str(study), str(path), "--out", str(out)]) == 0
        printed = capsys.readouterr().out
        assert "! Alle lukker: Advarsel, handling" in printed
        assert "mister sin sidste praksis. Kilde: " in printed
        (account,) = json.loads((out / "run.json").read_text("utf-8"))["scenarios"]
        assert account["findings"]
        for finding in account["findings"]:
            assert finding["rule"] == "scenario.forbid_last_of_skal"
            assert finding["clause"]["en"].startswith("Source: ")
        sheet = openpyxl.load_workbook(out / "comparison.xlsx")["Handlinger"]
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert cells.count("Advarsel") == len(account["findings"])

    @pytest.mark.usefixtures("ran")
    def test_a_clean_scenario_says_so_in_english_too(self, study, opening, tmp_path, capsys):
        out = tmp_path / "out"
        arguments = [str(study), str(opening), "--out", str(out), "--language", "en"]
        assert main(["scenario", "apply", *arguments]) == 0
        printed = capsys.readouterr()
        assert "Ny i øst: no action touches a rule." in printed.out
        assert "Prøveby – scenario: Ny i øst" in printed.out
        assert "scenarios done" in printed.err
        assert "outputs done" in printed.err


class TestCompare:
    def test_it_writes_the_comparison_and_its_account(self, compared):
        assert {path.name for path in compared.iterdir()} == set(COMPARISON_OUTPUTS)
        record = json.loads((compared / "run.json").read_text("utf-8"))
        assert [one["name"] for one in record["scenarios"]] == ["Øst lukker", "Ny i øst"]
        assert record["study_title"] == "Prøveby"

    def test_read_back_it_gives_the_librarys_numbers(self, compared, result, closing, opening):
        variants = [apply_to_study(result, read_scenario(path)) for path in (closing, opening)]
        expected = compare_in_study(result, variants, baseline_name="Udgangspunkt").by_area
        found = rows(compared / "comparison.csv")
        assert len(found) == len(expected)
        half = {"%": 0.05, "km": 0.005, "praksis": 0.0, "0 til 1": 0.0005}
        for row, own in zip(found, expected.to_dict("records"), strict=True):
            assert (row["Scenarie"], row["Tallets kode"]) == (own["variant"], own["figure"])
            scale = 1000 if row["Enhed"] == "km" else 1
            for header, state in (("Før", "before"), ("Efter", "after"), ("Forskel", "difference")):
                if own[state] != own[state]:
                    assert row[header] == ""
                    continue
                error = 1.0 if "person" in row["Enhed"] else half.get(row["Enhed"], 0.05)
                error *= 2 if state == "difference" else 1
                shown = float(row[header].replace(",", "."))
                assert shown == pytest.approx(own[state] / scale, abs=error + 1e-9), row

    def test_csv_and_workbook_say_the_same(self, compared):
        book = openpyxl.load_workbook(compared / "comparison.xlsx")
        table = [list(row) for row in book["Overblik"].iter_rows(values_only=True)]
        start = next(number for number, row in enumerate(table) if row[0] == "Tal")
        header = table[start]
        at = header.index("Ny i øst")
        after = {row[0]: row[at] for row in table[start + 1 :]}
        found = [
            row
            for row in rows(compared / "comparison.csv")
            if row["Scenarie"] == "Ny i øst"
            and (row["Niveau"], row["Område"]) == ("Kommune", "I alt")
        ]
        assert len(found) > 20
        for row in found:
            shown = float(row["Efter"].replace(",", ".")) if row["Efter"] else None
            assert after[row["Tal"]] == pytest.approx(shown)

    def test_losing_places_are_those_of_the_closing(self, compared):
        found = rows(compared / "losing_places.csv")
        assert {row["Scenarie"] for row in found} == {"Øst lukker"}
        persons = [int(row["Mister lægevalget"]) for row in found]
        assert persons == sorted(persons, reverse=True)
        # With P3 one open practice is left to everybody.
        assert sum(persons) == 2500

    @pytest.mark.usefixtures("ran")
    def test_the_same_inputs_give_the_same_bytes(self, compared, study, closing, opening, tmp_path):
        out = tmp_path / "out"
        files = [str(closing), str(opening)]
        assert main(["scenario", "compare", str(study), *files, "--out", str(out)]) == 0
        assert contents(out) == contents(compared)


class TestCompareInterrupted:
    """What is measured when Ctrl-C comes is compared, and marked."""

    @pytest.fixture
    def interrupted(self, study, closing, opening, tmp_path, monkeypatch, capsys):
        @contextmanager
        def asked_at_once(_first):
            yield lambda: False

        monkeypatch.setattr(scenario_commands, "keeping_best", asked_at_once)
        out = tmp_path / "out"
        files = [str(closing), str(opening)]
        assert main(["scenario", "compare", str(study), *files, "--out", str(out)]) == 0
        return out, capsys.readouterr().out

    @pytest.mark.usefixtures("ran")
    def test_the_figures_are_of_what_was_measured(self, interrupted, compared):
        out, printed = interrupted
        found = rows(out / "comparison.csv")
        wanted = [
            row for row in rows(compared / "comparison.csv") if row["Scenarie"] == "Øst lukker"
        ]
        titles = {row.pop("Undersøgelse") for row in found}
        assert titles == {"Prøveby – AFBRUDT, ikke alle scenarier er med"}
        for row in wanted:
            row.pop("Undersøgelse")
        assert found == wanted
        assert "Øst lukker: " in printed

    @pytest.mark.usefixtures("ran")
    def test_what_is_left_out_is_named_everywhere(self, interrupted):
        out, printed = interrupted
        told = (
            "Sammenligningen blev afbrudt, før disse scenarier var regnet; "
            "de er ikke med: Ny i øst."
        )
        assert f"! {told}" in printed
        record = json.loads((out / "run.json").read_text("utf-8"))
        assert record["not_compared"] == ["Ny i øst"]
        assert [one["name"] for one in record["scenarios"]] == ["Øst lukker"]
        book = openpyxl.load_workbook(out / "comparison.xlsx")
        for sheet in book:
            assert "AFBRUDT" in next(sheet.iter_rows(values_only=True))[0], sheet.title
        cells = [cell.value for row in book["Grundlag"].iter_rows() for cell in row]
        assert any(told in str(cell) for cell in cells)

    @pytest.mark.usefixtures("ran")
    def test_one_signal_stops_after_the_scenario_that_is_measured(
        self, study, closing, opening, tmp_path, monkeypatch, capsys
    ):
        def measured(result, checked):
            signal.raise_signal(signal.SIGINT)
            return apply_checked(result, checked)

        monkeypatch.setattr(scenario_study, "apply_checked", measured)
        out = tmp_path / "out"
        files = [str(closing), str(opening)]
        assert main(["scenario", "compare", str(study), *files, "--out", str(out)]) == 0
        assert "Stopping with the scenarios measured so far" in capsys.readouterr().err
        record = json.loads((out / "run.json").read_text("utf-8"))
        assert record["not_compared"] == ["Ny i øst"]

    @pytest.mark.usefixtures("ran")
    def test_a_second_signal_writes_nothing(
        self, study, closing, opening, tmp_path, monkeypatch, capsys
    ):
        def measured(_result, _checked):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(scenario_study, "apply_checked", measured)
        out = tmp_path / "out"
        files = [str(closing), str(opening)]
        assert main(["scenario", "compare", str(study), *files, "--out", str(out)]) == 130
        assert "no output was written" in capsys.readouterr().err
        assert not out.exists()


CASES = {
    "an unknown ydernummer": (
        CLOSE.format("999999"),
        ["x.toml", "action 1 (close 999999): the register has no such practice"],
    ),
    "a place in the sea": (
        OPEN.format(**AT_SEA),
        ["x.toml", "action 1 (open K1): no road within", "on land, near a road"],
    ),
    "degrees for metres": (
        OPEN.format(x=10.39, y=55.39),
        ["x.toml", "action 1 (open K1)", "no place in Denmark", "EPSG:25832"],
    ),
    "closing what is closed": (
        CLOSE.format("012345") * 2,
        ["x.toml", "action 2 (close 012345): the practice is closed already"],
    ),
    "several at once": (
        CLOSE.format("999999") + OPEN.format(**AT_SEA) + CLOSE.format("888888"),
        ["action 1 (close 999999)", "action 2 (open K1)", "action 3 (close 888888)"],
    ),
    "another register": (
        f'register_sha256 = "{"f" * 64}"\n' + CLOSE.format("012345"),
        ["x.toml", "another register", "ffffffffffff", "--by-ydernummer"],
    ),
    "a kind that does not exist": (
        '[[action]]\nkind = "merge"\nydernummer = "012345"\n',
        ["x.toml", "action 1: kind is 'merge'", "open_satellite"],
    ),
}


@pytest.fixture
def out(tmp_path):
    """A folder with an older output, which must stay as it is."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "comparison.csv").write_text("older")
    return folder


def refused(arguments, out, capsys):
    """Run a command that is refused; return its exit code and messages. Nothing is touched."""
    paths = [Path(one) for one in arguments if one.endswith(".toml") and Path(one).is_file()]
    before = {path: path.read_bytes() for path in paths}
    code = main(["scenario", *arguments, "--out", str(out)])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err + printed.out
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [
        ("comparison.csv", "older")
    ]
    assert {path: path.read_bytes() for path in paths} == before
    return code, printed.err


@pytest.mark.parametrize("command", ["apply", "compare"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.usefixtures("ran")
def test_bad_scenarios_are_refused_and_nothing_is_touched(
    command, case, study, tmp_path, out, capsys
):
    text, parts = CASES[case]
    path = write(tmp_path, "x.toml", text)
    code, messages = refused([command, str(study), str(path)], out, capsys)
    assert code == errors.ScenarioError.exit_code
    for part in parts:
        assert part in messages


@pytest.mark.parametrize("command", ["apply", "compare"])
@pytest.mark.usefixtures("ran")
def test_a_file_of_a_newer_version(command, study, tmp_path, out, capsys):
    path = tmp_path / "new.toml"
    path.write_text('format = 2\nname = "x"\n', "utf-8")
    code, messages = refused([command, str(study), str(path)], out, capsys)
    assert code == errors.ScenarioError.exit_code
    assert "new.toml" in messages
    assert "version 2" in messages
    assert "travel" not in messages, "nothing was measured for it"


def test_a_file_that_is_not_there(study, tmp_path, out, capsys):
    code, messages = refused(["apply", str(study), str(tmp_path / "no.toml")], out, capsys)
    assert code == errors.MissingFileError.exit_code
    assert "no.toml" in messages


def test_a_forbidden_action_is_refused_with_its_clause(tmp_path, out, capsys):
    overrides = '\n[rules.overrides]\n"scenario.forbid_last_of_skal" = true\n'
    strict = write_study(tmp_path / "strict", **{**PLAN, "study": PLAN["study"] + overrides})
    every = "".join(CLOSE.format(number) for number in ("012345", "012346", "012347"))
    path = write(tmp_path, "x.toml", every)
    code, messages = refused(["apply", str(strict), str(path)], out, capsys)
    assert code == errors.ScenarioError.exit_code
    for part in ("x.toml", "forbids", "scenario.forbid_last_of_skal", "last practice", "Source: "):
        assert part in messages


@pytest.mark.usefixtures("ran")
def test_two_scenarios_of_one_name_are_refused(study, closing, tmp_path, out, capsys):
    twin = write(tmp_path, "tvilling.toml", CLOSE.format("012345"), "Øst lukker")
    code, messages = refused(["compare", str(study), str(closing), str(twin)], out, capsys)
    assert code == errors.ScenarioError.exit_code
    assert "'Øst lukker' is used 2 times" in messages


@pytest.mark.usefixtures("ran")
def test_a_scenario_that_is_called_as_the_baseline_is_refused(study, tmp_path, out, capsys):
    path = write(tmp_path, "x.toml", CLOSE.format("012345"), "Udgangspunkt")
    code, messages = refused(["compare", str(study), str(path)], out, capsys)
    assert code == errors.ScenarioError.exit_code
    assert "'Udgangspunkt'" in messages


@pytest.mark.usefixtures("ran")
def test_all_problems_of_all_files_are_said_at_once_and_nothing_is_measured(
    study, closing, tmp_path, out, capsys, monkeypatch
):
    def measure(*_):
        pytest.fail("a scenario was measured")

    monkeypatch.setattr(scenario_apply, "reassess", measure)
    unknown = write(tmp_path, "ukendt.toml", CLOSE.format("999999"), "ukendt")
    at_sea = write(tmp_path, "vand.toml", OPEN.format(**AT_SEA), "vand")
    newer = tmp_path / "ny.toml"
    newer.write_text('format = 9\nname = "ny"\n', "utf-8")
    missing = tmp_path / "mangler.toml"
    files = [str(path) for path in (missing, closing, unknown, newer, at_sea)]
    code, messages = refused(["compare", str(study), *files], out, capsys)
    assert code == errors.MissingFileError.exit_code, "that of the first"
    for part in ("mangler.toml", "999999", "ny.toml", "version 9", "vand.toml", "no road within"):
        assert part in messages


@pytest.mark.usefixtures("ran")
def test_by_ydernummer_carries_a_scenario_over_and_says_so(study, tmp_path):
    text = f'register_sha256 = "{"f" * 64}"\n' + CLOSE.format("012347")
    path = write(tmp_path, "x.toml", text)
    out = tmp_path / "out"
    arguments = ["scenario", "apply", str(study), str(path), "--out", str(out)]
    assert main([*arguments, "--by-ydernummer"]) == 0
    (account,) = json.loads((out / "run.json").read_text("utf-8"))["scenarios"]
    assert account["carried_over"] is True
    assert account["register_sha256"] != "f" * 64
    assert (out / "scenario.toml").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("command", ["apply", "compare"])
@pytest.mark.usefixtures("ran")
def test_ctrl_c_while_scenarios_are_measured_writes_nothing(
    command, study, closing, out, capsys, monkeypatch
):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(scenario_apply, "reassess", interrupt)
    code, messages = refused([command, str(study), str(closing)], out, capsys)
    assert code == 130
    assert "Interrupted; no output was written." in messages


@pytest.mark.usefixtures("ran")
def test_a_folder_that_is_a_file_is_refused(study, closing, tmp_path, capsys):
    (tmp_path / "out").write_text("a file")
    code = main(["scenario", "compare", str(study), str(closing), "--out", str(tmp_path / "out")])
    assert code == errors.OutputError.exit_code
    assert (tmp_path / "out").read_text() == "a file"
    assert "out" in capsys.readouterr().err


@pytest.mark.usefixtures("ran")
def test_a_scenario_that_was_saved_gives_what_its_text_gives(study, closing, tmp_path, applied):
    saved = tmp_path / "saved.toml"
    write_scenario(saved, read_scenario(closing))
    out = tmp_path / "out"
    assert main(["scenario", "apply", str(study), str(saved), "--out", str(out)]) == 0
    one, other = contents(applied), contents(out)
    for name in ("choice_by_area.csv", "comparison.csv", "map.html", "coverage.gpkg"):
        assert one[name] == other[name], name


def test_help_names_both_commands(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["scenario", "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert "apply" in printed
    assert "compare" in printed
