"""Need per resident: a factor for each kommune, or for each age.

The capacities of general practice are distributed by residents weighted with
disease since July 2025; no file of the weights is published (data-sources 0),
so that the table is the planner's own. Contacts per person by age (SYGK1
divided by FOLK1A) are a weight as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from coverage.plan_tables import NEED_BY_AGE, NEED_BY_KOMMUNE
from coverage.sentences import Notes, phrase, sentence
from coverage.sources.age_groups import AgeGroup, find_age_fault, is_all_ages, read_age
from coverage.sources.kommune_codes import CHRISTIANSOE_CODE
from coverage.sources.kommune_rows import KOMMUNE_HEADERS, keep_study_kommuner, leave_out
from coverage.sources.numbers import parse_numbers
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import TOTALS_ROW, Sheet, read_sheet
from coverage.tables import check_table, empty_table

ROLE = "need_weights"

_SYNONYMS: Mapping[str, Sequence[str]] = {
    "kommune": KOMMUNE_HEADERS,
    "age": ("alder", "aldersgruppe", "age", "age group"),
    "weight": (
        "vægt",
        "behovsvægt",
        "sygdomsvægt",
        "faktor",
        "behovsfaktor",
        "need_weight",
        "weight",
        "kontakter pr. borger",
        "kontakter pr borger",
        "kontakter pr. indbygger",
        "kontakter",
    ),
}
# A factor or contacts per person; else percent.
_PLAUSIBLE = ((0.01, 30.0), (20.0, 1000.0))
_PERCENT_FROM = 20.0
_VALUES_SHOWN = 3
_AGE_HINT = (
    "Write ages as 0-14, 15, 65+ or 65-, every age in one group and the last one open."
    " Excel turns 10-14 into a date: format the column as text first."
)


@dataclass(frozen=True)
class NeedWeights:
    """Need weights by kommune or by age; the other table is empty.

    Attributes
    ----------
    by_kommune, by_age
        Contracts NEED_BY_KOMMUNE (every kommune of the study, by code) and
        NEED_BY_AGE (every age from 0, by age).
    """

    by_kommune: pd.DataFrame
    by_age: pd.DataFrame


def read_need_weights(
    path: Path, kommune_codes: Sequence[str], *, as_of: date | None
) -> tuple[NeedWeights, Provenance]:
    """Return the need weights of a CSV or Excel table.

    Parameters
    ----------
    path
        With a column of kommuner or one of ages, and one of weights.
    kommune_codes
        The study's kommuner. Christiansø, which is no kommune, may be left out.
    as_of
        The date that the weights speak of.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of weights.
    UnknownKommuneError
        A kommune that Denmark does not have.
    StudyError
        Kommuner of the study have no row.
    DuplicateIdError
        A kommune or an age group twice.
    InvalidValueError
        A weight that is missing, no number, zero or negative; ages that are
        unknown, overlap or leave a gap; both kommuner and ages.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["weight"], role=ROLE)
    _refuse_form(sheet)
    by_kommune, by_age = empty_table(NEED_BY_KOMMUNE), empty_table(NEED_BY_AGE)
    if "kommune" in sheet.table:
        by_kommune, kept, notes = _by_kommune(sheet, kommune_codes)
    else:
        by_age, kept, notes = _by_age(sheet)
    return NeedWeights(by_kommune, by_age), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(kept.table),
        dropped=kept.dropped,
        notes=notes,
    )


def _refuse_form(sheet: Sheet) -> None:
    found = [name for name in ("kommune", "age") if name in sheet.table]
    where = sentence("{where}, row {row}", where=sheet.where, row=sheet.header_row)
    if not found:
        headers = (*sheet.headers.values(), *sheet.unknown_headers)
        raise MissingColumnError(
            "The need_weights file lacks a column: kommune or alder",
            where=where,
            hint=sentence(
                "Give the column one of these headers. Headers found: {headers}", headers=headers
            ),
        )
    if len(found) > 1:
        raise InvalidValueError(
            "The weights are by kommune and by age, and only one of them can be used",
            where=where,
            hint="Take out the column of ages or the one of kommuner.",
        )


