"""Satellites: further addresses of one practice, under the same ydernummer.

A register names them in a column of the practice's row, or in a row of their
own that says ``Satellit``. They are places to be seen by a doctor, and no more
than that: capacities, lists and doctors belong to the practice and count once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from coverage.errors import InvalidValueError, describe_rows
from coverage.plan_tables import SATELLITES
from coverage.sentences import Notes, sentence
from coverage.sources.practice_fields import (
    find_ceased,
    read_addresses,
    read_birth_years,
    read_postal_towns,
    text_column,
)
from coverage.sources.practice_merge import joined_years
from coverage.sources.practice_satellite_cells import (
    Place,
    list_places,
    read_satellite_columns,
)
from coverage.sources.sheets import Sheet
from coverage.sources.spelling import compact_key, word_key
from coverage.tables import check_table, empty_table

ORPHANED = "satellite of a practice that has ceased"

_TEXTS_SHOWN = 3
_SATELLITE = re.compile(
    r"(satellit|filial)(praksis|klinik|adresse|konsultation|konsultationssted|afdeling)?\d*"
)
_MAIN_WORDS = {
    *("hoved", "hovedadresse", "hovedpraksis", "hovedklinik", "hovedsted", "hovedkonsultation"),
    *("primaer", "primaeradresse", "praksis", "praksisadresse", "klinik", "klinikadresse"),
    *("almenpraksis", "almenlaegepraksis"),
}
# What a satellite's row may repeat of its practice, and must not add to it.
_OF_THE_PRACTICE = (
    *("capacities", "listed_persons", "closing_limit_persons", "intake", "closed"),
    *("accessible", "doctor_count"),
)


@dataclass(frozen=True)
class Satellites:
    """The satellites of a register.

    Attributes
    ----------
    table
        Contract ``plan_tables.SATELLITES``; each address of a practice once.
    birth_years
        Ydernummer -> the years of birth of the doctors on its satellites' rows.
    merged_rows
        Rows of their own that are kept.
    dropped
        Reason -> rows of satellites that have ceased.
    notes
        What a reader should know.
    """

    table: pd.DataFrame
    birth_years: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    merged_rows: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: Notes = ()


def take_rows(sheet: Sheet, positions: Iterable[int]) -> Sheet:
    """Return the sheet with some of its rows, counted from 0; none are dropped ones."""
    chosen = list(positions)
    return replace(
        sheet,
        table=sheet.table.iloc[chosen].reset_index(drop=True),
        source_rows=sheet.source_rows[chosen],
        dropped={},
    )


def split_satellite_rows(sheet: Sheet) -> tuple[Sheet, Sheet, Notes]:
    """Return the practices' own rows and the rows of their satellites, and notes.

    ``sheet`` holds ydernumre of six digits. The type of an address counts
    before the form of the clinic, which says ``Satellitpraksis`` too.

    Raises
    ------
    InvalidValueError
        A ydernummer that has rows of satellites only.
    """
    forms = [_names_satellite(text) for text in text_column(sheet, "clinic_form")]
    types = [_type_of(text) for text in text_column(sheet, "address_type")]
    is_satellite = np.array(
        [
            kind == "satellite" or (form and kind != "main")
            for form, kind in zip(forms, types, strict=True)
        ],
        dtype=bool,
    )
    ydernumre = sheet.table["ydernummer"]
    orphans = is_satellite & ~ydernumre.isin(ydernumre[~is_satellite]).to_numpy(dtype=bool)
    if orphans.any():
        raise InvalidValueError(
            "Satellites have no practice: every row of their ydernummer says satellite",
            where=sheet.where,
            rows=[int(row) for row in sheet.source_rows[orphans]],
            hint="Give the practice a row of its own with the same ydernummer. If the row is"
            " the practice, write its form (Solopraksis, Kompagniskab …), or 'Hovedadresse'"
            " in a column 'Type'.",
        )
    main = take_rows(sheet, np.flatnonzero(~is_satellite))
    branches = take_rows(sheet, np.flatnonzero(is_satellite))
    return main, branches, _unknown_types(sheet, types)


def _names_satellite(text: object) -> bool:
    return isinstance(text, str) and _SATELLITE.fullmatch(compact_key(text)) is not None


def _type_of(text: object) -> str:
    if not isinstance(text, str) or not compact_key(text):
        return ""
    if _names_satellite(text):
        return "satellite"
    return "main" if compact_key(text) in _MAIN_WORDS else "unknown"


def _unknown_types(sheet: Sheet, types: Sequence[str]) -> Notes:
    unknown = np.array([kind == "unknown" for kind in types], dtype=bool)
    if not unknown.any():
        return ()
    texts = sorted(sheet.table.loc[unknown, "address_type"].unique())[:_TEXTS_SHOWN]
    note = sentence(
        "{where}: words that name no kind of address, not used: {rows} ({words})",
        where=sheet.where_column("address_type"),
        rows=describe_rows([int(row) for row in sheet.source_rows[unknown]]),
        words=tuple(repr(text) for text in texts),
    )
    return (note,)


def read_satellites(main: Sheet, branches: Sheet, as_of: date | None) -> Satellites:
    """Return the satellites that the practices' rows and rows of their own name.

    Parameters
    ----------
    main
        The rows of practices that are still there.
    branches
        Rows of satellites; of a practice that has ceased they are dropped.
    as_of
        As in ``read_practices``.

    Raises
    ------
    InvalidValueError
        A satellite without an address, or several with one postcode between them.
    """
    named, named_notes = read_satellite_columns(main)
    kept, dropped, ceased_notes = _drop_ceased(main, branches, as_of)
    rows, row_notes = _read_rows(kept)
    places, own = _distinct([*named, *rows], _main_places(main))
    notes = [*named_notes, *ceased_notes, *row_notes, *_figures_of_their_own(main, kept)]
    if own:
        left_out = describe_rows(own)
        notes.append(
            sentence("satellites at the practice's own address, left out: {rows}", rows=left_out)
        )
    if places:
        notes.append(sentence("satellite addresses: {count}", count=len(places)))
    return Satellites(
        _as_table(places, main.where),
        _years_by_practice(rows, kept),
        len(kept.table),
        dropped,
        tuple(notes),
    )


def add_satellite_doctors(
    practices: pd.DataFrame, satellites: Satellites
) -> tuple[pd.DataFrame, Notes]:
    """Return the practices with the doctors that only a satellite's row names; notes.

    A year of birth that stands with the practice and with its satellite is one doctor.
    """
    years: list[tuple[int, ...]] = []
    added = 0
    for ydernummer, own in zip(practices["ydernummer"], practices["birth_years"], strict=True):
        more = Counter(satellites.birth_years.get(ydernummer, ())) - Counter(own)
        added += more.total()
        years.append((*own, *sorted(more.elements())))
    joined = practices.assign(
        birth_years=pd.Series(years, index=practices.index, dtype="object"),
    )
    if not added:
        return joined, ()
    note = sentence(
        "doctors on a satellite's row only, counted with their practice: {count}", count=added
    )
    return joined, (note,)


def _drop_ceased(
    main: Sheet, branches: Sheet, as_of: date | None
) -> tuple[Sheet, dict[str, int], Notes]:
    ceased, notes = find_ceased(branches, as_of)
    there = branches.table["ydernummer"].isin(main.table["ydernummer"])
    reasons = dict.fromkeys(np.flatnonzero(~there).tolist(), ORPHANED) | ceased
    kept = [row for row in range(len(branches.table)) if row not in reasons]
    return take_rows(branches, kept), dict(Counter(reasons.values())), notes


def _main_places(main: Sheet) -> list[Place]:
    postal, _ = read_postal_towns(main)
    return list_places(main, read_addresses(main), postal)


def _read_rows(branches: Sheet) -> tuple[list[Place], Notes]:
    if branches.table.empty:
        return [], ()
    addresses = read_addresses(branches)
    blank = [int(row) for row in branches.source_rows[addresses.isna().to_numpy(dtype=bool)]]
    if blank:
        raise InvalidValueError(
            "Rows of satellites have no address",
            where=branches.where,
            rows=blank,
            hint="Write the street and number of the satellite in the column 'Adresse',"
            " or delete the row.",
        )
    postal, notes = read_postal_towns(branches)
    return list_places(branches, addresses, postal), notes


def _distinct(places: Sequence[Place], main: Sequence[Place]) -> tuple[list[Place], list[int]]:
    """Return each satellite once, and the rows of those that are the practice's own address."""
    kept: dict[str, list[Place]] = {}
    own: list[int] = []
    at_home: dict[str, list[Place]] = {}
    for home in main:
        at_home.setdefault(home.ydernummer, []).append(home)
    for place in places:
        if any(place.is_at(home) for home in at_home.get(place.ydernummer, ())):
            own.append(place.source_row)
        elif not any(place.is_at(other) for other in kept.get(place.ydernummer, ())):
            kept.setdefault(place.ydernummer, []).append(place)
    distinct = [place for group in kept.values() for place in group]
    return sorted(distinct, key=lambda place: place.source_row), sorted(set(own))


