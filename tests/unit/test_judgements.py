"""The file of judgements: what is read, and what is refused."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    PersonalDataError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.exports.csv_table import harmless_text
from coverage.plan_tables import JUDGEMENTS
from coverage.sources.decision_columns import guard_text, parse_date, plain_text
from coverage.sources.judgements import read_judgements

HEADER = "Niveau;Områdekode;Kriterium;Opfyldt;Dato;Forfatter;Begrundelse\n"
ROW = "kommune;0461;Særlige forhold;Ja;2026-03-01;BN;To læger er syge\n"


def write(folder: Path, text: str, name: str = "judgements.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(error: type[LaegedaekningError], path: Path) -> LaegedaekningError:
    """Return the error of a file, with its exact class checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_judgements(path, as_of=None)
    assert type(caught.value) is error
    assert path.name in caught.value.where
    assert caught.value.hint
    return caught.value


def test_danish_file_is_read_in_its_order_and_keeps_its_history(tmp_path: Path) -> None:
    text = (
        HEADER
        + ROW
        + "Kommune;Svendborg;Behov for udbuds- eller regionsklinik;Nej;1.3.2026;BN;Klinik på vej\n"
        + "sundhedsråd;Fyn;Tilsidesættelse af signal;ja;01-09-2025;KH;Se sag\n"
        + "kommune;0461;Særlige forhold;nej;2026-06-01;BN;Tilbage igen\n"
    )
    judgements, provenance = read_judgements(write(tmp_path, text), as_of=date(2026, 7, 1))
    assert list(judgements.columns) == list(JUDGEMENTS.columns)
    assert judgements["area_level"].tolist() == ["kommune", "kommune", "sundhedsråd", "kommune"]
    assert judgements["area_id"].tolist() == ["0461", "0479", "Fyn", "0461"]
    assert judgements["criterion"].tolist() == [
        "special_circumstances",
        "clinic_need",
        "override",
        "special_circumstances",
    ]
    assert judgements["met"].tolist() == [True, False, True, False]
    assert judgements["entered_on"].dt.date.tolist() == [
        date(2026, 3, 1),
        date(2026, 3, 1),
        date(2025, 9, 1),
        date(2026, 6, 1),
    ]
    assert judgements["reason"].tolist()[0] == "To læger er syge"
    assert judgements["source_row"].tolist() == [2, 3, 4, 5]
    assert (provenance.role, provenance.as_of) == ("judgements", date(2026, 7, 1))
    assert (provenance.rows_read, provenance.rows_kept, provenance.notes) == (4, 4, ())


def test_english_headers_and_codes_are_read_and_the_level_may_be_left_out(tmp_path: Path) -> None:
    text = "area_id,criterion,met,entered_on,author,reason\n461,clinic_need,yes,2026-03-01,BN,See\n"
    judgements, _ = read_judgements(write(tmp_path, text), as_of=None)
    assert judgements.loc[0, ["area_level", "area_id", "criterion"]].tolist() == [
        "kommune",
        "0461",
        "clinic_need",
    ]
    assert judgements["met"].tolist() == [True]


def test_a_blank_level_is_a_kommune_and_other_levels_keep_their_text(tmp_path: Path) -> None:
    row = "{};{};override;Ja;2026-03-01;BN;Grund\n"
    text = HEADER + row.format("", "Odense") + row.format("bydele", "0461")
    judgements, _ = read_judgements(write(tmp_path, text), as_of=None)
    assert judgements["area_level"].tolist() == ["kommune", "bydele"]
    assert judgements["area_id"].tolist() == ["0461", "0461"]


def test_an_excel_workbook_with_real_dates_and_numbers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "judgements.xlsx"
    pd.DataFrame(
        {
            "Områdekode": [461],
            "Kriterium": ["Særlige forhold"],
            "Opfyldt": ["Ja"],
            "Dato": [pd.Timestamp(2026, 3, 1)],
            "Forfatter": ["BN"],
            "Begrundelse": ["Sygdom"],
        }
    ).to_excel(path, index=False)
    judgements, _ = read_judgements(path, as_of=None)
    assert judgements["area_id"].tolist() == ["0461"]
    assert judgements["entered_on"].dt.date.tolist() == [date(2026, 3, 1)]


def test_a_file_with_a_header_alone_holds_no_judgement_and_says_so(tmp_path: Path) -> None:
    judgements, provenance = read_judgements(write(tmp_path, HEADER), as_of=None)
    assert judgements.empty
    assert list(judgements.columns) == list(JUDGEMENTS.columns)
    assert provenance.notes == ("The file has no row: nothing has been judged yet",)


def test_a_file_whose_only_row_is_a_remark_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "Ajourført i marts;;;;;;\n")
    assert "no row below its header" in str(refused(EmptyTableError, path))


