"""The optional files of the plan: each lands in its table, and what is wrong is collected."""

from dataclasses import replace

import pandas as pd
import pytest

from coverage import errors
from coverage.attempts import Attempts
from coverage.plan_inputs import read_judgement_file, read_plan
from coverage.plan_tables import PlanTables
from coverage.sources.area_levels import CHRISTIANSOE_FOLLOWS, read_area_level
from coverage.sources.practices import read_practices
from coverage.study_file import load_study
from tests.tiny_study import PLAN, PLAN_FILES, REGISTER, write_study

CODES = ("0450", "0461")
MIN_MONTHS = 6.0
ROLES = [
    "projection",
    "need_weights",
    "skal_areas",
    "designations",
    "distribution_model",
    "transferred_tasks",
    "closing_limits",
    "judgements",
]


@pytest.fixture
def study(tmp_path):
    return load_study(write_study(tmp_path, **PLAN))


def read(study, attempts, *, with_register=True):
    register = read_practices(study.practices.path, as_of=None) if with_register else None
    return read_plan(study, CODES, register, MIN_MONTHS, attempts)


def test_every_file_lands_in_its_table(study):
    attempts = Attempts(collect=False)
    plan = read(study, attempts)
    rows = {name: len(table) for name, table in vars(plan).items()}
    assert rows == {
        "satellites": 0,
        "projection": 8,
        "need_by_kommune": 2,
        "need_by_age": 0,
        "closing_limits": 2,
        "judgements": 2,
        "designations": 3,
        "skal_areas": 2,
        "distribution_model": 2,
        "transferred_tasks": 2,
        "displaced": 0,
    }
    assert [account.role for account in attempts.accounts] == ROLES
    assert attempts.problems == []
    limits = plan.closing_limits.set_index("ydernummer")["limit_persons"]
    assert limits["012345"] == 1700
    assert plan.skal_areas["or_kommune_code"].tolist()[1] == "0461"


def test_weights_by_age_land_in_the_other_table(study):
    study.need_weights.path.write_text("alder;vægt\n0-64;0,8\n65+;1,9\n", encoding="utf-8")
    plan = read(study, Attempts(collect=False))
    assert plan.need_by_kommune.empty
    assert plan.need_by_age["weight"].tolist() == [0.8, 1.9]


def test_satellites_come_from_the_register(study):
    register = REGISTER.replace("Fødselsår\n", "Fødselsår;Satellitadresse\n").replace(
        ";1958\n", ';1958;"Prøvevej 22, 5000 Prøveby"\n'
    )
    study.practices.path.write_text(register, encoding="utf-8")
    plan = read(study, Attempts(collect=False))
    assert plan.satellites["ydernummer"].tolist() == ["012346"]


def test_without_files_every_table_is_empty_and_keeps_its_contract(tmp_path):
    study = load_study(write_study(tmp_path))
    attempts = Attempts(collect=False)
    plan = read(study, attempts)
    for name, table in vars(PlanTables()).items():
        pd.testing.assert_frame_equal(getattr(plan, name), table)
    assert attempts.accounts == []


def test_the_least_duration_of_the_rules_fills_in_the_earliest_end(study):
    text = PLAN["designations"].replace("2025-09-01;2026-03-01;;Få", "2025-09-01;;;Få")
    study.designations.path.write_text(text, encoding="utf-8")
    register = read_practices(study.practices.path, as_of=None)
    for months, end in ((6.0, "2026-03-01"), (7.5, "2026-05-01")):
        plan = read_plan(study, CODES, register, months, Attempts(collect=False))
        assert plan.designations["earliest_end"].tolist()[1] == pd.Timestamp(end)


def test_judgements_that_are_not_there_yet_are_none_and_no_file_is_accounted_for(study):
    study.judgements.path.unlink()
    attempts = Attempts(collect=False)
    assert read(study, attempts).judgements.empty
    assert [account.role for account in attempts.accounts] == ROLES[:-1]
    table, accounts = read_judgement_file(replace(study, judgements=None))
    assert table.empty
    assert accounts == ()


def test_the_first_error_stops_unless_errors_are_collected(study):
    study.projection.path.unlink()
    study.designations.path.unlink()
    with pytest.raises(errors.MissingFileError, match=r"projection\.csv"):
        read(study, Attempts(collect=False))


def test_every_error_is_collected_and_the_other_files_are_accounted_for(study):
    study.projection.path.unlink()
    study.judgements.path.write_text("Kriterium;Opfyldt\nx;y\n", encoding="utf-8")
    attempts = Attempts(collect=True)
    assert read(study, attempts) is None
    assert [type(problem) for problem in attempts.problems] == [
        errors.MissingFileError,
        errors.MissingColumnError,
    ]
    assert [account.role for account in attempts.accounts] == ROLES[1:-1]


def test_without_a_register_only_the_closing_limits_wait(study):
    """Whose limits they are is in the register; a wrong ydernummer must not be made up."""
    attempts = Attempts(collect=True)
    study.skal_areas.path.unlink()
    assert read(study, attempts, with_register=False) is None
    assert [problem.exit_code for problem in attempts.problems] == [10]
    assert [account.role for account in attempts.accounts] == [
        role for role in ROLES if role not in {"closing_limits", "skal_areas"}
    ]


def test_every_optional_file_of_a_plan_is_read(study):
    """None of the sections of study.toml is accepted and then not looked at."""
    for name in PLAN_FILES:
        if name not in {"towns", "judgements"}:
            getattr(study, name).path.unlink()
    attempts = Attempts(collect=True)
    read(study, attempts)
    named = {problem.where.split(",")[0] for problem in attempts.problems}
    assert len(attempts.problems) == len(PLAN_FILES) - 2
    assert {name.split("/")[-1] for name in named} == {
        f"{name}.csv" for name in PLAN_FILES if name not in {"towns", "judgements"}
    }


def test_christiansoe_follows_bornholm_in_a_list_of_kommuner(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("kommune;område\nBornholm;Øerne\nTårnby;Amager\n", encoding="utf-8")
    division, account = read_area_level(path, ["0185", "0400", "0411"])
    assert division.area_of_kommune == {"0185": "Amager", "0400": "Øerne", "0411": "Øerne"}
    assert (account.rows_read, account.rows_kept, account.merged_rows) == (2, 2, 0)
    assert account.notes == (CHRISTIANSOE_FOLLOWS,)


def test_christiansoe_of_its_own_area_stays_there(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("kommune;område\nBornholm;Øerne\nChristiansø;Ertholmene\n", encoding="utf-8")
    division, account = read_area_level(path, ["0400", "0411"])
    assert division.area_of_kommune == {"0400": "Øerne", "0411": "Ertholmene"}
    assert account.notes == ()


def test_christiansoe_without_bornholm_has_no_area_to_follow(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("kommune;område\nTårnby;Amager\n", encoding="utf-8")
    with pytest.raises(errors.StudyError, match="0411"):
        read_area_level(path, ["0185", "0411"])
