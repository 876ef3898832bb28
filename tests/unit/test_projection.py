"""Persons by kommune, year and age in the forms that StatBank hands out."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    StudyError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.plan_tables import PROJECTION
from coverage.sources.age_groups import AgeGroup, find_age_fault, read_age
from coverage.sources.kommune_rows import is_larger_area
from coverage.sources.projection import read_projection
from coverage.sources.projection_forms import read_period

CODES = ("0461", "0479")

# FOLK1A by codes: a region and the country among the kommuner, a total of the sexes.
FOLK1A = """OMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD
000;TOT;IALT;TOT;2026K1;6025603
083;TOT;IALT;TOT;2026K1;1240000
461;TOT;IALT;TOT;2026K1;205000
479;TOT;IALT;TOT;2026K1;59000
461;TOT;IALT;TOT;2026K2;205300
479;TOT;IALT;TOT;2026K2;59010
101;TOT;IALT;TOT;2026K1;660000
"""

# FRKM1yy by codes: sexes without a total, an open last age, a total of the ages.
FRKM = """KOMMUNEDK;ALDER;KØN;TID;INDHOLD
461;TOT;M;2030;60
461;TOT;K;2030;66
461;0;M;2030;10
461;0;K;2030;11
461;1-99;M;2030;50
461;1-99;K;2030;52
461;100-;M;2030;0
461;100-;K;2030;3
"""

MATRIX = """"Befolkningsfremskrivning 2026 efter område, alder og tid"
"Enhed: antal"

"","","2026","2030"
"Odense","0-64 år","160.000","161.000"
"","65+ år","45.000","50.000"
"Svendborg","0-64 år","44000","43000"
"","65+ år","15000","17000"
"Region Syddanmark","0-64 år","960000","950000"
"","65+ år","280000","300000"
"Kilde: Danmarks Statistik"
"""


def write(folder: Path, text: str, name: str = "frkm.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


def read(folder, text, codes=CODES):
    return read_projection(write(folder, text), codes, as_of=None)


def triples(projection):
    """Return the rows as tuples with None for missing."""
    rows = projection.astype(object).where(projection.notna(), None)
    return [tuple(row) for row in rows.itertuples(index=False)]


def adds_up(account):
    return account.rows_kept + account.merged_rows + sum(account.dropped.values())


def refused(error, folder, text, codes=CODES) -> LaegedaekningError:
    """Return the error of a file, with its exact class, its file and its advice checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read(folder, text, codes)
    assert type(caught.value) is error
    assert "frkm.csv" in caught.value.where
    assert caught.value.hint
    return caught.value


def test_a_count_by_codes_keeps_the_first_quarter_of_the_studys_kommuner(tmp_path):
    path = write(tmp_path, FOLK1A, encoding="utf-8-sig")
    projection, account = read_projection(path, CODES, as_of=date(2026, 1, 1))
    assert list(projection.columns) == list(PROJECTION.columns)
    assert triples(projection) == [
        ("0461", 2026, None, None, 205_000.0),
        ("0479", 2026, None, None, 59_000.0),
    ]
    assert account.dropped == {
        "of a larger area": 2,
        "kommune outside the study": 1,
        "not of 1 January": 2,
    }
    assert (account.role, account.rows_read, account.as_of) == ("projection", 7, date(2026, 1, 1))
    assert adds_up(account) == 7


def test_sexes_without_a_total_are_added_and_the_ages_replace_their_total(tmp_path):
    projection, account = read(tmp_path, FRKM, ["0461"])
    assert triples(projection) == [
        ("0461", 2030, 0.0, 0.0, 21.0),
        ("0461", 2030, 1.0, 99.0, 102.0),
        ("0461", 2030, 100.0, None, 3.0),
    ]
    # 8 figures: 4 pairs become 4 rows, of which the total (60 + 66 = 21 + 102 + 3) is left out.
    assert (account.rows_read, account.merged_rows, account.rows_kept) == (8, 4, 3)
    assert account.dropped == {"all ages together, its ages are there": 1}
    assert account.notes == ()


def test_a_total_of_the_sexes_goes_before_their_sum(tmp_path):
    text = (
        "OMRÅDE;KØN;TID;INDHOLD\n"
        "Odense;I alt;2026;100\nOdense;Mænd;2026;49\nOdense;Kvinder;2026;50\n"
        "Svendborg;Mænd;2026;20\nSvendborg;Kvinder;2026;21\n"
    )
    projection, account = read(tmp_path, text)
    assert projection["persons"].tolist() == [100.0, 41.0]
    assert account.dropped == {"of one sex, both are in a total": 2}
    assert account.merged_rows == 1
    assert adds_up(account) == account.rows_read == 5


