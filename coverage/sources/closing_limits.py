"""From how many patients per capacity a practice may close for new ones.

The national limit is a rule of the ruleset; a region may agree on another one
for a practice or for the practices of a kommune (domain 2). A practice's own
limit goes before its kommune's.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
)
from coverage.plan_tables import CLOSING_LIMITS
from coverage.sentences import Notes, sentence
from coverage.sources.kommune_rows import KOMMUNE_HEADERS, keep_study_kommuner, leave_out
from coverage.sources.numbers import parse_numbers
from coverage.sources.practice_fields import read_ydernumre
from coverage.sources.practice_headers import PRACTICE_SYNONYMS
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.sources.shown_cells import shown_cells
from coverage.tables import check_table

ROLE = "closing_limits"

# What a limit can mean: fewer are capacities, more are the patients of a large practice.
MIN_LIMIT_PERSONS = 100.0
MAX_LIMIT_PERSONS = 6000.0

_SYNONYMS: Mapping[str, Sequence[str]] = {
    "ydernummer": PRACTICE_SYNONYMS["ydernummer"],
    "kommune": KOMMUNE_HEADERS,
    "limit_persons": (
        *PRACTICE_SYNONYMS["closing_limit_persons"],
        "patienter pr. kapacitet",
        "closing_limit_persons",
        "closing_limit",
        "limit",
    ),
}
_OWNERS = ("ydernummer", "kommune")
_OF_PRACTICE = "of a practice"
_OF_KOMMUNE = "of a kommune"


def read_closing_limits(
    path: Path, ydernumre: Collection[str], kommune_codes: Sequence[str], *, as_of: date | None
) -> tuple[pd.DataFrame, Provenance]:
    """Return the closing limits of practices and of kommuner, practices first.

    Parameters
    ----------
    path
        CSV or Excel with a column of limits (patients per capacity) and one of
        ydernumre or of kommuner, or both; each row fills one of the two.
    ydernumre
        Six digits each: the practices of the register.
    kommune_codes
        The study's kommuner; rows of others are left out and counted.
    as_of
        The date that the limits speak of.

    Returns
    -------
    DataFrame, Provenance
        Contract CLOSING_LIMITS, by ydernummer and then by kommune.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of limits, or none of the study.
    UnknownKommuneError
        A kommune that Denmark does not have.
    DuplicateIdError
        A practice or a kommune twice.
    InvalidValueError
        An ydernummer that the register lacks; a row with both or neither; a
        limit that is missing, no number, or outside 100 to 6000 persons.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["limit_persons"], role=ROLE)
    of_practice = _is_of_practice(sheet)
    practices, notes = _of_practices(sheet, of_practice, ydernumre)
    kommuner, kept = _of_kommuner(sheet, of_practice, kommune_codes)
    if practices.empty and kommuner.empty:
        raise EmptyTableError(
            "No row is of a kommune of the study",
            where=sheet.where_column("kommune"),
            hint="Use the limits of the study's kommuner, or leave [closing_limits] out of"
            " study.toml.",
        )
    limits = check_table(
        pd.concat([practices, kommuner], ignore_index=True), CLOSING_LIMITS, where=sheet.where
    )
    return limits, stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(limits),
        dropped={reason: count for reason, count in kept.dropped.items() if reason != _OF_PRACTICE},
        notes=notes,
    )


