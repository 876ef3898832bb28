"""Reads the optional files of a study that only the plan's own rules need."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from coverage.attempts import Attempts, Read
from coverage.plan_tables import JUDGEMENTS, PlanTables
from coverage.sources.closing_limits import read_closing_limits
from coverage.sources.designations import read_designations
from coverage.sources.distribution_model import read_distribution_model
from coverage.sources.judgements import read_judgements
from coverage.sources.need_weights import read_need_weights
from coverage.sources.practices import Register
from coverage.sources.projection import read_projection
from coverage.sources.skal_list import read_skal_list
from coverage.sources.transferred_tasks import read_transferred_tasks
from coverage.study_file import InputFile, Study
from coverage.tables import empty_table

# Some of the fields of PlanTables.
Fields = dict[str, Any]
PartReader = Callable[[InputFile], Read[Fields]]


def read_plan(
    study: Study,
    kommune_codes: Sequence[str],
    register: Register | None,
    min_months: float,
    attempts: Attempts,
) -> PlanTables | None:
    """Return the plan's tables; what the study names no file for is empty.

    A file of judgements that is not there yet holds none. None if errors are
    collected and there was one.

    Parameters
    ----------
    register
        None where it could not be read: closing limits, which name its practices,
        are then not read either, and the answer is None.

    Raises
    ------
    LaegedaekningError
        The first one, unless errors are collected.
    """
    readers: dict[str, PartReader] = {
        "projection": lambda file: _projection(file, kommune_codes),
        "need_weights": lambda file: _need_weights(file, kommune_codes),
        "skal_areas": _skal_areas,
        "designations": lambda file: _designations(file, min_months),
        "distribution_model": lambda file: _distribution_model(file, kommune_codes),
        "transferred_tasks": _transferred_tasks,
    }
    plan = PlanTables()
    if register is not None:
        plan = PlanTables(satellites=register.satellites)
        ydernumre = tuple(register.practices["ydernummer"])
        readers["closing_limits"] = lambda file: _closing_limits(file, ydernumre, kommune_codes)
    whole = register is not None
    for name, read in readers.items():
        file = getattr(study, name)
        if file is None:
            continue
        found = attempts.read(partial(read, file))
        if found is None:
            whole = False
        else:
            plan = replace(plan, **found)
    judgements = attempts.read(partial(read_judgement_file, study))
    if judgements is None or not whole:
        return None
    return replace(plan, judgements=judgements)


def read_judgement_file(study: Study) -> Read[pd.DataFrame]:
    """Return what is judged by now; nothing where the file is not named or not there yet.

    Raises
    ------
    LaegedaekningError
    """
    file = study.judgements
    if file is None or not file.path.exists():
        return empty_table(JUDGEMENTS), ()
    table, account = read_judgements(file.path, as_of=file.as_of)
    return table, (account,)


def _projection(file: InputFile, kommune_codes: Sequence[str]) -> Read[Fields]:
    table, account = read_projection(file.path, kommune_codes, as_of=file.as_of)
    return {"projection": table}, (account,)


def _need_weights(file: InputFile, kommune_codes: Sequence[str]) -> Read[Fields]:
    need, account = read_need_weights(file.path, kommune_codes, as_of=file.as_of)
    return {"need_by_kommune": need.by_kommune, "need_by_age": need.by_age}, (account,)


def _closing_limits(
    file: InputFile, ydernumre: Sequence[str], kommune_codes: Sequence[str]
) -> Read[Fields]:
    table, account = read_closing_limits(file.path, ydernumre, kommune_codes, as_of=file.as_of)
    return {"closing_limits": table}, (account,)


def _skal_areas(file: InputFile) -> Read[Fields]:
    table, account = read_skal_list(file.path, as_of=file.as_of)
    return {"skal_areas": table}, (account,)


def _designations(file: InputFile, min_months: float) -> Read[Fields]:
    table, account = read_designations(file.path, as_of=file.as_of, min_months=min_months)
    return {"designations": table}, (account,)


def _distribution_model(file: InputFile, kommune_codes: Sequence[str]) -> Read[Fields]:
    table, account = read_distribution_model(file.path, kommune_codes, as_of=file.as_of)
    return {"distribution_model": table}, (account,)


def _transferred_tasks(file: InputFile) -> Read[Fields]:
    table, account = read_transferred_tasks(file.path, as_of=file.as_of)
    return {"transferred_tasks": table}, (account,)
