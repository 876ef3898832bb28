"""Where people live: cells, 250 m squares and addresses, with answers by hand."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from coverage.errors import CrsError
from coverage.origins import build_origins
from coverage.tables import ADDRESSES, CELLS, KOMMUNER, ORIGINS, empty_table
from coverage.units import reproject

ALL = box(500_000, 6_100_000, 600_000, 6_200_000)


def kommuner(**shapes: object) -> gpd.GeoDataFrame:
    """Return kommuner by code (``k0461=...``)."""
    codes = [code.removeprefix("k") for code in shapes]
    frame = gpd.GeoDataFrame(
        {"kommune_code": codes, "name": codes}, geometry=list(shapes.values()), crs="EPSG:25832"
    )
    return KOMMUNER.validate(frame)


def cell(cell_id: str, west: float, south: float, persons: float, size: float = 1000.0) -> dict:
    return {
        "cell_id": cell_id,
        "west_m": west,
        "south_m": south,
        "size_m": size,
        "grid_epsg": 25832,
        "x_m": west + size / 2,
        "y_m": south + size / 2,
        "persons": persons,
    }


def cells(*rows: dict) -> pd.DataFrame:
    return CELLS.validate(pd.DataFrame(list(rows)))


def addresses(*points: tuple[float, float]) -> pd.DataFrame:
    rows = [
        {
            "street": "Vej",
            "house_number": str(number),
            "postcode": "5000",
            "town": "By",
            "x_m": x,
            "y_m": y,
        }
        for number, (x, y) in enumerate(points)
    ]
    return ADDRESSES.validate(pd.DataFrame(rows)) if rows else empty_table(ADDRESSES)


A = cell("A", 550_000, 6_150_000, 12.0)
B = cell("B", 551_000, 6_150_000, 5.0)
ODENSE = kommuner(k0461=ALL)


def test_cell_resolution_is_the_centre() -> None:
    origins = build_origins(
        cells(B, A), addresses((550_001, 6_150_001)), ODENSE, resolution="cell", max_shore_m=0.0
    )
    table = ORIGINS.validate(origins.table)
    assert table["origin_id"].tolist() == table["cell_id"].tolist() == ["A", "B"]
    assert table["x_m"].tolist() == [550_500.0, 551_500.0]
    assert table["persons"].tolist() == [12.0, 5.0]
    assert table["kommune_code"].tolist() == ["0461", "0461"]
    assert (origins.resolution, origins.cells_spread, origins.cells_at_centre) == ("cell", 0, 2)
    assert origins.persons_outside == 0.0
    assert list(origins.outside.columns) == ["cell_id", "persons"]
    assert origins.outside.empty


def test_addresses_share_the_persons_of_their_cell_evenly() -> None:
    homes = addresses(
        (550_900, 6_150_100), (550_100, 6_150_900), (550_100, 6_150_200), (560_000, 6_150_000)
    )
    origins = build_origins(cells(A, B), homes, ODENSE, resolution="address", max_shore_m=0.0)
    table = origins.table
    assert table["origin_id"].tolist() == ["A/1", "A/2", "A/3", "B"]
    assert table["x_m"].tolist() == [550_100.0, 550_100.0, 550_900.0, 551_500.0]
    assert table["y_m"].tolist() == [6_150_200.0, 6_150_900.0, 6_150_100.0, 6_150_500.0]
    assert table["persons"].tolist() == [4.0, 4.0, 4.0, 5.0]
    assert (origins.cells_spread, origins.cells_at_centre) == (1, 1)


def test_addresses_at_one_point_are_one_origin_with_several_shares() -> None:
    homes = addresses(*[(550_100, 6_150_100)] * 3, (550_900, 6_150_900))
    origins = build_origins(cells(A), homes, ODENSE, resolution="address", max_shore_m=0.0)
    assert origins.table["persons"].tolist() == [9.0, 3.0]


def test_squares_of_250_m_stand_at_the_mean_of_their_addresses() -> None:
    homes = addresses(
        (550_010, 6_150_020),
        (550_030, 6_150_040),
        (550_010, 6_150_020),
        (550_260, 6_150_760),
    )
    origins = build_origins(cells(A, B), homes, ODENSE, resolution="250m", max_shore_m=0.0)
    table = origins.table
    assert table["origin_id"].tolist() == ["A/0-0", "A/3-1", "B"]
    assert table.loc[0, "x_m"] == pytest.approx((550_010 * 2 + 550_030) / 3)
    assert table.loc[0, "y_m"] == pytest.approx((6_150_020 * 2 + 6_150_040) / 3)
    assert table["persons"].tolist() == [9.0, 3.0, 5.0]


def test_cell_edges_belong_to_the_cell_north_and_east_of_them() -> None:
    homes = addresses((550_000, 6_150_000), (551_000, 6_150_500), (550_500, 6_151_000))
    origins = build_origins(cells(A, B), homes, ODENSE, resolution="address", max_shore_m=0.0)
    assert origins.table["origin_id"].tolist() == ["A/1", "B/1"]
    assert origins.table["x_m"].tolist() == [550_000.0, 551_000.0]


def test_cells_smaller_than_250_m_are_one_square() -> None:
    small = cell("S", 550_100, 6_150_000, 8.0, size=100.0)
    homes = addresses((550_110, 6_150_010), (550_190, 6_150_090), (550_210, 6_150_010))
    origins = build_origins(cells(small), homes, ODENSE, resolution="250m", max_shore_m=0.0)
    assert origins.table["origin_id"].tolist() == ["S/0-0"]
    assert origins.table["x_m"].tolist() == [550_150.0]


def test_grids_that_do_not_start_at_zero_and_of_two_sizes() -> None:
    shifted = cell("T", 550_250, 6_150_250, 6.0, size=500.0)
    homes = addresses((550_300, 6_150_700), (550_200, 6_150_300), (551_100, 6_150_900))
    origins = build_origins(cells(shifted, B), homes, ODENSE, resolution="address", max_shore_m=0.0)
    assert origins.table["origin_id"].tolist() == ["B/1", "T/1"]
    assert origins.table["x_m"].tolist() == [551_100.0, 550_300.0]


def test_membership_is_decided_in_the_grid_of_the_cell() -> None:
    """A square of EPSG:3035 is turned in EPSG:25832: its corners are not on one northing."""
    west, south = 4_468_000.0, 3_623_000.0
    x, y = reproject([west + 500.0], [south + 500.0], from_epsg=3035)
    row = {**cell("C", west, south, 10.0), "grid_epsg": 3035, "x_m": x[0], "y_m": y[0]}
    corner_x, corner_y = reproject(
        [west + 1, west + 999, west - 1, west + 999],
        [south + 1, south + 999, south + 1, south + 1001],
        from_epsg=3035,
    )
    homes = addresses(*zip(corner_x, corner_y, strict=True))
    whole = kommuner(k0461=box(400_000, 6_000_000, 900_000, 6_400_000))
    origins = build_origins(cells(row), homes, whole, resolution="address", max_shore_m=0.0)
    assert origins.table["persons"].tolist() == [5.0, 5.0]
    assert sorted(origins.table["x_m"]) == pytest.approx(sorted(corner_x[:2]))


def test_persons_outside_every_kommune_are_listed_by_cell() -> None:
    homes = addresses((550_100, 6_150_500), (550_900, 6_150_500), (550_950, 6_150_500))
    half = kommuner(k0461=box(500_000, 6_100_000, 550_500, 6_200_000))
    origins = build_origins(cells(A, B), homes, half, resolution="address", max_shore_m=0.0)
    assert origins.table["origin_id"].tolist() == ["A/1"]
    assert origins.persons_outside == 13.0
    assert origins.outside["cell_id"].tolist() == ["A", "B"]
    assert origins.outside["persons"].tolist() == [8.0, 5.0]
    shore = build_origins(cells(A, B), homes, half, resolution="address", max_shore_m=430.0)
    assert shore.table["origin_id"].tolist() == ["A/1", "A/2"]
    assert shore.persons_outside == 9.0


def test_neighbours_keep_their_own_people() -> None:
    """With the neighbour at hand, a home across the land border is not a home at the shore."""
    both = kommuner(
        k0461=box(500_000, 6_100_000, 551_000, 6_200_000),
        k0479=box(551_000, 6_100_000, 600_000, 6_200_000),
    )
    alone = build_origins(
        cells(A, B), addresses(), both.iloc[:1], resolution="cell", max_shore_m=2000.0
    )
    assert alone.table["origin_id"].tolist() == ["A", "B"]
    known = build_origins(
        cells(A, B),
        addresses(),
        both,
        resolution="cell",
        max_shore_m=2000.0,
        kommune_codes=["0461"],
    )
    assert known.table["origin_id"].tolist() == ["A"]
    assert known.persons_outside == 5.0


def test_no_addresses_and_no_cells() -> None:
    without = build_origins(cells(A), addresses(), ODENSE, resolution="address", max_shore_m=0.0)
    assert without.table["origin_id"].tolist() == ["A"]
    assert (without.resolution, without.cells_at_centre) == ("address", 1)
    far = addresses((590_000, 6_190_000))
    for resolution in ("250m", "address"):
        apart = build_origins(cells(A), far, ODENSE, resolution=resolution, max_shore_m=0.0)
        assert apart.table["origin_id"].tolist() == ["A"]
    nobody = build_origins(empty_table(CELLS), far, ODENSE, resolution="250m", max_shore_m=0.0)
    assert nobody.table.empty
    assert list(nobody.table.columns) == list(ORIGINS.columns)


def test_kommuner_in_degrees_are_refused() -> None:
    with pytest.raises(CrsError) as caught:
        build_origins(
            cells(A), addresses(), ODENSE.to_crs(4326), resolution="cell", max_shore_m=0.0
        )
    assert caught.value.exit_code == 24
