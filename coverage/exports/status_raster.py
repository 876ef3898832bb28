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

MAX_SIDE_PX = 2000
MIN_PIXEL_M = 40.0
# Finer than this many pixels a cell is not drawn.
_PIXELS_PER_CELL = 1.5
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
    250 m squares with addresses where people are measured from those and the
    picture is fine enough for them, else the population grid's own cells.

    Parameters
    ----------
    measure
        ``road`` or ``straight``.
    """
    homes = _homes(assessment, measure)
    cells = assessment.tables.cells
    cells = cells[cells["cell_id"].isin(homes["cell_id"])]
    if not len(cells):
        return _blank(assessment)
    frame = _frame(cells)
    ground_pixel_m = frame.pixel_m * _ground_per_web_metre(assessment)
    fine = (
        assessment.origins.resolution != "cell"
        and ground_pixel_m * _PIXELS_PER_CELL <= SUB_CELL_M
    )
    picture = np.zeros((frame.height, frame.width), dtype=np.uint8)
    for squares in _squares(homes, cells, fine=fine):
        _paint(picture, frame, squares)
    return _as_image(picture, frame)


def _homes(assessment: Assessment, measure: str) -> pd.DataFrame:
    """Return the inhabited origins: cell_id, origin_id, x_m, y_m, status (1 + position)."""
    table = assessment.choice.by_origin
    position = {status: number for number, status in enumerate(STATUSES, start=1)}
    homes = table[["origin_id", "x_m", "y_m"]].assign(
        cell_id=assessment.origins.table["cell_id"].to_numpy(),
        status=table[f"{measure}_status"].map(position).astype(np.uint8),
    )
    return homes[(table["persons"] > 0).to_numpy()]


def _squares(homes: pd.DataFrame, cells: pd.DataFrame, *, fine: bool) -> list[_Squares]:
    """Return the squares grid by grid; the worst status of a square counts."""
    whole = (homes["origin_id"] == homes["cell_id"]) if fine else pd.Series(data=True, index=homes.index)
    worst = homes[whole].groupby("cell_id")["status"].max()
    placed = _with_offsets(cells.assign(status=cells["cell_id"].map(worst)))
    placed = placed.dropna(subset="status")
    found = [
        _Squares(
            int(epsg),
            float(size_m),
            part["west_m"].to_numpy(float),
            part["south_m"].to_numpy(float),
            part["status"].to_numpy(np.uint8),
        )
        for (epsg, size_m, *_), part in placed.groupby(_GRID_COLUMNS)
    ]
    return found + _sub_squares(homes[~whole], cells)


def _sub_squares(homes: pd.DataFrame, cells: pd.DataFrame) -> list[_Squares]:
    """Return the 250 m squares of the cells whose persons are at addresses."""
    columns = ["cell_id", *_GRID_COLUMNS, "west_m", "south_m"]
    located = homes.merge(_with_offsets(cells)[columns], on="cell_id", validate="many_to_one")
    found = []
    for (epsg, size_m, *_), part in located.groupby(_GRID_COLUMNS):
        square_m = min(SUB_CELL_M, float(size_m))
        x_m, y_m = reproject(part["x_m"], part["y_m"], from_epsg=WORK_EPSG, to_epsg=int(epsg))
        west_m, south_m = part["west_m"].to_numpy(float), part["south_m"].to_numpy(float)
        squares = pd.DataFrame(
            {
                "west_m": west_m + np.floor((x_m - west_m) / square_m) * square_m,
                "south_m": south_m + np.floor((y_m - south_m) / square_m) * square_m,
                "status": part["status"].to_numpy(),
            }
        )
        worst = squares.groupby(["west_m", "south_m"], as_index=False)["status"].max()
        found.append(
            _Squares(
                int(epsg),
                square_m,
                worst["west_m"].to_numpy(float),
                worst["south_m"].to_numpy(float),
                worst["status"].to_numpy(np.uint8),
            )
        )
    return found


def _with_offsets(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with what tells regular grids apart: cells of one share both offsets."""
    return cells.assign(
        offset_x_m=(cells["west_m"] % cells["size_m"]).round(3),
        offset_y_m=(cells["south_m"] % cells["size_m"]).round(3),
    )


def _frame(cells: pd.DataFrame) -> _Frame:
    """Return the box of all cells, at most MAX_SIDE_PX pixels long."""
    x_parts, y_parts = [], []
    for epsg, part in cells.groupby("grid_epsg"):
        size_m = part["size_m"].to_numpy(float)
        for east in (0.0, 1.0):
            for north in (0.0, 1.0):
                x_m, y_m = reproject(
                    part["west_m"].to_numpy(float) + east * size_m,
                    part["south_m"].to_numpy(float) + north * size_m,
                    from_epsg=int(epsg),
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
    """Colour in place the pixels whose centre lies in one of the squares; the worse status stays."""
    x_m, y_m = _pixel_centres(frame, squares.grid_epsg)
    origin_x_m, origin_y_m = squares.west_m.min(), squares.south_m.min()
    col = np.rint((squares.west_m - origin_x_m) / squares.size_m).astype(np.int64)
    row = np.rint((squares.south_m - origin_y_m) / squares.size_m).astype(np.int64)
    # A margin of one empty square takes whatever lies outside.
    lookup = np.zeros((int(row.max()) + 3, int(col.max()) + 3), dtype=np.uint8)
    np.maximum.at(lookup, (row + 1, col + 1), squares.status)
    at_col = np.clip((x_m - origin_x_m) / squares.size_m + 1.0, 0, lookup.shape[1] - 1)
    at_row = np.clip((y_m - origin_y_m) / squares.size_m + 1.0, 0, lookup.shape[0] - 1)
    found = lookup[at_row.astype(np.int32), at_col.astype(np.int32)]
    np.maximum(picture, found, out=picture)


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
    """Return lattice positions, and for each pixel its weights on them (shape (pixels, lattice))."""
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


def _ground_per_web_metre(assessment: Assessment) -> float:
    """Return metres on the ground per metre of EPSG:3857: the cosine of the latitude."""
    bounds = assessment.tables.kommuner.total_bounds
    _, lat = reproject(
        [(bounds[0] + bounds[2]) / 2],
        [(bounds[1] + bounds[3]) / 2],
        from_epsg=WORK_EPSG,
        to_epsg=LONLAT_EPSG,
    )
    return float(np.cos(np.radians(lat[0])))


def _blank(assessment: Assessment) -> StatusImage:
    """Return one transparent pixel over the study's kommuner: nobody lives there."""
    bounds = assessment.tables.kommuner.total_bounds
    lon, lat = reproject(
        bounds[[0, 2]], bounds[[1, 3]], from_epsg=WORK_EPSG, to_epsg=LONLAT_EPSG
    )
    blank = np.zeros((1, 1), dtype=np.uint8)
    return StatusImage(
        _png(blank), float(lat[0]), float(lon[0]), float(lat[1]), float(lon[1])
    )
