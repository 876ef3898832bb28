"""What holds for every grid and every set of addresses."""

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from coverage.origins import build_origins
from coverage.units import reproject

WEST_M, SOUTH_M = 4_468_000.0, 3_623_000.0
RESOLUTIONS = st.sampled_from(["cell", "250m", "address"])


@st.composite
def grids(draw: st.DrawFn) -> pd.DataFrame:
    """Return up to nine cells of a 3 x 3 km block in EPSG:3035, with persons."""
    squares = draw(st.sets(st.integers(0, 8), min_size=1))
    order = draw(st.permutations(sorted(squares)))
    persons = draw(st.lists(st.floats(0.1, 25_000.0), min_size=len(order), max_size=len(order)))
    west = np.array([WEST_M + 1000.0 * (square % 3) for square in order])
    south = np.array([SOUTH_M + 1000.0 * (square // 3) for square in order])
    x, y = reproject(west + 500.0, south + 500.0, from_epsg=3035)
    return pd.DataFrame(
        {
            "cell_id": pd.Series([f"c{square}" for square in order], dtype="str"),
            "west_m": west,
            "south_m": south,
            "size_m": 1000.0,
            "grid_epsg": 3035,
            "x_m": x,
            "y_m": y,
            "persons": persons,
        }
    )


@st.composite
def homes(draw: st.DrawFn) -> pd.DataFrame:
    """Return up to forty addresses in and around the block, some at one point."""
    offsets = st.integers(-20, 320)
    points = draw(st.lists(st.tuples(offsets, offsets), max_size=40))
    east = WEST_M + 10.0 * np.array([east for east, _ in points], dtype=float)
    north = SOUTH_M + 10.0 * np.array([north for _, north in points], dtype=float)
    x, y = reproject(east, north, from_epsg=3035)
    table = pd.DataFrame({"x_m": x, "y_m": y})
    return table.assign(street="s", house_number="1", postcode="5000", town="t")


@st.composite
def borders(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Return two kommuner whose land may end inside the block."""
    x, y = reproject([WEST_M], [SOUTH_M], from_epsg=3035)
    middle = x[0] + draw(st.integers(-1000, 4000))
    north = y[0] + draw(st.integers(0, 5000))
    return gpd.GeoDataFrame(
        {"kommune_code": ["0479", "0461"], "name": ["Svendborg", "Odense"]},
        geometry=[
            box(middle, y[0] - 9000, x[0] + 20_000, north),
            box(x[0] - 20_000, y[0] - 9000, middle, north),
        ],
        crs="EPSG:25832",
    )


@given(grids(), homes(), borders(), RESOLUTIONS, st.sampled_from([0.0, 500.0]))
@settings(max_examples=150, deadline=None)
def test_nobody_is_lost_and_nobody_is_made(cells, addresses, kommuner, resolution, shore) -> None:
    origins = build_origins(cells, addresses, kommuner, resolution=resolution, max_shore_m=shore)
    total = origins.table["persons"].sum() + origins.persons_outside
    assert abs(total - cells["persons"].sum()) < 1e-6
    by_cell = pd.concat([origins.table[["cell_id", "persons"]], origins.outside])
    by_cell = by_cell.groupby("cell_id")["persons"].sum()
    expected = cells.set_index("cell_id")["persons"]
    assert np.allclose(by_cell.reindex(expected.index), expected, rtol=0, atol=1e-6)
    assert origins.cells_spread + origins.cells_at_centre == origins.table["cell_id"].nunique()
    assert origins.table["kommune_code"].notna().all()


@given(grids(), homes(), borders(), RESOLUTIONS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_row_order_never_matters(cells, addresses, kommuner, resolution, random) -> None:
    def shuffled(table):
        return table.iloc[random.sample(range(len(table)), len(table))].reset_index(drop=True)

    first = build_origins(cells, addresses, kommuner, resolution=resolution, max_shore_m=100.0)
    second = build_origins(
        shuffled(cells),
        shuffled(addresses),
        shuffled(kommuner),
        resolution=resolution,
        max_shore_m=100.0,
    )
    assert_frame_equal(first.table, second.table, check_exact=True)
    assert_frame_equal(first.outside, second.outside, check_exact=True)


@given(grids(), homes(), borders(), st.sampled_from(["250m", "address"]))
@settings(max_examples=80, deadline=None)
def test_origins_stay_in_their_cell(cells, addresses, kommuner, resolution) -> None:
    origins = build_origins(cells, addresses, kommuner, resolution=resolution, max_shore_m=20_000.0)
    table = origins.table.merge(cells[["cell_id", "west_m", "south_m"]], on="cell_id")
    east, north = reproject(table["x_m"], table["y_m"], from_epsg=25832, to_epsg=3035)
    for value, start in ((east, table["west_m"]), (north, table["south_m"])):
        assert ((value - start) >= -0.001).all()
        assert ((value - start) <= 1000.001).all()
