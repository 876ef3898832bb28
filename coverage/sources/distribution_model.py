"""A region's own distribution of capacities: what each kommune is to have.

Since July 2025 a national model distributes the capacities by residents weighted with
disease (LOV 718/2025). Neither its formula nor its table by kommune was found published,
so that the file is the region's own. Whatever it says goes before the tool's own share.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
    StudyError,
)
from coverage.plan_tables import DISTRIBUTION_KINDS, DISTRIBUTION_MODEL
from coverage.sentences import Notes, sentence
from coverage.sources.kommune_codes import CHRISTIANSOE_CODE
from coverage.sources.kommune_rows import KOMMUNE_HEADERS, keep_study_kommuner
from coverage.sources.numbers import parse_numbers
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.sources.shown_cells import shown_cells
from coverage.tables import check_table

ROLE = "distribution_model"

_SYNONYMS: Mapping[str, Sequence[str]] = {
    "kommune": KOMMUNE_HEADERS,
    "year": ("år", "aar", "målår", "year"),
    "capacities": ("kapaciteter", "antal kapaciteter", "lægekapaciteter", "capacities"),
    "persons_per_capacity": (
        "patienter pr. kapacitet",
        "patienttal pr. kapacitet",
        "gennemsnitligt patienttal",
        "patienttal",
        "borgere pr. kapacitet",
        "persons per capacity",
    ),
    "index": ("indeks", "fordelingsindeks", "behovsindeks", "sygdomsvægt", "index"),
}
# What a figure can mean, both ends included; a kommune may be given no capacity.
_RANGES = {
    "capacities": (0.0, 3000.0),
    "persons_per_capacity": (100.0, 6000.0),
    "index": (0.01, 30.0),
}
_YEARS = (1980.0, 2100.0)


def read_distribution_model(
    path: Path, kommune_codes: Sequence[str], *, as_of: date | None
) -> tuple[pd.DataFrame, Provenance]:
    """Return what each kommune is to have.

    Parameters
    ----------
    path
        CSV or Excel with a column of kommuner and one of capacities, of persons per
        capacity or of an index; of capacities also by year. Rows without a column of
        years are of the target year.
    kommune_codes
        The study's kommuner. Christiansø, which is no kommune, may be left out.
    as_of
        The date that the model speaks of.

    Returns
    -------
    DataFrame, Provenance
        Contract DISTRIBUTION_MODEL, by kommune and year.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of the three kinds, or none of the study.
    UnknownKommuneError
        A kommune that Denmark does not have.
    StudyError
        Kommuner of the study have no row, or not every year of the others.
    DuplicateIdError
        A kommune twice in one year.
    InvalidValueError
        More than one kind; years of something else than capacities; a figure or a year
        that is missing, no number, or out of its range.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["kommune"], role=ROLE)
    kind = _kind(sheet)
    kept, codes = keep_study_kommuner(sheet, kommune_codes)
    if kept.table.empty:
        raise EmptyTableError(
            "No row is of a kommune of the study",
            where=sheet.where_column("kommune"),
            hint="Use the model of the study's kommuner, or leave [distribution_model] out of"
            " study.toml.",
        )
    years = _years(kept)
    _refuse_twice(kept, codes, years)
    _refuse_gaps(kept, codes, years, kommune_codes)
    values, notes = _values(kept, kind)
    if CHRISTIANSOE_CODE in set(kommune_codes) - set(codes):
        notes += (sentence("Christiansø has no row"),)
    table = pd.DataFrame({"kommune_code": codes, "year": years, "kind": kind, "value": values})
    table = table.sort_values(["kommune_code", "year"], ignore_index=True)
    return check_table(table, DISTRIBUTION_MODEL, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(table),
        dropped=kept.dropped,
        notes=notes,
    )


