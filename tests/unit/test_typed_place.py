import pytest

from coverage.ui.typed_place import (
    MAX_CHARACTERS,
    TypedAddress,
    TypedCoordinates,
    TypedNonsense,
    parse_place,
)
from coverage.units import LONLAT_EPSG, reproject

# Rønne's church, roughly.
LAT, LON = 55.1, 14.7


@pytest.mark.parametrize(
    "typed", ["55.1, 14.7", "55.1,14.7", "55.1 14.7", "55.1;14.7", "55,1; 14,7", " 55,1  14,7 "]
)
def test_degrees_are_latitude_before_longitude(typed):
    x_m, y_m = reproject([LON], [LAT], from_epsg=LONLAT_EPSG)
    assert parse_place(typed) == TypedCoordinates(float(x_m[0]), float(y_m[0]))


@pytest.mark.parametrize(
    "typed", ["865000, 6123000", "865000 6123000", "865000,0; 6123000,0", "865000;6123000"]
)
def test_metres_are_east_before_north(typed):
    assert parse_place(typed) == TypedCoordinates(865_000.0, 6_123_000.0)


@pytest.mark.parametrize("typed", ["14.7, 55.1", "6123000, 865000"])
def test_swapped_numbers_are_refused_not_turned(typed):
    assert parse_place(typed) == TypedNonsense("place.swapped")


@pytest.mark.parametrize("typed", ["48.85, 2.35", "0, 0", "-55.1, 14.7", "585000, 1000"])
def test_a_place_abroad_is_refused(typed):
    assert parse_place(typed) == TypedNonsense("place.not_in_denmark")


@pytest.mark.parametrize(
    "typed",
    ["865.000, 6.123.000", "3700", "55.1", "55.1, 14.7, 3", "55,1,14,7", "- -", "..", "5 °"],
)
def test_numbers_that_are_no_pair_are_refused(typed):
    assert parse_place(typed) == TypedNonsense("place.not_coordinates")


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_typed(typed):
    assert parse_place(typed) == TypedNonsense("place.empty")


def test_what_has_letters_is_an_address():
    assert parse_place(" Storegade 44,  3700 Rønne ") == TypedAddress("Storegade 44, 3700 Rønne")
    assert parse_place("1e5, 1e6") == TypedAddress("1e5, 1e6")
    assert parse_place("nan, inf") == TypedAddress("nan, inf")


def test_a_novel_is_refused():
    assert parse_place("a" * (MAX_CHARACTERS + 1)) == TypedNonsense("place.too_long")
    assert parse_place("9" * (MAX_CHARACTERS + 1)) == TypedNonsense("place.too_long")