def test_ages_that_do_not_add_up_to_their_total_are_used_and_noted(tmp_path):
    projection, account = read(tmp_path, FRKM.replace("0;K;2030;11", "0;K;2030;9"), ["0461"])
    assert projection["persons"].sum() == 124.0
    assert [note for note in account.notes if "0461 2030 (-2 persons)" in note]


@pytest.mark.parametrize(
    ("ages", "fault"),
    [
        ("461;65+;M;2030;5\n461;65+;K;2030;5\n", "no group holds the ages 0-64"),
        ("461;0-64;M;2030;5\n461;0-64;K;2030;5\n", "no group holds the ages of 65 and over"),
        (
            "461;0-64;M;2030;5\n461;0-64;K;2030;5\n461;60+;M;2030;1\n461;60+;K;2030;1\n",
            "0-64 and 60+ overlap",
        ),
    ],
)
def test_ages_that_do_not_hold_everyone_give_way_to_the_total(tmp_path, ages, fault):
    total = "".join(FRKM.splitlines(keepends=True)[:3])
    projection, account = read(tmp_path, total + ages, ["0461"])
    assert triples(projection) == [("0461", 2030, None, None, 126.0)]
    assert any(fault in note for note in account.notes)
    head = FRKM.splitlines(keepends=True)[0]
    error = refused(InvalidValueError, tmp_path, head + ages, ["0461"])
    assert fault in error.what
    assert "'ALDER'" in error.where


@pytest.mark.parametrize(("last", "is_taken"), [(98, False), (99, True), (125, True)])
def test_a_closed_last_age_is_the_last_of_all_from_99(tmp_path, last, is_taken):
    text = f"OMRÅDE;ALDER;TID;INDHOLD\n461;I alt;2026;7\n461;0-{last} år;2026;7\n"
    projection, _ = read(tmp_path, text, ["0461"])
    assert projection["age_from"].notna().all() == is_taken


def test_the_matrix_of_the_web_page_is_read_with_its_blank_areas(tmp_path):
    projection, account = read(tmp_path, MATRIX)
    assert triples(projection) == [
        ("0461", 2026, 0.0, 64.0, 160_000.0),
        ("0461", 2026, 65.0, None, 45_000.0),
        ("0461", 2030, 0.0, 64.0, 161_000.0),
        ("0461", 2030, 65.0, None, 50_000.0),
        ("0479", 2026, 0.0, 64.0, 44_000.0),
        ("0479", 2026, 65.0, None, 15_000.0),
        ("0479", 2030, 0.0, 64.0, 43_000.0),
        ("0479", 2030, 65.0, None, 17_000.0),
    ]
    assert account.dropped == {"note below the table": 1, "of a larger area": 4}
    assert adds_up(account) == account.rows_read == 13
    assert "frkm.csv: a matrix of 6 rows and 2 years, counted by cells" in account.notes


@pytest.mark.parametrize(
    "text",
    [
        # Without ages, with quarters across.
        "Titel\n;2026K1;2026K2\n461 Odense;100;101\n479 Svendborg;50;51\n",
        # A heading for each area, the sexes below it.
        ";;2026\nOdense;;\n;Mænd;60\n;Kvinder;40\nSvendborg;;\n;Mænd;20\n;Kvinder;30\n",
        # Named columns, the ages first.
        "Alder;Område;2026\nI alt;Odense;100\n;Svendborg;50\n",
        # Tidy, by hand, with dates.
        "kommune,år,personer\n0461,2026-01-01,100\n0479,01-01-2026,50\n0479,2026-07-01,51\n",
        # Tidy, monthly, a column that divides nobody.
        "INDHOLD;HERKOMST;OMRÅDE;TID\n100;I alt;Odense;2026M01\n50;I alt;Svendborg;2026M01\n",
        # Tidy, the words of a total first on the row.
        "ALDER;OMRÅDE;TID;INDHOLD\nAlder i alt;Odense;2026;100\nAlder i alt;Svendborg;2026;50\n",
        # Marital status with a total.
        "OMRÅDE;CIVILSTAND;TID;INDHOLD\n461;TOT;2026;100\n461;U;2026;9\n479;TOT;2026;50\n",
    ],
)
def test_the_same_persons_are_read_from_other_layouts(tmp_path, text):
    projection, account = read(tmp_path, text)
    assert triples(projection) == [
        ("0461", 2026, None, None, 100.0),
        ("0479", 2026, None, None, 50.0),
    ]
    assert adds_up(account) == account.rows_read


