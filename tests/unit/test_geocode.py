"""The ladder from an address to a place, and what is never guessed."""

import time

import numpy as np
import pandas as pd
import pytest

from coverage.sources.address_text import loose_street_keys, split_house_number
from coverage.sources.geocode import AddressBook, geocode_practices, match_practices
from coverage.tables import ADDRESSES, PRACTICES, check_table, empty_table

# Street, number, postcode, town, x and y: the x tells the addresses apart.
POINTS = [
    ("Storegade", "1", "3700", "Rønne", 863_001, 6_121_000),
    ("Storegade", "2", "3700", "Rønne", 863_002, 6_121_010),
    ("Storegade", "3", "3700", "Rønne", 863_003, 6_121_020),
    ("Storegade", "12A", "3700", "Rønne", 863_012, 6_121_100),
    ("Storegade", "12B", "3700", "Rønne", 863_013, 6_121_100),
    ("Storegade", "14", "3700", "Rønne", 863_014, 6_121_120),
    ("Storegade", "99", "3700", "Rønne", 863_099, 6_121_900),
    ("Storegade", "3", "3740", "Svaneke", 892_003, 6_127_000),
    ("Store Torvegade", "42", "3700", "Rønne", 863_528, 6_121_471),
    ("Gl. Skolevej", "5", "3700", "Rønne", 863_500, 6_122_000),
    ("Gammel Hovedvej", "5", "3700", "Rønne", 863_501, 6_122_100),
    ("Sankt Mortens Gade", "4", "3700", "Rønne", 863_400, 6_121_400),
    ("Sct. Jørgens Allé", "6", "3700", "Rønne", 863_401, 6_121_410),
    ("Nørre Alle", "7", "3700", "Rønne", 863_402, 6_121_420),
    ("Sønder Kirkevej", "8", "3700", "Rønne", 863_403, 6_121_430),
    ("Ndr. Kystvej", "9", "3700", "Rønne", 863_404, 6_121_440),
    ("Vestre Strandvej", "1", "3700", "Rønne", 863_405, 6_121_450),
    ("Østergade", "2", "3700", "Rønne", 863_406, 6_121_460),
    ("Åkirkebyvej", "172", "3700", "Rønne", 866_117, 6_119_686),
    ("H.C. Møllersvej", "3", "3700", "Rønne", 863_407, 6_121_470),
    ("Caféstræde", "1", "3700", "Rønne", 863_408, 6_121_480),
    ("Stampen Vej 1", "12", "3700", "Rønne", 866_257, 6_118_017),
    ("10. Februar Vej", "3", "3700", "Rønne", 863_409, 6_121_490),
    ("Vestre Allé", "1", "3730", "Nexø", 892_001, 6_117_000),
    ("Vester Allé", "1", "3730", "Nexø", 892_900, 6_117_900),
    ("Tvillingvej", "1", "3730", "Nexø", 892_100, 6_117_100),
    ("Tvillingvej", "1", "3730", "Nexø", 899_100, 6_117_100),
    ("Portvej", "1", "3730", "Nexø", 892_200, 6_117_200),
    ("Portvej", "1", "3730", "Nexø", 892_210, 6_117_200),
    ("Langvej", "2", "3730", "Nexø", 892_300, 6_110_000),
    ("Langvej", "4", "3730", "Nexø", 892_310, 6_111_000),
    ("Langvej", "6", "3730", "Nexø", 892_320, 6_119_000),
]


@pytest.fixture(scope="module")
def book():
    table = pd.DataFrame(POINTS, columns=list(ADDRESSES.columns))
    return AddressBook(check_table(table, ADDRESSES, where="test"))


def found(match):
    return match.level, None if np.isnan(match.x_m) else match.x_m


# --- the ladder


@pytest.mark.parametrize(
    ("address", "level", "x_m"),
    [
        ("Storegade 3", "address", 863_003),
        ("Storegade 12A", "address", 863_012),
        ("Storegade 12 a", "address", 863_012),
        ("Storegade 12", "house_number", 863_012),
        ("Storegade 12C", "house_number", 863_012),
        ("Storegade 3B", "house_number", 863_003),
        ("Storegade 14-16", "house_number", 863_014),
        ("Storegade 13-14", "house_number", 863_014),
        ("Storegade 12A-C", "address", 863_012),
        ("Storegade 16", "nearby_number", 863_014),
        ("Storegade 7", "nearby_number", 863_003),
        ("Storegade 119", "nearby_number", 863_099),
        ("Storegade 121", "street", 863_014),
        ("Storegade", "street", 863_014),
        ("Åkirkebyvej 173", "street", 866_117),
        ("Ukendt Gade 3", "not_found", None),
    ],
)
def test_each_step_of_the_ladder(book, address, level, x_m):
    assert found(book.match(address, "3700", "Rønne")) == (level, x_m)


