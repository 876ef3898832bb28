"""Read a practice register: the table of practices and the doctors' years of birth.

There is no open national file of capacities, lists and intake: a region
exports its own (data-sources 5.2). Everything that such a file can have wrong is
mended where it can be read in one way only, and otherwise refused with the rows.
What was mended, merged, taken as missing or left out stands in the provenance.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import (
    EmptyTableError,
    InvalidValueError,
    MissingColumnError,
)
from coverage.sentences import Notes, phrase, sentence
from coverage.sources.numbers import parse_numbers
from coverage.sources.personal_data import refuse_personal_data
from coverage.sources.practice_checks import flag_rare, refuse_impossible
from coverage.sources.practice_fields import (
    find_ceased,
    read_accessible,
    read_addresses,
    read_birth_years,
    read_clinic_forms,
    read_kommuner,
    read_owners,
    read_postal_towns,
    read_ydernumre,
    text_column,
)
from coverage.sources.practice_headers import (
    INTAKE_COLUMNS,
    PLACE_COLUMNS,
    PRACTICE_SYNONYMS,
    REQUIRED,
)
from coverage.sources.practice_intake import read_intake
from coverage.sources.practice_merge import merge_practice_rows
from coverage.sources.practice_places import read_places
from coverage.sources.practice_satellites import (
    add_satellite_doctors,
    read_satellites,
    split_satellite_rows,
    take_rows,
)
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.tables import DOCTORS, PRACTICES, check_table

ROLE = "practices"

# Columns that a register may lack, at a price: as notes name them.
_MISSED_COLUMNS = {
    "capacities": phrase("capacities"),
    "listed_persons": phrase("listed_persons"),
}
_CAPACITY_STEP = 0.5
# No practice holds a hundred capacities: what settles whether 1.500 is 1.5 or 1500.
_CAPACITY_RANGE = (0.0, 100.0)


@dataclass(frozen=True)
class Register:
    """A practice register, checked.

    Attributes
    ----------
    practices
        Contract ``tables.PRACTICES``; without coordinates in the file x_m and
        y_m are NaN and match_level is ``not_found`` until geocoded.
    doctors
        Contract ``tables.DOCTORS``: one row a doctor whose year of birth is given.
    satellites
        Contract ``plan_tables.SATELLITES``: further addresses of the practices.
    provenance
        The account of the rows; rows_read = rows_kept + merged_rows + dropped.
    """

    practices: pd.DataFrame
    doctors: pd.DataFrame
    satellites: pd.DataFrame
    provenance: Provenance


def read_practices(path: Path, *, as_of: date | None) -> Register:
    """Return a register from a CSV or Excel file.

    Parameters
    ----------
    path
        One row a practice or one row a doctor, and rows of satellites that say so;
        headers as in ``practice_headers``.
    as_of
        The day that the study speaks of: practices that ended before are left
        out, ``Åben fra 1.3.2027`` is judged by it. None: dates decide nothing.

    Raises
    ------
    MissingFileError, UnreadableFileError, EmptyTableError, MissingColumnError
        No table, or not the columns of a register.
    PersonalDataError
        CPR-like numbers anywhere in the file.
    InvalidValueError, UnknownKommuneError, CoordinateError
        Cells that their column cannot mean, figures of a practice that cannot
        belong together, satellites without a practice.
    DuplicateIdError
        Rows of one ydernummer that contradict each other.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, PRACTICE_SYNONYMS, REQUIRED, role=ROLE, screen=refuse_personal_data)
    _require_alternatives(sheet)
    sheet, yder_notes = _with_full_ydernumre(sheet)
    main, branches, type_notes = split_satellite_rows(sheet)
    rows, notes = _read_rows(main, as_of)
    ceased, ceased_notes = find_ceased(main, as_of)
    current = rows.drop(index=list(ceased))
    if current.empty:
        raise EmptyTableError(
            "The practices file has no practice that is still there",
            where=sheet.where,
            hint="Check the end dates and the date of the study.",
        )
    merged, merge_notes = merge_practice_rows(current, where=sheet.where)
    satellites = read_satellites(take_rows(main, current.index), branches, as_of)
    merged, doctor_notes = add_satellite_doctors(merged, satellites)
    refuse_impossible(merged, sheet)
    merged = merged.assign(name=merged["name"].fillna(merged["ydernummer"]))
    dropped = Counter(sheet.dropped) + Counter(ceased.values()) + Counter(satellites.dropped)
    provenance = stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(merged),
        dropped=dict(dropped),
        merged_rows=len(current) - len(merged) + satellites.merged_rows,
        notes=(
            *(*_header_notes(sheet), *yder_notes, *type_notes, *notes, *ceased_notes),
            *(*merge_notes, *satellites.notes, *doctor_notes, *flag_rare(merged)),
        ),
    )
    practices = check_table(_finish(merged), PRACTICES, where=sheet.where)
    return Register(practices, _doctors(merged, sheet), satellites.table, provenance)


def _with_full_ydernumre(sheet: Sheet) -> tuple[Sheet, Notes]:
    ydernumre, notes = read_ydernumre(sheet)
    return replace(sheet, table=sheet.table.assign(ydernummer=ydernumre)), notes


