"""A level above the kommune: a CSV or workbook that says which area each kommune belongs to."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from coverage.errors import DuplicateIdError, StudyError, UnknownKommuneError
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet

_ROLE = "area level"
_SYNONYMS = {
    "kommune": ("kommune", "kommunekode", "kommune_code", "kommunenr", "kom_kode"),
    "area": ("area", "område", "omraade", "sundhedsråd", "planområde", "region"),
}


def read_area_level(
    path: Path, kommune_codes: Sequence[str], *, as_of: date | None = None
) -> tuple[Mapping[str, str], Provenance]:
    """Return kommune code -> area for the study's kommuner.

    Raises
    ------
    UnknownKommuneError
        For a code or name that is no kommune.
    DuplicateIdError
        For a kommune in two areas.
    StudyError
        If a kommune of the study is in no area: its people would be missing.
    """
    stamp = stamp_file(path, role=_ROLE)
    sheet = read_sheet(path, _SYNONYMS, ("kommune", "area"), role=_ROLE)
    areas = _areas(sheet)
    missing = sorted(set(kommune_codes) - set(areas))
    if missing:
        raise StudyError(
            "Kommuner of the study are in no area",
            where=sheet.where,
            rows=missing,
            hint="Add a row for each.",
        )
    provenance = stamp.account(
        _ROLE,
        as_of=as_of,
        rows_read=len(sheet.table) + sum(sheet.dropped.values()),
        rows_kept=len(sheet.table),
        dropped=dict(sheet.dropped),
    )
    return {code: areas[code] for code in kommune_codes}, provenance


def _areas(sheet: Sheet) -> dict[str, str]:
    rows = list(sheet.source_rows)
    codes = [normalise_kommune_code(value) for value in sheet.table["kommune"]]
    unknown = [row for row, code in zip(rows, codes, strict=True) if code is None]
    if unknown:
        raise UnknownKommuneError(
            "Not a Danish kommune",
            where=f"{sheet.where}, column kommune",
            rows=unknown,
            hint="Use the four-digit code or the name.",
        )
    areas: dict[str, str] = {}
    twice = []
    for row, code, area in zip(rows, codes, sheet.table["area"], strict=True):
        if code is not None and areas.setdefault(code, str(area)) != str(area):
            twice.append(row)
    if twice:
        raise DuplicateIdError(
            "A kommune is in two areas",
            where=sheet.where,
            rows=twice,
            hint="Leave each kommune in one area.",
        )
    return areas