def _is_of_practice(sheet: Sheet) -> "pd.Series[bool]":
    """Return whether each row is of a practice; the others are of a kommune."""
    found = [name for name in _OWNERS if name in sheet.table]
    if not found:
        headers = (*sheet.headers.values(), *sheet.unknown_headers)
        raise MissingColumnError(
            "The closing_limits file lacks a column: ydernummer or kommune",
            where=sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row),
            hint=sentence(
                "Give the column one of these headers. Headers found: {headers}", headers=headers
            ),
        )
    filled = sheet.table[found].notna()
    wrong = (filled.sum(axis=1) != 1).to_numpy(dtype=bool)
    if wrong.any():
        columns = tuple(f"'{sheet.headers[name]}'" for name in found)
        raise InvalidValueError(
            "Rows name both a practice and a kommune, or neither",
            where=sentence("{where}, columns {columns: and }", where=sheet.where, columns=columns),
            rows=sheet.source_rows[wrong].tolist(),
            hint="Fill in the ydernummer or the kommune on each row, and not both.",
        )
    if "ydernummer" not in found:
        return pd.Series(data=False, index=sheet.table.index)
    return filled["ydernummer"]


def _of_practices(
    sheet: Sheet, of_practice: "pd.Series[bool]", ydernumre: Collection[str]
) -> tuple[pd.DataFrame, Notes]:
    own = leave_out(sheet, ~of_practice, _OF_KOMMUNE)
    if own.table.empty:
        return _limits_of(own, pd.Series([], dtype="str"), "ydernummer"), ()
    numbers, notes = read_ydernumre(own)
    unknown = ~numbers.isin(list(ydernumre))
    if unknown.any():
        raise InvalidValueError(
            sentence("The register has no practice {ids}", ids=shown_cells(numbers[unknown])),
            where=own.where_column("ydernummer"),
            rows=own.source_rows[unknown.to_numpy(dtype=bool)].tolist(),
            hint="Correct the ydernummer, or take the row out if the practice has ended.",
        )
    return _limits_of(own, numbers, "ydernummer"), notes


def _of_kommuner(
    sheet: Sheet, of_practice: "pd.Series[bool]", kommune_codes: Sequence[str]
) -> tuple[pd.DataFrame, Sheet]:
    own = leave_out(sheet, of_practice, _OF_PRACTICE)
    if own.table.empty:
        return _limits_of(own, pd.Series([], dtype="str"), "kommune"), own
    own, codes = keep_study_kommuner(own, kommune_codes)
    return _limits_of(own, codes, "kommune"), own


def _limits_of(sheet: Sheet, owners: "pd.Series[str]", name: str) -> pd.DataFrame:
    """Return the limits of one kind of owner, by owner; each may stand once."""
    twice = owners.duplicated(keep=False)
    if twice.any():
        kind = {"ydernummer": sentence("A practice"), "kommune": sentence("A kommune")}[name]
        raise DuplicateIdError(
            sentence(
                "{kind} has more than one limit: {ids}", kind=kind, ids=shown_cells(owners[twice])
            ),
            where=sheet.where_column(name),
            rows=sheet.source_rows[twice.to_numpy(dtype=bool)].tolist(),
            hint="Keep one row of each.",
        )
    none = pd.Series([None] * len(owners), dtype="str")
    return pd.DataFrame(
        {
            "ydernummer": owners if name == "ydernummer" else none,
            "kommune_code": owners if name == "kommune" else none,
            "limit_persons": _limits(sheet),
        }
    ).sort_values(["ydernummer", "kommune_code"], ignore_index=True)


def _limits(sheet: Sheet) -> "pd.Series[float]":
    where = sheet.where_column("limit_persons")
    limits, _ = parse_numbers(
        sheet.table["limit_persons"], where=where, rows=sheet.source_rows, whole=True
    )
    bad = ~limits.between(MIN_LIMIT_PERSONS, MAX_LIMIT_PERSONS).to_numpy(dtype=bool)
    if bad.any():
        raise InvalidValueError(
            sentence(
                "No closing limits: {cells}",
                cells=shown_cells(sheet.table["limit_persons"][bad]),
            ),
            where=where,
            rows=sheet.source_rows[bad].tolist(),
            hint=sentence(
                "Write patients per capacity, {least:g} to {most:g}.",
                least=MIN_LIMIT_PERSONS,
                most=MAX_LIMIT_PERSONS,
            ),
        )
    return limits