def test_a_street_is_placed_at_a_real_address_nearest_its_middle(book):
    # The mean of 2, 4 and 6 lies in a field at 6,113,333 m: number 4 is nearest.
    match = book.match("Langvej", "3730")
    assert (match.level, match.x_m, match.y_m) == ("street", 892_310, 6_111_000)


def test_what_was_found_is_named(book):
    assert book.match("storegade 16", "3700").found == "Storegade 14, 3700 Rønne"
    assert book.match("Storegade", "3700").found == "Storegade, 3700 Rønne"
    assert book.match("Nowhere 3", "3700").found == ""


# --- spellings


@pytest.mark.parametrize(
    ("address", "x_m"),
    [
        ("STOREGADE 3", 863_003),
        ("St. Torvegade 42", 863_528),
        ("Store Torvegade 42", 863_528),
        ("Store Torveg. 42", 863_528),
        ("Gammel Skolevej 5", 863_500),
        ("Gl.Skolevej 5", 863_500),
        ("Gl. Skolev. 5", 863_500),
        ("Gl. Hovedvej 5", 863_501),
        ("Sct. Mortens Gade 4", 863_400),
        ("Skt. Mortensgade 4", 863_400),
        ("St. Mortens Gade 4", 863_400),
        ("Sankt Jørgens Alle 6", 863_401),
        ("Nr. Allé 7", 863_402),
        ("Noerre Alle 7", 863_402),
        ("Sdr. Kirkevej 8", 863_403),
        ("Søndre Kirkevej 8", 863_403),
        ("Nordre Kystvej 9", 863_404),
        ("V. Strandvej 1", 863_405),
        ("Vester Strandvej 1", 863_405),
        ("Oestergade 2", 863_406),
        ("Aakirkebyvej 172", 866_117),
        ("H C Møllers Vej 3", 863_407),
        ("Cafestræde 1", 863_408),
        ("Stampen Vej 1 12", 866_257),
        ("10. Februar Vej 3", 863_409),
    ],
)
def test_spellings_and_abbreviations_of_a_street(book, address, x_m):
    assert found(book.match(address, "3700", None)) == ("address", x_m)


def test_store_is_no_lille_and_a_longer_street_is_another_street(book):
    assert book.match("Lille Torvegade 42", "3700").level == "not_found"
    assert book.match("Lille Storegade 3", "3700").level == "not_found"
    assert book.match("Storegaden 3", "3700").level == "not_found"


@pytest.mark.parametrize(
    "address",
    ["Storegade 3, 1. tv", "Storegade 3, st.", "Storegade 3, st. th", "Storegade 3 2. sal",
     "Storegade 3, 2. sal, dør 4", "Storegade nr. 3", "Sundhedshuset, Storegade 3", "Storegade, 3",
     "c/o Lægehuset, Storegade 3", "c/o Lægehuset Storegade 3", "Bygning 4, Storegade 3",
     "Storegade 3\nOpgang B", "Lægehuset 2. sal; Storegade 3", "Storegade 3, 3700 Rønne",
     "Storegade 3, kld.", "  storegade   3  ", "Storegade 3, Sundhedshuset"],
)  # fmt: skip
def test_floors_houses_and_care_of_are_passed_over(book, address):
    assert found(book.match(address, "3700", "Rønne")) == ("address", 863_003)


# --- what is never guessed


def test_a_street_of_several_postcodes_is_not_guessed(book):
    match = book.match("Storegade 3")
    assert found(match) == ("not_found", None)
    assert match.found == "Storegade: 3700 Rønne, 3740 Svaneke"
    assert found(book.match("Storegade 3", None, "Svaneke")) == ("address", 892_003)
    assert found(book.match("Storegade 3", "3740")) == ("address", 892_003)


def test_the_postcode_counts_before_the_town(book):
    assert found(book.match("Storegade 3", "3740", "Rønne")) == ("address", 892_003)


def test_a_street_of_another_postcode_is_named_and_not_used(book):
    match = book.match("Østergade 2", "3740", "Svaneke")
    assert (found(match), match.found) == (("not_found", None), "Østergade: 3700 Rønne")


def test_two_streets_that_an_abbreviation_may_mean_are_not_guessed(book):
    match = book.match("V. Allé 1", "3730")
    assert found(match) == ("not_found", None)
    assert match.found == "Vester Allé: 3730 Nexø; Vestre Allé: 3730 Nexø"
    assert found(book.match("Vestre Allé 1", "3730")) == ("address", 892_001)


def test_two_streets_in_one_line_are_not_guessed(book):
    assert book.match("Storegade 3, Østergade 2", "3700").level == "not_found"


def test_a_house_that_is_named_like_a_street_does_not_stand_in_for_an_unknown_street(book):
    assert book.match("Østergade, Ukendt Gade 3", "3700").level == "not_found"


