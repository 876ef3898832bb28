"""A practice register: what is mended, what is merged, what is refused, what is said of it."""

import traceback
from datetime import date

import openpyxl
import pandas as pd
import pytest

from coverage.errors import (
    CoordinateError,
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    MissingFileError,
    PersonalDataError,
    UnknownKommuneError,
)
from coverage.sources.personal_data import holds_cpr
from coverage.sources.practice_headers import PRACTICE_SYNONYMS
from coverage.sources.practices import read_practices
from coverage.sources.spelling import compact_key
from coverage.tables import DOCTORS, PRACTICES

HEADER = "Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte gruppe 1-sikrede;Tilgang"
ROW = "010117;Lægehuset;Storegade 44;3700;Rønne;2;3.050;Åben"
# Made up: 1 January 1901, and a number that no person has.
CPR = "0101010000"


@pytest.fixture
def read(tmp_path):
    def read_register(*lines, as_of=None, name="register.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_practices(path, as_of=as_of)

    return read_register


@pytest.fixture
def read_column(read):
    """Read a register whose last column has a header and one cell a practice."""

    def read_cells(header, *cells, as_of=None):
        rows = [f"{10117 + 8 * row};K{row};Storegade 1;Åben;{c}" for row, c in enumerate(cells)]
        return read(f"Ydernr;Navn;Adresse;Tilgang;{header}", *rows, as_of=as_of)

    return read_cells


def adds_up(provenance):
    parts = provenance.rows_kept + provenance.merged_rows + sum(provenance.dropped.values())
    return parts == provenance.rows_read


# --- the whole register


def test_a_register_becomes_the_two_tables_of_the_contract(read):
    register = read(
        HEADER + ";Praksisform;Lægers fødselsår;Kommune;Lukkegrænse",
        ROW + ";Kompagniskab;1959,1964;Bornholm;1.600",
        "010232;Lægen;Brogade 7;3782;Klemensker;0,5;690;Lukket;Delepraksis;;0400;",
        as_of=date(2026, 11, 1),
    )
    assert list(register.practices.columns) == list(PRACTICES.columns)
    assert list(register.doctors.columns) == list(DOCTORS.columns)
    first = register.practices.iloc[0]
    assert first["ydernummer"] == "010117"
    assert (first["capacities"], first["listed_persons"]) == (2.0, 3050.0)
    assert first["closing_limit_persons"] == 1600.0
    assert first["kommune_code"] == "0400"
    assert first["clinic_form"] == "kompagniskab"
    assert first["match_level"] == "not_found"
    assert register.practices["intake_open"].tolist() == [True, False]
    assert register.practices["capacities"].tolist() == [2.0, 0.5]
    assert register.practices["x_m"].isna().all()
    assert register.practices["source_row"].tolist() == [2, 3]
    assert register.doctors.to_dict("list") == {
        "ydernummer": ["010117", "010117"],
        "birth_year": [1959, 1964],
    }
    provenance = register.provenance
    assert (provenance.role, provenance.file_name) == ("practices", "register.csv")
    assert provenance.as_of == date(2026, 11, 1)
    assert (provenance.rows_read, provenance.rows_kept) == (2, 2)
    assert len(provenance.sha256) == 64


def test_a_workbook_with_titles_totals_and_lost_zeros(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Region Hovedstaden, udtræk 1.11.2026"],
        [],
        ["Yder-nr.", "Kliniknavn", "Vejnavn", "Husnr.", "Postnr. og by", "Antal kapaciteter",
         "Antal tilmeldte (gr. 1)", "Lukket (J/N)", "Fødselsår", None],
        [10117, "Lægehuset", "Storegade", 44, "3700 Rønne", 1.5, 2400, "N", 1959, None],
        [10125, "Klinikken", "Nygade", "2A", "0800 Høje Taastrup", 2, 3000, "J", "1964/1970", None],
        ["I alt", None, None, None, None, 3.5, 5400, None, None, None],
    ):  # fmt: skip
        book.active.append(row)
    path = tmp_path / "udtræk.xlsx"
    book.save(path)
    register = read_practices(path, as_of=None)
    practices = register.practices
    assert practices["ydernummer"].tolist() == ["010117", "010125"]
    assert practices["address"].tolist() == ["Storegade 44", "Nygade 2A"]
    assert practices["postcode"].tolist() == ["3700", "0800"]
    assert practices["town"].tolist() == ["Rønne", "Høje Taastrup"]
    assert practices["capacities"].tolist() == [1.5, 2.0]
    assert practices["intake_open"].tolist() == [True, False]
    assert practices["source_row"].tolist() == [4, 5]
    assert register.doctors["birth_year"].tolist() == [1959, 1964, 1970]
    assert register.provenance.dropped == {"totals row": 1}
    assert adds_up(register.provenance)
    where = "udtræk.xlsx, sheet Sheet, column 'Yder-nr.'"
    assert f"{where}: leading zeros restored: 2 rows: 4, 5" in register.provenance.notes


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7*7 }}{% raw %}", '=HYPERLINK("http://x")', "O'Læge & Søn"],
)
def test_hostile_names_are_kept_as_they_are(read, name):
    quoted = '"' + name.replace('"', '""') + '"'
    register = read(HEADER, ROW.replace("Lægehuset", quoted))
    assert register.practices["name"].tolist() == [name]


