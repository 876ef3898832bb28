"""The areas that the region has designated as lægedækningstruede, and until when.

A designation holds from its first day until the region ends it, which it may
do from the earliest end; a date of ending is the first day without it.
"""

import math
from datetime import date
from itertools import combinations
from pathlib import Path

import pandas as pd

from coverage.errors import DuplicateIdError, InvalidValueError
from coverage.plan_tables import DESIGNATIONS
from coverage.sentences import Notes, sentence
from coverage.sources.decision_columns import (
    AREA_SYNONYMS,
    read_areas,
    read_dates,
    read_entries,
    read_texts,
)
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, Synonyms
from coverage.tables import check_table, empty_table

ROLE = "designations"
REQUIRED = ("area_id", "from_date")
SYNONYMS: Synonyms = {
    **AREA_SYNONYMS,
    "from_date": ("Fra", "fra dato", "udpeget fra", "from"),
    "earliest_end": ("Tidligste ophør", "tidligst ophør"),
    "ended_on": ("Ophørt", "ophørt den", "ended"),
    "basis": ("Grundlag",),
    "decision": ("Beslutning", "sag"),
}


def read_designations(
    path: Path, *, as_of: date | None, min_months: float
) -> tuple[pd.DataFrame, Provenance]:
    """Return the designations of a CSV or Excel file, in the order of the file.

    Parameters
    ----------
    path
        With the columns ``Niveau;Områdekode;Fra;Tidligste ophør;Ophørt;Grundlag;
        Beslutning``, or their English names; area and start are required, a
        blank level is a kommune, a designation without ``Ophørt`` goes on. A
        file with a header and no row says that no area is designated.
    as_of
        The date that the file speaks of.
    min_months
        A blank earliest end is so many calendar months after the start (a part
        of a month counts as one; 31 August + 6 months is the last of February).

    Returns
    -------
    DataFrame, Provenance
        Contract DESIGNATIONS, the earliest end filled in; how often, and which
        ones the region set earlier than ``min_months``, is noted.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of designations.
    InvalidValueError
        A cell that is no date, or a designation that ends before it starts or
        before its earliest end.
    DuplicateIdError
        Two designations of one area at one time.
    UnknownKommuneError, PersonalDataError
        As for judgements.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_entries(path, SYNONYMS, REQUIRED, role=ROLE)
    if sheet is None:
        note = (sentence("The file has no row: no area is designated"),)
        return empty_table(DESIGNATIONS), stamp.account(
            ROLE, as_of=as_of, rows_read=0, rows_kept=0, notes=note
        )
    months = math.ceil(min_months)
    levels, areas = read_areas(sheet)
    written = pd.DataFrame(
        {
            "area_level": levels,
            "area_id": areas,
            "from_date": read_dates(sheet, "from_date", required=True),
            "earliest_end": read_dates(sheet, "earliest_end"),
            "ended_on": read_dates(sheet, "ended_on"),
            "basis": read_texts(sheet, "basis"),
            "decision": read_texts(sheet, "decision"),
            "source_row": sheet.source_rows,
        }
    )
    designations, notes = _with_earliest_end(written, months)
    _refuse_disorder(designations, sheet, months)
    _refuse_overlaps(designations, sheet)
    return check_table(designations, DESIGNATIONS, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(designations),
        dropped=sheet.dropped,
        notes=notes,
    )


def _with_earliest_end(designations: pd.DataFrame, months: int) -> tuple[pd.DataFrame, Notes]:
    by_rule = designations["from_date"] + pd.DateOffset(months=months)
    given = designations["earliest_end"]
    notes = []
    blank = int(given.isna().sum())
    if blank:
        notes.append(
            sentence(
                "Earliest end was blank and set to {months} months after the start: {count}",
                months=months,
                count=blank,
            )
        )
    early = designations["source_row"][given < by_rule].tolist()
    if early:
        notes.append(
            sentence(
                "Earliest end is less than {months} months after the start: rows {rows}",
                months=months,
                rows=tuple(map(str, early)),
            )
        )
    return designations.assign(earliest_end=given.fillna(by_rule)), tuple(notes)


def _refuse_disorder(designations: pd.DataFrame, sheet: Sheet, months: int) -> None:
    start, earliest = designations["from_date"], designations["earliest_end"]
    ended = designations["ended_on"]
    correct = "Correct the dates; days come before months."
    rule = sentence(
        "The rules say that a designation holds for at least {months} months: correct the"
        " dates, or write the earliest end that was decided.",
        months=months,
    )
    for bad, what, hint in (
        (earliest < start, "The earliest end of a designation is before its start", correct),
        (ended < start, "A designation ended before it started", correct),
        (ended < earliest, "A designation ended before its earliest end", rule),
    ):
        if bad.any():
            raise InvalidValueError(
                what, where=sheet.where, rows=designations["source_row"][bad].tolist(), hint=hint
            )


def _refuse_overlaps(designations: pd.DataFrame, sheet: Sheet) -> None:
    rows: set[int] = set()
    for _, of_area in designations.groupby(["area_level", "area_id"], sort=False):
        rows.update(_overlapping_rows(of_area))
    if rows:
        raise DuplicateIdError(
            "An area is designated twice at one time",
            where=sheet.where,
            rows=sorted(rows),
            hint="Fill in when the first one ended (Ophørt), or leave one row for the time.",
        )


def _overlapping_rows(of_area: pd.DataFrame) -> set[int]:
    """Return the rows of one area that share a day; one that has not ended goes on for ever."""
    times = zip(
        of_area["source_row"].tolist(),
        of_area["from_date"].tolist(),
        of_area["ended_on"].fillna(pd.Timestamp.max).tolist(),
        strict=True,
    )
    return {
        row
        for (row_a, start_a, end_a), (row_b, start_b, end_b) in combinations(times, 2)
        if start_a == start_b or (start_a < end_b and start_b < end_a)
        for row in (row_a, row_b)
    }
