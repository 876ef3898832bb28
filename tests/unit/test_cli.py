import json

import pytest

from coverage import __version__
from coverage.cli import main
from tests.tiny_study import STUDY, write_study

TABLES = (
    *("choice_by_area.csv", "choice.xlsx", "choice_by_origin.parquet", "capacity_by_area.csv"),
    *("designation.csv", "skal_areas.csv", "practices.csv", "praksisplan.xlsx"),
)
OUTPUTS = {*TABLES, "coverage.gpkg", "map.html", "run.json"}


def test_run_writes_every_output_and_prints_the_answer(tmp_path, capsys):
    study = write_study(tmp_path / "study")
    assert main(["run", str(study), "--out", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == OUTPUTS
    printed = capsys.readouterr()
    assert "Prøveby" in printed.out
    assert "Områder med signal: 0 af 1" in printed.out
    assert "Skal-områder: 0, heraf uden praksis: 0" in printed.out
    assert "travel done" in printed.err


def test_the_same_inputs_give_byte_identical_tables(tmp_path):
    study = write_study(tmp_path / "study")
    for name in ("one", "two"):
        assert main(["run", str(study), "--out", str(tmp_path / name)]) == 0
    for table in TABLES:
        one, two = (tmp_path / name / table for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), table


def test_the_second_run_uses_the_cache_and_says_the_same(tmp_path):
    study = write_study(tmp_path / "study")
    assert main(["run", str(study), "--out", str(tmp_path / "cold")]) == 0
    cached = list((tmp_path / "study" / ".laegedaekning-cache").iterdir())
    assert len(cached) == 3
    for path in cached:
        path.write_bytes(b"damaged")
    assert main(["run", str(study), "--out", str(tmp_path / "mended")]) == 0
    for table in TABLES:
        cold, mended = (tmp_path / name / table for name in ("cold", "mended"))
        assert cold.read_bytes() == mended.read_bytes()


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