def test_no_two_fields_share_a_header():
    keys = [
        compact_key(header)
        for name, headers in PRACTICE_SYNONYMS.items()
        for header in {compact_key(text) for text in (*headers, name)}
    ]
    assert len(keys) == len(set(keys))


def test_columns_that_are_not_used_are_listed(read):
    register = read(HEADER + ";Telefon;Vejnavn;X", ROW + ";56951234;Nygade;")
    assert "columns not used: Telefon, Vejnavn, X" in register.provenance.notes


def test_a_practice_without_a_name_shows_its_ydernummer(read):
    register = read(HEADER, ROW.replace("Lægehuset", ""))
    assert register.practices["name"].tolist() == ["010117"]
    assert "no name, the ydernummer is shown: 1 row: 2" in register.provenance.notes


# --- columns


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        (["Navn;Adresse;Tilgang", "A;Storegade 1;Åben"], "ydernummer"),
        (["Ydernr;Adresse;Tilgang", "010117;Storegade 1;Åben"], "name"),
        (["Ydernr;Navn;Adresse", "010117;A;Storegade 1"], "open to new patients"),
        (["Ydernr;Navn;Tilgang", "010117;A;Åben"], "neither addresses nor coordinates"),
        (["Ydernr;Navn;Tilgang;X", "010117;A;Åben;1"], "neither addresses nor coordinates"),
    ],
)
def test_a_missing_column_is_refused_with_the_headers_found(read, lines, missing):
    with pytest.raises(MissingColumnError, match=missing) as caught:
        read(*lines)
    assert f"Headers found: {lines[0].replace(';', ', ')}" in caught.value.hint
    assert caught.value.exit_code == 12


def test_a_register_without_counts_is_read_and_says_so(read):
    register = read("Ydernr;Navn;Adresse;Tilgang", "010117;A;Storegade 1;Åben")
    assert register.practices["capacities"].isna().all()
    assert "no column for capacities: missing for all practices" in register.provenance.notes
    assert "no column for listed_persons: missing for all practices" in register.provenance.notes


def test_missing_and_empty_files_are_refused(read, tmp_path):
    with pytest.raises(MissingFileError):
        read_practices(tmp_path / "none.csv", as_of=None)
    with pytest.raises(EmptyTableError):
        read(HEADER)


# --- ydernummer, postcode, kommune


@pytest.mark.parametrize(
    "written", ["010117", "10117", "10117.0", "10117,0", "10.117", "010.117", "10 117", " 10117 "]
)
def test_a_ydernummer_gets_its_six_digits_back(read, written):
    register = read(HEADER, ROW.replace("010117", written))
    assert register.practices["ydernummer"].tolist() == ["010117"]


@pytest.mark.parametrize(
    "written", ["117", "1234567", "Yder 010117", "000000", "10117.5", "A10117"]
)
def test_what_is_no_ydernummer_is_refused(read, written):
    with pytest.raises(InvalidValueError, match="No ydernummer") as caught:
        read(HEADER, ROW, ROW.replace("010117", written))
    assert caught.value.rows == (3,)
    assert caught.value.where == "register.csv, column 'Ydernr'"
    assert repr(written) in str(caught.value)


def test_a_row_without_ydernummer_is_refused_with_the_cure_for_merged_cells(read):
    with pytest.raises(InvalidValueError, match="no ydernummer") as caught:
        read(HEADER, ROW, ROW.removeprefix("010117"))
    assert caught.value.rows == (3,)
    assert "Merged cells" in caught.value.hint


