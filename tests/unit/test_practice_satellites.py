"""Satellites of a practice: a second address, and never a second list, capacity or doctor."""

from datetime import date

import pytest

from coverage.errors import DuplicateIdError, EmptyTableError, InvalidValueError
from coverage.plan_tables import SATELLITES
from coverage.sources.practices import read_practices

HEADER = "Ydernr;Praksisnavn;Adresse;Postnr;By;Kapaciteter;Tilmeldte;Tilgang"
ROW = "010117;Lægehuset;Storegade 44;3700;Rønne;2;3.050;Åben"
BRANCH = "010117;Lægehuset, Hasle;Brogade 7;3790;Hasle;;;"
OTHER = "010125;Klinikken;Nygade 1;3730;Nexø;1;1.500;Lukket"


@pytest.fixture
def read(tmp_path):
    def read_register(*lines, as_of=None):
        path = tmp_path / "register.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_practices(path, as_of=as_of)

    return read_register


@pytest.fixture
def read_cell(read):
    """Read a register of one practice with a cell on its satellite."""

    def read_one(cell, header="Satellitadresse"):
        return read(f"{HEADER};{header}", f'{ROW};"{cell}"')

    return read_one


def listed(register):
    columns = ["ydernummer", "address", "postcode", "town", "source_row"]
    table = register.satellites.astype("object")
    return list(table.where(table.notna(), None)[columns].itertuples(index=False, name=None))


def adds_up(provenance):
    parts = provenance.rows_kept + provenance.merged_rows + sum(provenance.dropped.values())
    return parts == provenance.rows_read


# --- rows of their own


@pytest.mark.parametrize(
    ("header", "main", "word"),
    [
        ("Praksisform", "Kompagniskab", "Satellit"),
        ("Praksisform", "Kompagniskab", "Satellitpraksis"),
        ("Praksisform", "Kompagniskab", "FILIAL"),
        ("Adressetype", "Hovedadresse", "Satellit 1"),
        ("Type", "", "Filialpraksis"),
    ],
)
def test_a_row_that_says_satellite_is_a_second_address(read, header, main, word):
    register = read(f"{HEADER};{header}", f"{ROW};{main}", f"{OTHER};{main}", f"{BRANCH};{word}")
    assert listed(register) == [("010117", "Brogade 7", "3790", "Hasle", 4)]
    practices = register.practices
    assert practices["ydernummer"].tolist() == ["010117", "010125"]
    assert practices["address"].tolist() == ["Storegade 44", "Nygade 1"]
    assert practices["capacities"].tolist() == [2.0, 1.0]
    provenance = register.provenance
    assert (provenance.rows_read, provenance.rows_kept, provenance.merged_rows) == (3, 2, 1)
    assert adds_up(provenance)
    assert "satellite addresses: 1" in provenance.notes
    assert not [note for note in provenance.notes if "clinic form" in note or "kind of" in note]
    # The satellite's blank intake and list are no blanks of the practice.
    assert not [note for note in provenance.notes if "taken as missing" in note]
    assert not [note for note in provenance.notes if "row for each doctor" in note]


def test_the_satellite_may_stand_first_and_with_a_lost_zero(read):
    register = read(f"{HEADER};Type", f"{BRANCH.replace('010117', '10117')};Satellit", f"{ROW};")
    assert listed(register) == [("010117", "Brogade 7", "3790", "Hasle", 2)]
    assert register.practices["source_row"].tolist() == [3]
    assert register.practices["name"].tolist() == ["Lægehuset"]
    assert any("leading zeros restored: 1 row: 2" in note for note in register.provenance.notes)


def test_a_register_without_satellites_has_an_empty_table_of_the_contract(read):
    register = read(HEADER, ROW)
    assert list(register.satellites.columns) == list(SATELLITES.columns)
    assert register.satellites.empty
    assert not [note for note in register.provenance.notes if "satellite" in note]


