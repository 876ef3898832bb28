"""The real island end to end: real roads, addresses and people, a made-up register."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from coverage.cli import main
from coverage.places import join_places
from coverage.study import run_study
from coverage.study_file import InputFile, Study, save_study
from coverage.travel import measure_travel
from coverage.units import LONLAT_EPSG, reproject
from tests.shared_files import shared

TOWNS = {
    "Rønne": (14.7065, 55.1009),
    "Nexø": (15.1306, 55.0607),
    "Aakirkeby": (14.9192, 55.0707),
    "Svaneke": (15.1429, 55.1356),
    "Gudhjem": (14.9716, 55.2103),
    "Allinge": (14.8010, 55.2770),
}
# shared/README.md, by road. The first is the place to start from: since 2025 the road from
# Nexø to Aakirkeby is one-way over long stretches in the file, away from Rønne.
KNOWN_KM = {
    ("Rønne", "Nexø"): 30,
    ("Rønne", "Aakirkeby"): 16,
    ("Rønne", "Svaneke"): 29,
    ("Nexø", "Svaneke"): 9,
    ("Gudhjem", "Allinge"): 15,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bornholm")
    return Study(
        title="Bornholm",
        as_of=date(2026, 1, 1),
        practices=InputFile(shared("data/bornholm_practices.csv"), date(2026, 1, 1)),
        population=InputFile(shared("data/geostat_2011_1km_dk.csv"), date(2011, 1, 1)),
        roads=InputFile(shared("data/bornholm.osm.pbf"), date(2025, 1, 1)),
        kommuner=InputFile(shared("data/dagi_kommuner_2014.geojson"), date(2014, 1, 1)),
        area_kommuner=("0400",),
        cache_folder=folder / "cache",
        path=folder / "study.toml",
    )


@pytest.fixture(scope="module")
def result(study):
    return run_study(study)


def town_distances(result) -> pd.DataFrame:
    lon, lat = zip(*TOWNS.values(), strict=True)
    x_m, y_m = reproject(lon, lat, from_epsg=LONLAT_EPSG)
    table = pd.DataFrame({"site_id": list(TOWNS), "x_m": x_m, "y_m": y_m})
    graph = result.assessment.matrix.graph
    towns = join_places(graph, table, "site_id", result.assessment.rules.travel)
    pairs = measure_travel(graph, towns, towns, 60_000.0).pairs()
    return pairs.set_index(["origin_id", "site_id"])["distance_m"]


def test_distances_between_the_towns_are_those_that_people_know(result):
    measured = town_distances(result)
    for (start, end), km in KNOWN_KM.items():
        assert measured[start, end] == pytest.approx(km * 1000, rel=0.03), (start, end)


def test_every_practice_is_found_at_its_address(result):
    practices = result.assessment.tables.practices
    assert len(practices) == 13
    assert set(practices["match_level"]) == {"address"}
    assert practices["capacities"].sum() == 25
    assert len(result.assessment.choice.open_ids) == 5


def test_everybody_of_the_kommunes_cells_is_in_one_status(result):
    total = result.assessment.by_area["kommune"].iloc[-1]
    statuses = [
        total[f"road_persons_{status}"]
        for status in ("two_or_more", "one", "none", "no_road_connection")
    ]
    people = result.assessment.tables.cells["persons"].sum()
    outside = result.assessment.origins.persons_outside
    assert sum(statuses) == pytest.approx(total["persons"])
    assert total["persons"] + outside == pytest.approx(people)
    # facts/kommuner.csv counts whole cells by their centre.
    facts = pd.read_csv(shared("facts/kommuner.csv"), dtype={"kommune_code": str})
    known = facts.set_index("kommune_code").loc["0400", "population_2011_grid"]
    assert total["persons"] == pytest.approx(known, rel=0.01)


def test_a_road_is_never_shorter_than_the_line(result):
    table = result.assessment.choice.by_origin
    for rank in ("first", "second"):
        assert (table[f"road_{rank}_m"] >= table[f"straight_{rank}_m"] - 0.01).all()
    assert (table["road_open_within"] <= table["straight_open_within"]).all()


def test_homes_are_snapped_to_the_road_they_stand_at(result):
    legs_m = result.assessment.matrix.origins.snaps.leg_m
    assert np.nanmean(legs_m) < 96  # to the nearest edge of all cells, in the design's measurement
    assert result.assessment.matrix.origins.snaps.snapped.all()


def test_the_map_of_the_choice_reads_as_the_island(result):
    """Rønne has two open practices of its own; Svaneke reaches only the one in Nexø, 9 km off."""
    table = result.assessment.choice.by_origin.assign(town="")
    x_m, y_m = reproject(*zip(*TOWNS.values(), strict=True), from_epsg=LONLAT_EPSG)
    for name, x, y in zip(TOWNS, x_m, y_m, strict=True):
        near = np.hypot(table["x_m"] - x, table["y_m"] - y) < 500
        table.loc[near, "town"] = name
    worst = table.groupby("town")["road_open_within"].agg(["min", "max"])
    assert worst.loc["Rønne", "min"] >= 2
    assert worst.loc["Svaneke"].tolist() == [1, 1]


def test_the_second_run_reads_the_cache_and_answers_the_same(study, result):
    again = run_study(study)
    pd.testing.assert_frame_equal(
        again.assessment.choice.by_origin, result.assessment.choice.by_origin
    )
    assert again.stamp.inputs == result.stamp.inputs


def test_the_command_writes_outputs_that_open(study, tmp_path):
    save_study(study, tmp_path / "study.toml")
    assert main(["run", str(tmp_path / "study.toml"), "--out", str(tmp_path / "out")]) == 0
    table = pd.read_csv(
        tmp_path / "out" / "choice_by_area.csv",
        sep=";",
        decimal=",",
        encoding="utf-8-sig",
        dtype=str,
    )
    assert "Bornholm" in table.to_string()
    assert gpd.read_file(tmp_path / "out" / "coverage.gpkg", layer="practices").shape[0] == 13


def test_people_across_the_land_border_are_not_taken_for_the_studys_own(tmp_path):
    """Odense is surrounded by kommuner; the facts count whole cells by their centre."""
    odense = Study(
        title="Odense",
        as_of=date(2026, 1, 1),
        practices=InputFile(shared("data/bornholm_practices.csv")),
        population=InputFile(shared("data/geostat_2011_1km_dk.csv")),
        roads=InputFile(shared("data/bornholm.osm.pbf")),
        kommuner=InputFile(shared("data/dagi_kommuner_2014.geojson")),
        area_kommuner=("0461",),
        resolution="cell",
        path=tmp_path / "study.toml",
    )
    total = run_study(odense).assessment.by_area["kommune"].iloc[-1]
    assert total["persons"] == 189_635
    # Bornholm's practices and roads serve nobody in Odense, and nobody is dropped for it.
    assert total["road_persons_no_road_connection"] == 189_635
