"""A picture of where people live, coloured by their lægevalg, for a web map.

40,000 cells as shapes take half a minute to draw, as one picture under a second.
A web map shows a picture straight in EPSG:3857, so each of its pixels is
looked up in the population grid: pixel -> degrees -> grid -> cell.
"""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from coverage.assessment import Assessment
from coverage.choice import STATUSES
from coverage.exports.map_colours import STATUS_COLOURS
from coverage.origins import SUB_CELL_M
from coverage.units import LONLAT_EPSG, WEB_EPSG, WORK_EPSG, reproject

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]

MAX_SIDE_PX = 1600
MIN_PIXEL_M = 20.0
# 250 m squares of a larger area are finer than a screen shows: specks instead of a pattern.
MAX_FINE_SPAN_M = 80_000.0
# Projections are worked out at every 32nd pixel and between them in a straight
# line, which is off by less than 2 m.
_LATTICE_PX = 32
_EMPTY = 0
_GRID_COLUMNS = ["grid_epsg", "size_m", "offset_x_m", "offset_y_m"]


@dataclass(frozen=True)
class StatusImage:
    """A PNG and the box that it fills on a web map, in degrees."""

    png: bytes
    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class _Squares:
    """Squares of one regular grid with their status (1 + position in STATUSES)."""

    grid_epsg: int
    size_m: float
    west_m: Floats
    south_m: Floats
    status: Bytes


@dataclass(frozen=True)
class _Frame:
    """The picture's box in EPSG:3857 and its size in pixels."""

    west_m: float
    south_m: float
    pixel_m: float
    width: int
    height: int


def status_image(assessment: Assessment, measure: str = "road") -> StatusImage:
    """Return the picture of the people's status, transparent where nobody lives.

    A cell has the worst status that any person in it has. The squares are the
    250 m squares with addresses where people are measured from those and live
    within 80 km of each other, else the population grid's own cells.

    Parameters
    ----------
    measure
        ``road`` or ``straight``.
    """
    homes = _homes(assessment, measure)
    if not len(homes):
        return _blank(assessment)
    cells = assessment.tables.cells.reset_index(drop=True)
    frame = _frame(cells.loc[homes["cell"].unique()])
    span_m = max(float(np.ptp(homes["x_m"])), float(np.ptp(homes["y_m"])))
    fine = assessment.origins.resolution != "cell" and span_m <= MAX_FINE_SPAN_M
    picture = np.zeros((frame.height, frame.width), dtype=np.uint8)
    for squares in _squares(homes, cells, fine=fine):
        _paint(picture, frame, squares)
    return _as_image(picture, frame)


def _homes(assessment: Assessment, measure: str) -> pd.DataFrame:
    """Return the inhabited origins.

    Columns x_m, y_m, ``cell`` (row of the cells), ``whole`` (lives anywhere in
    it) and ``status`` (1 + position in STATUSES).
    """
    table = assessment.choice.by_origin
    cell_ids = pd.Index(assessment.origins.table["cell_id"])
    # Numbers from here on: 80,000 ids of text take as long as the whole picture.
    homes = table[["x_m", "y_m"]].assign(
        cell=pd.Index(assessment.tables.cells["cell_id"]).get_indexer(cell_ids),
        whole=(table["origin_id"].to_numpy() == cell_ids.to_numpy()),
        status=pd.Index(STATUSES).get_indexer(pd.Index(table[f"{measure}_status"])) + 1,
    )
    return homes[(table["persons"] > 0).to_numpy()]


def _squares(homes: pd.DataFrame, cells: pd.DataFrame, *, fine: bool) -> list[_Squares]:
    """Return the squares grid by grid; the worst status of a square counts."""
    whole = homes["whole"] | (not fine)
    worst = homes[whole].groupby("cell")["status"].max()
    placed = cells.loc[worst.index].assign(status=worst)
    found = [_as_squares(part, float(part["size_m"].iloc[0])) for part in _by_grid(placed)]
    return found + _sub_squares(homes[~whole], cells)


def _sub_squares(homes: pd.DataFrame, cells: pd.DataFrame) -> list[_Squares]:
    """Return the 250 m squares of the cells whose persons are at addresses."""
    columns = ["grid_epsg", "size_m", "west_m", "south_m"]
    located = homes.join(cells[columns], on="cell")
    found = []
    for part in _by_grid(located):
        square_m = min(SUB_CELL_M, float(part["size_m"].iloc[0]))
        epsg = int(part["grid_epsg"].iloc[0])
        x_m, y_m = reproject(part["x_m"], part["y_m"], from_epsg=WORK_EPSG, to_epsg=epsg)
        east = np.floor((x_m - part["west_m"]) / square_m) * square_m
        north = np.floor((y_m - part["south_m"]) / square_m) * square_m
        squares = part.assign(west_m=part["west_m"] + east, south_m=part["south_m"] + north)
        corner = squares.groupby(["west_m", "south_m"], as_index=False)
        worst = corner[["grid_epsg", "status"]].max()
        found.append(_as_squares(worst, square_m))
    return found


