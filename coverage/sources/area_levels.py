"""A level of areas beside the kommune: a list of kommuner, or polygons.

Regions plan by sundhedsråd, planområder and parts of cities. Where areas are
made of whole kommuner, a table says which; where they are not, a layer of
polygons does.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from coverage.errors import DuplicateIdError, EmptyTableError, StudyError
from coverage.plan_tables import Division
from coverage.sentences import Notes, sentence
from coverage.sources.area_polygons import LAYER_SUFFIXES, read_area_polygons
from coverage.sources.kommune_codes import CHRISTIANSOE_CODE
from coverage.sources.kommune_rows import KOMMUNE_HEADERS, keep_study_kommuner, leave_out
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.sources.spelling import compact_key

ROLE = "area level"

WITHOUT_AREA = "without an area"
CHRISTIANSOE_FOLLOWS = sentence("Christiansø is not in the list and is in the area of Bornholm")

_BORNHOLM_CODE = "0400"

# "område" is the area here, not the kommune as in StatBank's tables.
_KOMMUNE = tuple(header for header in KOMMUNE_HEADERS if header != "område")
_AREA = ("area", "område", "omraade", "sundhedsråd", "planområde", "region")


def read_area_level(
    path: Path,
    kommune_codes: Sequence[str],
    *,
    as_of: date | None = None,
    column: str | None = None,
) -> tuple[Division, Provenance]:
    """Return the areas of a level.

    Parameters
    ----------
    path
        CSV or Excel with the area of each kommune, or a polygon layer
        (``.geojson``, ``.json``, ``.gpkg``, ``.shp``).
    kommune_codes
        The study's kommuner. Christiansø, which is no kommune, may be left out of
        a list: it is then in the area of Bornholm.
    as_of
        The date of the division.
    column
        The header or field that holds the area, where the file has several
        (``region_2027``); otherwise the usual ones are looked for.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No list of areas and no layer of them, or without the column.
    UnknownKommuneError
        For a code or name that is no kommune.
    DuplicateIdError
        For a kommune in two areas, polygons that overlap, or a polygon whose
        id is the code of a kommune.
    StudyError
        If a kommune of the study is in no area of a list: its people would be
        missing.
    InvalidValueError, CrsError
        A layer that is not of polygons with ids, or not known to lie in Denmark.
    """
    if path.suffix.casefold() in LAYER_SUFFIXES:
        stamp = stamp_file(path, role=ROLE)
        layer = read_area_polygons(path, kommune_codes, role=ROLE, column=column)
        return Division(polygons=layer.polygons), stamp.account(
            ROLE,
            as_of=as_of,
            rows_read=layer.features,
            rows_kept=len(layer.polygons),
            dropped=layer.dropped,
            merged_rows=layer.features - len(layer.polygons) - sum(layer.dropped.values()),
            notes=layer.notes,
        )
    return _read_list(path, kommune_codes, as_of, column)


def _read_list(
    path: Path, kommune_codes: Sequence[str], as_of: date | None, column: str | None
) -> tuple[Division, Provenance]:
    stamp = stamp_file(path, role=ROLE)
    sheet, name = _read_columns(path, column)
    kept, codes = keep_study_kommuner(
        leave_out(sheet, sheet.table[name].isna(), WITHOUT_AREA), kommune_codes
    )
    areas = kept.table[name].astype("str")
    _refuse_two_areas(kept, codes, areas)
    area_of = dict(zip(codes, areas, strict=True))
    listed = len(area_of)
    notes: Notes = ()
    if CHRISTIANSOE_CODE in set(kommune_codes) - set(area_of) and _BORNHOLM_CODE in area_of:
        area_of[CHRISTIANSOE_CODE] = area_of[_BORNHOLM_CODE]
        notes = (CHRISTIANSOE_FOLLOWS,)
    missing = sorted(set(kommune_codes) - set(area_of))
    if missing:
        raise StudyError(
            "Kommuner of the study are in no area",
            where=sheet.where_column(name),
            rows=missing,
            hint="Add a row for each.",
        )
    if kept.table.empty:
        raise EmptyTableError(
            "No row is of a kommune of the study", where=sheet.where, hint="Add a row for each."
        )
    account = stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=listed,
        dropped=kept.dropped,
        merged_rows=len(kept.table) - listed,
        notes=notes,
    )
    return Division({code: area_of[code] for code in kommune_codes}), account


def _read_columns(path: Path, column: str | None) -> tuple[Sheet, str]:
    """Return the table and the name of its column of areas."""
    if column is None:
        synonyms = {"kommune": _KOMMUNE, "area": _AREA}
        return read_sheet(path, synonyms, ["kommune", "area"], role=ROLE), "area"
    # A named column is that one and no other; it may bear a name that kommuner bear elsewhere.
    kommune = [name for name in _KOMMUNE if compact_key(name) != compact_key(column)]
    synonyms = {column: (), "kommune": tuple(kommune)}
    return read_sheet(path, synonyms, ["kommune", column], role=ROLE), column


def _refuse_two_areas(sheet: Sheet, codes: "pd.Series[str]", areas: "pd.Series[str]") -> None:
    first = areas.groupby(codes).transform("first")
    other = (areas != first).to_numpy(dtype=bool)
    if other.any():
        raise DuplicateIdError(
            "A kommune is in two areas",
            where=sheet.where,
            rows=sheet.source_rows[other].tolist(),
            hint="Leave each kommune in one area.",
        )