def test_a_workbook_is_read_as_the_csv_is(tmp_path):
    path = tmp_path / "frkm.xlsx"
    rows = [["Folketal efter område og tid", None, None], [None, 2026, 2027], ["Odense", 7, 8]]
    pd.DataFrame(rows).to_excel(path, index=False, header=False)
    projection, _ = read_projection(path, ["0461"], as_of=None)
    assert projection[["year", "persons"]].to_numpy().tolist() == [[2026, 7.0], [2027, 8.0]]


def test_columns_that_are_not_used_are_named(tmp_path):
    text = "OMRÅDE;BEMÆRKNING;TID;INDHOLD\nOdense;skøn;2026;100\n"
    _, account = read(tmp_path, text, ["0461"])
    assert account.notes == ("frkm.csv: columns not used: BEMÆRKNING",)


HEAD = "OMRÅDE;ALDER;KØN;TID;INDHOLD\n"
FULL = "461;I alt;I alt;2026;100\n479;I alt;I alt;2026;50\n"


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        (HEAD + "461;TOT;TOT;2026;1\n", StudyError, ("0479",), ["are not in", "'OMRÅDE'"]),
        (HEAD + "101;TOT;TOT;2026;1\n", StudyError, CODES, ["another geography", "[area]"]),
        (HEAD + FULL + "999;TOT;TOT;2026;1\n", UnknownKommuneError, (4,), ["'999'", "'OMRÅDE'"]),
        (HEAD + FULL + ";TOT;TOT;2026;1\n", UnknownKommuneError, (4,), ["no kommune ''"]),
        (
            HEAD + FULL + "Odense;IALT;TOT;2026;99\n",
            DuplicateIdError,
            (2, 4),
            ["0461 2026 all ages", "Keep one row"],
        ),
        (HEAD + FULL.replace("50", "-50"), InvalidValueError, (3,), ["negative: -50", "'INDHOLD'"]),
        (HEAD + FULL.replace("50", "ca. 50"), InvalidValueError, (3,), ["'ca. 50'", "'INDHOLD'"]),
        (HEAD + FULL.replace("50", "50,5"), InvalidValueError, (3,), ["fraction", "'50,5'"]),
        (HEAD + FULL.replace("50", ".."), InvalidValueError, (3,), ["missing: ..", "not zero"]),
        (HEAD + FULL.replace("50", "-"), InvalidValueError, (3,), ["missing: -", "not zero"]),
        (HEAD + FULL.replace("50", ""), InvalidValueError, (3,), ["missing: blank"]),
        (
            HEAD + FULL.replace("479;I alt", "479;2014-10-01"),
            InvalidValueError,
            (3,),
            ["no age: '2014-10-01'", "Excel", "'ALDER'"],
        ),
        (HEAD + FULL.replace("479;I alt", "479;"), InvalidValueError, (3,), ["no age: ''"]),
        (
            HEAD + FULL.replace("479;I alt;I alt", "479;I alt;X"),
            InvalidValueError,
            (3,),
            ["no sex: 'X'", "'KØN'"],
        ),
        (
            HEAD + FULL.replace("479;I alt;I alt", "479;I alt;M"),
            InvalidValueError,
            (3,),
            ["of one sex", "'KØN'", "both sexes"],
        ),
        (
            HEAD + FULL + "479;I alt;I alt;26;1\n",
            InvalidValueError,
            (4,),
            ["no year: '26'", "'TID'"],
        ),
        (
            HEAD + FULL + "461;I alt;I alt;2027;101\n",
            InvalidValueError,
            ("0479 2027 all ages",),
            ["lack years or ages", "same years"],
        ),
        (
            HEAD + FULL.replace("2026", "2026K3"),
            EmptyTableError,
            (),
            ["of 1 January", "2026K1", "'TID'"],
        ),
        (
            "OMRÅDE;CIVILSTAND;TID;INDHOLD\n461;U;2026;1\n479;U;2026;2\n",
            InvalidValueError,
            (2, 3),
            ["marital status", "'CIVILSTAND'"],
        ),
        (HEAD, EmptyTableError, (), ["no figure below its header"]),
        (HEAD + "461;TOT;TOT;2026;1;9\n", InvalidValueError, (2,), ["more cells than the header"]),
        ("A;B\n461;5\n", MissingColumnError, (), ["OMRÅDE, TID, INDHOLD", "A, B"]),
        (";2026;2026\nOdense;1;2\n", InvalidValueError, (), ["Several columns are of 2026"]),
        (
            MATRIX.replace("15000", "15.000,5"),
            InvalidValueError,
            (8,),
            ["fraction", "column '2026'"],
        ),
        (
            MATRIX.replace("17000", ".."),
            InvalidValueError,
            (8,),
            ["missing: ..", "column '2030'"],
        ),
        (
            # The age above is another area's: only areas are filled down past it.
            MATRIX.replace('"Svendborg","0-64 år"', '"Svendborg",""'),
            InvalidValueError,
            (7,),
            ["no age: ''"],
        ),
        (MATRIX.replace("Svendborg", "Atlantis"), UnknownKommuneError, (7, 8), ["'Atlantis'"]),
    ],
)
def test_what_is_wrong_is_refused_with_its_rows(tmp_path, text, error, rows, parts):
    raised = refused(error, tmp_path, text)
    assert raised.rows == rows
    for part in parts:
        assert part in str(raised)


