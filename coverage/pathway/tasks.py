"""Tasks that move to general practice, turned into doctors.

As DSAM counts them (Råd om opgaveflytning): consultations a year now, with the growth
of the ages that need them, divided by what a doctor does in a year::

    consultations per doctor = contacts per person x national population / national doctors
                             = 7.35 x 5,961,249 / 3,500 = 12,519 a year

with the default rules: 7.35 lies midway between 6.1 and 8.6, the lowest and the highest
kommune (Danmarks Statistik, SYGPS1, 2023), and 5,961,249 / 3,500 = 1,703 inhabitants per
doctor. A contact is taken for a consultation.

For new tasks 800 to 900 of the doctors of the target are left (DSAM; 5,000 - 4,140 = 860);
the region's part is its share of the national total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.pathway.target import TargetPath
from coverage.plan_tables import PlanTables
from coverage.rule_groups import PathwayRules

Floats = npt.NDArray[np.float64]

# Years that an age group without an end is taken to span, where a task's ages end within it.
_OPEN_YEARS = 20.0


@dataclass(frozen=True)
class Tasks:
    """What the study's transferred tasks take.

    Attributes
    ----------
    table
        One row a task and year, in the order of the file: ``task, year,
        consultations, growth_pct`` (since today), ``doctors``.
    consultations_per_doctor
        A year.
    low_doctors, high_doctors
        The region's part of what DSAM says is left for new tasks.
    left_doctors
        The region's part of the target less what demography alone needs.
    """

    table: pd.DataFrame
    consultations_per_doctor: float
    low_doctors: float
    high_doctors: float
    left_doctors: float


def consultations_per_doctor(rules: PathwayRules) -> float:
    """Return the consultations that a doctor does in a year, by the formula above."""
    persons_per_doctor = rules.national_population_persons / rules.national_doctors
    return rules.contacts_per_person * persons_per_doctor


def measure_tasks(
    plan: PlanTables,
    kommune_codes: Sequence[str],
    years: Sequence[int],
    target: TargetPath,
    rules: PathwayRules,
) -> Tasks:
    """Return the doctors that the plan's transferred tasks take in every year.

    The consultations are those of the study's residents. They grow as the projection's
    persons of the task's ages do; as all persons do where it has no ages; not at all
    without a projection.
    """
    per_doctor = consultations_per_doctor(rules)
    tasks = plan.transferred_tasks
    own = plan.projection[plan.projection["kommune_code"].isin(list(kommune_codes))]
    parts = []
    numbers = tasks[["consultations", "age_from", "age_to"]].to_numpy(np.float64)
    for task, (now, age_from, age_to) in zip(tasks["task"], numbers, strict=True):
        persons = _persons_of_ages(own, years, age_from, age_to)
        growth = np.ones(len(years)) if persons[0] <= 0 else persons / persons[0]
        consultations = now * growth
        parts.append(
            pd.DataFrame(
                {
                    "task": pd.Series([task] * len(years), dtype="str"),
                    "year": np.asarray(years, dtype=np.int64),
                    "consultations": consultations,
                    "growth_pct": (growth - 1.0) * 100.0,
                    "doctors": consultations / per_doctor,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True) if parts else _no_tasks()
    return Tasks(
        table,
        per_doctor,
        rules.new_tasks_low_doctors * target.share,
        rules.new_tasks_high_doctors * target.share,
        (rules.target_doctors - rules.demography_doctors) * target.share,
    )


def _no_tasks() -> pd.DataFrame:
    kinds = {"task": "str", "year": "int64"}
    names = ("task", "year", "consultations", "growth_pct", "doctors")
    return pd.DataFrame({name: pd.Series([], dtype=kinds.get(name, "float64")) for name in names})


def _persons_of_ages(
    projection: pd.DataFrame, years: Sequence[int], age_from: float, age_to: float
) -> Floats:
    """Return the persons of the ages in each year; of all ages where none are asked or known."""
    has_ages = projection["age_from"].notna()
    rows = projection[has_ages] if has_ages.any() else projection
    weight = np.ones(len(rows))
    if has_ages.any() and not np.isnan(age_from):
        weight = _part_within(rows, age_from, age_to)
    persons = rows["persons"].to_numpy(np.float64) * weight
    sums = pd.Series(persons).groupby(rows["year"].to_numpy()).sum().sort_index()
    if not len(sums):
        return np.zeros(len(years))
    at = sums.index.to_numpy(np.float64)
    return np.interp(np.asarray(years, np.float64), at, sums.to_numpy(np.float64))


def _part_within(rows: pd.DataFrame, age_from: float, age_to: float) -> Floats:
    """Return the share of each group's years of age that the task is for, shape (rows,)."""
    low = rows["age_from"].to_numpy(np.float64)
    high = rows["age_to"].to_numpy(np.float64)
    high = np.where(np.isnan(high), low + _OPEN_YEARS - 1.0, high)
    last = np.inf if np.isnan(age_to) else age_to
    shared = np.minimum(high, last) - np.maximum(low, age_from) + 1.0
    part: Floats = np.clip(shared, 0.0, None) / (high - low + 1.0)
    return part
