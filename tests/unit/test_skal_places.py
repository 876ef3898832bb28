"""The places of a study: what the rules on a drawn road (tests/rules/test_skal.py) leave open."""

import pandas as pd
import pytest

from coverage.skal_places import build_places
from coverage.town_names import town_key
from coverage.wording import Notice
from tests.drawn_country import Country, at
from tests.straight_road import MERIDIAN_M, map_y_m

HOMES = {"h": (at(0), 100.0)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aarup", "Årup"),
        ("Aarup", "A\u030arup"),
        ("Sdr. Omme", "Sønder Omme"),
        ("Sdr. Omme", "Soender Omme"),
        ("Nr. Lyndelse", "Nørre Lyndelse"),
        ("NØRRE AABY", "Nørre Åby"),
        ("Vester-Skerninge", "V. Skerninge"),
        ("St. Darum", "Store Darum"),
        ("Tommerup St.", "Tommerup Stationsby"),
        ("Thurø By", "Thurø"),
        ("Bylderup Bov", "Bylderup-Bov"),
        ("Ærøskøbing", "aeroeskoebing"),
    ],
)
def test_spellings_of_one_town_have_one_key(one, other):
    assert town_key(one) == town_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Søndersø", "Søndersted"),
        ("Nørre Nebel", "Sønder Nebel"),
        ("Tommerup", "Tommerup Stationsby"),
        ("Sønder Omme", "Omme"),
        ("Nordby", "Nord"),
        ("By", ""),
        ("St", "Store"),
    ],
)
def test_different_towns_have_different_keys(one, other):
    assert town_key(one) != town_key(other)


def test_two_towns_of_one_name_in_a_kommune_are_two_places():
    towns = [("Nyby", at(10_000), 600), ("Nyby", at(40_000), 700)]
    places = Country(towns, {}, HOMES).skal().places
    assert places["place_id"].tolist() == ["0461-nyby", "0461-nyby-2"]
    assert places["persons"].tolist() == [700, 600]


def test_the_order_of_the_rows_decides_nothing():
    towns = [("A", at(10_000), 1_500), ("B", at(13_000), 1_500), ("C", at(16_000), 1_500)]
    practices = {"000001": {"point": at(11_500)}, "000002": {"point": at(14_500)}}
    forward, backward = Country(towns, practices, HOMES), Country(towns[::-1], practices, HOMES)
    one = build_places(forward.tables, forward.matrix, forward.rules)
    other = build_places(backward.tables, backward.matrix, backward.rules)
    pd.testing.assert_frame_equal(one.places, other.places)
    pd.testing.assert_frame_equal(one.practices, other.practices)
    # B is as far from A as from C, and A comes first by name; half-way practices go there too.
    assert one.places["towns"].tolist() == ["A, B", "C"]
    assert one.practices["place_id"].tolist() == ["0461-a", "0461-a"]


def test_a_town_without_road_stays_a_place_and_joins_nothing():
    off_road = (MERIDIAN_M + 2_100.0, map_y_m(10_000))
    towns = [("Vejby", at(10_000), 2_000), ("Ø", off_road, 1_900)]
    result = Country(towns, {"000001": {"point": at(10_000)}}, HOMES).skal()
    places = result.places.set_index("name")
    assert places.towns.to_dict() == {"Vejby": "Vejby", "Ø": "Ø"}
    assert places.practices.to_dict() == {"Vejby": 1, "Ø": 0}
    values = (("count", 1), ("names", "Ø"))
    assert result.notices == (Notice("skal_towns_without_road", values),)


def test_towns_of_unknown_size_are_kept_and_said():
    towns = [("Kendt", at(10_000), 2_000), ("Ukendt", at(12_000), None)]
    result = Country(towns, {}, HOMES).skal()
    assert result.places["name"].tolist() == ["Kendt", "Ukendt"]
    assert result.places["persons"].isna().tolist() == [False, True]
    assert result.places["kind"].tolist() == ["main_town", "dispensable"]
    values = (("count", 1), ("names", "Ukendt"))
    assert result.notices == (Notice("skal_towns_without_persons", values),)


def test_without_any_town_every_practice_is_a_place_and_that_is_said():
    practices = {"000001": {"point": at(10_000)}, "000002": {"point": at(10_000), "town": None}}
    result = Country([], practices, HOMES).skal()
    assert result.places["place_id"].tolist() == ["praksis-000001", "praksis-000002"]
    assert result.places["name"].tolist() == ["Landet", "Praksis 000002"]
    assert result.notices == (Notice("skal_no_towns"),)
    (pair,) = result.pairs.to_dict("records")
    assert pair["persons_lose_practice"] == 100


def test_without_towns_and_practices_there_is_nothing_and_no_error():
    result = Country([], {"000001": {"point": None}}, HOMES).skal()
    assert result.places.empty
    assert result.practices.empty
    assert result.pairs.empty
    assert result.agreement.empty
    assert result.places["is_skal"].dtype == bool