def _by_grid(table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each regular grid: cells of one share size and offsets."""
    offsets = table.assign(
        offset_x_m=(table["west_m"] % table["size_m"]).round(3),
        offset_y_m=(table["south_m"] % table["size_m"]).round(3),
    )
    return [part for _, part in offsets.groupby(_GRID_COLUMNS)]


def _as_squares(table: pd.DataFrame, size_m: float) -> _Squares:
    return _Squares(
        int(table["grid_epsg"].iloc[0]),
        size_m,
        table["west_m"].to_numpy(np.float64),
        table["south_m"].to_numpy(np.float64),
        table["status"].to_numpy(np.uint8),
    )


def _frame(cells: pd.DataFrame) -> _Frame:
    """Return the box of all cells, at most MAX_SIDE_PX pixels long."""
    x_parts, y_parts = [], []
    for _, part in cells.groupby("grid_epsg"):
        size_m = part["size_m"].to_numpy(float)
        for east in (0.0, 1.0):
            for north in (0.0, 1.0):
                x_m, y_m = reproject(
                    part["west_m"].to_numpy(float) + east * size_m,
                    part["south_m"].to_numpy(float) + north * size_m,
                    from_epsg=int(part["grid_epsg"].iloc[0]),
                    to_epsg=WEB_EPSG,
                )
                x_parts.append(x_m)
                y_parts.append(y_m)
    x_m, y_m = np.concatenate(x_parts), np.concatenate(y_parts)
    longest = max(float(np.ptp(x_m)), float(np.ptp(y_m)))
    pixel_m = max(MIN_PIXEL_M, longest / MAX_SIDE_PX)
    return _Frame(
        west_m=float(x_m.min()),
        south_m=float(y_m.min()),
        pixel_m=pixel_m,
        width=max(1, int(np.ceil(float(np.ptp(x_m)) / pixel_m))),
        height=max(1, int(np.ceil(float(np.ptp(y_m)) / pixel_m))),
    )


def _paint(picture: Bytes, frame: _Frame, squares: _Squares) -> None:
    """Colour in place the pixels whose centre lies in a square; the worse status stays."""
    x_m, y_m = _pixel_centres(frame, squares.grid_epsg)
    # A margin of one empty square takes whatever lies outside.
    west_m = squares.west_m.min() - squares.size_m
    south_m = squares.south_m.min() - squares.size_m
    col = np.rint((squares.west_m - west_m) / squares.size_m).astype(np.int64)
    row = np.rint((squares.south_m - south_m) / squares.size_m).astype(np.int64)
    lookup = np.zeros((int(row.max()) + 2, int(col.max()) + 2), dtype=np.uint8)
    np.maximum.at(lookup, (row, col), squares.status)
    at_row = _square_numbers(y_m, south_m, squares.size_m, lookup.shape[0])
    at_col = _square_numbers(x_m, west_m, squares.size_m, lookup.shape[1])
    np.maximum(picture, lookup[at_row, at_col], out=picture)


def _square_numbers(metres: Floats, start_m: float, size_m: float, count: int) -> Ints:
    """Return which of ``count`` squares in a line each coordinate lies in, the ends for outside."""
    return np.clip((metres - start_m) / size_m, 0, count - 1).astype(np.int32)


def _pixel_centres(frame: _Frame, grid_epsg: int) -> tuple[Floats, Floats]:
    """Return where each pixel's centre lies in a grid's coordinates, shapes (height, width)."""
    cols, col_weights = _lattice(frame.width)
    rows, row_weights = _lattice(frame.height)
    web_x_m = frame.west_m + (cols + 0.5) * frame.pixel_m
    web_y_m = frame.south_m + (frame.height - rows - 0.5) * frame.pixel_m
    mesh_x_m, mesh_y_m = np.meshgrid(web_x_m, web_y_m)
    x_m, y_m = reproject(mesh_x_m, mesh_y_m, from_epsg=WEB_EPSG, to_epsg=grid_epsg)
    return row_weights @ x_m @ col_weights.T, row_weights @ y_m @ col_weights.T


def _lattice(pixels: int) -> tuple[Floats, Floats]:
    """Return lattice positions, and each pixel's weights on them, shape (pixels, lattice)."""
    count = max(2, pixels // _LATTICE_PX + 1)
    positions = np.linspace(0.0, max(pixels - 1, 1), count)
    step = positions[1] - positions[0]
    offset = np.abs(np.arange(pixels)[:, None] - positions[None, :]) / step
    return positions, np.clip(1.0 - offset, 0.0, None)


def _as_image(picture: Bytes, frame: _Frame) -> StatusImage:
    corners_x_m = [frame.west_m, frame.west_m + frame.width * frame.pixel_m]
    corners_y_m = [frame.south_m, frame.south_m + frame.height * frame.pixel_m]
    lon, lat = reproject(corners_x_m, corners_y_m, from_epsg=WEB_EPSG, to_epsg=LONLAT_EPSG)
    return StatusImage(
        png=_png(picture),
        south=float(lat[0]),
        west=float(lon[0]),
        north=float(lat[1]),
        east=float(lon[1]),
    )


def _png(picture: Bytes) -> bytes:
    image = Image.frombytes("P", (picture.shape[1], picture.shape[0]), picture.tobytes())
    palette = bytes.fromhex("ffffff" + "".join(STATUS_COLOURS[name][1:] for name in STATUSES))
    image.putpalette(palette)
    stream = io.BytesIO()
    image.save(stream, format="PNG", transparency=_EMPTY, optimize=False)
    return stream.getvalue()


def _blank(assessment: Assessment) -> StatusImage:
    """Return one transparent pixel over the study's kommuner: nobody lives there."""
    bounds = assessment.tables.kommuner.total_bounds
    lon, lat = reproject(bounds[[0, 2]], bounds[[1, 3]], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG)
    blank = np.zeros((1, 1), dtype=np.uint8)
    return StatusImage(_png(blank), float(lat[0]), float(lon[0]), float(lat[1]), float(lon[1]))