@pytest.mark.parametrize(
    ("written", "postcode", "town"),
    [
        ("3700", "3700", "Rønne"),
        ("3700.0", "3700", "Rønne"),
        ("3.700", "3700", "Rønne"),
        ("800", "0800", "Rønne"),
        ("DK-3700", "3700", "Rønne"),
        ("3700 Nexø", "3700", "Rønne"),
        ("", None, "Rønne"),
    ],
)
def test_postcodes_are_restored(read, written, postcode, town):
    practices = read(HEADER, ROW.replace(";3700;", f";{written};")).practices
    assert practices["town"].tolist() == [town]
    if postcode is None:
        assert practices["postcode"].isna().all()
    else:
        assert practices["postcode"].tolist() == [postcode]


@pytest.mark.parametrize("written", ["37000", "37", "SE-12345", "Rønne"])
def test_what_is_no_postcode_is_refused(read, written):
    with pytest.raises(InvalidValueError, match="No Danish postcode"):
        read(HEADER, ROW.replace(";3700;", f";{written};"))


def test_kommuner_are_known_by_code_and_name_and_may_be_blank(read_column):
    codes = read_column("Kommune", "461", "Københavns Kommune", "", "DK_400").practices
    assert codes["kommune_code"].fillna("").tolist() == ["0461", "0101", "", "0400"]


def test_an_unknown_kommune_is_refused(read_column):
    with pytest.raises(UnknownKommuneError, match=r"'999', 'Storkøbing'") as caught:
        read_column("Kommune", "461", "999", "Storkøbing")
    assert caught.value.rows == (3, 4)
    assert caught.value.exit_code == 17


def test_practices_of_another_region_are_noted(read_column):
    register = read_column("Kommune", "Odense", "Assens", "Aarhus")
    note = "in another region than most practices of the file: 1 row: 4"
    assert note in register.provenance.notes


# --- numbers


def test_halves_are_capacities_and_blank_is_missing(read_column):
    capacities = read_column("Kapaciteter", "0,5", "1,5", "", "2").practices["capacities"]
    assert capacities.fillna(-1).tolist() == [0.5, 1.5, -1, 2]


def test_three_decimals_of_a_capacity_are_no_thousands(read_column):
    capacities = read_column("Kapaciteter", "1.500", "2.000").practices["capacities"]
    assert capacities.tolist() == [1.5, 2.0]


def test_a_thousands_dot_in_persons_is_read_and_noted(read_column):
    register = read_column("Antal tilmeldte (gr. 1)", "1.612", "690")
    assert register.practices["listed_persons"].tolist() == [1612, 690]
    assert any("'1.612' was read as 1612" in note for note in register.provenance.notes)


@pytest.mark.parametrize("header", ["Kapaciteter", "Tilmeldte", "Lukkegrænse"])
def test_letters_in_a_number_are_refused_with_their_place(read_column, header):
    with pytest.raises(InvalidValueError, match="'ca\\. 2'") as caught:
        read_column(header, "1", "ca. 2")
    assert caught.value.where == f"register.csv, column '{header}'"
    assert caught.value.rows == (3,)


@pytest.mark.parametrize("header", ["Kapaciteter", "Tilmeldte", "Lukkegrænse"])
def test_negative_numbers_are_refused(read_column, header):
    with pytest.raises(InvalidValueError, match="Negative"):
        read_column(header, "1", "-2")


def test_a_capacity_that_is_not_whole_or_half_is_refused(read_column):
    with pytest.raises(InvalidValueError, match="not whole or half") as caught:
        read_column("Kapaciteter", "1", "0,75", "1,3")
    assert caught.value.rows == (3, 4)


def test_patients_without_a_capacity_are_refused(read):
    with pytest.raises(InvalidValueError, match="capacity of 0") as caught:
        read(HEADER, ROW.replace(";2;", ";0;"))
    assert caught.value.rows == (2,)
    assert read(HEADER, ROW.replace(";2;3.050;", ";0;0;")).practices["capacities"].tolist() == [0]
    assert read(HEADER, ROW.replace(";2;", ";;")).practices["capacities"].isna().all()


def test_a_closing_limit_of_nothing_is_refused_and_one_of_the_whole_practice_is_flagged(
    read_column,
):
    with pytest.raises(InvalidValueError, match="Closing limits of 0"):
        read_column("Lukkegrænse", "1600", "0")
    register = read_column("Lukkegrænse", "1600", "6400", "")
    note = "closing limit outside 1000-2500 persons per capacity: is it per capacity?: 1 row: 3"
    assert note in register.provenance.notes