def _require_alternatives(sheet: Sheet) -> None:
    found = (*sheet.headers.values(), *sheet.unknown_headers)
    where = sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row)
    if not any(name in sheet.headers for name in INTAKE_COLUMNS):
        raise MissingColumnError(
            "The practices file has no column on whether a practice is open to new patients",
            where=where,
            hint=sentence(
                "Call it 'Tilgang' (Åben or Lukket) or 'Lukket' (J or N). Headers found: {headers}",
                headers=found,
            ),
        )
    if not any(all(name in sheet.headers for name in group) for group in PLACE_COLUMNS):
        raise MissingColumnError(
            "The practices file has neither addresses nor coordinates",
            where=where,
            hint=sentence(
                "Call the column 'Adresse', or the columns 'X' and 'Y', or 'Breddegrad' and"
                " 'Længdegrad'. Headers found: {headers}",
                headers=found,
            ),
        )


def _read_rows(sheet: Sheet, as_of: date | None) -> tuple[pd.DataFrame, Notes]:
    """Return a row for each row of the sheet: the contract's columns, doctor_count, birth_years."""
    postal, postal_notes = read_postal_towns(sheet)
    intake, intake_notes = read_intake(sheet, as_of)
    accessible, access_notes = read_accessible(sheet)
    forms, form_notes = read_clinic_forms(sheet)
    years, year_notes = read_birth_years(sheet)
    places, place_notes = read_places(sheet)
    counts, count_notes = _read_counts(sheet)
    table = pd.DataFrame(
        {
            "ydernummer": sheet.table["ydernummer"],
            "name": text_column(sheet, "name"),
            "address": read_addresses(sheet),
            "postcode": postal["postcode"],
            "town": postal["town"],
            "kommune_code": read_kommuner(sheet),
            **counts,
            "intake_open": intake["intake_open"],
            "intake_text": intake["intake_text"],
            "clinic_form": forms,
            "accessible": accessible,
            "owner": read_owners(sheet),
            "x_m": places["x_m"],
            "y_m": places["y_m"],
            "source_row": sheet.source_rows,
            "birth_years": pd.Series(years, dtype="object"),
        }
    )
    notes = (*postal_notes, *count_notes, *intake_notes, *access_notes, *form_notes)
    return table, (*notes, *year_notes, *place_notes)


def _read_counts(sheet: Sheet) -> tuple[dict[str, pd.Series], Notes]:
    counts: dict[str, pd.Series] = {}
    notes: Notes = ()
    for name in ("capacities", "listed_persons", "closing_limit_persons", "doctor_count"):
        whole = name != "capacities"
        if name not in sheet.table:
            counts[name] = pd.Series(np.nan, index=sheet.table.index)
            continue
        where = sheet.where_column(name)
        counts[name], found = parse_numbers(
            sheet.table[name],
            where=where,
            rows=sheet.source_rows,
            whole=whole,
            plausible=() if whole else (_CAPACITY_RANGE,),
        )
        notes += found
        _refuse_rows(
            sheet,
            counts[name] < 0,
            "Negative numbers",
            where,
            "Correct them, or leave the cells blank if unknown.",
        )
    _refuse_rows(
        sheet,
        counts["capacities"] % _CAPACITY_STEP > 0,
        "Capacities are not whole or half",
        sheet.where,
        "Write 1, 1,5 or 2; a doctor's hours do not count.",
    )
    _refuse_rows(
        sheet,
        counts["closing_limit_persons"] == 0,
        "Closing limits of 0 persons",
        sheet.where,
        "Leave the cells blank where a practice has no limit of its own.",
    )
    return counts, notes


def _refuse_rows(sheet: Sheet, bad: pd.Series, what: str, where: str, hint: str) -> None:
    if bad.any():
        rows = [int(row) for row in sheet.source_rows[bad.to_numpy(dtype=bool)]]
        raise InvalidValueError(what, where=where, rows=rows, hint=hint)


def _finish(merged: pd.DataFrame) -> pd.DataFrame:
    level = np.where(merged["x_m"].notna(), "coordinates", "not_found")
    table = merged.assign(
        clinic_form=merged["clinic_form"].fillna("unknown"),
        match_level=level,
    )
    return table[list(PRACTICES.columns)].reset_index(drop=True)


def _doctors(merged: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    pairs = [
        (ydernummer, year)
        for ydernummer, years in zip(merged["ydernummer"], merged["birth_years"], strict=True)
        for year in years
    ]
    table = pd.DataFrame(
        {
            "ydernummer": pd.Series([ydernummer for ydernummer, _ in pairs], dtype="str"),
            "birth_year": pd.Series([year for _, year in pairs], dtype="int64"),
        }
    )
    return check_table(table, DOCTORS, where=sheet.where)


def _header_notes(sheet: Sheet) -> Notes:
    notes = []
    unused = [*sheet.unknown_headers, *(sheet.headers[name] for name in _shadowed(sheet))]
    if unused:
        notes.append(sentence("columns not used: {headers}", headers=tuple(unused)))
    notes += [
        sentence("no column for {column}: missing for all practices", column=words)
        for name, words in _MISSED_COLUMNS.items()
        if name not in sheet.headers
    ]
    return tuple(notes)


def _shadowed(sheet: Sheet) -> list[str]:
    """Return columns that are known but not used, as a better one is there or half is missing."""
    better = {
        "street": {"address"},
        "house_number": {"address"},
        "postcode_town": {"postcode"},
        "satellite_postcode_town": {"satellite_postcode"},
    }
    partner = {"x": "y", "y": "x", "latitude": "longitude", "longitude": "latitude"}
    parts = ("satellite_postcode", "satellite_town", "satellite_postcode_town")
    partner |= dict.fromkeys(parts, "satellite_address")
    return [
        name
        for name in sheet.headers
        if better.get(name, set()) & set(sheet.headers)
        or (name in partner and partner[name] not in sheet.headers)
    ]
