"""The register in the form a region would export it, placed by the addresses of OpenStreetMap."""

from datetime import date

import pytest

from coverage.sources.geocode import AddressBook, geocode_practices
from coverage.sources.practices import read_practices
from coverage.sources.roads import read_roads
from tests.shared_files import shared


@pytest.fixture(scope="module")
def register():
    return read_practices(shared("data/bornholm_practices.csv"), as_of=date(2026, 11, 1))


@pytest.fixture(scope="module")
def placed(register):
    return geocode_practices(
        register.practices, AddressBook(read_roads(shared("data/bornholm.osm.pbf")).addresses)
    )


def test_all_rows_are_kept(register):
    provenance = register.provenance
    assert (provenance.rows_read, provenance.rows_kept) == (13, 13)
    assert (provenance.merged_rows, dict(provenance.dropped)) == (0, {})


def test_the_sums_are_those_of_the_file(register):
    # Added up by hand from the file: thousands dots, halves and all.
    practices = register.practices
    assert practices["capacities"].sum() == 25.0
    assert practices["listed_persons"].sum() == 38_485
    assert practices["intake_open"].sum() == 5
    assert not practices["intake_open"].isna().any()


def test_doctors_are_counted_where_years_are_given(register):
    per_practice = register.doctors.groupby("ydernummer").size()
    assert per_practice["010117"] == 4
    assert "010166" not in per_practice.index
    assert register.doctors["birth_year"].between(1955, 1985).all()


def test_ydernumre_keep_their_zero(register):
    assert register.practices["ydernummer"].str.fullmatch(r"010\d{3}").all()


def test_every_practice_is_found_at_its_own_address(placed):
    assert placed["match_level"].tolist() == ["address"] * 13


def test_practices_lie_in_their_towns(placed):
    # Centres of the towns in EPSG:25832, to 4 km, read off a map.
    towns = {
        "Rønne": (864_300, 6_120_900),
        "Nexø": (892_500, 6_117_500),
        "Aakirkeby": (878_300, 6_118_600),
        "Allinge": (868_300, 6_141_200),
        "Svaneke": (892_600, 6_127_000),
        "Hasle": (864_300, 6_130_200),
        "Klemensker": (870_800, 6_129_300),
    }
    for practice in placed.itertuples():
        x_m, y_m = towns[practice.town]
        assert abs(practice.x_m - x_m) < 4000, practice.town
        assert abs(practice.y_m - y_m) < 4000, practice.town
