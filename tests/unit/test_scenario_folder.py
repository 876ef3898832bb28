from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coverage.errors import OutputError, ScenarioError
from coverage.scenario.actions import Close, Scenario
from coverage.scenario_folder import (
    MAX_FILES,
    delete_scenario,
    find_saved,
    list_scenarios,
    save_scenario,
    scenario_file_name,
    scenario_folder,
)
from coverage.study_file import InputFile, Study, load_study
from tests.tiny_study import STUDY, write_study

CLOSING = Scenario(name="Plan A", note="Til mødet", actions=(Close(ydernummer="012345"),))
FILE = InputFile(Path("file.csv"))
UNSAVED = Study("Prøveby", date(2026, 1, 1), FILE, FILE, FILE, FILE)
HOSTILE = (
    "../../etc/passwd",
    "C:\\Windows\\win.ini",
    "<img src=x onerror=alert(1)>",
    "{{7*7}} ${alert(1)}",
    "con",
    ".toml",
    "æ" * 100,
    "\u202egpj.exe",
    "漢字",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_more_than_a_plain_file_name(tmp_path, name):
    file_name = scenario_file_name(name)
    assert set(file_name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert file_name.count(".") == 1
    assert len(file_name) <= 54
    saved = save_scenario(tmp_path / "scenarios", replace(CLOSING, name=name))
    assert [path.name for path in (tmp_path / "scenarios").iterdir()] == [saved.file_name]
    assert list_scenarios(tmp_path / "scenarios") == (saved,)


def test_a_file_is_found_again_by_a_readable_name():
    assert scenario_file_name("Tre nye i Åbenrå").startswith("tre-nye-i-aabenraa-")


def test_two_names_that_look_alike_are_two_files():
    assert scenario_file_name("Plan A") != scenario_file_name("Plan a")
    assert scenario_file_name("Plan A!") != scenario_file_name("Plan A?")


def test_what_is_saved_is_found_by_its_name(tmp_path):
    assert find_saved(tmp_path, "Plan A") is None
    saved = save_scenario(tmp_path, replace(CLOSING, name="  Plan A "))
    assert saved.scenario == CLOSING
    assert find_saved(tmp_path, "Plan A") == saved


def test_the_same_name_is_saved_over(tmp_path):
    save_scenario(tmp_path, CLOSING)
    newer = save_scenario(tmp_path, replace(CLOSING, actions=()))
    assert list_scenarios(tmp_path) == (newer,)


def test_a_scenario_without_a_name_is_not_saved(tmp_path):
    with pytest.raises(ScenarioError, match="no name"):
        save_scenario(tmp_path, replace(CLOSING, name=" "))
    assert list(tmp_path.iterdir()) == []


def test_the_list_is_by_name_and_tells_what_cannot_be_used(tmp_path):
    for name in ("b", "A", "c"):
        save_scenario(tmp_path, replace(CLOSING, name=name))
    (tmp_path / "a-broken.toml").write_text("format = 99", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no scenario", encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    *usable, broken = list_scenarios(tmp_path)
    assert [one.scenario.name for one in usable] == ["A", "b", "c"]
    assert broken.file_name == "a-broken.toml"
    assert "version 99" in broken.problem.what


def test_a_folder_that_is_not_there_has_no_scenarios(tmp_path):
    assert list_scenarios(tmp_path / "scenarios") == ()


def test_a_stray_folder_full_of_files_is_read_in_part(tmp_path):
    for number in range(MAX_FILES + 20):
        (tmp_path / f"{number:04}.toml").write_text("", encoding="utf-8")
    assert len(list_scenarios(tmp_path)) == MAX_FILES


def test_deleting_takes_one_file_of_the_folder_and_no_other(tmp_path):
    folder = tmp_path / "scenarios"
    kept = save_scenario(folder, replace(CLOSING, name="b"))
    gone = save_scenario(folder, CLOSING)
    delete_scenario(folder, gone.file_name)
    delete_scenario(folder, gone.file_name)
    assert list_scenarios(folder) == (kept,)


@pytest.mark.parametrize("name", ["../study.toml", "study.csv", "/etc/passwd", "sub/a.toml", ""])
def test_nothing_outside_the_folder_is_deleted(tmp_path, name):
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    folder = tmp_path / "scenarios"
    folder.mkdir()
    with pytest.raises(ScenarioError, match="no file of saved scenarios"):
        delete_scenario(folder, name)
    assert (tmp_path / "study.toml").exists()


def test_a_folder_in_the_way_of_a_file_is_told(tmp_path):
    (tmp_path / scenario_file_name("Plan A")).mkdir()
    with pytest.raises(OutputError, match="cannot be saved"):
        save_scenario(tmp_path, CLOSING)
    with pytest.raises(OutputError, match="cannot be deleted"):
        delete_scenario(tmp_path, scenario_file_name("Plan A"))


def test_scenarios_lie_beside_the_study_unless_it_says_otherwise(tmp_path):
    path = write_study(tmp_path / "study")
    assert scenario_folder(load_study(path)) == path.resolve().parent / "scenarios"
    path.write_text(
        STUDY.replace("[area]", 'scenario_folder = "../kept"\n\n[area]'), encoding="utf-8"
    )
    assert scenario_folder(load_study(path)) == (tmp_path / "kept").resolve()


def test_a_study_that_was_never_saved_has_no_folder():
    with pytest.raises(OutputError, match="no folder"):
        scenario_folder(UNSAVED)
    assert scenario_folder(replace(UNSAVED, scenario_folder=Path("x"))) == Path("x")
