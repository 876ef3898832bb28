"""The file of a scenario: an equal scenario comes back, and whatever else lies there is told."""

import pytest

from coverage.errors import InvalidValueError, MissingFileError, OutputError, ScenarioError
from coverage.scenario.actions import (
    KINDS,
    MAX_ACTIONS,
    MAX_NAME_LENGTH,
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
)
from coverage.scenario_files import (
    MAX_FILE_BYTES,
    for_register,
    normalise_scenario,
    parse_scenario,
    read_scenario,
    scenario_text,
    write_scenario,
)

EVERYTHING = Scenario(
    name="Æblevej {{7*7}} <img src=x onerror=alert(1)> =1+1",
    note='Første linje\nanden ${x} \'citat\' """',
    register_sha256="a" * 64,
    actions=(
        Open(site_id="K1", name="Ny", x_m=1.25, y_m=6e6, capacities=1.5, owner="X", note="fordi"),
        OpenSatellite(ydernummer="010001", x_m=1.0, y_m=2.0, address="Vej 1"),
        Close(ydernummer="010117"),
        Move(ydernummer="010002", x_m=1.1, y_m=2.2, address="Vej 2"),
        Resize(ydernummer="010003", capacities=2.0),
        SetIntake(ydernummer="010004", intake_open=False),
        Retire(ydernummer="010005", doctors=2, capacities=0.5),
        Retire(ydernummer="010006"),
    ),
)


def parse(text):
    return parse_scenario(text.encode(), where="scenarie.toml")


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        parse(text)
    assert "scenarie.toml" in str(caught.value)
    return list(caught.value.problems)


def test_what_is_saved_comes_back_equal(tmp_path):
    path = tmp_path / "ny" / "scenarie.toml"
    write_scenario(path, EVERYTHING)
    assert read_scenario(path) == EVERYTHING
    assert [entry.name for entry in path.parent.iterdir()] == ["scenarie.toml"]


def test_equal_scenarios_give_equal_files():
    assert scenario_text(EVERYTHING) == scenario_text(parse(scenario_text(EVERYTHING)))


def test_an_ydernummer_keeps_its_leading_zero():
    assert parse(scenario_text(EVERYTHING)).actions[2].ydernummer == "010117"


def test_whole_numbers_may_be_written_without_a_point():
    text = 'format = 1\nname = "x"\n[[action]]\nkind = "resize"\nydernummer = "1"\ncapacities = 2\n'
    assert parse(text).actions == (Resize(ydernummer="1", capacities=2.0),)


def test_texts_are_kept_composed_and_without_blanks_at_their_ends():
    kept = normalise_scenario(Scenario(name="  A\u030a ", note="a\r\nb "))
    assert (kept.name, kept.note) == ("Å", "a\nb")


def test_a_newer_version_is_told_as_such():
    with pytest.raises(ScenarioError, match="version 2; this program reads up to 1") as caught:
        parse('format = 2\nname = "x"\nwhatever = 1\n')
    assert "unchanged" in str(caught.value)


@pytest.mark.parametrize("version", ["", "format = 0\n", 'format = "1"\n', "format = true\n"])
def test_a_file_without_a_known_version_is_refused(version):
    with pytest.raises(ScenarioError, match="no version of a scenario file"):
        parse(version + 'name = "x"\n')


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"<!DOCTYPE html>", b"PK\x03\x04", b"format = ", b"[" * 5000]
)
def test_what_is_no_toml_is_told(content):
    with pytest.raises(ScenarioError, match="not valid TOML"):
        parse_scenario(content, where="x.toml")


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "stor.toml"
    path.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(ScenarioError, match="at most 1,000,000 are read"):
        read_scenario(path)


def test_everything_that_is_wrong_is_listed_at_once():
    found = problems(
        'format = 1\nname = 5\nfarve = "rød"\n'
        '[[action]]\nkind = "open"\nx_m = "vest"\ncapacities = true\n'
        '[[action]]\nkind = "flyv"\n'
        '[[action]]\nkind = "close"\nydernummer = 10117\nhast = 1\n'
        '[[action]]\nkind = "retire"\nydernummer = "1"\ndoctors = 1.5\n'
    )
    assert found == [
        "unknown: farve",
        "name is no text",
        "action 1: site_id is missing",
        "action 1: x_m is 'vest'",
        "action 1: y_m is missing",
        "action 1: capacities is True",
        f"action 2: kind is 'flyv'; known are {', '.join(KINDS)}",
        "action 3: unknown: hast",
        "action 3: ydernummer is 10117",
        "action 4: doctors is 1.5",
    ]


@pytest.mark.parametrize("actions", ['action = "luk"\n', "action = [1]\n"])
def test_actions_that_are_no_sections_are_told(actions):
    assert len(problems('format = 1\nname = "x"\n' + actions)) == 1


def test_a_text_that_cannot_be_kept_is_told_with_its_place():
    text = scenario_text(Scenario(name="x", actions=(Close(ydernummer="1", note="010190-1234"),)))
    assert problems(text) == ["action 1, note: A text holds a number that looks like a CPR number"]


def test_a_scenario_needs_a_name_of_bearable_length(tmp_path):
    with pytest.raises(ScenarioError, match="no name"):
        write_scenario(tmp_path / "x.toml", Scenario(name=" \n"))
    with pytest.raises(InvalidValueError, match="at most 100"):
        write_scenario(tmp_path / "x.toml", Scenario(name="x" * (MAX_NAME_LENGTH + 1)))
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_has_so_many_actions_at_most():
    action = Close(ydernummer="1")
    normalise_scenario(Scenario(name="x", actions=(action,) * MAX_ACTIONS))
    with pytest.raises(ScenarioError, match="at most 500"):
        normalise_scenario(Scenario(name="x", actions=(action,) * (MAX_ACTIONS + 1)))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(MissingFileError):
        read_scenario(tmp_path / "intet.toml")


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be opened"):
        read_scenario(tmp_path)


def test_what_cannot_be_written_leaves_the_older_file(tmp_path):
    path = tmp_path / "scenarie.toml"
    path.mkdir()
    (path / "inde.txt").write_text("x")
    with pytest.raises(OutputError, match="cannot be saved"):
        write_scenario(path, EVERYTHING)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["scenarie.toml"]


def test_another_register_is_told_and_mapped_only_if_asked_for():
    with pytest.raises(ScenarioError, match="another register") as caught:
        for_register(EVERYTHING, "b" * 64)
    assert "--by-ydernummer" in str(caught.value)
    assert for_register(EVERYTHING, "b" * 64, by_ydernummer=True).register_sha256 == "b" * 64
    assert for_register(EVERYTHING, "a" * 64) == EVERYTHING
    assert for_register(Scenario(name="x"), "b" * 64).register_sha256 == "b" * 64
