from datetime import date

import pytest

from coverage.ui.formats import (
    format_change,
    format_date,
    format_km,
    format_number,
    format_percent,
    format_persons,
    format_points,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1_234_567, 0, "1.234.567", "1,234,567"),
        (-1234.0, 0, "-1.234", "-1,234"),
        (0.0, 0, "0", "0"),
        (-0.2, 0, "0", "0"),
        (-0.04, 1, "0,0", "0.0"),
        (999.96, 1, "1.000,0", "1,000.0"),
        (NAN, 1, "–", "–"),
        (None, 0, "–", "–"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value, decimals, danish, english):
    assert format_number(value, "da", decimals) == danish
    assert format_number(value, "en", decimals) == english


@pytest.mark.parametrize(
    ("persons", "text"),
    [(0, "0"), (0.4, "<\u00a01"), (0.6, "1"), (12_345, "12.345"), (NAN, "–")],
)
def test_a_part_of_a_person_is_not_nobody(persons, text):
    assert format_persons(persons, "da") == text


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (0.0, "0,0\u00a0%"),
        (0.04, "<\u00a00,1\u00a0%"),
        (0.05, "0,1\u00a0%"),
        (98.24, "98,2\u00a0%"),
        (99.94, "99,9\u00a0%"),
        (99.96, ">\u00a099,9\u00a0%"),
        (100.0, "100,0\u00a0%"),
        (NAN, "–"),
    ],
)
def test_all_and_none_are_said_only_of_all_and_none(percent, text):
    assert format_percent(percent, "da") == text


def test_english_percent_has_no_space():
    assert format_percent(98.24, "en") == "98.2%"


@pytest.mark.parametrize(
    ("change", "text"), [(1234, "+1.234"), (-12, "-12"), (0, "0"), (0.3, "0"), (-0.3, "0")]
)
def test_changes_carry_a_sign(change, text):
    assert format_change(change, "da") == text


@pytest.mark.parametrize(
    ("change", "text"), [(1.25, "+1,2"), (-3.0, "-3,0"), (0.01, "0,0"), (10.0, "+10,0")]
)
def test_points_carry_a_sign(change, text):
    assert format_points(change, "da") == text


@pytest.mark.parametrize(
    ("metres", "danish"),
    [(15_000.0, "15\u00a0km"), (1_500.0, "1,5\u00a0km"), (120.0, "0,1\u00a0km"), (NAN, "–")],
)
def test_distances_are_kilometres(metres, danish):
    assert format_km(metres, "da") == danish


def test_dates():
    assert format_date(date(2026, 1, 31), "da") == "31.1.2026"
    assert format_date(date(2026, 1, 31), "en") == "2026-01-31"
    assert format_date(None, "da") == "–"