def test_lists_of_rare_size_are_flagged_and_kept(read):
    register = read(
        HEADER,
        ROW.replace("3.050", "798"),
        ROW.replace("010117", "010125").replace("3.050", "800"),
        ROW.replace("010117", "010133").replace("3.050", "7.000"),
        ROW.replace("010117", "010141").replace("3.050", "7.001"),
    )
    assert len(register.practices) == 4
    assert "fewer than 400 listed patients per capacity: 1 row: 2" in register.provenance.notes
    assert "more than 3500 listed patients per capacity: 1 row: 5" in register.provenance.notes


@pytest.mark.parametrize(("persons", "capacities"), [("5.000", "1"), ("2.500", "0,5")])
def test_five_thousand_listed_patients_per_capacity_are_still_read(read, persons, capacities):
    row = ROW.replace(";2;3.050;", f";{capacities};{persons};")
    register = read(HEADER, row)
    assert "more than 3500 listed patients per capacity: 1 row: 2" in register.provenance.notes


@pytest.mark.parametrize(("persons", "capacities"), [("5.001", "1"), ("2.501", "0,5")])
def test_more_than_five_thousand_per_capacity_are_refused(read, persons, capacities):
    row = ROW.replace("010117", "010125").replace(";2;3.050;", f";{capacities};{persons};")
    with pytest.raises(
        InvalidValueError, match=r"More than 5,000 listed patients per capacity"
    ) as caught:
        read(HEADER, ROW, row)
    assert (caught.value.where, caught.value.rows) == ("register.csv", (3,))
    assert "digit or a comma of the capacity missing" in caught.value.hint


def test_without_a_capacity_sixty_thousand_patients_are_the_most(read):
    row = ROW.replace(";2;3.050;", ";;60.000;")
    assert read(HEADER, row).practices["listed_persons"].tolist() == [60_000]
    with pytest.raises(InvalidValueError, match="More than 60,000 listed patients") as caught:
        read(HEADER, row.replace("60.000", "60.001"))
    assert (caught.value.where, caught.value.rows) == ("register.csv", (2,))
    assert "sum of several practices" in caught.value.hint


# --- access, owner


def test_access_for_disabled_patients_is_yes_no_or_missing(read_column):
    yes = ["Ja", "j", "x", "1", "Handicapvenlig", "Tilgængelig"]
    no = ["Nej", "N", "0", "Ingen", "Ikke handicapvenlig", "ej egnet"]
    access = read_column("Handicapadgang", *yes, *no, "").practices["accessible"]
    assert access.dtype == "boolean"
    assert access[:6].tolist() == [True] * 6
    assert access[6:12].tolist() == [False] * 6
    assert pd.isna(access[12])


@pytest.mark.parametrize(
    "header",
    [
        "Handicapegnet",
        "Handicapvenlig",
        "Tilgængelighed",
        "Kørestolsadgang",
        "Handicapadgang (J/N)",
    ],
)
def test_headers_of_access(read_column, header):
    assert read_column(header, "N", "J").practices["accessible"].tolist() == [False, True]


def test_access_that_is_said_to_be_unknown_is_missing_and_noted(read_column):
    register = read_column("Handicapadgang", "J", "Ved ikke", "-", "")
    assert register.practices["accessible"].isna().tolist() == [False, True, True, True]
    note = "access for disabled patients said to be unknown: 2 rows: 3, 4"
    assert note in register.provenance.notes


def test_words_on_access_that_are_neither_yes_nor_no_are_refused(read_column):
    with pytest.raises(InvalidValueError, match=r"'Delvist', '2\. sal'") as caught:
        read_column("Tilgængelighed", "Ja", "Delvist", "2. sal")
    assert caught.value.where == "register.csv, column 'Tilgængelighed'"
    assert caught.value.rows == (3, 4)
    assert "Write Ja or Nej; leave the cells blank" in caught.value.hint


def test_without_their_columns_access_and_owner_are_missing(read):
    practices = read(HEADER, ROW).practices
    assert practices["accessible"].isna().all()
    assert practices["owner"].isna().all()


@pytest.mark.parametrize("header", ["Ejer", "Indehaver", "Ejer-id", "CVR-ejer"])
def test_owners_are_text_and_a_cvr_number_has_one_spelling(read_column, header):
    cells = ["Hansen & Søn I/S", "CVR-nr. 12345678", "12 34 56 78", "DK12345678", "12345678.0", ""]
    owners = read_column(header, *cells).practices["owner"]
    assert owners[:5].tolist() == ["Hansen & Søn I/S", *["12345678"] * 4]
    assert pd.isna(owners[5])


