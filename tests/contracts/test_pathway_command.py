"""``pathway`` from files to files: the library's numbers, Ctrl-C, processes, and every refusal."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from coverage import errors
from coverage import study as study_module
from coverage.cli import main
from coverage.exports.pathway_outputs import PATHWAY_FILES, PATHWAY_OUTPUTS
from coverage.exports.withholding import withhold_path
from coverage.pathway import monte_carlo
from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import build_pathway
from coverage.study import run_study
from coverage.study_file import load_study
from coverage.wording import say
from tests.path_town import assert_nothing_follows
from tests.tiny_study import PLAN, write_study

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "data" / "demo" / "study.toml"
WITHHELD = say("annex.withheld", "da")
# So that of the tiny study's four doctors something is told.
TOLD = {**PLAN, "study": PLAN["study"] + '\n[rules.overrides]\n"publication.min_doctors" = 1\n'}
OPENS = (
    'format = 1\nname = "Midt åbner"\n[[action]]\nkind = "set_intake"\nydernummer = "012346"\n'
    "intake_open = true\n"
)
BARE = """\
Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte;Tilgang;Praksisform
012345;Lægerne Vest;Prøvevej 1;5000;Prøveby;2;3.210;Åben;Kompagniskab
012346;Lægerne Midt;Prøvevej 15;5000;Prøveby;1,5;2.405;Lukket;Solo
"""
CLOSES = 'format = 1\nname = "Øst lukker"\n[[action]]\nkind = "close"\nydernummer = "{0}"\n'


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A sound study with every optional file, its roads already prepared."""
    return write_study(tmp_path_factory.mktemp("plan") / "study", **TOLD)


