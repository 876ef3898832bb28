"""The ids of grid cells: which square metres ``1kmN3623E4468`` stands for.

Four ways of writing are read; every one names the south-west corner:

===========================  ==========  =======================================
form                         EPSG        numbers
===========================  ==========  =======================================
CRS3035RES1000mN…E…          3035        metres (Eurostat census grid 2021; may
                                         start with a country: DK_CRS3035RES…)
1kmN3623E4468                3035        units of the cell size, N first (GEOSTAT)
1kmE4468N3623                3035        the same, E first (EEA reference grid)
1km_6123_587                 25832       units of the cell size, N first (Det
                                         Danske Kvadratnet of Danmarks Statistik)
===========================  ==========  =======================================

Sizes whose first digit is not 1 (250 m, 500 m) are written in two ways: in
units of the cell size, or, as INSPIRE D2.8.I.2 has it, in metres without as
many trailing zeros as the size has. The second is meant where the first would
lie north of Europe.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from coverage.units import GRID_EPSG, M_PER_KM, WORK_EPSG

_SIZE = r"(?P<size>[1-9]\d{0,5})(?P<unit>k?m)"
_PREFIX = r"^(?:[A-Za-z]{2}_)?"
_FORMS = (
    (GRID_EPSG, True, rf"{_PREFIX}CRS3035RES{_SIZE}N(?P<n>\d{{1,8}})E(?P<e>\d{{1,8}})$"),
    (GRID_EPSG, False, rf"{_PREFIX}{_SIZE}N(?P<n>\d{{1,8}})E(?P<e>\d{{1,8}})$"),
    (GRID_EPSG, False, rf"{_PREFIX}{_SIZE}E(?P<e>\d{{1,8}})N(?P<n>\d{{1,8}})$"),
    (WORK_EPSG, False, rf"^{_SIZE}_(?P<n>\d{{1,8}})_(?P<e>\d{{1,8}})$"),
)

# No place of Europe has a northing beyond this in EPSG:3035 or EPSG:25832.
_NORTHMOST_M = 9_000_000.0

PLACE_COLUMNS = ["west_m", "south_m", "size_m", "grid_epsg"]


def parse_grid_ids(ids: pd.Series) -> pd.DataFrame:
    """Return the squares that grid ids stand for.

    Parameters
    ----------
    ids
        Shape (cells,), text.

    Returns
    -------
    DataFrame
        The index of ``ids``; columns ``west_m``, ``south_m`` (south-west
        corner, metres of the grid's own EPSG), ``size_m`` and ``grid_epsg``;
        all four missing (NaN) where an id has none of the forms above.
    """
    places = np.full((len(ids), len(PLACE_COLUMNS)), np.nan)
    texts = pa.array(ids.str.strip(), type=pa.string(), from_pandas=True)
    left = np.arange(len(ids))
    for epsg, in_metres, pattern in _FORMS:
        if not len(left):
            break
        parts = pc.extract_regex(texts.take(pa.array(left)), pattern=pattern)
        known = parts.is_valid().to_numpy(zero_copy_only=False)
        places[left[known]] = _squares(parts.drop_null(), epsg, in_metres=in_metres)
        left = left[~known]
    return pd.DataFrame(places, columns=PLACE_COLUMNS, index=ids.index)


def _squares(parts: pa.StructArray, epsg: int, *, in_metres: bool) -> np.ndarray:
    """Return rows of ``PLACE_COLUMNS`` for the texts of size, unit, n and e."""
    size, north, east = (
        pc.cast(parts.field(name), pa.float64()).to_numpy() for name in ("size", "n", "e")
    )
    is_km = pc.equal(parts.field("unit"), "km").to_numpy(zero_copy_only=False)
    size_m = np.where(is_km, size * M_PER_KM, size)
    step_m = np.ones_like(size_m) if in_metres else _step(size_m, north)
    return np.column_stack([east * step_m, north * step_m, size_m, np.full_like(size_m, epsg)])


def _step(size_m: np.ndarray, north: np.ndarray) -> np.ndarray:
    """Return the metres that one unit of an id stands for."""
    without_zeros = np.ones_like(size_m)
    for zeros in (10.0, 100.0, 1_000.0, 10_000.0, 100_000.0):
        without_zeros[size_m % zeros == 0] = zeros
    return np.where(north * size_m <= _NORTHMOST_M, size_m, without_zeros)