def _by_kommune(sheet: Sheet, kommune_codes: Sequence[str]) -> tuple[pd.DataFrame, Sheet, Notes]:
    kept, codes = keep_study_kommuner(sheet, kommune_codes)
    _refuse_twice(kept, "kommune", codes.duplicated(keep=False))
    missing = sorted(set(kommune_codes) - set(codes) - {CHRISTIANSOE_CODE})
    if missing:
        raise StudyError(
            "Kommuner of the study have no need weight",
            where=sheet.where_column("kommune"),
            rows=missing,
            hint="Add a row for each, or leave [need_weights] out of study.toml.",
        )
    if kept.table.empty:
        raise EmptyTableError(
            "No row is of a kommune of the study",
            where=sheet.where_column("kommune"),
            hint="Use the weights of the study's kommuner.",
        )
    weights, notes = _weights(kept)
    if CHRISTIANSOE_CODE in set(kommune_codes) - set(codes):
        notes += (sentence("Christiansø has no need weight"),)
    table = pd.DataFrame({"kommune_code": codes, "weight": weights})
    table = table.sort_values("kommune_code", ignore_index=True)
    return check_table(table, NEED_BY_KOMMUNE, where=sheet.where), kept, notes


def _by_age(sheet: Sheet) -> tuple[pd.DataFrame, Sheet, Notes]:
    kept = leave_out(sheet, sheet.table["age"].fillna("").map(is_all_ages), TOTALS_ROW)
    groups = _groups(kept)
    _refuse_twice(kept, "age", pd.Series(groups, dtype=object).duplicated(keep=False))
    fault = find_age_fault(groups)
    if fault is not None:
        raise InvalidValueError(
            sentence("The ages do not hold everyone once: {fault}", fault=fault.what),
            where=kept.where_column("age"),
            rows=[
                row
                for row, group in zip(kept.source_rows.tolist(), groups, strict=True)
                if group in fault.groups
            ],
            hint=_AGE_HINT,
        )
    weights, notes = _weights(kept)
    table = pd.DataFrame(
        {
            "age_from": [float(group.first_years) for group in groups],
            "age_to": [
                np.nan if group.last_years is None else float(group.last_years) for group in groups
            ],
            "weight": weights,
        }
    ).sort_values("age_from", ignore_index=True)
    return check_table(table, NEED_BY_AGE, where=sheet.where), kept, notes


def _groups(sheet: Sheet) -> list[AgeGroup]:
    texts = sheet.table["age"].fillna("").tolist()
    groups = [read_age(text) for text in texts]
    bad = [
        (row, text)
        for row, text, group in zip(sheet.source_rows.tolist(), texts, groups, strict=True)
        if group is None
    ]
    if bad:
        shown = ", ".join(f"'{text}'" for _, text in bad[:_VALUES_SHOWN])
        raise InvalidValueError(
            sentence("Cells hold no age: {cells}", cells=shown),
            where=sheet.where_column("age"),
            rows=[row for row, _ in bad],
            hint=_AGE_HINT,
        )
    return [group for group in groups if group is not None]


def _refuse_twice(sheet: Sheet, name: str, twice: "pd.Series[bool]") -> None:
    if not twice.any():
        return
    shown = ", ".join(f"'{text}'" for text in sheet.table.loc[twice, name][:_VALUES_SHOWN])
    kind = {"kommune": sentence("A kommune"), "age": sentence("An age group")}[name]
    raise DuplicateIdError(
        sentence("{kind} has more than one weight: {cells}", kind=kind, cells=shown),
        where=sheet.where_column(name),
        rows=sheet.source_rows[twice.to_numpy(dtype=bool)].tolist(),
        hint="Keep one row of each.",
    )


def _weights(sheet: Sheet) -> tuple["pd.Series[float]", Notes]:
    where = sheet.where_column("weight")
    rows = sheet.source_rows
    weights, notes = parse_numbers(
        sheet.table["weight"], where=where, rows=rows, plausible=_PLAUSIBLE
    )
    bad = (weights.isna() | (weights <= 0)).to_numpy(dtype=bool)
    if bad.any():
        texts = sheet.table["weight"][bad][:_VALUES_SHOWN]
        shown = tuple(phrase("blank") if pd.isna(text) else text for text in texts)
        raise InvalidValueError(
            sentence("Weights are missing, zero or negative: {cells}", cells=shown),
            where=where,
            rows=rows[bad].tolist(),
            hint="A weight is above zero; 1 is an average resident.",
        )
    if (weights > _PERCENT_FROM).all():
        raise InvalidValueError(
            sentence(
                "Every weight is above {percent_from:g} and looks like percent",
                percent_from=_PERCENT_FROM,
            ),
            where=where,
            rows=rows.tolist(),
            hint="Divide by 100: a weight of 1 is an average resident.",
        )
    return weights, notes
