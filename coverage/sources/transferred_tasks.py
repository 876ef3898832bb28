"""Tasks that move to general practice: consultations a year, and whose they are.

Nobody publishes a list of them: the file is the region's own, of its own residents.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.errors import DuplicateIdError, EmptyTableError, InvalidValueError
from coverage.plan_tables import TRANSFERRED_TASKS
from coverage.sentences import Notes, sentence
from coverage.sources.age_groups import AgeGroup, is_all_ages, read_age
from coverage.sources.numbers import parse_numbers
from coverage.sources.provenance import Provenance, stamp_file
from coverage.sources.sheets import Sheet, read_sheet
from coverage.sources.shown_cells import shown_cells
from coverage.tables import check_table

ROLE = "transferred_tasks"

_SYNONYMS: Mapping[str, Sequence[str]] = {
    "task": ("opgave", "opgaver", "navn", "task"),
    "consultations": (
        "konsultationer pr. år",
        "konsultationer om året",
        "konsultationer",
        "kontakter pr. år",
        "kontakter",
        "consultations",
    ),
    "age": ("alder", "aldersgruppe", "aldre", "age", "ages"),
}


def read_transferred_tasks(path: Path, *, as_of: date | None) -> tuple[pd.DataFrame, Provenance]:
    """Return the tasks, in the order of the file.

    Parameters
    ----------
    path
        CSV or Excel: a task, its consultations a year with the study's residents now,
        and, where there is such a column, the ages that it is for; blank or *alle* is
        everybody.
    as_of
        The date that the consultations speak of.

    Returns
    -------
    DataFrame, Provenance
        Contract TRANSFERRED_TASKS.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError, EmptyTableError
        No table of tasks.
    DuplicateIdError
        A task twice.
    InvalidValueError
        A task without a name; consultations that are missing, no number, or below 0;
        ages that are none.
    """
    stamp = stamp_file(path, role=ROLE)
    sheet = read_sheet(path, _SYNONYMS, ["task", "consultations"], role=ROLE)
    if sheet.table.empty:
        raise EmptyTableError(
            "The file of tasks has no row",
            where=sheet.where,
            hint="Add the tasks, or leave [transferred_tasks] out of study.toml.",
        )
    _refuse_names(sheet)
    consultations, notes = _consultations(sheet)
    groups = _groups(sheet)
    table = pd.DataFrame(
        {
            "task": sheet.table["task"],
            "consultations": consultations,
            "age_from": [np.nan if group is None else float(group.first_years) for group in groups],
            "age_to": [
                np.nan if group is None or group.last_years is None else float(group.last_years)
                for group in groups
            ],
        }
    )
    return check_table(table, TRANSFERRED_TASKS, where=sheet.where), stamp.account(
        ROLE,
        as_of=as_of,
        rows_read=sheet.rows_read,
        rows_kept=len(table),
        dropped=sheet.dropped,
        notes=notes,
    )


def _refuse_names(sheet: Sheet) -> None:
    names = sheet.table["task"]
    unnamed = names.isna().to_numpy(dtype=bool)
    if unnamed.any():
        raise InvalidValueError(
            "Tasks have no name",
            where=sheet.where_column("task"),
            rows=sheet.source_rows[unnamed].tolist(),
            hint="Name every task.",
        )
    twice = names.duplicated(keep=False)
    if twice.any():
        raise DuplicateIdError(
            sentence("A task stands twice: {tasks}", tasks=shown_cells(names[twice])),
            where=sheet.where_column("task"),
            rows=sheet.source_rows[twice.to_numpy(dtype=bool)].tolist(),
            hint="Add its consultations up in one row, or name the parts differently.",
        )


def _consultations(sheet: Sheet) -> tuple["pd.Series[float]", Notes]:
    where, rows = sheet.where_column("consultations"), sheet.source_rows
    numbers, notes = parse_numbers(sheet.table["consultations"], where=where, rows=rows, whole=True)
    bad = (numbers.isna() | (numbers < 0)).to_numpy(dtype=bool)
    if bad.any():
        raise InvalidValueError(
            sentence(
                "Consultations are missing or below zero: {cells}",
                cells=shown_cells(sheet.table["consultations"][bad]),
            ),
            where=where,
            rows=rows[bad].tolist(),
            hint="Write the consultations of a year.",
        )
    return numbers, notes


def _groups(sheet: Sheet) -> list[AgeGroup | None]:
    if "age" not in sheet.table:
        return [None] * len(sheet.table)
    texts = sheet.table["age"].fillna("").tolist()
    everybody = [not text.strip() or is_all_ages(text) for text in texts]
    groups = [read_age(text) for text in texts]
    bad = [at for at, group in enumerate(groups) if group is None and not everybody[at]]
    if bad:
        raise InvalidValueError(
            sentence("Cells hold no age: {cells}", cells=shown_cells(sheet.table["age"].iloc[bad])),
            where=sheet.where_column("age"),
            rows=sheet.source_rows[bad].tolist(),
            hint="Write ages as 0-14, 65+ or 75-84; leave the cell blank for everybody. Excel"
            " turns 10-14 into a date: format the column as text first.",
        )
    return groups
