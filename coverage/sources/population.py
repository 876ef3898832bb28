"""Population grids: persons per square cell, of Danmarks Statistik or Eurostat.

Read as CSV, plain or in a zip: GEOSTAT (``GRD_ID, TOT_P``), the Eurostat census
grid 2021 (``GRD_ID, T, …, CNTR_ID``), Det Danske Kvadratnet, and any grid of
squares in EPSG:3035 or EPSG:25832 (data-sources 2.1, 2.3, 2.7). A cell without
a number is not a cell without people: it is dropped, with its reason, and counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    NoDanishCellsError,
)
from coverage.sentences import Sentence, phrase, sentence
from coverage.sources.numbers import parse_numbers, refuse_values
from coverage.sources.population_columns import GridColumns, find_columns, is_grid_header
from coverage.sources.population_files import ROLE, GridText, find_tables, read_batches
from coverage.sources.population_grid_ids import parse_grid_ids
from coverage.sources.population_grid_numbers import place_squares
from coverage.sources.population_overlaps import refuse_overlaps
from coverage.sources.provenance import Provenance, stamp_file
from coverage.tables import CELLS, check_table
from coverage.units import (
    DENMARK_X_M,
    DENMARK_Y_M,
    WORK_EPSG,
    in_denmark,
    reproject,
)

Box = tuple[float, float, float, float]

OTHER_STATISTIC = "another statistic than the population total"
OTHER_COUNTRY = "in another country"
UNALLOCATED = "persons without a cell (unallocated)"
OUTSIDE_DENMARK = "outside Denmark"
OUTSIDE_STUDY = "outside the study area"
MISSING = "population missing or confidential"
UNINHABITED = "without inhabitants"

# The box that holds Denmark in EPSG:3035, metres (data-sources 2.1).
_GRID_BOX_E_M = (4_190_000.0, 4_670_000.0)
_GRID_BOX_N_M = (3_480_000.0, 3_860_000.0)

_MISSING_TEXT = r"|[.:\u2013\u2014-]|\.\.|n/?a|nan|null|-(?:9999|8888)(?:[.,]0*)?"
_WHOLE = r"-?\d{1,15}"
# 0,5 and 12.25 are fractions in any style; 1.612 may be 1612.
_SURELY_FRACTION = r"-?(?:0|\d+[.,]\d{1,2}|\d+[.,]\d{4,}|0+[.,]\d+|\d{4,}[.,]\d+)"
_HAS_DENMARK = r"(?:^|[-/, ])(?:DK|DNK|Denmark|Danmark)(?:$|[-/, ])"
_IDS_SHOWN = 3
_PERCENT = 100.0


@dataclass
class _Account:
    """What became of the rows while they stream by."""

    where: str
    rows_read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[Sentence] = field(default_factory=list)
    unallocated: list[pd.Series] = field(default_factory=list)
    unknown_ids: list[pd.Series] = field(default_factory=list)

    def drop(self, rows: pd.DataFrame, mask: pd.Series, reason: str) -> pd.DataFrame:
        """Return the rows that the mask spares, and count the others."""
        count = int(mask.sum())
        if not count:
            return rows
        self.dropped[reason] += count
        return rows[~mask]


def read_population(
    path: Path, *, as_of: date | None, within: Box | None = None
) -> tuple[pd.DataFrame, Provenance]:
    """Return the inhabited cells of a population grid, ordered by id.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab) or a zip with one.
    as_of
        The date that the population speaks of.
    within
        min_x, min_y, max_x, max_y in metres of EPSG:25832; cells whose centre
        is outside are dropped and counted.

    Returns
    -------
    DataFrame, Provenance
        Contract CELLS; the persons of rows that belong to no cell are in the notes.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        Nothing that is a population grid.
    InvalidValueError
        Letters or negative numbers as population, ids of an unknown form,
        two grids in one file.
    DuplicateIdError
        A square that is given twice, or lies in a larger one.
    CoordinateError, CrsError
        East and north in degrees or another coordinate system.
    NoDanishCellsError, EmptyTableError
        No cell in Denmark or the study area; no inhabited cell.
    """
    stamp = stamp_file(path, role=ROLE)
    table = _choose(find_tables(path))
    columns = find_columns(table.header, where=table.where)
    account = _Account(table.where, notes=list(columns.notes))
    rows = _read_danish_rows(table, columns, account)
    refuse_overlaps(rows, where=table.where)
    cells = _inhabited(_within(_with_centre(rows), within, account), table, columns, account)
    cells = cells[list(CELLS.columns)].sort_values("cell_id", ignore_index=True)
    return check_table(cells, CELLS, where=table.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=account.rows_read,
        rows_kept=len(cells),
        dropped=dict(account.dropped),
        notes=tuple(account.notes),
    )


def _choose(tables: list[GridText]) -> GridText:
    """Return the one table with the header of a population grid."""
    grids = [table for table in tables if is_grid_header(table.header)]
    if len(grids) == 1 or len(tables) == 1:
        return (grids or tables)[0]
    names = ", ".join(str(table.member) for table in grids or tables)
    if grids:
        raise InvalidValueError(
            "The zip holds several population grids",
            where=tables[0].path.name,
            hint=sentence("Unpack the one you want and use that: {names}", names=names),
        )
    raise MissingColumnError(
        "None of the CSV files in the zip has cell ids and persons",
        where=tables[0].path.name,
        hint=sentence("Files found: {names}", names=names),
    )


def _read_danish_rows(table: GridText, columns: GridColumns, account: _Account) -> pd.DataFrame:
    """Return the rows in Denmark: id, text of the population, country, square; index row."""
    parts = []
    for batch in read_batches(table, columns.positions):
        found = _danish_rows(_named(batch, columns), columns, account)
        if len(found):
            parts.append(found)
    if not account.rows_read:
        raise EmptyTableError(
            "The population file has no row below its header",
            where=table.where,
            hint="Export or download it again.",
        )
    _refuse_unknown_ids(account)
    _note_unallocated(account, _where_persons(table, columns))
    if not parts:
        reasons = tuple(
            sentence("{reason}: {count}", reason=phrase(reason), count=count)
            for reason, count in account.dropped.items()
        )
        raise NoDanishCellsError(
            sentence("None of the {count} rows is a cell in Denmark", count=account.rows_read),
            where=table.where,
            hint=sentence("Use the grid of Denmark or Europe. {reasons:; }", reasons=reasons),
        )
    rows = pd.concat(parts)
    _note_borders(rows, columns, account)
    return rows


def _named(batch: pd.DataFrame, columns: GridColumns) -> pd.DataFrame:
    """Return the batch under the names of GridColumns, without surrounding spaces."""
    names = ("cell_id", "persons", "country", "statistic", "east", "north", "size", "epsg")
    positions = {name: getattr(columns, name) for name in names}
    return pd.DataFrame(
        {
            name: batch[position].str.strip()
            for name, position in positions.items()
            if position is not None
        }
    )


def _danish_rows(rows: pd.DataFrame, columns: GridColumns, account: _Account) -> pd.DataFrame:
    rows = rows[(rows != "").any(axis=1)]
    account.rows_read += len(rows)
    if columns.statistic is not None:
        other = rows["statistic"].str.upper() != "T"
        rows = account.drop(rows, other, OTHER_STATISTIC)
    rows = account.drop(rows, _named_abroad(rows), OTHER_COUNTRY)
    if columns.cell_id is None:
        placed = _place_by_numbers(rows, columns, account.where)
    else:
        placed = _place_by_ids(rows, account)
    return account.drop(placed, ~_in_box(placed), OUTSIDE_DENMARK)


def _named_abroad(rows: pd.DataFrame) -> pd.Series:
    """Return whether a country is named, in its column or before the id, and is not Denmark."""
    no_text = pd.Series("", index=rows.index, dtype="str")
    ids = rows.get("cell_id", no_text)
    by_id = ids.str.match(r"[A-Z]{2}_") & ~ids.str.startswith("DK_")
    country = rows.get("country", no_text)
    by_country = ~country.str.contains(_HAS_DENMARK, case=False)
    return by_id.where(country == "", by_country)


def _place_by_ids(rows: pd.DataFrame, account: _Account) -> pd.DataFrame:
    unallocated = rows["cell_id"].str.contains("unallocated", case=False)
    account.unallocated.append(rows.loc[unallocated, "persons"])
    rows = account.drop(rows, unallocated, UNALLOCATED)
    places = parse_grid_ids(rows["cell_id"])
    unknown = places["west_m"].isna()
    account.unknown_ids.append(rows.loc[unknown, "cell_id"])
    return pd.concat([rows, places], axis=1)[~unknown]


def _place_by_numbers(rows: pd.DataFrame, columns: GridColumns, where: str) -> pd.DataFrame:
    ranges = {
        "east": (DENMARK_X_M, _GRID_BOX_E_M),
        "north": (DENMARK_Y_M, _GRID_BOX_N_M),
        "size": ((50.0, 10_000.0),),
    }
    numbers = pd.DataFrame(
        {
            name: parse_numbers(
                rows[name], where=where, rows=rows.index.to_numpy(), plausible=ranges.get(name, ())
            )[0]
            for name in ("east", "north", "size", "epsg")
            if name in rows
        }
    )
    places = place_squares(numbers, columns.anchor, where=where)
    texts = places.map("{:.12g}".format)
    made = "CRS" + texts["grid_epsg"] + "RES" + texts["size_m"] + "m"
    return pd.concat([rows, places], axis=1).assign(
        cell_id=made + "N" + texts["south_m"] + "E" + texts["west_m"]
    )


def _in_box(places: pd.DataFrame) -> pd.Series:
    """Return whether the centre of a cell is in the box of Denmark in the grid's own EPSG."""
    east_m = places["west_m"] + places["size_m"] / 2.0
    north_m = places["south_m"] + places["size_m"] / 2.0
    in_grid_box = east_m.between(*_GRID_BOX_E_M) & north_m.between(*_GRID_BOX_N_M)
    in_work_box = pd.Series(in_denmark(east_m, north_m), index=places.index)
    return in_work_box.where(places["grid_epsg"] == WORK_EPSG, in_grid_box)