def test_a_withheld_figure_of_another_kommune_is_no_matter(tmp_path):
    projection, account = read(tmp_path, HEAD + FULL + "101;I alt;I alt;2026;..\n")
    assert projection["persons"].tolist() == [100.0, 50.0]
    assert account.dropped == {"kommune outside the study": 1}


def test_a_zero_stays_a_zero(tmp_path):
    projection, _ = read(tmp_path, HEAD + FULL.replace("50", "0"))
    assert projection["persons"].tolist() == [100.0, 0.0]


def test_files_that_are_no_tables_are_refused(tmp_path):
    with pytest.raises(MissingFileError):
        read_projection(tmp_path / "no.csv", CODES, as_of=None)
    refused(UnreadableFileError, tmp_path, "<!DOCTYPE html><html>")


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("10 år", (10, 10)),
        ("10", (10, 10)),
        ("0-årige", (0, 0)),
        ("10-14 år", (10, 14)),
        ("10 – 14", (10, 14)),
        ("10 år til 14 år", (10, 14)),
        ("105+ år", (105, None)),
        ("105 år +", (105, None)),
        ("100-", (100, None)),
        ("65 år og derover", (65, None)),
        ("65 years and over", (65, None)),
        ("130", (130, 130)),
    ],
)
def test_ages_are_read_as_statistics_write_them(text, ages):
    assert read_age(text) == AgeGroup(*ages)


@pytest.mark.parametrize("text", ["14-10", "131", "I alt", "", "10-14-20", "2014-10-01", "9099"])
def test_what_is_no_age_is_none(text):
    assert read_age(text) is None


@pytest.mark.parametrize(
    ("groups", "what"),
    [
        ([(0, 14), (15, 64), (65, None)], None),
        ([(65, None), (0, 64)], None),
        ([(1, None)], "no group holds the age of 0"),
        ([(0, 14), (16, None)], "no group holds the age of 15"),
        ([(0, 14), (14, None)], "0-14 and 14+ overlap"),
        ([(0, None), (65, None)], "0+ and 65+ overlap"),
        ([(0, 64)], "no group holds the ages of 65 and over"),
        ([], "there is no group"),
    ],
)
def test_groups_must_hold_every_age_once(groups, what):
    fault = find_age_fault([AgeGroup(*ages) for ages in groups])
    assert (fault.what if fault else None) == what


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", (2026, True)),
        ("2026K1", (2026, True)),
        ("2026K2", (2026, False)),
        ("2026Q1", (2026, True)),
        ("2026M01", (2026, True)),
        ("2026M10", (2026, False)),
        ("2026-01-01", (2026, True)),
        ("2026-04-01", (2026, False)),
        ("01-04-2026", (2026, False)),
        ("1980", (1980, True)),
        ("2100", (2100, True)),
        ("1979", None),
        ("2101", None),
        ("2026K5", None),
        ("i alt", None),
    ],
)
def test_periods_tell_their_year_and_whether_they_begin_it(text, expected):
    assert read_period(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hele landet", True),
        ("000", True),
        ("81", True),
        ("085", True),
        ("1083", True),
        ("11", True),
        ("084 Region Hovedstaden", True),
        ("Region Østdanmark", True),
        ("Landsdel Bornholm", True),
        ("Vest- og Sydsjælland", True),
        ("12", False),
        ("080", False),
        ("086", False),
        ("461", False),
        ("Bornholm", False),
        ("Atlantis", False),
    ],
)
def test_larger_areas_are_told_by_name_and_code(text, expected):
    assert is_larger_area(text) is expected
