import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from coverage import __version__
from coverage.cli import main
from tests.tiny_study import STUDY, write_study

TABLES = (
    *("choice_by_area.csv", "choice.xlsx", "choice_by_origin.parquet", "capacity_by_area.csv"),
    *("designation.csv", "skal_areas.csv", "practices.csv", "praksisplan.xlsx"),
)
OUTPUTS = {*TABLES, "coverage.gpkg", "map.html", "run.json"}


@dataclass(frozen=True)
class FirstRun:
    """A study that was run once, with nothing in its cache before."""

    study: Path
    out: Path
    printed: str
    progress: str


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    study = write_study(folder / "study")
    printed, progress = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(progress):
        assert main(["run", str(study), "--out", str(folder / "out")]) == 0
    return FirstRun(study, folder / "out", printed.getvalue(), progress.getvalue())


def assert_same_tables(one, two):
    for table in TABLES:
        assert (one / table).read_bytes() == (two / table).read_bytes(), table


def test_run_writes_every_output_and_prints_the_answer(first):
    assert {path.name for path in first.out.iterdir()} == OUTPUTS
    assert "Prøveby" in first.printed
    assert "Områder med signal: 0 af 1" in first.printed
    assert "Skal-områder: 0, heraf uden praksis: 0" in first.printed
    assert "travel done" in first.progress


def test_the_same_inputs_give_byte_identical_tables(first, tmp_path):
    assert main(["run", str(first.study), "--out", str(tmp_path)]) == 0
    assert_same_tables(first.out, tmp_path)


def test_the_second_run_uses_the_cache_and_says_the_same(first, tmp_path):
    cached = list((first.study.parent / ".laegedaekning-cache").iterdir())
    assert len(cached) == 3
    for path in cached:
        path.write_bytes(b"damaged")
    assert main(["run", str(first.study), "--out", str(tmp_path)]) == 0
    assert_same_tables(first.out, tmp_path)


def test_network_writes_graphml_that_runs_as_a_study(tmp_path):
    study = write_study(tmp_path / "study")
    graph = tmp_path / "study" / "roads.graphml"
    assert main(["network", str(study), "--out", str(graph)]) == 0
    assert graph.stat().st_size > 1000


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run"], ["run", "x.toml"]])
def test_arguments_that_cannot_be_read_are_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: laegedaekning" in capsys.readouterr().err


def test_version_and_help_answer(capsys):
    for flag in ("--version", "--help"):
        with pytest.raises(SystemExit) as caught:
            main([flag])
        assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert __version__ in printed
    for command in ("run", "check", "app", "network"):
        assert command in printed


def test_a_limit_beyond_the_cutoff_is_measured_and_not_refused(tmp_path):
    text = STUDY + '\n[rules.overrides]\n"choice.limit_m" = 50000\n'
    study = write_study(tmp_path / "study", study=text)
    assert main(["run", str(study), "--out", str(tmp_path / "out")]) == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["ruleset_id"].startswith("default+")
