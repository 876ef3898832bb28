"""Every kind of bad input through the command: one message, its own exit code, nothing written."""

import json
import shutil
from pathlib import Path

import pytest

from coverage import errors
from coverage.cli import main
from coverage.study import run_study
from coverage.study_file import load_study
from tests.tiny_study import LEVEL_FILES, PLAN, PLAN_FILES, REGISTER, STUDY, polygons, write_study

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
        ["study.toml, rules.overrides", "choice.limit_m", "1000 to 50000"],
    ),
}


def overrides(folder: Path, line: str) -> None:
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[rules.overrides]\n{line}\n")


# Each spoils one file of the study with two kommuner and every optional file.
PLAN_CASES = {
    "half a list of areas": (
        lambda folder: replace_in(folder, "planomraader.csv", "Nyborg;Øst\n", ""),
        errors.StudyError,
        ["in no area", "planomraader.csv, column 'område'", "1 row: 0450", "Add a row"],
    ),
    "a kommune in two areas": (
        lambda folder: replace_in(
            folder, "planomraader.csv", "Nyborg;Øst\n", "Nyborg;Øst\nNyborg;Vest\n"
        ),
        errors.DuplicateIdError,
        ["A kommune is in two areas", "planomraader.csv", "1 row: 4", "in one area"],
    ),
    "a list of areas with a kommune that Denmark does not have": (
        lambda folder: replace_in(folder, "planomraader.csv", "Nyborg", "Nyborrg"),
        errors.UnknownKommuneError,
        ["'Nyborrg'", "planomraader.csv, column 'kommune'", "1 row: 3", "four digits"],
    ),
    "polygons over a part of a kommune": (
        lambda folder: (folder / "delomraader.geojson").write_text(
            polygons(("V1", "Yderst", 0.0, 0.4)), encoding="utf-8"
        ),
        errors.StudyError,
        ["only a part of the people", "0461 50%", "area.levels.Delområde", "the whole kommune"],
    ),
    "polygons that lie on each other": (
        lambda folder: (folder / "delomraader.geojson").write_text(
            polygons(("V1", "Yderst", 0.0, 0.4), ("V2", "Midt", 0.3, 0.5)), encoding="utf-8"
        ),
        errors.DuplicateIdError,
        ["lie on each other", "delomraader.geojson", "1 row: V1 and V2", "only touch"],
    ),
    "a designation level that the study does not have": (
        lambda folder: replace_in(
            folder, "study.toml", "[area]\n", '[area]\ndesignation_level = "Sundhedsråd"\n'
        ),
        errors.StudyError,
        ["area.designation_level", "'Sundhedsråd'", "study.toml", "kommune, Planområde"],
    ),
    "a number of doctors that is not the number of birth years": (
        lambda folder: (folder / "register.csv").write_text(
            REGISTER.replace("Fødselsår", "Antal læger;Fødselsår")
            .replace(";1961,1975", ";3;1961,1975")
            .replace(";1958", ";1;1958")
            .replace(";1980", ";1;1980"),
            encoding="utf-8",
        ),
        errors.InvalidValueError,
        ["012345 has 3 and 2", "register.csv, column 'Antal læger'", "1 row: 2", "leave"],
    ),
    "more listed patients than any practice has": (
        lambda folder: replace_in(folder, "register.csv", ";3.210;", ";321.000;"),
        errors.InvalidValueError,
        ["5,000 listed patients per capacity", "register.csv", "1 row: 2", "Correct the rows"],
    ),
    "a birth year of two digits": (
        lambda folder: replace_in(folder, "register.csv", ";1958", ";58"),
        errors.InvalidValueError,
        ["two digits", "register.csv, column 'Fødselsår'", "1 row: 3", "four"],
    ),
    "a need weight of zero": (
        lambda folder: replace_in(folder, "need_weights.csv", "1,10", "0"),
        errors.InvalidValueError,
        ["zero", "need_weights.csv, column 'vægt'", "1 row: 3", "above zero"],
    ),
    "need weights of some kommuner only": (
        lambda folder: replace_in(folder, "need_weights.csv", "Nyborg;1,10\n", ""),
        errors.StudyError,
        ["no need weight", "need_weights.csv, column 'kommune'", "1 row: 0450", "Add a row"],
    ),
    "a distribution model that lacks a kommune": (
        lambda folder: replace_in(folder, "distribution_model.csv", "Nyborg;3\n", ""),
        errors.StudyError,
        [
            *("not in the distribution model", "distribution_model.csv, column 'kommune'"),
            *("1 row: 0450", "Add a row"),
        ],
    ),
    "a task that stands twice": (
        lambda folder: replace_in(folder, "transferred_tasks.csv", "Børneastma", "Kontrol af KOL"),
        errors.DuplicateIdError,
        ["stands twice", "transferred_tasks.csv, column 'opgave'", "2 rows: 2, 3", "Add its"],
    ),
    "a designation that ends before it starts": (
        lambda folder: replace_in(
            folder,
            "designations.csv",
            "2025-03-01;2025-09-01;2025-09-01",
            "2025-03-01;2025-03-01;2025-02-01",
        ),
        errors.InvalidValueError,
        ["ended before it started", "designations.csv", "1 row: 2", "Correct the dates"],
    ),
    "designations that overlap": (
        lambda folder: replace_in(
            folder, "designations.csv", "2025-03-01;2025-09-01;2025-09-01", "2025-03-01;;2025-09-02"
        ),
        errors.DuplicateIdError,
        ["designated twice at one time", "designations.csv", "2 rows: 2, 3", "Ophørt"],
    ),
    "a designation of an area that does not exist": (
        lambda folder: replace_in(folder, "designations.csv", "Planområde;Vest", "Planområde;Syd"),
        errors.UnknownIdError,
        ["Planområde Syd", "designations", "1 row: 4", "Levels of the study: kommune"],
    ),
    "a judgement without an author": (
        lambda folder: replace_in(folder, "judgements.csv", "A. Planlægger", ""),
        errors.InvalidValueError,
        ["blank", "judgements.csv, column 'Forfatter'", "1 row: 2", "Fill them in"],
    ),
    "a judgement of an area that does not exist": (
        lambda folder: replace_in(folder, "judgements.csv", "Delområde;V2", "Delområde;V3"),
        errors.UnknownIdError,
        ["Delområde V3", "judgements", "1 row: 3", "Correct the level or the area"],
    ),
    "a judgement of a kommune that the study does not have": (
        lambda folder: replace_in(folder, "judgements.csv", "kommune;0461", "kommune;0430"),
        errors.UnknownIdError,
        ["kommune 0430", "judgements", "1 row: 2", "Correct the level or the area"],
    ),
    "a judgement with a CPR number in its reason": (
        lambda folder: replace_in(folder, "judgements.csv", "ny bydel", "010158-1234"),
        errors.PersonalDataError,
        ["judgements.csv", "1 row: 2", "Take the numbers out"],
    ),
    "a projection that lacks a kommune": (
        lambda folder: replace_in(folder, "projection.csv", "Nyborg", "Kerteminde"),
        errors.StudyError,
        ["not in the projection", "projection.csv, column 'OMRÅDE'", "1 row: 0450", "Download"],
    ),
    "a projection of another part of Denmark": (
        lambda folder: (
            replace_in(folder, "projection.csv", "Nyborg", "Aarhus"),
            replace_in(folder, "projection.csv", "Odense", "Randers"),
        ),
        errors.StudyError,
        ["of another geography", "projection.csv", "2 rows: 0450, 0461", "[area]"],
    ),
    "a projection of another country": (
        lambda folder: replace_in(folder, "projection.csv", "Nyborg", "Malmö"),
        errors.UnknownKommuneError,
        ["'Malmö'", "projection.csv, column 'OMRÅDE'", "4 rows: 6, 7, 8, 9", "four digits"],
    ),
    "a skal-area in a kommune that Denmark does not have": (
        lambda folder: replace_in(folder, "skal_areas.csv", "Odense,Prøveby", "Smølfby,Prøveby"),
        errors.UnknownKommuneError,
        ["'Smølfby'", "skal_areas.csv, column 'kommune'", "1 row: 2", "four digits"],
    ),
    "a closing limit of a practice that the register lacks": (
        lambda folder: replace_in(folder, "closing_limits.csv", "012345", "012349"),
        errors.InvalidValueError,
        ["no practice '012349'", "closing_limits.csv, column 'ydernummer'", "1 row: 3", "Correct"],
    ),
    "a threshold outside its range": (
        lambda folder: overrides(folder, '"designation.practices_closed_pct" = 101'),
        errors.RuleError,
        ["designation.practices_closed_pct", "study.toml, rules.overrides", "101 %", "0 to 100"],
    ),
    "a threshold that is a text": (
        lambda folder: overrides(folder, '"designation.practices_closed_pct" = "67"'),
        errors.RuleError,
        ["designation.practices_closed_pct", "study.toml, rules.overrides", "a number"],
    ),
    "a rule that does not exist": (
        lambda folder: overrides(folder, '"designation.waiting_time_days" = 14'),
        errors.RuleError,
        [
            "'designation.waiting_time_days'",
            "study.toml, rules.overrides",
            "designation.choice_pct",
        ],
    ),
    **{
        f"a file that is named but not there: {name}": (
            lambda folder, name=name: (folder / name).unlink(),
            errors.MissingFileError,
            [name, "not there"],
        )
        for name in (
            *(f"{name}.csv" for name in PLAN_FILES if name != "judgements"),
            *LEVEL_FILES.values(),
        )
    },
}