def test_a_formula_with_its_apostrophe_is_read_as_it_was_meant(tmp_path: Path) -> None:
    text = HEADER + "kommune;0461;override;Ja;2026-03-01;'=BN;'+2 læger\n"
    judgements, _ = read_judgements(write(tmp_path, text), as_of=None)
    assert judgements.loc[0, ["author", "reason"]].tolist() == ["=BN", "+2 læger"]


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        ("kommune;;override;Ja;2026-03-01;BN;G", InvalidValueError, "'Områdekode'"),
        ("kommune;0461;;Ja;2026-03-01;BN;G", InvalidValueError, "'Kriterium'"),
        ("kommune;0461;override;;2026-03-01;BN;G", InvalidValueError, "'Opfyldt'"),
        ("kommune;0461;override;Ja;;BN;G", InvalidValueError, "'Dato'"),
        ("kommune;0461;override;Ja;2026-03-01;;G", InvalidValueError, "'Forfatter'"),
        ("kommune;0461;override;Ja;2026-03-01;BN;", InvalidValueError, "'Begrundelse'"),
    ],
)
def test_a_blank_cell_is_refused(
    tmp_path: Path, row: str, error: type[LaegedaekningError], words: str
) -> None:
    raised = refused(error, write(tmp_path, HEADER + ROW + row + "\n" + ROW))
    assert raised.what == "Cells are blank"
    assert raised.rows == (3,)
    assert words in str(raised)


@pytest.mark.parametrize(
    ("cells", "error", "words"),
    [
        (("0461", "choice", "Ja", "2026-03-01"), InvalidValueError, "'Særlige forhold'"),
        (("0461", "override", "måske", "2026-03-01"), InvalidValueError, "'Ja', 'Nej'"),
        (("0461", "override", "Ja", "1.3.26"), InvalidValueError, "four digits"),
        (("0461", "override", "Ja", "3/13/2026"), InvalidValueError, "'3/13/2026'"),
        (("0461", "override", "Ja", "2026-02-29"), InvalidValueError, "'2026-02-29'"),
        (("0461", "override", "Ja", "9999-12-31"), InvalidValueError, "2100"),
        (("0461", "override", "Ja", "marts"), InvalidValueError, "'marts'"),
        (("0999", "override", "Ja", "2026-03-01"), UnknownKommuneError, "'0999'"),
        (("Fyn", "override", "Ja", "2026-03-01"), UnknownKommuneError, "'Niveau'"),
    ],
)
def test_a_cell_that_is_not_understood_is_refused(
    tmp_path: Path, cells: tuple[str, ...], error: type[LaegedaekningError], words: str
) -> None:
    row = ";".join(("", *cells, "BN", "G")) + "\n"
    raised = refused(error, write(tmp_path, HEADER + ROW + row + row))
    assert raised.rows == (3, 4)
    assert words in str(raised)


def test_a_cpr_number_is_refused_and_not_repeated(tmp_path: Path) -> None:
    row = "kommune;0461;override;Ja;2026-03-01;BN;Om 010170-1234\n"
    raised = refused(PersonalDataError, write(tmp_path, HEADER + row))
    assert "CPR" in str(raised)
    assert "column 'Begrundelse'" in raised.where
    assert "Take the numbers out" in raised.hint
    assert "010170" not in str(raised)


def test_files_that_are_no_tables_of_judgements(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="judgements file is not there"):
        read_judgements(tmp_path / "no.csv", as_of=None)
    assert "empty" in str(refused(UnreadableFileError, write(tmp_path, "")))
    assert "no cell" in str(refused(EmptyTableError, write(tmp_path, ";;\n")))
    raised = refused(MissingColumnError, write(tmp_path, "Navn;Adresse\nA;B\n"))
    assert "'Kriterium'" in str(raised)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1)),
        ("1. 3. 2026", date(2026, 3, 1)),
        ("01-03-2026", date(2026, 3, 1)),
        ("29.2.2024", date(2024, 2, 29)),
        ("29.2.2026", None),
        ("1.13.2026", None),
        ("1.3.26", None),
        ("26-03-01", None),
        ("31.12.1969", None),
        ("1.1.1970", date(1970, 1, 1)),
        ("31.12.2100", date(2100, 12, 31)),
        ("1.1.2101", None),
        ("46082", None),
        ("", None),
    ],
)
def test_dates_have_the_day_first_or_the_year_first(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


@given(st.text(alphabet="'=+-@ \t\nab\uff1d\uff20", max_size=6))
def test_a_guarded_text_starts_no_formula_and_reads_back_as_it_was(text: str) -> None:
    guarded = guard_text(text)
    assert plain_text(guarded) == text
    # No guard is weaker than the one of the results.
    assert harmless_text(guarded) == guarded
    assert not guarded.lstrip().startswith(("\uff1d", "\uff20"))


@pytest.mark.parametrize("word", ["Trukket tilbage", "trukket", "withdrawn"])
def test_a_judgement_can_be_withdrawn(tmp_path, word):
    path = tmp_path / "judgements.csv"
    path.write_text(f"{HEADER}kommune;0461;override;{word};2026-03-01;BN;Forveksling\n", "utf-8")
    judgements, _ = read_judgements(path, as_of=None)
    assert judgements["met"].isna().tolist() == [True]