def test_one_address_at_two_places_is_not_guessed_but_two_entrances_are_one(book):
    match = book.match("Tvillingvej 1", "3730")
    assert (match.level, match.found) == ("not_found", "Tvillingvej 1, 3730 Nexø (2x)")
    assert found(book.match("Portvej 1", "3730")) == ("address", 892_200)


@pytest.mark.parametrize(
    "address", ["", " ", ",", "3", "{{ 7*7 }}", "<b>3</b>", "c/o", "\n;", "12-14"]
)
def test_text_without_a_street_is_not_found(book, address):
    assert book.match(address, "3700", "Rønne").level == "not_found"


# --- one typed line


@pytest.mark.parametrize(
    ("text", "level", "x_m"),
    [
        ("Storegade 3, 3700 Rønne", "address", 863_003),
        ("storegade 3 3740 svaneke", "address", 892_003),
        ("Storegade 3, 3740", "address", 892_003),
        ("Storegade 3 Svaneke", "address", 892_003),
        ("Storegade 3, Roenne", "address", 863_003),
        ("Storegade 3, st. tv, DK-3700 Rønne", "address", 863_003),
        ("Østergade 2", "address", 863_406),
        ("Østergade 2, 1. tv", "address", 863_406),
        ("Østergade 2, Odense", "not_found", None),
        ("Østergade 2, Svaneke", "not_found", None),
        ("Storegade 3", "not_found", None),
        ("Storegade 3, 9999 Ingensteds", "not_found", None),
        ("Rønne", "not_found", None),
        ("", "not_found", None),
    ],
)
def test_one_typed_line(book, text, level, x_m):
    assert found(book.match_text(text)) == (level, x_m)


# --- registers


def practices(*rows):
    table = empty_table(PRACTICES).reindex(range(len(rows)))
    filled = table.assign(
        ydernummer=[f"01000{row}" for row in range(len(rows))],
        name="A",
        clinic_form="solo",
        match_level="not_found",
        source_row=range(len(rows)),
    )
    for row, values in enumerate(rows):
        for column, value in values.items():
            filled.loc[row, column] = value
    return check_table(filled, PRACTICES, where="test")


def test_practices_are_placed_and_those_with_coordinates_left(book):
    register = practices(
        {"address": "Storegade 3", "postcode": "3700", "town": "Rønne"},
        {
            "x_m": 870_000.0,
            "y_m": 6_120_000.0,
            "match_level": "coordinates",
            "address": "Storegade 1",
        },
        {"address": "Storegade 3"},
        {},
        {"address": "Storegade 3", "town": "Svaneke"},
    )
    placed = geocode_practices(register, book)
    assert placed["match_level"].tolist() == [
        "address",
        "coordinates",
        "not_found",
        "not_found",
        "address",
    ]
    assert placed["x_m"].fillna(0).tolist() == [863_003, 870_000, 0, 0, 892_003]
    assert placed["y_m"].fillna(0).tolist() == [6_121_020, 6_120_000, 0, 0, 6_127_000]
    pd.testing.assert_frame_equal(check_table(placed, PRACTICES, where="test"), placed)
    assert register["x_m"].notna().sum() == 1
    told = match_practices(register, book)
    assert told.index.tolist() == [0, 2, 3, 4]
    assert told.loc[2, "found"] == "Storegade: 3700 Rønne, 3740 Svaneke"


def test_an_empty_book_finds_nothing_and_an_empty_register_stays_empty(book):
    empty = AddressBook(empty_table(ADDRESSES))
    assert len(empty) == 0
    assert empty.match_text("Storegade 3, 3700 Rønne").level == "not_found"
    nobody = practices()
    assert geocode_practices(nobody, book).empty


# --- parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", (12, "")), ("12A", (12, "A")), ("12 b", (12, "B")), ("38V", (38, "V")), ("12-14", None),
     ("A12", None), ("", None), ("1234", None)],
)  # fmt: skip
def test_house_numbers_of_a_file(text, expected):
    assert split_house_number(text) == expected


def test_an_ambiguous_abbreviation_has_both_keys():
    assert loose_street_keys("St. Torv") == {"storetorv", "scttorv"}
    assert loose_street_keys("Gammel Skolevej") == loose_street_keys("Gl. Skolev.")


def test_thirty_thousand_addresses_are_ready_within_a_second():
    count = 30_000
    number = np.arange(count)
    table = pd.DataFrame(
        {
            "street": pd.Series([f"Gade {i // 20}" for i in number], dtype="str"),
            "house_number": pd.Series([str(1 + i % 20) for i in number], dtype="str"),
            "postcode": pd.Series([str(3700 + i % 9) for i in number], dtype="str"),
            "town": "Rønne",
            "x_m": 863_000.0 + number,
            "y_m": 6_121_000.0,
        }
    )
    start = time.perf_counter()
    assert len(AddressBook(table)) == count
    assert time.perf_counter() - start < 1.0
