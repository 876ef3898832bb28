"""What the words of a register mean for intake: open for everyone, closed, or not known."""

from datetime import date

import pytest

from coverage.errors import InvalidValueError
from coverage.sources.practice_intake import Question, find_dates, judge_intake
from coverage.sources.practices import read_practices

AS_OF = date(2026, 11, 1)


def judge(text, *, yes_means_open=True, as_of=AS_OF):
    return judge_intake(text, Question(yes_means_open, as_of)).is_open


@pytest.mark.parametrize(
    "text",
    ["Åben", "åben", "ÅBEN.", "Aaben", "Åben for tilgang", "Åben for nye patienter", "Åbent",
     "Åben for alle", "Å", "Fri tilgang", "Open", "Åben for gruppe 1-sikrede", "Ja", "J", "1"],
)  # fmt: skip
def test_open_to_everyone(text):
    assert judge(text) is True


@pytest.mark.parametrize(
    "text",
    ["Lukket", "LUKKET", "Lukket for tilgang", "Midlertidigt lukket", "Ikke åben", "Ingen tilgang",
     "L", "Closed", "Lukket for nye patienter pga. sygdom", "Nej", "N", "0", "Lukket siden 2024"],
)  # fmt: skip
def test_closed(text):
    assert judge(text) is False


@pytest.mark.parametrize(
    "text",
    ["Åben kun for børn af patienter", "Kun familie", "Delvist åben", "Åben for tilflyttere",
     "Begrænset tilgang", "Åben for børn", "Delvis lukket", "Ikke åben for børn"],
)  # fmt: skip
def test_open_to_some_is_closed_to_the_public(text):
    intake = judge_intake(text, Question(yes_means_open=True, as_of=AS_OF))
    assert intake.is_open is False
    assert intake.reason == "restricted"


@pytest.mark.parametrize(
    "text",
    ["Måske", "Åben/lukket", "Aktiv", "?", "Ring", "Åbningstider 8-16", "Ikke lukket", "Åben i maj",
     "01-03-2026", "Venteliste", "{{ true }}", "Åbner snart", "Lukket, åben igen 2027"],
)  # fmt: skip
def test_what_cannot_be_understood_is_never_open(text):
    assert judge(text) is None


@pytest.mark.parametrize(
    ("text", "on_the_day", "without_a_day"),
    [
        ("Åben fra 1.3.2026", True, None),
        ("Åben pr. 1/11-2026", True, None),
        ("Åben fra 2. 11. 2026", False, None),
        ("Åben for tilgang fra 2026-12-01", False, None),
        ("Åben til 31-12-2026", True, None),
        ("Åben indtil 31-10-2026", None, None),
        ("Lukket fra 1.3.2026", False, False),
        ("Lukket pr. 01.01.27", None, False),
        ("Lukket til 31-12-2026", False, None),
        ("Lukket indtil 31-10-2026", None, None),
        ("Lukket 1.1.2026 til 1.2.2026", None, None),
        ("Åben 1.1.2026 til 1.2.2027", None, None),
    ],
)
def test_dates_are_judged_by_the_day_of_the_study(text, on_the_day, without_a_day):
    assert judge(text) is on_the_day
    assert judge(text, as_of=None) is without_a_day


def test_in_a_column_on_being_closed_yes_means_closed():
    assert judge("J", yes_means_open=False) is False
    assert judge("nej", yes_means_open=False) is True
    assert judge("Åben", yes_means_open=False) is True
    assert judge("Lukket", yes_means_open=False) is False
    assert judge("01-03-2026", yes_means_open=False) is False
    assert judge("01-03-2027", yes_means_open=False) is None


def test_yes_to_a_question_with_two_sides_means_nothing():
    assert judge("Ja", yes_means_open=None) is None
    assert judge("Åben", yes_means_open=None) is True


def test_dates_are_read_day_first_and_impossible_ones_are_left():
    assert find_dates("fra 1/12-2026 og 2027-01-05")[0] == [date(2026, 12, 1), date(2027, 1, 5)]
    assert find_dates("31.2.2026") == ([], "31.2.2026")
    assert find_dates("tlf. 56951234")[0] == []


@pytest.fixture
def read(tmp_path):
    def read_register(header, *cells):
        rows = [f"{10117 + 8 * row};Klinik;Storegade 1;{cell}" for row, cell in enumerate(cells)]
        path = tmp_path / "register.csv"
        path.write_text("\n".join([f"Ydernr;Navn;Adresse;{header}", *rows]), encoding="utf-8")
        return read_practices(path, as_of=AS_OF)

    return read_register


@pytest.mark.parametrize(
    ("header", "yes"),
    [
        ("Tilgang", True),
        ("Åben for tilgang (J/N)", True),
        ("Lukket (J/N)", False),
        ("Lukket", False),
        ("LUKKET FOR TILGANG", False),
        ("Åben/lukket", None),
        ("Status", None),
    ],
)
def test_the_header_says_what_yes_means(read, header, yes):
    opened = read(header, "J", "N").practices["intake_open"].tolist()
    if yes is None:
        assert read(header, "J", "N").practices["intake_open"].isna().all()
    else:
        assert opened == [yes, not yes]


def test_the_text_is_kept_and_a_bare_yes_gets_its_header(read):
    assert read("Lukket", "J", "Åben").practices["intake_text"].tolist() == ["Lukket: J", "Åben"]
    kept = read("Tilgang", "Åben kun for <b>børn</b>").practices
    assert kept["intake_text"].tolist() == ["Åben kun for <b>børn</b>"]
    assert kept["intake_open"].tolist() == [False]


def test_blank_unclear_restricted_and_dated_cells_are_listed(read):
    register = read("Tilgang", "", "Måske", "Åben kun for børn", "Åben til 1.1.2026", "Åben")
    opened = register.practices["intake_open"]
    assert opened.isna().tolist() == [True, True, False, True, False]
    notes = register.provenance.notes
    assert "blank intake, taken as missing: 1 row: 2" in notes
    assert "intake not understood, taken as missing: 1 row: 3 ('Måske')" in notes
    assert "open to some only, taken as closed: 1 row: 4 ('Åben kun for børn')" in notes
    assert "intake hangs on a date, taken as missing: 1 row: 5 ('Åben til 1.1.2026')" in notes


def test_two_columns_complete_each_other_and_must_not_contradict(read):
    register = read("Åben;Lukket", "J;", ";J", "J;N", "N;J")
    assert register.practices["intake_open"].tolist() == [True, False, True, False]
    with pytest.raises(InvalidValueError, match="contradict each other") as caught:
        read("Åben;Lukket", "J;N", "J;J")
    assert caught.value.rows == (3,)
