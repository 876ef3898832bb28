"""What the errors of the sources mention has its Danish, too: files, cells and fields."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from coverage import sources
from coverage.errors import LaegedaekningError
from coverage.sources.practice_headers import PRACTICE_SYNONYMS, REQUIRED
from coverage.sources.practice_merge import _COMPARED_FIELDS
from coverage.sources.practices import read_practices
from coverage.sources.provenance import file_of
from coverage.sources.sheets import read_sheet
from coverage.wording import error_texts, say_error

MODULES = [
    importlib.import_module(f"coverage.sources.{module.name}")
    for module in pkgutil.iter_modules(sources.__path__)
]
ROLES = {getattr(module, "ROLE", getattr(module, "_ROLE", None)) for module in MODULES} - {None}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_file_of_a_study_has_danish_words(role):
    assert file_of(role) in error_texts()


@pytest.mark.parametrize("field", _COMPARED_FIELDS)
def test_every_field_of_a_practice_has_danish_words(field):
    assert f"in {field}" in error_texts()


def register_error(folder: Path, text: str) -> LaegedaekningError:
    path = folder / "register.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(LaegedaekningError) as caught:
        read_practices(path, as_of=None)
    return caught.value


def test_a_missing_column_in_danish(tmp_path):
    error = register_error(tmp_path, "Ydernr;Adresse\n010117;Brogade 7\n")
    assert say_error(error.what, "da") == (
        "Filen med praksis mangler en kolonne: name (for eksempel 'Praksisnavn')"
    )
    assert say_error(error.where, "da") == "register.csv, række 1"
    assert say_error(error.hint, "da") == (
        "Giv kolonnen en af de nævnte overskrifter. Fundne overskrifter: Ydernr, Adresse"
    )


def test_rows_that_differ_in_danish(tmp_path):
    error = register_error(
        tmp_path,
        "Ydernr;Navn;Adresse;Tilgang;Kapaciteter\n"
        "010117;A;Brogade 7;Åben;1,5\n010117;A;Brogade 7;Åben;2\n"
        "010125;B;Brogade 9;Åben;1\n010125;B;Brogade 9;Åben;2\n",
    )
    assert say_error(error.what, "da") == (
        "Ydernummer 010117 har rækker, der ikke siger det samme om kapaciteterne: 1,5 og 2,0"
    )
    assert say_error(error.hint, "da").endswith("Det samme gælder andre ydernumre (1).")


def test_a_column_is_named_in_danish(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("Ydernr;Navn;;Note\n010117;A;7;ny\n", "utf-8")
    sheet = read_sheet(path, PRACTICE_SYNONYMS, REQUIRED, role="practices")
    assert say_error(sheet.where_column("name"), "da") == "register.csv, kolonne 'Navn'"
    assert [say_error(name, "da") for name in sheet.unknown_headers] == ["(kolonne 3)", "Note"]