def test_figures_of_a_satellite_are_never_added_and_those_of_its_own_are_noted(read):
    satellites = [
        BRANCH.replace("Hasle;;;", "Hasle;2;3.050;Åben"),
        BRANCH.replace("Brogade 7", "Brogade 9").replace("Hasle;;;", "Hasle;0;0;-"),
        BRANCH.replace("Brogade 7", "Brogade 11").replace("Hasle;;;", "Hasle;0,5;;"),
        BRANCH.replace("Brogade 7", "Brogade 13").replace("Hasle;;;", "Hasle;;;Lukket"),
    ]
    register = read(f"{HEADER};Type", f"{ROW};", *(f"{row};Satellit" for row in satellites))
    assert len(register.satellites) == 4
    assert register.practices["capacities"].tolist() == [2.0]
    assert register.practices["listed_persons"].tolist() == [3050.0]
    assert register.practices["intake_open"].tolist() == [True]
    note = (
        "capacities, lists or intake of a satellite's row that the practice's row does not have,"
        " not used: 2 rows: 5, 6"
    )
    assert note in register.provenance.notes


def test_a_satellite_fills_no_blank_of_its_practice(read):
    main = ROW.replace(";2;3.050;", ";;;")
    register = read(
        f"{HEADER};Type", f"{main};", f"{BRANCH.replace(';;;', ';1;900;Åben')};Satellit"
    )
    assert register.practices["capacities"].isna().all()
    assert register.practices["listed_persons"].isna().all()


def test_a_doctor_at_the_practice_and_its_satellites_counts_once(read):
    second = BRANCH.replace("Brogade 7", "Brogade 9")
    register = read(
        f"{HEADER};Fødselsår;Type",
        f"{ROW};1959;",
        f"{ROW};1964;",
        f"{BRANCH};1964;Satellit",
        f"{BRANCH};1970;Satellit",
        f"{second};1970;Satellit",
        f"{OTHER};1980;",
    )
    doctors = register.doctors
    assert doctors["ydernummer"].tolist() == ["010117", "010117", "010117", "010125"]
    assert doctors["birth_year"].tolist() == [1959, 1964, 1970, 1980]
    assert [row[1] for row in listed(register)] == ["Brogade 7", "Brogade 9"]
    provenance = register.provenance
    assert (provenance.rows_kept, provenance.merged_rows) == (2, 4)
    assert adds_up(provenance)
    assert "doctors on a satellite's row only, counted with their practice: 1" in provenance.notes


def test_a_list_of_years_that_the_satellite_repeats_adds_no_doctor(read):
    register = read(
        f"{HEADER};Fødselsår;Antal læger;Type",
        f"{ROW};1959,1959;2;",
        f"{BRANCH};1959,1959;2;Satellit",
    )
    assert register.doctors["birth_year"].tolist() == [1959, 1959]
    assert not [note for note in register.provenance.notes if "satellite's row only" in note]


def test_a_ydernummer_of_satellites_only_is_refused(read):
    with pytest.raises(InvalidValueError, match="Satellites have no practice") as caught:
        read(
            f"{HEADER};Praksisform",
            f"{BRANCH};Satellitpraksis",
            f"{OTHER};Solopraksis",
            f"{BRANCH.replace('Brogade 7', 'Brogade 9')};Satellit",
        )
    assert (caught.value.where, caught.value.rows) == ("register.csv", (2, 4))
    assert "a row of its own with the same ydernummer" in caught.value.hint
    assert "'Hovedadresse' in a column 'Type'" in caught.value.hint


def test_the_type_of_the_address_counts_before_the_form_of_the_clinic(read):
    register = read(f"{HEADER};Praksisform;Type", f"{ROW};Satellitpraksis;Hovedadresse")
    assert register.satellites.empty
    assert register.practices["clinic_form"].tolist() == ["unknown"]
    note = "clinic form not known, kept as unknown: 1 row: 2 ('Satellitpraksis')"
    assert note in register.provenance.notes


