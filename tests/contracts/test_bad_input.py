"""Every kind of bad input through the command: one message, its own exit code, nothing written."""

import json
from pathlib import Path

import pytest

from coverage import errors
from coverage.cli import main
from tests.tiny_study import REGISTER, STUDY, write_study

HEADER, *ROWS = REGISTER.splitlines(keepends=True)


def replace_in(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def cut(folder: Path, name: str, share: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * share)])


def with_xy(folder: Path, x: str, y: str) -> None:
    rows = [row.rstrip("\n") for row in ROWS]
    text = HEADER.rstrip("\n") + ";X;Y\n" + "".join(f"{row};{x};{y}\n" for row in rows)
    (folder / "register.csv").write_text(text, encoding="utf-8")


CASES = {
    "a register that is not there": (
        lambda folder: (folder / "register.csv").unlink(),
        errors.MissingFileError,
        ["register.csv"],
    ),
    "a truncated road file": (
        lambda folder: cut(folder, "roads.osm.pbf", 0.6),
        errors.UnreadableFileError,
        ["roads.osm.pbf", "truncated", "Download"],
    ),
    "a web page saved as .pbf": (
        lambda folder: (folder / "roads.osm.pbf").write_text("<!DOCTYPE html><html>Login</html>"),
        errors.UnreadableFileError,
        ["roads.osm.pbf", "web page"],
    ),
    "a web page saved as the register": (
        lambda folder: (folder / "register.csv").write_text("<html><body>Log ind</body></html>"),
        errors.UnreadableFileError,
        ["register.csv", "web page"],
    ),
    "an empty register file": (
        lambda folder: (folder / "register.csv").write_text(""),
        errors.UnreadableFileError,
        ["register.csv", "empty"],
    ),
    "a wrong delimiter": (
        lambda folder: replace_in(folder, "register.csv", ";", "|"),
        errors.MissingColumnError,
        ["register.csv", "delimiter", "ydernummer"],
    ),
    "a missing column": (
        lambda folder: replace_in(folder, "register.csv", "Ydernr", "Nummer på skilt"),
        errors.MissingColumnError,
        ["register.csv", "ydernummer", "Praksisnavn", "Kapaciteter"],
    ),
    "letters in a number": (
        lambda folder: replace_in(folder, "register.csv", ";1,5;", ";halvanden;"),
        errors.InvalidValueError,
        ["register.csv", "Kapaciteter", "1 row: 3", "halvanden"],
    ),
    "a ydernummer twice": (
        lambda folder: replace_in(folder, "register.csv", "012346", "012345"),
        errors.DuplicateIdError,
        ["register.csv", "012345", "2", "3"],
    ),
    "capacity 0 with patients": (
        lambda folder: replace_in(folder, "register.csv", ";1,5;", ";0;"),
        errors.InvalidValueError,
        ["register.csv", "1 row: 3"],
    ),
    "coordinates in degrees where metres are due": (
        lambda folder: with_xy(folder, "10,39", "55,39"),
        errors.CoordinateError,
        ["register.csv", "3 rows: 2, 3, 4", "25832"],
    ),
    "coordinates in the sea": (
        lambda folder: with_xy(folder, "650000", "6230000"),
        errors.CoordinateError,
        ["register.csv", "sea", "3 rows: 2, 3, 4"],
    ),
    "a kommune code that Denmark does not have": (
        lambda folder: replace_in(folder, "kommuner.geojson", '"0461"', '"9461"'),
        errors.UnknownKommuneError,
        ["kommuner.geojson", "9461"],
    ),
    "a grid without Danish cells": (
        lambda folder: (folder / "grid.csv").write_text(
            "population,grid_id\n100,1kmN2684E4285\n200,1kmN2684E4286\n"
        ),
        errors.NoDanishCellsError,
        ["grid.csv"],
    ),
    "a grid of another part of Denmark": (
        lambda folder: (folder / "grid.csv").write_text("population,grid_id\n100,1kmN3623E4668\n"),
        errors.NoDanishCellsError,
        ["grid.csv", "area"],
    ),
    "a register without rows": (
        lambda folder: (folder / "register.csv").write_text(HEADER),
        errors.EmptyTableError,
        ["register.csv"],
    ),
    "a CPR number in a cell": (
        lambda folder: replace_in(folder, "register.csv", ";1958", ";010158-1234"),
        errors.PersonalDataError,
        ["register.csv", "1 row: 3"],
    ),
    "an area that the boundaries lack": (
        lambda folder: replace_in(folder, "study.toml", '["0461"]', '["0461", "0450"]'),
        errors.StudyError,
        ["kommuner.geojson", "0450"],
    ),
    "an override out of its range": (
        lambda folder: (folder / "study.toml").write_text(
            STUDY + '\n[rules.overrides]\n"choice.limit_m" = 12\n'
        ),
        errors.RuleError,
        ["choice.limit_m", "1000 to 50000"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_one_message_its_own_exit_code_and_no_output(case, tmp_path, capsys):
    spoil, error, parts = CASES[case]
    study = write_study(tmp_path / "study")
    spoil(study.parent)
    out = tmp_path / "out"
    code = main(["run", str(study), "--out", str(out)])
    message = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("laegedaekning: ")
    ]
    assert code == error.exit_code, message
    assert len(message) == 1
    for part in parts:
        assert part in message[0]
    assert "Traceback" not in message[0]
    assert not out.exists()


def test_the_cpr_number_itself_is_in_no_message(tmp_path, capsys):
    study = write_study(tmp_path, register=REGISTER.replace(";1958", ";010158-1234"))
    assert main(["run", str(study), "--out", str(tmp_path / "out")]) == 19
    captured = capsys.readouterr()
    assert "010158" not in captured.err + captured.out


def test_check_finds_every_wrong_file_at_once_and_writes_nothing(tmp_path, capsys):
    study = write_study(tmp_path)
    (tmp_path / "register.csv").unlink()
    (tmp_path / "grid.csv").write_text("population,grid_id\n1,1kmN2684E4285\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    code = main(["check", str(study)])
    messages = capsys.readouterr().err
    assert code == errors.MissingFileError.exit_code
    assert "register.csv" in messages
    assert "grid.csv" in messages
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_check_of_a_good_study_accounts_for_every_file_and_writes_nothing(tmp_path, capsys):
    study = write_study(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(["check", str(study)]) == 0
    printed = capsys.readouterr().out
    for name in ("register.csv", "grid.csv", "roads.osm.pbf", "kommuner.geojson"):
        assert name in printed
    assert "Nothing was written" in printed
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_register_of_another_year_is_a_warning_in_every_output(tmp_path, capsys):
    text = STUDY.replace(
        'path = "grid.csv"\nas_of = 2026-01-01', 'path = "grid.csv"\nas_of = 2021-01-01'
    )
    study = write_study(tmp_path / "study", study=text)
    out = tmp_path / "out"
    assert main(["run", str(study), "--out", str(out)]) == 0
    assert "2021" in capsys.readouterr().out
    assert "2021" in (out / "map.html").read_text("utf-8")
    assert "2021" in json.dumps(json.loads((out / "run.json").read_text("utf-8")))
    assert "2021" in (out / "choice_by_area.csv").read_text("utf-8-sig")