def test_the_owners_of_a_practice_with_a_row_for_each_doctor_are_joined(read):
    register = read(
        HEADER + ";Ejer;Handicapadgang",
        ROW + ";A. Hansen;J",
        ROW + ";B. Jensen;",
        ROW + ";a hansen;J",
        ROW.replace("010117", "010125") + ";;N",
        ROW.replace("010117", "010125") + ";;",
        ROW.replace("010117", "010133") + ";C. Holm;",
    )
    assert register.practices["owner"].fillna("").tolist() == [
        "A. Hansen; B. Jensen",
        "",
        "C. Holm",
    ]
    assert register.practices["accessible"].fillna(value=False).tolist() == [True, False, False]
    note = "practices whose rows name several owners, all kept: 1"
    assert note in register.provenance.notes


def test_rows_of_one_practice_that_disagree_on_access_are_refused(read):
    with pytest.raises(DuplicateIdError, match="010117 has rows that differ in accessible"):
        read(HEADER + ";Handicapadgang", ROW + ";J", ROW + ";N")


# --- clinic form, doctors


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Licens", "licensklinik"),
        ("Licensklinik", "licensklinik"),
        ("Partnerskab", "partnerskabsklinik"),
        ("Partnerskabsklinik", "partnerskabsklinik"),
        ("Delepraksis", "delepraksis"),
    ],
)
def test_newer_clinic_forms_are_understood(read_column, written, form):
    register = read_column("Praksisform", written)
    assert register.practices["clinic_form"].tolist() == [form]
    assert not [note for note in register.provenance.notes if "clinic form" in note]


@pytest.mark.parametrize("header", ["Antal læger", "Læger i alt", "Antal speciallæger"])
def test_a_number_of_doctors_that_is_not_that_of_the_years_is_refused(read, header):
    with pytest.raises(InvalidValueError, match="010125 has 3 and 2") as caught:
        read(
            HEADER + f";{header};Fødselsår",
            ROW + ";1;1959",
            ROW.replace("010117", "010125") + ";3;1959,1964",
        )
    assert caught.value.where == f"register.csv, column '{header}'"
    assert caught.value.rows == (3,)
    assert "a year of birth for each" in caught.value.hint


def test_a_number_of_doctors_is_compared_only_where_years_are_given(read):
    register = read(
        HEADER + ";Antal læger;Fødselsår",
        ROW + ";2;1959,1964",
        ROW.replace("010117", "010125") + ";4;",
        ROW.replace("010117", "010133") + ";;1970",
    )
    assert register.doctors["birth_year"].tolist() == [1959, 1964, 1970]
    assert list(register.practices.columns) == list(PRACTICES.columns)


def test_with_a_row_for_each_doctor_the_number_is_that_of_the_practice(read):
    header = HEADER + ";Antal læger;Fødselsår"
    assert len(read(header, ROW + ";2;1959", ROW + ";2;1964").doctors) == 2
    with pytest.raises(InvalidValueError, match="010117 has 1 and 2") as caught:
        read(header, ROW + ";1;1959", ROW + ";1;1964")
    assert "of the whole practice" in caught.value.hint
    with pytest.raises(DuplicateIdError, match="differ in doctor_count"):
        read(header, ROW + ";2;1959", ROW + ";3;1964")


def test_a_number_of_doctors_is_a_whole_number(read_column):
    with pytest.raises(InvalidValueError, match="fraction"):
        read_column("Antal læger", "1,5")
    with pytest.raises(InvalidValueError, match="Negative"):
        read_column("Antal læger", "-1")


def test_more_than_three_capacities_per_doctor_are_flagged_and_kept(read):
    def row(ydernummer, capacities, doctors, years):
        text = ROW.replace("010117", ydernummer).replace(";2;3.050;", f";{capacities};7.000;")
        return f"{text};{doctors};{years}"

    register = read(
        HEADER + ";Antal læger;Fødselsår",
        row("010117", "3", "1", ""),
        row("010125", "3,5", "1", ""),
        row("010133", "6,5", "", "1959,1964"),
        row("010141", "6", "", "1959,1964"),
        row("010158", "9", "", ""),
        row("010166", "2", "0", ""),
    )
    assert len(register.practices) == 6
    assert "more than 3 capacities per doctor: 3 rows: 3, 4, 7" in register.provenance.notes