def _refuse_unknown_ids(account: _Account) -> None:
    unknown = [part for part in account.unknown_ids if len(part)]
    if not unknown:
        return
    ids = pd.concat(unknown)
    shown = ", ".join(f"'{text}'" for text in ids.iloc[:_IDS_SHOWN])
    hint = sentence("Known forms: 1kmN3623E4468, CRS3035RES1000mN3623000E4468000, 1km_6123_587.")
    if ids.str.contains(r"\d\.\d").any():
        hint = sentence("Degrees or decimals do not tell the square of a cell. {known}", known=hint)
    raise InvalidValueError(
        sentence("Cell ids have an unknown form: {ids}", ids=shown),
        where=account.where,
        rows=list(ids.index),
        hint=hint,
    )


def _note_unallocated(account: _Account, where: str) -> None:
    parts = [part for part in account.unallocated if len(part)]
    if not parts:
        return
    persons = _read_persons(pd.concat(parts), where, account)
    account.notes.append(
        sentence(
            "{persons:g} persons are counted in Denmark but in no cell"
            " (rows: {rows}, without a number: {missing})",
            persons=float(persons.sum()),
            rows=len(persons),
            missing=int(persons.isna().sum()),
        )
    )


def _note_borders(rows: pd.DataFrame, columns: GridColumns, account: _Account) -> None:
    if columns.country is None:
        has_prefix = rows["cell_id"].str.startswith("DK_").all()
        if not has_prefix:
            account.notes.append(
                sentence(
                    "The file names no country: if it holds cells of neighbouring countries,"
                    " those near a Danish kommune are taken for Danish"
                )
            )
        return
    shared = rows["country"].str.fullmatch(r"[A-Za-z]{2,3}(?:[-/, ]+[A-Za-z]{2,3})+")
    if shared.any():
        account.notes.append(
            sentence(
                "Cells that Denmark shares with a neighbour ({names}) are kept with all their"
                " persons: {count}",
                names=tuple(sorted(rows.loc[shared, "country"].unique())),
                count=int(shared.sum()),
            )
        )


