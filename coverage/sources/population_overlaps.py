"""Population grids in which people would be counted twice."""

import pandas as pd

from coverage.errors import DuplicateIdError, InvalidValueError
from coverage.sentences import sentence
from coverage.sources.population_grid_ids import PLACE_COLUMNS
from coverage.units import GRID_EPSG, WORK_EPSG


def refuse_overlaps(rows: pd.DataFrame, *, where: str) -> None:
    """Raise where two rows count the same people.

    Parameters
    ----------
    rows
        The index is the row of the file; columns ``cell_id`` and ``PLACE_COLUMNS``.
    where
        The file, for messages.

    Raises
    ------
    DuplicateIdError
        A square that is given twice, or lies in a larger one.
    InvalidValueError
        Cells of two coordinate systems.
    """
    twins = rows.duplicated(PLACE_COLUMNS, keep=False)
    if twins.any():
        first = rows.loc[twins, "cell_id"].iloc[0]
        raise DuplicateIdError(
            sentence("Cells are given more than once, the first of them '{cell}'", cell=first),
            where=where,
            rows=list(rows.index[twins]),
            hint="Keep one row a cell.",
        )
    if rows["grid_epsg"].min() != rows["grid_epsg"].max():
        rarer = rows["grid_epsg"] == rows["grid_epsg"].value_counts().idxmin()
        raise InvalidValueError(
            sentence(
                "The file mixes cells of EPSG:{grid} and EPSG:{work}",
                grid=GRID_EPSG,
                work=WORK_EPSG,
            ),
            where=where,
            rows=list(rows.index[rarer]),
            hint="Use one grid: cells of two grids overlap and count people twice.",
        )
    sizes_m = sorted(rows["size_m"].unique())
    for larger_m in sizes_m[1:]:
        nested = _nested(rows, larger_m)
        if nested.any():
            raise DuplicateIdError(
                sentence(
                    "Cells lie inside cells of {size_m:g} m that are in the file too",
                    size_m=float(larger_m),
                ),
                where=where,
                rows=list(rows.index[nested]),
                hint="Use one cell size: people are counted twice otherwise.",
            )


def _nested(rows: pd.DataFrame, larger_m: float) -> pd.Series:
    large = rows["size_m"] == larger_m
    east, north = rows["west_m"] // larger_m, rows["south_m"] // larger_m
    squares = pd.MultiIndex.from_arrays([east, north])
    inside = squares.isin(squares[large.to_numpy()])
    return pd.Series(inside, index=rows.index) & (rows["size_m"] < larger_m)