def test_clinic_forms_are_mapped_and_unknown_words_listed(read_column):
    register = read_column(
        "Praksisform", "Solopraksis", "NETVÆRKSPRAKSIS", "Netvaerks-praksis", "", "Pop op"
    )
    assert register.practices["clinic_form"].tolist() == [
        "solo",
        "netvaerkspraksis",
        "netvaerkspraksis",
        "unknown",
        "unknown",
    ]
    note = "clinic form not known, kept as unknown: 1 row: 6 ('Pop op')"
    assert note in register.provenance.notes


@pytest.mark.parametrize(
    "written",
    ["1959,1964", "1959, 1964", '"1959;1964"', "1959/1964", "1959 1964", '"1959\n1964"',
     "1959 og 1964", "1959.0,1964", "12-03-1959, 1964-12-31", "12.3.1959 + 1.12.1964"],
)  # fmt: skip
def test_several_years_of_birth_in_one_cell(read_column, written):
    years = read_column("Fødselsår", written).doctors
    assert years["birth_year"].tolist() == [1959, 1964]
    assert years["ydernummer"].tolist() == ["010117", "010117"]


def test_of_a_date_of_birth_only_the_year_is_kept_and_noted(read_column):
    register = read_column("Fødselsdato", "12-03-1959", "1964")
    assert register.doctors["birth_year"].tolist() == [1959, 1964]
    assert "of dates of birth only the year was kept: 1 row: 2" in register.provenance.notes
    assert "12-03" not in str(register.provenance)


@pytest.mark.parametrize("written", ["59", "1959,64", "12-03-59"])
def test_years_of_two_digits_are_refused(read_column, written):
    with pytest.raises(InvalidValueError, match="two digits") as caught:
        read_column("Fødselsår", "1970", written)
    assert caught.value.rows == (3,)
    assert "four" in caught.value.hint


@pytest.mark.parametrize("written", ["1859", "2015", "Hansen 1959", "1959.1964", "19591964", "195"])
def test_what_is_no_year_of_birth_is_refused_without_repeating_it(read_column, written):
    with pytest.raises(InvalidValueError, match="cannot be read") as caught:
        read_column("Fødselsår", written)
    assert written not in str(caught.value).replace("(1959, 1964)", "")


def test_without_years_there_are_no_doctors(read):
    doctors = read(HEADER, ROW).doctors
    assert doctors.empty
    assert list(doctors.columns) == ["ydernummer", "birth_year"]


# --- several rows of one practice


def test_one_row_a_doctor_becomes_one_practice_with_its_doctors(read):
    register = read(
        HEADER + ";Fødselsår;Læge",
        ROW + ";1959;A",
        ROW.replace("010117", "010125") + ";1980;B",
        ROW.replace("Lægehuset", "LÆGEHUSET").replace("010117", "10117") + ";1964;C",
    )
    assert register.practices["ydernummer"].tolist() == ["010117", "010125"]
    assert register.practices["capacities"].tolist() == [2.0, 2.0]
    assert register.practices["source_row"].tolist() == [2, 3]
    assert register.doctors["birth_year"].tolist() == [1959, 1964, 1980]
    assert register.provenance.merged_rows == 1
    assert adds_up(register.provenance)
    assert any("taken once and not added up" in note for note in register.provenance.notes)


def test_blank_cells_are_filled_from_the_other_rows_of_the_practice(read):
    register = read(
        HEADER + ";Fødselsår", ROW + ";1959", "010117;;;;;;;;1964", "010117;;;;;;;;1964"
    )
    assert register.practices["listed_persons"].tolist() == [3050]
    assert register.practices["intake_open"].tolist() == [True]
    assert register.doctors["birth_year"].tolist() == [1959, 1964, 1964]
    assert register.provenance.merged_rows == 2
    backwards = read(HEADER + ";Fødselsår", "010117;;;;;;;;1964", ROW + ";1959")
    assert backwards.practices["name"].tolist() == ["Lægehuset"]
    assert any("blank cells filled" in note for note in backwards.provenance.notes)


def test_two_rows_that_are_alike_are_two_doctors_and_are_noted(read):
    register = read(HEADER + ";Fødselsår", ROW + ";1959", ROW + ";1959")
    assert register.doctors["birth_year"].tolist() == [1959, 1959]
    note = "practices with two doctors of one year of birth: 1; rows repeated?"
    assert note in register.provenance.notes