def _kind(sheet: Sheet) -> str:
    found = [name for name in DISTRIBUTION_KINDS if name in sheet.table]
    where = sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row)
    if not found:
        headers = (*sheet.headers.values(), *sheet.unknown_headers)
        raise MissingColumnError(
            "The distribution_model file lacks a column: kapaciteter, patienter pr. kapacitet or"
            " indeks",
            where=where,
            hint=sentence(
                "Give the column one of these headers. Headers found: {headers}", headers=headers
            ),
        )
    if len(found) > 1:
        named = tuple(f"'{sheet.headers[name]}'" for name in found)
        raise InvalidValueError(
            sentence(
                "The model says in two ways what a kommune is to have: {columns: and }",
                columns=named,
            ),
            where=where,
            hint="Keep one of the columns.",
        )
    if "year" in sheet.table and found[0] != "capacities":
        raise InvalidValueError(
            sentence(
                "Years stand beside '{header}', and only capacities have years",
                header=sheet.headers[found[0]],
            ),
            where=where,
            hint="Keep the rows of one year and take the column of years out.",
        )
    return found[0]


def _years(sheet: Sheet) -> "pd.Series[float]":
    """Return the year of each row; missing where the file has no years."""
    if "year" not in sheet.table:
        return pd.Series(np.nan, index=sheet.table.index)
    where, rows = sheet.where_column("year"), sheet.source_rows
    years, _ = parse_numbers(sheet.table["year"], where=where, rows=rows, plausible=(_YEARS,))
    bad = (~years.between(*_YEARS) | (years % 1 != 0)).to_numpy(dtype=bool)
    if bad.any():
        raise InvalidValueError(
            sentence("No years: {cells}", cells=shown_cells(sheet.table["year"][bad])),
            where=where,
            rows=rows[bad].tolist(),
            hint="Write a year such as 2035 on every row, or take the column out.",
        )
    return years


def _refuse_twice(sheet: Sheet, codes: "pd.Series[str]", years: "pd.Series[float]") -> None:
    twice = pd.DataFrame({"code": codes, "year": years}).duplicated(keep=False)
    if twice.any():
        raise DuplicateIdError(
            sentence(
                "A kommune stands twice in one year: {kommuner}",
                kommuner=shown_cells(sheet.table.loc[twice, "kommune"]),
            ),
            where=sheet.where_column("kommune"),
            rows=sheet.source_rows[twice.to_numpy(dtype=bool)].tolist(),
            hint="Keep one row of each.",
        )


def _refuse_gaps(
    sheet: Sheet, codes: "pd.Series[str]", years: "pd.Series[float]", wanted: Sequence[str]
) -> None:
    missing = sorted(set(wanted) - set(codes) - {CHRISTIANSOE_CODE})
    if missing:
        raise StudyError(
            "Kommuner of the study are not in the distribution model",
            where=sheet.where_column("kommune"),
            rows=missing,
            hint="Add a row for each, or leave [distribution_model] out of study.toml.",
        )
    counts = codes.value_counts()
    short = sorted(counts.index[counts < years.nunique()])
    if short:
        raise StudyError(
            "Kommuner lack some of the years that others have",
            where=sheet.where_column("year"),
            rows=short,
            hint="Give every kommune a row for each year of the file.",
        )


def _values(sheet: Sheet, kind: str) -> tuple["pd.Series[float]", Notes]:
    where, rows = sheet.where_column(kind), sheet.source_rows
    values, notes = parse_numbers(
        sheet.table[kind],
        where=where,
        rows=rows,
        whole=kind == "persons_per_capacity",
        plausible=(_RANGES[kind],),
    )
    low, high = _RANGES[kind]
    bad = ~values.between(low, high).to_numpy(dtype=bool)
    if bad.any():
        raise InvalidValueError(
            sentence(
                "Figures are missing or cannot be meant: {cells}",
                cells=shown_cells(sheet.table[kind][bad]),
            ),
            where=where,
            rows=rows[bad].tolist(),
            hint=sentence(
                "Write a figure from {low:g} to {high:g} on every row.", low=low, high=high
            ),
        )
    return values, notes
