import inspect

import pytest

from coverage import errors

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
