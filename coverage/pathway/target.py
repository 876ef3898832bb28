"""The national target, the region's share of it, and the path from today's capacities.

The share is that of need-weighted residents::

    share = sum over the study's kommuner of (need weight x residents today) / national population

with the need weights of the study (1 is the national average resident), or with the
index of a region's own distribution model. The region's target is then ``share x national
target doctors x capacities per doctor``. A distribution model in capacities, or in
persons per capacity, states the region's target itself, and the share follows from it.

The path is the straight line from today's capacities to the target. A doctor is not a
capacity: rule ``pathway.capacities_per_doctor`` translates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.pathway.population import Population
from coverage.plan_tables import PlanTables
from coverage.rule_groups import PathwayRules

Floats = npt.NDArray[np.float64]

NEED = "need"
_PCT = 100.0


@dataclass(frozen=True)
class TargetPath:
    """What the region is to reach, and what each year has for it.

    Attributes
    ----------
    basis
        ``need``, or the kind of the distribution model (``DISTRIBUTION_KINDS``).
    share
        The region's part of the national total, 0 to 1.
    capacities
        Shape (years,): the path, today first.
    available_capacities
        What the new specialists of a year can fill in the region.
    shortage_capacities
        The region's part of those that go to shortage first.
    votes
        Shape (years, kommuner): what the capacities are shared out by.
    votes_of_person
        Shape (years, kommuner): votes per resident where they follow the population,
        missing where they are fixed.
    """

    basis: str
    share: float
    capacities: Floats
    available_capacities: float
    shortage_capacities: float
    votes: Floats
    votes_of_person: Floats

    def votes_of(self, year: int, persons: Floats) -> Floats:
        """Return the votes of a year's residents, both of shape (runs, kommuner)."""
        rate = self.votes_of_person[year]
        votes: Floats = np.where(np.isnan(rate), self.votes[year], persons * np.nan_to_num(rate))
        return votes

    def final_votes(self, year: int, persons: Floats) -> Floats:
        """Return what the target itself is shared out by: those of the last year if fixed."""
        fixed = np.isnan(self.votes_of_person[year])
        return np.where(fixed, self.votes[-1], self.votes_of(year, persons))


def draw_target(
    plan: PlanTables,
    population: Population,
    kommune_codes: Sequence[str],
    capacities: Floats,
    years: Sequence[int],
    rules: PathwayRules,
) -> TargetPath:
    """Return the path of the study.

    Parameters
    ----------
    kommune_codes
        In the order of the population.
    capacities
        Shape (kommuner + 1,): of today; the last is of practices in no kommune.
    years
        The year of today, then the coming ones; the last is the target year, unless
        today is later.
    """
    national = rules.target_doctors * rules.capacities_per_doctor
    now = float(capacities.sum())
    model = plan.distribution_model
    basis = str(model["kind"].iloc[0]) if len(model) else NEED
    rate = population.need_weight
    if basis == "capacities":
        given, path = _given_capacities(model, kommune_codes, capacities, years, rules)
        share = path[-1] / national
        return _path(basis, share, path, given, np.full(given.shape, np.nan), rules)
    values = model.set_index("kommune_code")["value"].reindex(list(kommune_codes))
    own = values.to_numpy(np.float64)
    if basis == "persons_per_capacity":
        per_person = np.zeros(len(own))
        np.divide(1.0, own, out=per_person, where=own > 0)
        rate = np.tile(per_person, (len(years), 1))
        target = float((population.persons[-1] * per_person).sum())
        share = target / national
    else:
        if basis == "index":
            rate = np.tile(np.nan_to_num(own, nan=1.0), (len(years), 1))
        needing = float((population.persons[0] * rate[0]).sum())
        share = needing / rules.national_population_persons
        target = share * national
    line = _straight(years, now, target)
    return _path(basis, share, line, population.persons * rate, rate, rules)


def _path(
    basis: str, share: float, path: Floats, votes: Floats, rate: Floats, rules: PathwayRules
) -> TargetPath:
    return TargetPath(
        basis,
        float(share),
        path,
        available_capacities=national_specialists(rules) * share * rules.capacities_per_doctor,
        shortage_capacities=rules.shortage_doctors * share * rules.capacities_per_doctor,
        votes=votes,
        votes_of_person=rate,
    )


def national_specialists(rules: PathwayRules) -> float:
    """Return the new specialists of general practice a year: training places x share filled."""
    return rules.training_places * rules.training_filled_pct / _PCT


def national_path(years: Sequence[int], rules: PathwayRules) -> Floats:
    """Return the country's doctors on the straight line to the target, shape (years,)."""
    return _straight(years, rules.national_doctors, rules.target_doctors)


def national_demography(years: Sequence[int], rules: PathwayRules) -> Floats:
    """Return the doctors that demography alone needs, on a straight line, shape (years,)."""
    return _straight(years, rules.national_doctors, rules.demography_doctors)


def _straight(years: Sequence[int], now: float, then: float) -> Floats:
    """Return the line from now to then; of a single year then."""
    return np.linspace(now, then, len(years)) if len(years) > 1 else np.array([then])


def _given_capacities(
    model: pd.DataFrame,
    kommune_codes: Sequence[str],
    capacities: Floats,
    years: Sequence[int],
    rules: PathwayRules,
) -> tuple[Floats, Floats]:
    """Return the model's capacities by year and kommune, and the path from today to their sum."""
    votes = np.zeros((len(years), len(kommune_codes)))
    # Practices in no kommune count today; the target has none of them.
    path = _straight(years, float(capacities[-1]), 0.0)
    of_year = model["year"].fillna(rules.target_year)
    for column, code in enumerate(kommune_codes):
        own = model["kommune_code"] == code
        table = pd.Series(model["value"][own].to_numpy(), index=of_year[own].to_numpy())
        if not len(table):
            path += capacities[column]
            continue
        table = table.sort_index()
        at, values = table.index.to_numpy(np.float64), table.to_numpy(np.float64)
        votes[:, column] = np.interp(years, at, values)
        if len(years) > 1:
            later = at > years[0]
            at = np.concatenate([[years[0]], at[later]])
            values = np.concatenate([[capacities[column]], values[later]])
        path += np.interp(years, at, values)
    return votes, path