def _with_centre(rows: pd.DataFrame) -> pd.DataFrame:
    half_m = rows["size_m"] / 2.0
    epsg = int(rows["grid_epsg"].iloc[0])
    x_m, y_m = reproject(rows["west_m"] + half_m, rows["south_m"] + half_m, from_epsg=epsg)
    return rows.assign(x_m=x_m, y_m=y_m)


def _within(rows: pd.DataFrame, within: Box | None, account: _Account) -> pd.DataFrame:
    if within is None:
        return rows
    min_x, min_y, max_x, max_y = within
    inside = rows["x_m"].between(min_x, max_x) & rows["y_m"].between(min_y, max_y)
    kept = account.drop(rows, ~inside, OUTSIDE_STUDY)
    if kept.empty:
        raise NoDanishCellsError(
            sentence("None of the {count} Danish cells is in the study area", count=len(rows)),
            where=account.where,
            hint="Use a grid that covers the kommuner of the study.",
        )
    return kept


def _where_persons(table: GridText, columns: GridColumns) -> str:
    column = table.header[columns.persons]
    return sentence("{where}, column '{column}'", where=table.where, column=column)


def _inhabited(
    rows: pd.DataFrame, table: GridText, columns: GridColumns, account: _Account
) -> pd.DataFrame:
    """Return the rows with persons above zero, as column ``persons``."""
    where = _where_persons(table, columns)
    rows = rows.assign(persons=_read_persons(rows["persons"], where, account))
    refuse_values(
        rows["persons"],
        lambda persons: persons < 0,
        what=sentence("The population of cells is negative"),
        where=where,
        rows=rows.index.to_numpy(),
        hint=sentence("Only -9999 and -8888 are known as marks for missing numbers."),
    )
    total = len(rows)
    missing = rows["persons"].isna()
    if missing.any():
        count = int(missing.sum())
        account.notes.append(
            sentence(
                "{count} of {total} cells have no number ({percent:.1f}%);"
                " the people there are not in the analysis",
                count=count,
                total=total,
                percent=_PERCENT * (count / total),
            )
        )
    rows = account.drop(rows, missing, MISSING)
    rows = account.drop(rows, rows["persons"] == 0, UNINHABITED)
    if rows.empty:
        raise EmptyTableError(
            sentence("None of the {count} cells has inhabitants", count=total),
            where=where,
            hint="Check that this column holds the population.",
        )
    return rows


def _read_persons(texts: pd.Series, where: str, account: _Account) -> pd.Series:
    """Return texts as numbers, NaN where missing, whole or with fractions as the column shows."""
    numbers = pd.Series(np.nan, index=texts.index)
    given = texts[~texts.str.fullmatch(_MISSING_TEXT, case=False)]
    whole = given.str.fullmatch(_WHOLE)
    if whole.all():
        numbers[given.index] = given.astype("float64")
        return numbers
    # A grid of fractions shows one that is beyond doubt; then 1.612 is no thousand.
    counts = bool(whole.any()) and not given[~whole].str.fullmatch(_SURELY_FRACTION).any()
    values, notes = parse_numbers(given, where=where, rows=given.index.to_numpy(), whole=counts)
    account.notes.extend(notes)
    numbers[given.index] = values
    return numbers