def test_two_addresses_without_the_word_stay_refused_with_how_to_mark_a_satellite(read):
    named_alike = BRANCH.replace("Lægehuset, Hasle", "Lægehuset")
    with pytest.raises(DuplicateIdError, match="010117 has rows that differ in address") as caught:
        read(f"{HEADER};Type", f"{ROW};Praksis", f"{named_alike};Udekonsultation")
    assert caught.value.where == "register.csv"
    assert caught.value.rows == (2, 3)
    assert "'Satellit' in a column 'Type'" in caught.value.hint


def test_words_of_a_column_type_that_name_no_kind_of_address_are_noted(read):
    register = read(f"{HEADER};Type", f"{ROW};Kompagniskab", f"{OTHER};Hovedadresse")
    note = (
        "register.csv, column 'Type': words that name no kind of address, not used:"
        " 1 row: 2 ('Kompagniskab')"
    )
    assert note in register.provenance.notes
    assert len(register.practices) == 2


def test_a_satellite_without_an_address_is_refused(read):
    with pytest.raises(InvalidValueError, match="Rows of satellites have no address") as caught:
        read(f"{HEADER};Type", f"{ROW};", f"{BRANCH.replace('Brogade 7', '')};Satellit")
    assert (caught.value.where, caught.value.rows) == ("register.csv", (3,))
    assert "street and number" in caught.value.hint


def test_satellites_end_by_their_own_date_and_with_their_practice(read):
    lines = [
        f"{HEADER};Ophørsdato;Type",
        f"{ROW};31-12-2026;",
        f"{BRANCH};;Satellit",
        f"{OTHER};;",
        f"{OTHER.replace('Nygade 1', 'Nygade 9')};30-06-2026;Satellit",
        f"{OTHER.replace('Nygade 1', 'Nygade 11')};;Satellit",
    ]
    now = read(*lines, as_of=date(2026, 11, 1))
    assert [row[1] for row in listed(now)] == ["Brogade 7", "Nygade 11"]
    assert now.provenance.dropped == {"practice has ceased by 2026-11-01": 1}
    assert adds_up(now.provenance)
    later = read(*lines, as_of=date(2027, 1, 1))
    assert [row[1] for row in listed(later)] == ["Nygade 11"]
    assert later.provenance.dropped == {
        "practice has ceased by 2027-01-01": 2,
        "satellite of a practice that has ceased": 1,
    }
    assert adds_up(later.provenance)
    with pytest.raises(EmptyTableError, match="still there"):
        read(*lines[:3], as_of=date(2027, 1, 1))


def test_the_practice_itself_is_no_satellite_of_its_own(read):
    same = BRANCH.replace("Brogade 7;3790;Hasle", "STOREGADE 44;3700;Rønne")
    elsewhere = BRANCH.replace("Brogade 7;3790;Hasle", "Storegade 44;3740;Svaneke")
    register = read(f"{HEADER};Type", f"{ROW};", f"{same};Satellit", f"{elsewhere};Satellit")
    assert listed(register) == [("010117", "Storegade 44", "3740", "Svaneke", 4)]
    assert register.provenance.merged_rows == 2
    note = "satellites at the practice's own address, left out: 1 row: 3"
    assert note in register.provenance.notes


# --- columns of the practice's row


@pytest.mark.parametrize("header", ["Satellitadresse", "Filialadresse", "Satellit", "Filial"])
def test_a_column_of_the_practice_names_its_satellite(read, header):
    register = read(
        f"{HEADER};{header};Satellit postnr;Satellit by",
        f"{ROW};Brogade 7;3790;Hasle",
        f"{OTHER};;;",
    )
    assert listed(register) == [("010117", "Brogade 7", "3790", "Hasle", 2)]
    provenance = register.provenance
    assert (provenance.rows_kept, provenance.merged_rows) == (2, 0)
    assert "satellite addresses: 1" in provenance.notes
    assert not [note for note in provenance.notes if "columns not used" in note]