def test_a_list_of_years_that_every_row_repeats_counts_once(read):
    register = read(HEADER + ";Fødselsår", ROW + ";1959,1964", ROW + ";1959,1964")
    assert register.doctors["birth_year"].tolist() == [1959, 1964]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (";2;", ";3;", "capacities"),
        ("3.050", "3.051", "listed_persons"),
        ("Åben", "Lukket", "intake_open"),
        ("Storegade 44", "Nygade 1", "address"),
        ("3700", "3730", "postcode"),
    ],
)
def test_rows_of_one_practice_that_contradict_are_refused(read, old, new, column):
    with pytest.raises(
        DuplicateIdError, match=f"010117 has rows that differ in {column}"
    ) as caught:
        read(HEADER, ROW, ROW.replace("010117", "010125"), ROW.replace(old, new))
    assert caught.value.rows == (2, 4)
    assert caught.value.exit_code == 14
    assert "mark a second address of the practice with 'Satellit'" in caught.value.hint
    assert "column 'Satellitadresse'" in caught.value.hint
    assert "np." not in str(caught.value)


def test_practices_that_have_ceased_are_dropped_and_counted(read_column, read):
    cells = ["31-10-2026", "02-11-2026", "", "J", "31-12-9999"]
    register = read_column("Ophørsdato", *cells, as_of=date(2026, 11, 1))
    assert register.practices["source_row"].tolist() == [3, 4, 6]
    assert register.provenance.dropped == {
        "practice has ceased by 2026-11-01": 1,
        "practice has ceased": 1,
    }
    assert adds_up(register.provenance)
    undated = read_column("Ophørsdato", "31-10-2026", "")
    assert len(undated.practices) == 2
    assert "end dates not used, as the study has no date: 1 row: 2" in undated.provenance.notes
    with pytest.raises(InvalidValueError, match="end of a practice is not a date"):
        read_column("Ophørsdato", "snart")
    with pytest.raises(EmptyTableError, match="still there"):
        read(HEADER, ROW.replace("Åben", "Ophørt"))


# --- coordinates


def read_xy(read, header, *pairs):
    rows = [f"{10117 + 8 * row};K;Åben;{x};{y}" for row, (x, y) in enumerate(pairs)]
    return read(f"Ydernr;Navn;Tilgang;{header}", *rows).practices


@pytest.mark.parametrize(
    ("x", "y"),
    [("863243,76", "6121110,86"), ("863243.76", "6121110.86"), ("863.243,76", "6.121.110,86")],
)
def test_metres_are_read_with_point_and_comma(read, x, y):
    practices = read_xy(read, "X;Y", (x, y), ("", ""))
    assert practices["x_m"].fillna(0).tolist() == [863243.76, 0]
    assert practices["y_m"].fillna(0).tolist() == [6121110.86, 0]
    assert practices["match_level"].tolist() == ["coordinates", "not_found"]


def test_thousands_dots_in_whole_metres(read):
    practices = read_xy(read, "Øst;Nord", ("863.243", "6.121.110"))
    assert practices["x_m"].tolist() == [863243]


def test_degrees_under_their_own_headers_become_metres(read):
    # 9 degrees east is the middle of zone 32: easting 500,000. The northing is 0.9996 of the
    # meridian's arc, by the series 111132.9526 B - 16038.5087 sin 2B + 16.8326 sin 4B
    # - 0.022 sin 6B of GRS80 at B = 55: 0.9996 x 6,097,230.32.
    practices = read_xy(read, "Breddegrad;Længdegrad", ("55,0", "9,0"))
    assert practices["x_m"].tolist() == pytest.approx([500_000], abs=0.01)
    assert practices["y_m"].tolist() == pytest.approx([6_094_791.42], abs=0.05)
    assert practices["match_level"].tolist() == ["coordinates"]


@pytest.mark.parametrize(
    ("header", "pair", "hint"),
    [
        ("X;Y", ("14,7065", "55,1009"), "look like degrees"),
        ("X;Y", ("6121110", "863243"), "swapped"),
        ("X;Y", ("4622813", "3551822"), "EPSG:3035"),
        ("X;Y", ("100000", "6121110"), "Denmark has X from"),
        ("X;Y", ("0", "0"), "look like degrees"),
        ("X;Y", ("863243", ""), "leave both blank"),
        ("Breddegrad;Længdegrad", ("14,7065", "55,1009"), "swapped"),
        ("Breddegrad;Længdegrad", ("6121110", "863243"), "no degrees"),
        ("Breddegrad;Længdegrad", ("48,8566", "2,3522"), "Denmark has X from"),
        ("Breddegrad;Længdegrad", ("", "14,7"), "leave both blank"),
    ],
)
def test_coordinates_of_the_wrong_kind_are_refused_with_what_they_look_like(
    read, header, pair, hint
):
    good = ("863243", "6121110") if header == "X;Y" else ("55,1", "14,7")
    with pytest.raises(CoordinateError, match=hint) as caught:
        read_xy(read, header, good, pair)
    assert caught.value.rows == (3,)
    assert caught.value.exit_code == 16


