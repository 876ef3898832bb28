"""Where people live: grid cells, or the addresses inside them, with persons.

A population grid says how many live in a square kilometre, not where in it.
Placed at the centre of its cell, a village that lies in one corner is up to
700 m away from itself. Where address points are known, the persons of a cell
are therefore spread evenly over them (dasymetric mapping, data-sources 2.8).
The number of persons in a cell never changes by that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.areas import locate_in_areas
from coverage.tables import ORIGINS, check_table
from coverage.units import WORK_EPSG, reproject

Resolution = Literal["cell", "250m", "address"]

SUB_CELL_M = 250.0

_PLACED_COLUMNS = ["origin_id", "cell_id", "x_m", "y_m", "persons", "cell"]
_GRID_COLUMNS = ["grid_epsg", "size_m", "offset_x_m", "offset_y_m"]


@dataclass(frozen=True)
class Origins:
    """Origins of a study, and the persons that found no place in it.

    Attributes
    ----------
    table
        Contract ORIGINS, ordered by cell id; every origin has a kommune.
    resolution
        ``cell``, ``250m`` or ``address``, as asked for.
    cells_spread
        Cells of the table whose persons were spread over addresses.
    cells_at_centre
        Cells of the table whose persons are at the centre: all at resolution
        ``cell``, else those without an address.
    persons_outside
        Persons at origins in none of the study's kommuner; with the persons
        of the table they add up to the persons of the cells.
    outside
        Columns ``cell_id`` and ``persons``: the same persons cell by cell.
    """

    table: pd.DataFrame
    resolution: str
    cells_spread: int
    cells_at_centre: int
    persons_outside: float
    outside: pd.DataFrame


def build_origins(
    cells: pd.DataFrame,
    addresses: pd.DataFrame,
    kommuner: gpd.GeoDataFrame,
    *,
    resolution: Resolution,
    max_shore_m: float,
    kommune_codes: Collection[str] | None = None,
) -> Origins:
    """Return the origins that the persons of the cells live at.

    Parameters
    ----------
    cells
        Contract CELLS; persons per cell.
    addresses
        Contract ADDRESSES; empty where there are none. Each row is one share,
        rows at the same coordinates become one origin with several shares.
    kommuner
        Contract KOMMUNER, EPSG:25832: those that an origin may lie in.
    resolution
        ``cell``: an origin a cell, at its centre. ``address``: an origin an
        address point. ``250m``: an origin a 250 m square of a cell, at the
        mean of its addresses, with persons in proportion to them. Cells
        without an address keep their centre.
    max_shore_m
        How far outside every kommune an origin may lie (harbours, islets).
    kommune_codes
        The study's own kommuner, where ``kommuner`` holds their neighbours
        too; None for all. With the neighbours at hand, homes just across the
        study's land border are not taken for homes at its shore.

    Raises
    ------
    CrsError
        The kommuner are not in EPSG:25832.
    """
    placed = _place(cells, addresses, resolution)
    code = locate_in_areas(
        placed["x_m"], placed["y_m"], kommuner, "kommune_code", max_distance_m=max_shore_m
    )
    if kommune_codes is not None:
        code = code.where(code.isin(list(kommune_codes)))
    table = placed.assign(kommune_code=code)[list(ORIGINS.columns)]
    inside = code.notna()
    outside = placed[~inside].groupby("cell_id", as_index=False)[["persons"]].sum()
    own = table[inside].reset_index(drop=True)
    at_centre = int((own["origin_id"] == own["cell_id"]).sum())
    return Origins(
        table=check_table(own, ORIGINS, where="origins"),
        resolution=resolution,
        cells_spread=own["cell_id"].nunique() - at_centre,
        cells_at_centre=at_centre,
        persons_outside=float(outside["persons"].sum()),
        outside=outside,
    )


def _place(cells: pd.DataFrame, addresses: pd.DataFrame, resolution: Resolution) -> pd.DataFrame:
    """Return origins with all persons of all cells, ordered by cell and place in the cell."""
    in_order = cells.sort_values("cell_id", ignore_index=True)
    centres = in_order.assign(origin_id=in_order["cell_id"], cell=in_order.index)
    if resolution == "cell" or addresses.empty or cells.empty:
        return centres[_PLACED_COLUMNS]
    homes = _homes_in_cells(in_order, addresses)
    spread = _as_addresses(homes) if resolution == "address" else _as_sub_cells(homes)
    whole = in_order.loc[spread["cell"], ["cell_id", "persons"]].reset_index(drop=True)
    shares = spread["homes"] / spread.groupby("cell")["homes"].transform("sum")
    spread["cell_id"] = whole["cell_id"]
    spread["origin_id"] = whole["cell_id"] + "/" + spread["label"]
    spread["persons"] = whole["persons"] * shares
    without = centres[~centres["cell"].isin(spread["cell"])]
    both = pd.concat([part[_PLACED_COLUMNS] for part in (spread, without) if len(part)])
    return both.sort_values("cell", kind="stable", ignore_index=True)


def _homes_in_cells(cells: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    """Return the address points that lie in a cell, in each cell ordered by x and y.

    Columns: ``cell`` (row of ``cells``), ``x_m``, ``y_m``, ``homes`` (address
    rows at the point), ``row`` and ``col`` of the 250 m square in the cell,
    counted from its south-west corner. A cell is a square of its own grid, so
    the points are compared with it in the coordinate system of that grid.
    """
    points = addresses.groupby(["x_m", "y_m"]).size().rename("homes").reset_index()
    west_m, south_m = cells["west_m"], cells["south_m"]
    grids = cells.assign(
        offset_x_m=(west_m % cells["size_m"]).round(3),
        offset_y_m=(south_m % cells["size_m"]).round(3),
        cell=cells.index,
    ).groupby(_GRID_COLUMNS)
    found = [_homes_in_grid(part, points) for _, part in grids]
    return pd.concat(found, ignore_index=True)


def _homes_in_grid(cells: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Return the points in cells that all belong to one regular grid (``_GRID_COLUMNS``)."""
    grid = cells.iloc[0]
    size_m, offset_x_m, offset_y_m = grid["size_m"], grid["offset_x_m"], grid["offset_y_m"]
    x_grid_m, y_grid_m = reproject(
        points["x_m"], points["y_m"], from_epsg=WORK_EPSG, to_epsg=int(grid["grid_epsg"])
    )
    east, north = (x_grid_m - offset_x_m) / size_m, (y_grid_m - offset_y_m) / size_m
    squares = max(1.0, size_m / SUB_CELL_M)
    located = points.assign(
        grid_col=np.floor(east).astype(np.int64),
        grid_row=np.floor(north).astype(np.int64),
        col=np.floor((east % 1.0) * squares).astype(np.int64),
        row=np.floor((north % 1.0) * squares).astype(np.int64),
    )
    keys = pd.DataFrame(
        {
            "cell": cells["cell"],
            "grid_col": ((cells["west_m"] - offset_x_m) / size_m).round().astype(np.int64),
            "grid_row": ((cells["south_m"] - offset_y_m) / size_m).round().astype(np.int64),
        }
    )
    return located.merge(keys, on=["grid_col", "grid_row"])


def _as_addresses(homes: pd.DataFrame) -> pd.DataFrame:
    """Return the points numbered from 1 in their cell, by x and then y."""
    number = homes.groupby("cell").cumcount() + 1
    return homes.assign(label=number.astype("str"))


def _as_sub_cells(homes: pd.DataFrame) -> pd.DataFrame:
    """Return the 250 m squares that have addresses, each at the mean of them."""
    weighted = homes.assign(x_m=homes["x_m"] * homes["homes"], y_m=homes["y_m"] * homes["homes"])
    by_square = weighted.groupby(["cell", "row", "col"], as_index=False)
    squares = by_square[["x_m", "y_m", "homes"]].sum()
    row, col = squares["row"], squares["col"]
    return squares.assign(
        x_m=squares["x_m"] / squares["homes"],
        y_m=squares["y_m"] / squares["homes"],
        label=row.astype("str") + "-" + col.astype("str"),
    )