@pytest.mark.parametrize(
    ("cell", "places"),
    [
        ("Brogade 7", [("Brogade 7", None, None)]),
        ("Brogade 7, 3790 Hasle", [("Brogade 7", "3790", "Hasle")]),
        ("Brogade 7\n3790 Hasle", [("Brogade 7", "3790", "Hasle")]),
        ("Brogade 7 B, st., DK-3790 Hasle", [("Brogade 7 B, st.", "3790", "Hasle")]),
        (
            "Brogade 7, 3790 Hasle; Havnegade 4; ",
            [("Brogade 7", "3790", "Hasle"), ("Havnegade 4", None, None)],
        ),
        (
            "Brogade 7\nHavnegade 4, 3730 Nexø",
            [("Brogade 7", None, None), ("Havnegade 4", "3730", "Nexø")],
        ),
        ("Nej", []),
        ("-", []),
        ("0", []),
    ],
)
def test_cells_of_satellites(read_cell, cell, places):
    register = read_cell(cell)
    assert [row[1:4] for row in listed(register)] == places


@pytest.mark.parametrize("cell", ["Ja", "x", "J", "1", "2"])
def test_a_satellite_that_is_said_to_be_and_not_where_is_refused(read_cell, cell):
    with pytest.raises(InvalidValueError, match="there is a satellite and not where") as caught:
        read_cell(cell, "Satellit")
    assert caught.value.where == "register.csv, column 'Satellit'"
    assert caught.value.rows == (2,)
    assert "'Satellit' in a column 'Type'" in caught.value.hint


def test_several_satellites_cannot_share_one_postcode(read):
    with pytest.raises(InvalidValueError, match="several satellites") as caught:
        read(
            f"{HEADER};Satellitadresse;Satellit postnr",
            f"{OTHER};;",
            f'{ROW};"Brogade 7; Havnegade 4";3790',
        )
    assert caught.value.where == "register.csv, column 'Satellitadresse'"
    assert caught.value.rows == (3,)
    assert "Write each in full" in caught.value.hint


def test_a_postcode_of_a_satellite_is_checked_like_any_other(read):
    with pytest.raises(InvalidValueError, match="No Danish postcode: '37900'") as caught:
        read(f"{HEADER};Satellitadresse;Satellit postnr", f"{ROW};Brogade 7;37900")
    assert caught.value.where == "register.csv, column 'Satellit postnr'"


def test_postcode_and_town_of_a_satellite_may_share_a_cell(read):
    register = read(
        f"{HEADER};Satellitadresse;Satellit postnr og by", f"{ROW};Brogade 7;3790 Hasle"
    )
    assert listed(register) == [("010117", "Brogade 7", "3790", "Hasle", 2)]


def test_a_postcode_without_its_address_column_is_not_used(read):
    register = read(f"{HEADER};Satellit postnr", f"{ROW};3790")
    assert register.satellites.empty
    assert "columns not used: Satellit postnr" in register.provenance.notes


def test_a_second_line_of_the_address_is_a_satellite_only_with_a_town(read):
    register = read(
        f"{HEADER};Adresse 2;By 2",
        f"{ROW};Sundhedshuset, 1. sal;",
        f"{OTHER};Havnegade 4;Svaneke",
        f"{OTHER.replace('010125', '010133')};Brogade 7, 3790 Hasle;",
    )
    assert listed(register) == [
        ("010125", "Havnegade 4", None, "Svaneke", 3),
        ("010133", "Brogade 7", "3790", "Hasle", 4),
    ]
    where = "register.csv, column 'Adresse 2'"
    note = f"{where}: no postcode or town, not taken for satellites: 1 row: 2"
    assert note in register.provenance.notes


def test_a_satellite_on_each_doctors_row_and_on_a_row_of_its_own_is_one(read):
    register = read(
        f"{HEADER};Fødselsår;Satellitadresse;Type",
        f"{ROW};1959;Brogade 7, 3790 Hasle;",
        f"{ROW};1964;Brogade 7;",
        f"{BRANCH};;;Satellit",
    )
    assert listed(register) == [("010117", "Brogade 7", "3790", "Hasle", 2)]
    assert register.doctors["birth_year"].tolist() == [1959, 1964]
    assert register.provenance.merged_rows == 2
    assert adds_up(register.provenance)
