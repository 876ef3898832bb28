"""The national files as people have them: all cells, all kommuner, all persons."""

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from coverage.areas import locate_in_areas
from coverage.origins import build_origins
from coverage.sources.kommuner import read_kommuner
from coverage.sources.population import read_population
from coverage.sources.provenance import Provenance
from coverage.sources.towns import read_towns
from coverage.tables import ADDRESSES, empty_table
from coverage.units import in_denmark, reproject
from tests.shared_files import shared

SHORE_M = 2_000.0

Cells = tuple[pd.DataFrame, Provenance]
Kommuner = tuple[gpd.GeoDataFrame, Provenance]


@pytest.fixture(scope="module")
def population() -> Cells:
    return read_population(shared("data/geostat_2011_1km_dk.csv"), as_of=None)


@pytest.fixture(scope="module")
def boundaries() -> Kommuner:
    return read_kommuner(shared("data/dagi_kommuner_2014.geojson"), as_of=None)


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(shared("facts/kommuner.csv"), dtype={"kommune_code": "str"})


def test_every_danish_cell_and_person_of_geostat_is_read(population: Cells) -> None:
    cells, provenance = population
    assert len(cells) == provenance.rows_read == provenance.rows_kept == 39_007
    assert cells["persons"].sum() == 5_535_148
    assert provenance.dropped == {}
    assert cells["cell_id"].is_monotonic_increasing
    assert in_denmark(cells["x_m"], cells["y_m"]).all()


def test_the_danish_grid_is_read_in_well_under_half_a_second() -> None:
    path = shared("data/geostat_2011_1km_dk.csv")
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        read_population(path, as_of=None)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.5


def test_study_area_of_bornholm_keeps_its_cells(population: Cells) -> None:
    cells, _ = population
    box = (855_000.0, 6_100_000.0, 900_000.0, 6_150_000.0)
    path = shared("data/geostat_2011_1km_dk.csv")
    island, provenance = read_population(path, as_of=None, within=box)
    expected = cells[cells["x_m"].between(box[0], box[2]) & cells["y_m"].between(box[1], box[3])]
    assert island["cell_id"].tolist() == expected["cell_id"].tolist()
    assert 40_000 < island["persons"].sum() < 43_000
    assert provenance.dropped == {"outside the study area": 39_007 - len(expected)}


def test_311_parts_become_98_kommuner_and_christiansoe(
    boundaries: Kommuner, facts: pd.DataFrame
) -> None:
    kommuner, provenance = boundaries
    assert (provenance.rows_read, provenance.rows_kept, provenance.merged_rows) == (311, 99, 212)
    assert set(kommuner["kommune_code"]) == {*facts["kommune_code"], "0411"}
    assert kommuner["kommune_code"].is_monotonic_increasing
    assert kommuner.crs.to_epsg() == 25832
    assert kommuner.is_valid.all()
    assert not kommuner.geometry.has_z.any()
    # Denmark is 42,900 km2; the map is generalised to 1:500,000.
    assert kommuner.area.sum() / 1e6 == pytest.approx(42_950, rel=0.01)
    names = kommuner.set_index("kommune_code")["name"].reindex(facts["kommune_code"])
    assert names.tolist() == facts["name"].tolist()


def test_persons_of_each_kommune(
    population: Cells, boundaries: Kommuner, facts: pd.DataFrame
) -> None:
    cells, _ = population
    kommuner, _ = boundaries
    origins = build_origins(
        cells, empty_table(ADDRESSES), kommuner, resolution="cell", max_shore_m=SHORE_M
    )
    assert origins.persons_outside == 0.0
    persons = origins.table.groupby("kommune_code")["persons"].sum()
    expected = facts.set_index("kommune_code")["population_2011_grid"]
    found = persons.reindex(expected.index)
    assert found.sum() == pytest.approx(expected.sum(), abs=200)
    assert ((found - expected).abs() <= 0.005 * expected).all()


def test_all_cells_are_located_in_about_a_second(population: Cells, boundaries: Kommuner) -> None:
    cells, _ = population
    kommuner, _ = boundaries
    start = time.perf_counter()
    inside = locate_in_areas(
        cells["x_m"], cells["y_m"], kommuner, "kommune_code", max_distance_m=0.0
    )
    located = locate_in_areas(
        cells["x_m"], cells["y_m"], kommuner, "kommune_code", max_distance_m=SHORE_M
    )
    assert time.perf_counter() - start < 2.0
    assert located.notna().all()
    # The generalised coast leaves about 3 % of the cell centres in the water.
    assert 0.01 < inside.isna().mean() < 0.06
    assert (located[inside.notna()] == inside[inside.notna()]).all()


@pytest.mark.parametrize("resolution", ["250m", "address"])
def test_a_country_of_addresses_keeps_every_person(
    population: Cells, boundaries: Kommuner, resolution: str
) -> None:
    cells, _ = population
    kommuner, _ = boundaries
    random = np.random.default_rng(11)
    chosen = random.integers(0, len(cells), 200_000)
    x, y = reproject(
        cells["west_m"].to_numpy()[chosen] + random.uniform(1, 999, len(chosen)),
        cells["south_m"].to_numpy()[chosen] + random.uniform(1, 999, len(chosen)),
        from_epsg=3035,
    )
    homes = pd.DataFrame({"x_m": x, "y_m": y}).assign(
        street="Vej", house_number="1", postcode="0000", town="By"
    )
    origins = build_origins(cells, homes, kommuner, resolution=resolution, max_shore_m=SHORE_M)
    assert origins.cells_spread == len(set(chosen.tolist()))
    assert origins.table["persons"].sum() + origins.persons_outside == pytest.approx(
        5_535_148, abs=1e-6
    )


def test_towns_lie_in_the_kommune_that_they_name(boundaries: Kommuner) -> None:
    kommuner, _ = boundaries
    towns, provenance = read_towns(shared("facts/towns_syddanmark.csv"), as_of=None)
    assert (provenance.rows_read, provenance.rows_kept) == (129, 129)
    assert towns["persons"].notna().all()
    located = locate_in_areas(
        towns["x_m"], towns["y_m"], kommuner, "kommune_code", max_distance_m=SHORE_M
    )
    other = towns[located != towns["kommune_code"]]
    assert other.empty, other