def refusal(study: Path, error: type[errors.LaegedaekningError], capsys) -> str:
    """Run the study, and return its one message; nothing may be written beside it."""
    out = study.parent.parent / "out"
    before = sorted(path.name for path in study.parent.iterdir())
    code = main(["run", str(study), "--out", str(out)])
    printed = capsys.readouterr()
    messages = [line for line in printed.err.splitlines() if line.startswith("laegedaekning: ")]
    assert code == error.exit_code, messages
    assert len(messages) == 1
    assert "Traceback" not in printed.err + printed.out
    assert not out.exists()
    left = {path.name for path in study.parent.iterdir()} - {".laegedaekning-cache"}
    assert left <= set(before)
    return messages[0]


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_one_message_its_own_exit_code_and_no_output(case, tmp_path, capsys):
    spoil, error, parts = CASES[case]
    study = write_study(tmp_path / "study")
    spoil(study.parent)
    message = refusal(study, error, capsys)
    for part in parts:
        assert part in message


@pytest.fixture(scope="module")
def plan_study(tmp_path_factory) -> Path:
    """A sound study with every optional file, its roads already prepared."""
    study = write_study(tmp_path_factory.mktemp("plan") / "study", **PLAN)
    run_study(load_study(study))
    return study


@pytest.mark.parametrize("case", PLAN_CASES)
def test_a_bad_file_of_the_plan_gets_the_same(case, plan_study, tmp_path, capsys):
    spoil, error, parts = PLAN_CASES[case]
    folder = tmp_path / "study"
    shutil.copytree(plan_study.parent, folder)
    spoil(folder)
    message = refusal(folder / "study.toml", error, capsys)
    for part in parts:
        assert part in message


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