@pytest.mark.parametrize("pair", [("14.706", "55.101"), ("14,706", "55,101"), ("14.7", "55.1")])
def test_a_register_of_degrees_under_x_and_y_is_told_so_however_they_are_written(read, pair):
    with pytest.raises(CoordinateError, match="look like degrees: call the columns Længdegrad"):
        read_xy(read, "X;Y", pair, pair)


# --- personal data


@pytest.mark.parametrize(
    "text",
    [CPR, "010101-0000", "010101 0000", "010101 - 0000", "Hansen, 010101-0000.", "3112990000",
     "2902000000", "101010000", "0101010000.0", "x;010101\u20130000", "1959,0101010000"],
)  # fmt: skip
def test_what_looks_like_a_cpr_number(text):
    assert holds_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["", "3201010000", "0113010000", "3004", "3102010000", "440371000016002", "56951234",
     "+4556951234", "010117", "14.1001234567", "493123,1001234567", "1959,1964", "01-01-1959",
     "00101010000", "990101010", "3700 Rønne"],
)  # fmt: skip
def test_what_does_not_look_like_a_cpr_number(text):
    assert not holds_cpr(text)


def assert_says_where_and_never_what(caught, column, rows):
    error = caught.value
    assert error.exit_code == 19
    assert column in error.where
    assert error.rows == rows
    story = "".join(traceback.format_exception(error)) + repr(vars(error))
    assert CPR not in story
    assert "010101-0000" not in story
    assert error.__context__ is None
    assert error.__cause__ is None


@pytest.mark.parametrize("header", ["Fødselsår", "Læge CPR", "Telefon", "Kapaciteter", "Kommune"])
@pytest.mark.parametrize("value", [CPR, "010101-0000", "Jens 010101-0000"])
def test_a_cpr_number_in_any_column_refuses_the_file_and_is_never_shown(read_column, header, value):
    with pytest.raises(PersonalDataError) as caught:
        read_column(header, "", value, "", value)
    assert_says_where_and_never_what(caught, f"column '{header}'", (3, 5))


@pytest.mark.parametrize(
    ("lines", "column", "row"),
    [
        ([f"Udtræk for {CPR}", HEADER, ROW], "column 'Ydernr'", 1),
        ([HEADER, ROW, f"I alt;{CPR};;;;;;"], "column 'Praksisnavn'", 3),
        ([HEADER, ROW, f"Bestilt af {CPR}"], "column 'Ydernr'", 3),
        ([HEADER + ";", ROW + f";{CPR}"], "column 9", 2),
        ([f"{CPR};Klinik;Storegade 1;Åben"], "column 1", 1),
        ([HEADER + f";{CPR}", ROW + ";x"], "column 9", 1),
    ],
)
def test_a_cpr_number_in_titles_totals_notes_and_headers_refuses_the_file(read, lines, column, row):
    with pytest.raises(PersonalDataError) as caught:
        read(*lines)
    assert_says_where_and_never_what(caught, column, (row,))


def test_a_cpr_number_on_another_sheet_or_stored_as_a_number_refuses_the_file(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Ydernr", "Navn", "Adresse", "Tilgang"])
    book.active.append(["010117", "A", "Storegade 1", "Åben"])
    other = book.create_sheet("Læger")
    other.append(["Navn", "Id"])
    other.append(["Hansen", int(CPR)])
    other.sheet_state = "hidden"
    book.save(tmp_path / "register.xlsx")
    with pytest.raises(PersonalDataError) as caught:
        read_practices(tmp_path / "register.xlsx", as_of=None)
    assert_says_where_and_never_what(caught, "sheet Læger, column 'Id'", (2,))


def test_numbers_are_text_all_the_way(read):
    practices = read(HEADER, ROW).practices
    for column in ("ydernummer", "postcode", "name", "town"):
        assert pd.api.types.is_string_dtype(practices[column])