@pytest.fixture(scope="module")
def written(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("written") / "out"
    assert pathway(study, out, "--runs", "60", "--seed", "5") == 0
    return out


def pathway(study, out, *options):
    return main(["pathway", str(study), "--out", str(out), *options])


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def record(folder):
    return json.loads((folder / "run.json").read_text("utf-8"))


def contents(folder):
    """Return the bytes of every file; of run.json without what the clock says."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    found["run.json"] = json.dumps({**record(folder), "timings_s": {}}).encode()
    return found


def column(name):
    return say(f"pathway.column.{name}", "da")


def number(text):
    return float(text.replace(",", ".")) if text else np.nan


class TestOutputs:
    def test_it_writes_every_file_and_accounts_for_it(self, written):
        assert {path.name for path in written.iterdir()} == set(PATHWAY_OUTPUTS)
        account = record(written)
        assert account["trial"] == {
            "runs_asked": 60,
            "runs": 60,
            "seed": 5,
            "spread": 1.0,
            "interrupted": False,
        }
        for name, told in account["outputs"].items():
            assert hashlib.sha256((written / name).read_bytes()).hexdigest() == told["sha256"]

    def test_read_back_the_csv_files_give_the_librarys_numbers(self, written, result):
        path = build_pathway(result.assessment)
        found = rows(written / "pathway_by_area.csv")
        assert len(found) == len(path.by_area)
        for name in ("capacities_retired", "capacities_opened", "capacities_end", "doctors"):
            shown = [number(one[column(name)]) for one in found]
            np.testing.assert_allclose(shown, path.by_area[name], rtol=0, atol=0.005 + 1e-9)
        by_year = rows(written / "pathway_by_year.csv")
        assert [one[column("year")] for one in by_year] == [str(year) for year in path.model.years]
        for name in ("capacities_lapsed", "available_capacities", "unused_capacities"):
            shown = [number(one[column(name)]) for one in by_year]
            np.testing.assert_allclose(shown, path.by_year[name], rtol=0, atol=0.005 + 1e-9)
        bands = run_trial(path, Trial(runs=60, seed=5))
        long = rows(written / "pathway_bands.csv")
        own = [one for one in long if one[column("figure_code")] == "capacities"]
        table = bands.table[bands.table["measure"] == "capacities"]
        for name in ("mean", "p10", "p50", "p90"):
            shown = [number(one[column(name)]) for one in own]
            np.testing.assert_allclose(shown, table[name], rtol=0, atol=0.005 + 1e-9)
        own = [one for one in long if one[column("figure_code")] == "signal_probability"]
        shown = [number(one[column("probability_pct")]) for one in own]
        exact = bands.probabilities["signal_probability"] * 100
        np.testing.assert_allclose(shown, exact, rtol=0, atol=0.05 + 1e-9)

    def test_the_workbook_has_the_figures_of_the_csv_files(self, written):
        book = openpyxl.load_workbook(written / "pathway.xlsx")
        for file_name, table in PATHWAY_FILES.items():
            sheet = book[say(f"pathway.table.{table}", "da")]
            lines = [list(line) for line in sheet.iter_rows(values_only=True)]
            header = next(at for at, line in enumerate(lines) if line[0] == column("year"))
            names = [name for name in lines[header] if name is not None]
            below = lines[header + 1 :]
            found = rows(written / file_name)
            assert len(below) == len(found)
            for line, one in zip(below, found, strict=True):
                for name, cell in zip(names, line, strict=False):
                    text = one[name].removeprefix("'")
                    if isinstance(cell, int | float):
                        assert number(text) == pytest.approx(cell, abs=0.05), name
                    else:
                        assert (cell or "") == text, name

    def test_the_same_seed_gives_the_same_bytes_by_two_processes(self, study, written, tmp_path):
        options = ("--runs", "60", "--seed", "5", "--processes", "2")
        assert pathway(study, tmp_path, *options) == 0
        assert contents(tmp_path) == contents(written)

    @pytest.mark.usefixtures("ran")
    def test_another_seed_gives_other_bands_and_the_same_path(self, study, written, tmp_path):
        assert pathway(study, tmp_path, "--runs", "60", "--seed", "6") == 0
        one, other = contents(tmp_path), contents(written)
        assert one["pathway_bands.csv"] != other["pathway_bands.csv"]
        assert one["pathway_by_area.csv"] == other["pathway_by_area.csv"]

    @pytest.mark.usefixtures("ran")
    def test_without_runs_an_older_file_of_bands_does_not_remain(self, study, tmp_path, capsys):
        (tmp_path / "pathway_bands.csv").write_text("older")
        assert pathway(study, tmp_path, "--runs", "0") == 0
        assert rows(tmp_path / "pathway_bands.csv") == []
        assert record(tmp_path)["trial"]["runs_asked"] == 0
        assert "gennemløb" not in capsys.readouterr().out

    @pytest.mark.usefixtures("ran")
    def test_without_spread_bands_are_the_path(self, study, tmp_path):
        assert pathway(study, tmp_path, "--runs", "3", "--spread", "0") == 0
        for one in rows(tmp_path / "pathway_bands.csv"):
            assert one[column("p10")] == one[column("p90")]

    @pytest.mark.usefixtures("ran")
    def test_it_prints_the_answer_in_the_language_asked_for(self, study, tmp_path, capsys):
        assert pathway(study, tmp_path, "--runs", "3", "--language", "en") == 0
        printed = capsys.readouterr()
        assert "From today's 4.5 capacities to 7.5 in 2035" in printed.out
        assert "3 runs of chance" in printed.out
        assert f"Written to {tmp_path}: pathway_by_area.csv" in printed.out
        done = ["travel done", "pathway done", "runs done", "outputs done"]
        assert printed.err.splitlines() == done
        assert "Level" in (tmp_path / "pathway_by_area.csv").read_text("utf-8-sig")

    def test_a_study_without_projection_or_ages_runs_with_its_notices(self, tmp_path, capsys):
        bare = write_study(tmp_path / "bare", register=BARE)
        assert pathway(bare, tmp_path / "out", "--runs", "2") == 0
        told = [notice["da"] for notice in record(tmp_path / "out")["notices"]]
        assert any("ingen lægers fødselsår" in line for line in told)
        assert any("Fremskrivningen mangler" in line for line in told)
        assert "! Registret oplyser ingen lægers fødselsår" in capsys.readouterr().out

    def test_a_target_year_that_is_past_is_told(self, tmp_path, capsys):
        text = PLAN["study"] + '\n[rules.overrides]\n"pathway.target_year" = 2025\n'
        late = write_study(tmp_path / "late", **{**PLAN, "study": text})
        assert pathway(late, tmp_path / "out", "--runs", "2") == 0
        assert "Målåret er nået" in capsys.readouterr().out
        assert {one["År"] for one in rows(tmp_path / "out" / "pathway_by_year.csv")} == {"2026"}


def wait_for_child(pid):
    """Wait until a process has started another one: it is then in the runs."""
    for _ in range(300):
        found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, check=False)  # noqa: S603, S607 - a number
        if found.stdout:
            return
        time.sleep(0.1)
    pytest.fail("no process was started")


class TestInterrupted:
    @pytest.fixture
    def ctrl_c(self, monkeypatch):
        """Press Ctrl-C so many times while the second chunk is worked on."""
        whole = monte_carlo.run_chunk

        def press(times):
            def chunk(model, places, trial, numbers):
                for _ in range(times if numbers.start == trial.chunk_runs else 0):
                    signal.raise_signal(signal.SIGINT)
                return whole(model, places, trial, numbers)

            monkeypatch.setattr(monte_carlo, "run_chunk", chunk)

        return press

    @pytest.mark.usefixtures("ran")
    def test_ctrl_c_keeps_the_runs_done_so_far_and_marks_them(
        self, study, ctrl_c, tmp_path, capsys
    ):
        ctrl_c(1)
        assert pathway(study, tmp_path / "out", "--runs", "500", "--processes", "1") == 0
        printed = capsys.readouterr()
        assert "press Ctrl-C again to give up" in printed.err
        sentence = "båndene hviler på 50 af de 500, der blev bedt om"
        assert sentence in printed.out
        account = record(tmp_path / "out")
        assert account["trial"]["interrupted"] is True
        assert (account["trial"]["runs"], account["trial"]["runs_asked"]) == (50, 500)
        assert sentence in account["notices"][0]["da"]
        bands = rows(tmp_path / "out" / "pathway_bands.csv")
        assert {(one["Gennemløb"], one["Afbrudt"]) for one in bands} == {("50", "ja")}
        # What was done is what so many runs give.
        assert pathway(study, tmp_path / "fifty", "--runs", "50", "--processes", "1") == 0
        whole = rows(tmp_path / "fifty" / "pathway_bands.csv")
        assert [{**one, "Afbrudt": "nej"} for one in bands] == whole

    @pytest.mark.usefixtures("ran")
    def test_a_second_ctrl_c_writes_nothing(self, study, ctrl_c, tmp_path, capsys):
        ctrl_c(2)
        assert pathway(study, tmp_path / "out", "--runs", "500", "--processes", "1") == 130
        assert "no output was written" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(("presses", "code"), [(1, 0), (2, 130)])
    def test_ctrl_c_on_a_terminal_reaches_every_process(self, study, tmp_path, presses, code):
        """As a terminal sends it: to the command and to what it has started."""
        out = tmp_path / "out"
        options = ["--out", str(out), "--runs", "200000", "--processes", "2"]
        running = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "coverage", "pathway", str(study), *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert running.stderr is not None
            assert any(line.startswith("pathway done") for line in running.stderr)
            wait_for_child(running.pid)
            for press in range(presses):
                os.killpg(running.pid, signal.SIGINT)
                if press == 0:
                    assert "Stopping" in running.stderr.readline()
            _, messages = running.communicate(timeout=60)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.communicate()
        assert running.returncode == code
        assert "Traceback" not in messages
        assert out.exists() == (code == 0)
        if code == 0:
            assert record(out)["trial"]["interrupted"] is True
            assert record(out)["trial"]["runs"] >= 25


@pytest.mark.usefixtures("ran")
class TestScenario:
    @pytest.fixture
    def opening(self, tmp_path):
        path = tmp_path / "åbner.toml"
        path.write_text(OPENS, "utf-8")
        return path

    def test_it_is_carried_out_first_and_named_everywhere(self, study, opening, tmp_path, capsys):
        out = tmp_path / "out"
        assert pathway(study, out, "--runs", "3", "--scenario", str(opening)) == 0
        assert {path.name for path in out.iterdir()} == {*PATHWAY_OUTPUTS, "scenario.toml"}
        assert (out / "scenario.toml").read_bytes() == opening.read_bytes()
        title = "Prøveby – scenarie: Midt åbner"
        assert title in capsys.readouterr().out
        assert {one["Undersøgelse"] for one in rows(out / "pathway_by_area.csv")} == {title}
        (account,) = record(out)["scenarios"]
        assert account["file_name"] == "åbner.toml"
        book = openpyxl.load_workbook(out / "pathway.xlsx")
        for sheet in book:
            assert next(sheet.iter_rows(values_only=True))[0].startswith(title)

    def test_the_path_is_of_the_register_after_it(self, study, tmp_path):
        path = tmp_path / "lukker.toml"
        path.write_text(CLOSES.format("012347"), "utf-8")
        out = tmp_path / "out"
        assert pathway(study, out, "--runs", "0", "--scenario", str(path)) == 0
        first, *coming = rows(out / "pathway_by_year.csv")
        assert first[column("capacities_end")] == "3,5"
        assert {one[column("capacities_end")] for one in coming} == {WITHHELD}

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            (CLOSES.format("999999"), ["x.toml", "action 1 (close 999999)"]),
            ("format = 1\nname = \n", ["x.toml"]),
            ('format = 2\nname = "x"\n', ["x.toml", "version 2"]),
            (
                f'register_sha256 = "{"f" * 64}"\n' + CLOSES.format("012345"),
                ["x.toml", "another register", "--by-ydernummer"],
            ),
        ],
        ids=["unknown", "not TOML", "newer", "another register"],
    )
    def test_one_that_cannot_be_carried_out_is_refused(self, study, text, parts, tmp_path, capsys):
        path = tmp_path / "x.toml"
        path.write_text(text, "utf-8")
        out = tmp_path / "out"
        code = pathway(study, out, "--scenario", str(path))
        assert code in {errors.ScenarioError.exit_code, errors.UnreadableFileError.exit_code}
        messages = capsys.readouterr().err
        assert all(part in messages for part in parts)
        assert not out.exists()

    def test_another_register_can_be_carried_over(self, study, tmp_path):
        path = tmp_path / "x.toml"
        path.write_text(f'register_sha256 = "{"f" * 64}"\n' + CLOSES.format("012345"), "utf-8")
        options = ("--runs", "0", "--scenario", str(path), "--by-ydernummer")
        assert pathway(study, tmp_path / "out", *options) == 0
        assert record(tmp_path / "out")["scenarios"][0]["carried_over"] is True


class TestRefused:
    @pytest.mark.parametrize(
        "options",
        [
            ("--runs", "-1"),
            ("--runs", "many"),
            ("--runs", "1.5"),
            ("--seed", "-3"),
            ("--spread", "1.1"),
            ("--spread", "nan"),
            ("--spread", "x"),
            ("--processes", "0"),
        ],
        ids="".join,
    )
    def test_numbers_out_of_range_are_wrong_arguments(self, options, study, tmp_path, capsys):
        with pytest.raises(SystemExit) as caught:
            pathway(study, tmp_path / "out", *options)
        assert caught.value.code == 2
        assert options[0] in capsys.readouterr().err

    @pytest.mark.usefixtures("ran")
    def test_a_folder_that_cannot_be_written_leaves_older_files(self, study, tmp_path, capsys):
        out = tmp_path / "out"
        out.write_text("a file")
        assert pathway(study, out, "--runs", "0") == errors.OutputError.exit_code
        assert out.read_text() == "a file"
        assert "Traceback" not in capsys.readouterr().err

    def test_a_study_that_is_not_there(self, tmp_path, capsys):
        code = pathway(tmp_path / "no.toml", tmp_path / "out")
        assert code == errors.MissingFileError.exit_code
        assert "no.toml" in capsys.readouterr().err


@pytest.fixture(scope="module")
def demo():
    return run_study(load_study(DEMO))


@pytest.fixture(scope="module")
def out(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study_module, "run_study", lambda *_: demo)
        assert pathway(DEMO, folder, "--runs", "50") == 0
    return folder


class TestDemo:
    """The demo region: several levels, kommuner that are divided, islands of few practices."""

    def test_what_is_withheld_is_the_choice_of_a_few_kommuner(self, out):
        found = rows(out / "pathway_by_area.csv")
        kommuner = [one for one in found if one["Niveau"] == "Kommune" and one["År"] == "2035"]
        held = [one["Område"] for one in kommuner if one[column("choice_pct")] == WITHHELD]
        assert held == ["Langeland", "Ærø", "Fanø", "Vejen"]
        assert WITHHELD not in {one[column("capacities_end")] for one in found}

    @pytest.mark.parametrize("least", [3, 6])
    def test_no_sum_of_what_is_told_gives_what_is_not(self, demo, least):
        rules = demo.assessment.rules.override({"publication.min_doctors": least})
        strict = replace(demo.assessment, rules=rules)
        withheld = withhold_path(strict)
        assert withheld.closing.any()
        assert_nothing_follows(strict, withheld)

    @pytest.mark.parametrize("name", ["residents", "listed_persons", "capacities_opened"])
    def test_areas_of_every_level_add_up_to_the_same_total(self, out, name):
        found = rows(out / "pathway_by_area.csv")
        allowed = 1e-6 if name != "capacities_opened" else 0.05
        totals = {
            (one["År"], one["Niveau"]): number(one[column(name)])
            for one in found
            if one["Område"] == "I alt"
        }
        for (year, level), total in totals.items():
            own = [
                number(one[column(name)])
                for one in found
                if (one["År"], one["Niveau"]) == (year, level) and one["Område"] != "I alt"
            ]
            assert sum(own) == pytest.approx(total, abs=allowed)
            assert total == totals[year, "Kommune"]

    def test_what_opens_in_a_kommune_is_whole_or_half(self, out):
        for one in rows(out / "pathway_by_area.csv"):
            if one["Niveau"] == "Kommune":
                assert (2 * number(one[column("capacities_opened")])) % 1 == 0