def problems_of_check(study: Path, capsys) -> tuple[int, list[str]]:
    """Check the study; return the exit code and its messages. Nothing may be written."""
    before = sorted(path.name for path in study.parent.rglob("*"))
    code = main(["check", str(study)])
    lines = capsys.readouterr().err.splitlines()
    assert sorted(path.name for path in study.parent.rglob("*")) == before
    return code, [line for line in lines if line.startswith("laegedaekning: ")]


# One case of every file of the plan, with the register and a level of areas of each kind.
ONE_OF_EACH = {
    "planomraader.csv": "half a list of areas",
    "delomraader.geojson": "polygons that lie on each other",
    "register.csv": "a birth year of two digits",
    "towns.csv": "a file that is named but not there: towns.csv",
    "projection.csv": "a projection that lacks a kommune",
    "need_weights.csv": "a need weight of zero",
    "skal_areas.csv": "a skal-area in a kommune that Denmark does not have",
    "designations.csv": "designations that overlap",
    "distribution_model.csv": "a distribution model that lacks a kommune",
    "transferred_tasks.csv": "a task that stands twice",
    "judgements.csv": "a judgement without an author",
}


def test_check_finds_what_is_wrong_in_every_file_of_the_plan_at_once(tmp_path, capsys):
    study = write_study(tmp_path, **PLAN)
    for case in ONE_OF_EACH.values():
        PLAN_CASES[case][0](tmp_path)
    code, messages = problems_of_check(study, capsys)
    assert len(messages) == len(ONE_OF_EACH)
    for name, case in ONE_OF_EACH.items():
        about = [message for message in messages if name in message]
        assert len(about) == 1, name
        for part in PLAN_CASES[case][2]:
            assert part in about[0]
    assert code == errors.StudyError.exit_code  # the first one's: half a list of areas


def test_check_finds_a_closing_limit_of_nobody_beside_the_other_files(tmp_path, capsys):
    """It takes a sound register to say which practices there are."""
    study = write_study(tmp_path, **PLAN)
    PLAN_CASES["a closing limit of a practice that the register lacks"][0](tmp_path)
    PLAN_CASES["need weights of some kommuner only"][0](tmp_path)
    _, messages = problems_of_check(study, capsys)
    assert [
        next(part for part in message.split(" · ") if ".csv" in part) for message in messages
    ] == [
        "need_weights.csv, column 'kommune'",
        "closing_limits.csv, column 'ydernummer'",
    ]


def test_check_judges_the_plan_also_where_the_boundaries_are_missing(tmp_path, capsys):
    """The study itself says which kommuner it is of."""
    study = write_study(tmp_path, **PLAN)
    (tmp_path / "kommuner.geojson").unlink()
    PLAN_CASES["a projection that lacks a kommune"][0](tmp_path)
    PLAN_CASES["half a list of areas"][0](tmp_path)
    code, messages = problems_of_check(study, capsys)
    assert code == errors.MissingFileError.exit_code
    assert len(messages) == 3
    for name, message in zip(
        ("kommuner.geojson", "planomraader.csv", "projection.csv"), messages, strict=True
    ):
        assert name in message


def test_check_of_a_good_plan_accounts_for_every_file_and_writes_nothing(tmp_path, capsys):
    study = write_study(tmp_path, **PLAN)
    assert main(["check", str(study)]) == 0
    printed = capsys.readouterr().out
    for name in (*(f"{name}.csv" for name in PLAN_FILES), *LEVEL_FILES.values()):
        assert f" {name} (" in printed, name
    assert problems_of_check(study, capsys) == (0, [])


def test_a_file_of_judgements_need_not_be_there_yet(tmp_path, capsys):
    study = write_study(tmp_path, **PLAN)
    (tmp_path / "judgements.csv").unlink()
    assert problems_of_check(study, capsys) == (0, [])
    judged = run_study(load_study(study)).assessment.plan.judgements
    assert judged.empty


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
