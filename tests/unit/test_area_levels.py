import pytest

from coverage.errors import DuplicateIdError, StudyError, UnknownKommuneError
from coverage.sources.area_levels import read_area_level

TEXT = "Kommune;Sundhedsråd\nOdense;Fyn\n450;Fyn\n0561;Sydvest\n"


def write(folder, text):
    path = folder / "levels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_and_codes_are_both_understood(tmp_path):
    areas, account = read_area_level(write(tmp_path, TEXT), ["0461", "0450"])
    assert areas == {"0461": "Fyn", "0450": "Fyn"}
    assert (account.rows_read, account.rows_kept) == (3, 3)


@pytest.mark.parametrize(
    ("text", "error", "parts"),
    [
        (TEXT + "Atlantis;Fyn\n", UnknownKommuneError, ["1 row: 5", "levels.csv"]),
        (TEXT + "0461;Sydvest\n", DuplicateIdError, ["1 row: 5", "two areas"]),
        ("Kommune;Område\n0561;Vest\n", StudyError, ["0461", "Add a row"]),
    ],
)
def test_a_level_that_is_wrong_names_the_rows(tmp_path, text, error, parts):
    with pytest.raises(error) as caught:
        read_area_level(write(tmp_path, text), ["0461"])
    for part in parts:
        assert part in str(caught.value)
