import inspect
import tomllib

import pytest

from coverage import errors
from coverage.sentences import sentence
from coverage.wording import say_error

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, errors.LaegedaekningError)
]


def test_every_error_has_an_exit_code_of_its_own():
    codes = [error.exit_code for error in CLASSES]
    assert len(set(codes)) == len(codes)
    assert 2 not in codes
    assert 0 not in codes


@pytest.mark.parametrize("error", CLASSES)
def test_the_drawn_tree_names_every_class_with_its_code(error):
    line = next(line for line in errors.__doc__.splitlines() if error.__name__ in line)
    assert str(error.exit_code) in line.split()


def test_message_says_what_where_which_rows_and_what_to_do():
    error = errors.InvalidValueError(
        "Letters in a number",
        where="register.csv, column Kapaciteter",
        rows=[3, 5, 8, 13, 21, 34],
        hint="Write digits.",
    )
    assert str(error) == (
        "Letters in a number · register.csv, column Kapaciteter · "
        "6 rows: 3, 5, 8, 13, 21 … · Write digits."
    )


def test_message_leaves_out_what_is_not_known():
    assert str(errors.StudyError("No title")) == "No title"
    assert errors.describe_rows([7]) == "1 row: 7"


def test_rows_that_are_sentences_are_told_in_danish(monkeypatch):
    monkeypatch.setattr("coverage.wording.error_texts", lambda: {"{a} and {b}": "{a} og {b}"})
    told = errors.describe_rows([sentence("{a} and {b}", a="x", b="y"), 3])
    assert told == "2 rows: x and y, 3"
    assert say_error(told, "da") == "2 rows: x og y, 3"


@pytest.mark.parametrize(
    ("content", "danish"),
    [
        (b"a = 1\nb = x", "værdien kan ikke læses (linje 2, tegn 5)"),
        (b'a = "x\n"', "ulovligt tegn '\\n' (linje 1, tegn 7)"),
        (b"[a]\n[a]\n", "afsnittet ('a',) står to gange (linje 2, tegn 3)"),
        (b"a = [1,\n", "værdien kan ikke læses (ved filens slutning)"),
        (b'a = "C:\\Users"', "der står \\ i en tekst (linje 1, tegn 10)"),
        (b'a = "\xe6"', "filen er ikke gemt som UTF-8: byte 0xe6 på plads 5, ikke et tegn"),
    ],
)
def test_why_a_file_is_no_toml_can_be_said_in_danish(content, danish):
    with pytest.raises(ValueError) as caught:
        tomllib.loads(content.decode())
    reason = errors.toml_reason(caught.value)
    assert reason == str(caught.value)
    assert say_error(reason, "da") == danish


def test_another_reason_stays_as_it_is():
    assert errors.toml_reason(ValueError("something new")) == "something new"