def _as_table(places: Sequence[Place], where: str) -> pd.DataFrame:
    if not places:
        return empty_table(SATELLITES)
    table = pd.DataFrame(
        {name: [getattr(place, name) for place in places] for name in SATELLITES.columns}
    )
    return check_table(table, SATELLITES, where=where)


def _years_by_practice(rows: Sequence[Place], branches: Sheet) -> dict[str, tuple[int, ...]]:
    """Return ydernummer -> years of birth; one doctor at two satellites counts once."""
    years, _ = read_birth_years(branches)
    at_places: dict[tuple[str, str], list[tuple[int, ...]]] = {}
    for place, own in zip(rows, years, strict=True):
        at_places.setdefault((place.ydernummer, word_key(place.address)), []).append(own)
    doctors: dict[str, Counter[int]] = {}
    for (ydernummer, _), lists in at_places.items():
        here = Counter(joined_years(lists))
        doctors[ydernummer] = doctors.get(ydernummer, Counter()) | here
    return {ydernummer: tuple(sorted(found.elements())) for ydernummer, found in doctors.items()}


def _figures_of_their_own(main: Sheet, branches: Sheet) -> Notes:
    """Return a note on satellites' rows that say of the practice what its own rows do not."""
    rows: set[int] = set()
    for name in _OF_THE_PRACTICE:
        if name not in main.table:
            continue
        said = set(zip(main.table["ydernummer"], main.table[name], strict=True))
        cells = zip(branches.table["ydernummer"], branches.table[name], strict=True)
        for source_row, (ydernummer, text) in zip(branches.source_rows, cells, strict=True):
            filled = isinstance(text, str) and compact_key(text) not in ("", "0")
            if filled and (ydernummer, text) not in said:
                rows.add(int(source_row))
    if not rows:
        return ()
    note = sentence(
        "capacities, lists or intake of a satellite's row that the practice's row does not have,"
        " not used: {rows}",
        rows=describe_rows(sorted(rows)),
    )
    return (note,)
