from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coverage.errors import (
    LaegedaekningError,
    MissingFileError,
    OutputError,
    StudyError,
    UnknownKommuneError,
)
from coverage.study_file import InputFile, LevelFile, Study, load_study, save_study
from coverage.wording import say_error

TEXT = """
[study]
title = "Øen"
as_of = 2026-01-01
resolution = "cell"

[area]
kommuner = ["400"]

[practices]
path = "register.csv"
as_of = 2026-01-01

[population]
path = "grid.csv"

[roads]
path = "roads.osm.pbf"

[kommuner]
path = "kommuner.geojson"

[rules.overrides]
"choice.limit_m" = 12000
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_read_from_the_folder_of_the_study(tmp_path):
    study = load_study(write(tmp_path, TEXT))
    assert study.practices == InputFile(tmp_path.resolve() / "register.csv", date(2026, 1, 1))
    assert study.population.as_of is None
    assert study.overrides == {"choice.limit_m": 12_000}
    assert study.wanted_kommuner() == ("0400",)


def test_a_study_saved_and_loaded_is_equal_to_itself(tmp_path):
    study = replace(
        load_study(write(tmp_path, TEXT)),
        towns=InputFile(Path("/elsewhere/towns.csv"), date(2020, 5, 5)),
        projection=InputFile(tmp_path.resolve() / "frkm.csv"),
        judgements=InputFile(tmp_path.resolve() / "judgements.csv"),
        area_levels={
            "sundhedsråd": LevelFile(tmp_path.resolve() / "levels.csv"),
            "region": LevelFile(tmp_path.resolve() / "k.csv", date(2026, 1, 1), "region_2027"),
        },
        designation_level="sundhedsråd",
        cache_folder=tmp_path.resolve() / "cache",
        scenario_folder=tmp_path.resolve() / "scenarios",
        illustrative=True,
    )
    saved = tmp_path / "again.toml"
    save_study(study, saved)
    assert load_study(saved) == study


def test_saved_paths_are_relative_so_that_the_folder_can_move(tmp_path):
    save_study(load_study(write(tmp_path, TEXT)), tmp_path / "again.toml")
    text = (tmp_path / "again.toml").read_text("utf-8")
    assert 'path = "register.csv"' in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize(
    ("wrong", "right", "part"),
    [
        ('title = "Øen"', 'titel = "Øen"', "study.titel"),
        ('title = "Øen"', "", "study.title is missing"),
        ("as_of = 2026-01-01\nresolution", 'as_of = "1/1 2026"\nresolution', "study.as_of is"),
        ('resolution = "cell"', 'resolution = "street"', "study.resolution is 'street'"),
        ('[roads]\npath = "roads.osm.pbf"', "", r"lacks the section \[roads\]"),
        ("[population]", "[befolkning]", "Unknown in the study file: befolkning"),
        ("[study]", "[study]\nformat = 2", "has format 2"),
        ("[area]", '[area]\ndesignation_level = "by"', "designation_level is 'by', which is no"),
        ('path = "grid.csv"', "path = grid.csv", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path, wrong, right, part):
    assert wrong in TEXT
    with pytest.raises(StudyError, match=part) as caught:
        load_study(write(tmp_path, TEXT.replace(wrong, right)))
    assert "study.toml" in str(caught.value)
    assert caught.value.exit_code == 20


def test_keys_are_the_same_in_every_language(tmp_path):
    with pytest.raises(StudyError) as caught:
        load_study(write(tmp_path, TEXT.replace("[population]", "[befolkning]")))
    hint = say_error(caught.value.hint, "da")
    assert hint.startswith("Her kan stå: area, closing_limits, designations, ")
    assert " judgements, kommuner, " in hint


def test_a_missing_study_names_an_example(tmp_path):
    with pytest.raises(MissingFileError, match=r"data/demo/study\.toml"):
        load_study(tmp_path / "nowhere.toml")


def test_a_region_stands_for_its_kommuner_before_and_after_2027(tmp_path):
    study = load_study(write(tmp_path, TEXT.replace('kommuner = ["400"]', 'region = "1083"')))
    assert len(study.wanted_kommuner()) == 22
    east = replace(study, area_region="Region Østdanmark").wanted_kommuner()
    assert len([code for code in east if code != "0411"]) == 46


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"area_kommuner": ("0400", "9999")}, UnknownKommuneError),
        ({"area_kommuner": (), "area_region": "Region Atlantis"}, StudyError),
    ],
)
def test_an_area_that_denmark_does_not_have_is_refused(tmp_path, changes, error):
    study: Study = replace(load_study(write(tmp_path, TEXT)), **changes)
    with pytest.raises(error) as caught:
        study.wanted_kommuner()
    assert "9999" in str(caught.value) or "Region Atlantis" in str(caught.value)


def test_a_study_that_cannot_be_saved_says_so(tmp_path):
    study = load_study(write(tmp_path, TEXT))
    with pytest.raises(OutputError) as caught:
        save_study(study, tmp_path / "no" / "such" / "folder.toml")
    assert isinstance(caught.value, LaegedaekningError)
