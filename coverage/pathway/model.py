"""The study as arrays: posts with doctors of known age, practices, kommuner and rows of areas.

A post is a doctor's place at a practice. A practice's capacities are shared evenly
among its doctors (``workforce.expected_exits`` does the same). Where the register gives
no doctor for a practice it has as many posts as its capacities take by rule
``pathway.capacities_per_doctor``, at least one, and their doctors stop as those of known
age do on average.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from coverage.assessment import Assessment
from coverage.capacity import is_outside
from coverage.decisions import designations_on
from coverage.levels import KOMMUNE_LEVEL
from coverage.lists import takes_new_patients
from coverage.pathway.area_rows import AreaRows, stack_areas
from coverage.pathway.exits import horizon_exits, mean_exits, yearly_exits
from coverage.pathway.population import Population, project_population
from coverage.pathway.target import TargetPath, draw_target
from coverage.rule_groups import PathwayRules
from coverage.rules import RuleSet
from coverage.signal_rule import Scale, read_scale

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NOWHERE = -1
# Persons per capacity that a closing limit and a list differ by before it means anything.
LIST_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Practices:
    """The register's practices, in its order.

    Attributes
    ----------
    ydernumre
        Shape (practices,).
    inside
        Not outside the study: those have posts.
    kommune
        Position among the kommuner; the number of kommuner where there is none.
    capacities, listed
        Of today, 0 where unknown.
    listing
        List and capacities are known, and the latter above 0.
    per_capacity
        Patients per capacity today, 0 where not listing.
    limit, closes_at
        Patients per capacity: the closing limit; and from where the practice is closed
        in coming years, which today's intake agrees with.
    opened
        Takes new patients today.
    intake_known
        The register says so or not.
    site
        Position among the matrix's sites; -1 without a place.
    """

    ydernumre: "pd.Index[str]"
    inside: Bools
    kommune: Wholes
    capacities: Floats
    listed: Floats
    listing: Bools
    per_capacity: Floats
    limit: Floats
    closes_at: Floats
    opened: Bools
    intake_known: Bools
    site: Wholes


@dataclass(frozen=True)
class Posts:
    """Today's posts.

    Attributes
    ----------
    practice, capacity
        Shape (posts,).
    age_known
        Somebody states the doctor's age.
    at_practice
        Shape (posts, practices), sparse: 1 at the practice of the post.
    exits, horizon
        Shapes (years, posts) and (years + 1, posts): of the doctors of today, by
        ``exits.yearly_exits`` and ``exits.horizon_exits``; the latter 0 without an age.
    new_exits, new_horizon
        Shapes (years,) and (years + 1,): of a doctor who came n years ago.
    """

    practice: Wholes
    capacity: Floats
    age_known: Bools
    at_practice: csr_array
    exits: Floats
    horizon: Floats
    new_exits: Floats
    new_horizon: Floats


@dataclass(frozen=True)
class Model:
    """All that a year's step reads; arrays only, so that it can be sent to another process.

    Attributes
    ----------
    years
        The year of today, then each coming year to the target.
    kommune_codes
        By code.
    residents
        Shape (kommuner,): persons of today at the homes.
    limit
        Shape (kommuner,): closing limit of new practices.
    designated
        Shape (years, rows): a designation in force at today's date still holds at the
        start of the year.
    growth_pct
        Shape (years, rows): the criterion of the population's trend, missing if unknown.
    choice_pct
        Rule ``designation.choice_pct``: below it an area has lost the choice.
    threatened_row
        Shape (practices,): the row of each practice on the level of designation.
    threatened_share
        Shape (kommuner, rows): the same of a kommune, as shares.
    kommune_of_part
        Shape (parts,): position of each piece's kommune.
    """

    years: tuple[int, ...]
    kommune_codes: tuple[str, ...]
    rules: PathwayRules
    scale: Scale
    choice_pct: float
    practices: Practices
    posts: Posts
    rows: AreaRows
    population: Population
    target: TargetPath
    residents: Floats
    limit: Floats
    designated: Bools
    growth_pct: Floats
    threatened_row: Wholes
    threatened_share: Floats
    kommune_of_part: Wholes

    @property
    def steps(self) -> int:
        """Coming years."""
        return len(self.years) - 1

    @property
    def most_new_posts(self) -> int:
        """Half capacities that a year can open at the most."""
        return int(np.floor(2.0 * self.target.available_capacities + LIST_TOLERANCE))


def build_model(assessment: Assessment) -> Model:
    """Return the arrays of an assessment.

    The years run from that of ``rules.valid_on`` to rule ``pathway.target_year``.
    """
    rules = assessment.rules
    first = rules.valid_on.year
    years = tuple(range(first, max(first, round(rules.pathway.target_year)) + 1))
    codes = tuple(sorted(assessment.tables.kommuner["kommune_code"]))
    practices = _practices(assessment, codes)
    by_kommune = assessment.origins.table.groupby("kommune_code")["persons"].sum()
    residents = by_kommune.reindex(list(codes), fill_value=0.0).astype("float64")
    trend = round(rules.designation.trend_years)
    population = project_population(assessment.plan, residents, years, trend)
    capacities = np.bincount(
        practices.kommune[practices.inside],
        weights=practices.capacities[practices.inside],
        minlength=len(codes) + 1,
    ).astype(np.float64)
    target = draw_target(assessment.plan, population, codes, capacities, years, rules.pathway)
    rows = stack_areas(assessment, codes, practices.inside, part_names(assessment))
    at, share = _threatened_by(assessment, rows)
    return Model(
        years=years,
        kommune_codes=codes,
        rules=rules.pathway,
        scale=read_scale(rules.designation),
        choice_pct=rules.designation.choice_pct,
        practices=practices,
        posts=_posts(assessment, practices, len(years) - 1, rules),
        rows=rows,
        population=population,
        target=target,
        residents=np.asarray(residents, dtype=np.float64),
        limit=_limit_of_kommuner(assessment, codes),
        designated=_designated(assessment, rows, years),
        growth_pct=_growth_pct(population, rows),
        threatened_row=at,
        threatened_share=share,
        kommune_of_part=_kommune_of_parts(assessment, codes),
    )


def part_names(assessment: Assessment) -> "pd.Index[str]":
    """Return the pieces of the assessment in the order that the arrays have them in."""
    names: pd.Index[str] = pd.Index(sorted(assessment.parts.area_of_part.index), dtype="str")
    return names


def _kommune_of_parts(assessment: Assessment, codes: tuple[str, ...]) -> Wholes:
    own = assessment.parts.area_of_part[KOMMUNE_LEVEL].reindex(part_names(assessment))
    return pd.Index(codes).get_indexer(pd.Index(own)).astype(np.int64)


def _practices(assessment: Assessment, codes: tuple[str, ...]) -> Practices:
    table = assessment.tables.practices.reset_index(drop=True)
    facts = assessment.capacity.by_practice
    ydernumre = pd.Index(table["ydernummer"], dtype="str")
    kommune = next(level for level in assessment.levels if level.name == KOMMUNE_LEVEL)
    found = pd.Index(codes).get_indexer(pd.Index(ydernumre.map(kommune.of_practice)))
    capacities = table["capacities"].to_numpy(np.float64)
    listed = table["listed_persons"].to_numpy(np.float64)
    listing = ~np.isnan(listed) & (capacities > 0)
    per_capacity = np.zeros(len(table))
    np.divide(listed, capacities, out=per_capacity, where=listing)
    limit = facts["closing_limit_persons"].to_numpy(np.float64)
    opened = takes_new_patients(table)
    return Practices(
        ydernumre,
        ~is_outside(table, assessment.levels),
        np.where(found < 0, len(codes), found),
        np.nan_to_num(capacities),
        np.where(listing, np.nan_to_num(listed), 0.0),
        listing,
        per_capacity,
        limit,
        _closes_at(per_capacity, limit, opened),
        opened,
        table["intake_open"].notna().to_numpy(dtype=np.bool_),
        assessment.matrix.site_ids.get_indexer(ydernumre).astype(np.int64),
    )


def _closes_at(per_capacity: Floats, limit: Floats, opened: Bools) -> Floats:
    """Return the limit, or today's own level where intake and limit disagree today."""
    full = per_capacity >= limit - LIST_TOLERANCE
    own = np.where(opened, per_capacity + 2 * LIST_TOLERANCE, per_capacity)
    return np.where(opened == full, own, limit)


def _posts(assessment: Assessment, practices: Practices, steps: int, rules: RuleSet) -> Posts:
    doctors = assessment.tables.doctors
    position = practices.ydernumre.get_indexer(pd.Index(doctors["ydernummer"]))
    held = (position >= 0) & practices.inside[position]
    ages = rules.valid_on.year - doctors["birth_year"].to_numpy(np.float64)
    known_at, known_age = position[held], ages[held]
    count = np.bincount(known_at, minlength=len(practices.ydernumre))
    lacking = np.flatnonzero(practices.inside & (count == 0))
    taken = practices.capacities[lacking] / rules.pathway.capacities_per_doctor
    copies = np.maximum(1, np.rint(taken)).astype(np.int64)
    practice = np.concatenate([known_at, np.repeat(lacking, copies)]).astype(np.int64)
    age = np.concatenate([known_age, np.full(copies.sum(), np.nan)])
    order = np.argsort(practice, kind="stable")
    practice, age = practice[order], age[order]
    age_known = ~np.isnan(age)
    size = np.bincount(practice, minlength=len(practices.ydernumre))
    exits = np.tile(mean_exits(known_age, steps, rules.workforce)[:, None], (1, len(age)))
    exits[:, age_known] = yearly_exits(age[age_known], steps, rules.workforce)
    horizon = np.zeros((steps + 1, len(age)))
    horizon[:, age_known] = horizon_exits(age[age_known], steps, rules.workforce)
    new = [rules.pathway.new_doctor_age_years]
    ones = np.ones(len(practice))
    shape = (len(practice), len(practices.ydernumre))
    return Posts(
        practice,
        practices.capacities[practice] / size[practice],
        age_known,
        csr_array((ones, (np.arange(len(practice)), practice)), shape=shape),
        exits,
        horizon,
        yearly_exits(new, steps, rules.workforce)[:, 0],
        horizon_exits(new, steps, rules.workforce)[:, 0],
    )


def _limit_of_kommuner(assessment: Assessment, codes: tuple[str, ...]) -> Floats:
    limits = assessment.plan.closing_limits
    of_kommune = limits[limits["kommune_code"].notna()].set_index("kommune_code")["limit_persons"]
    known = of_kommune.reindex(list(codes)).to_numpy(np.float64)
    return np.where(np.isnan(known), assessment.rules.capacity.closing_limit_persons, known)


def _designated(assessment: Assessment, rows: AreaRows, years: tuple[int, ...]) -> Bools:
    """Return where today's designation still holds by its earliest end; later nobody knows."""
    rules = assessment.rules
    found = designations_on(
        assessment.plan.designations,
        rows.table,
        rules.valid_on,
        rules.designation.min_months,
    )
    until = found["earliest_end"].where(found["designated"])
    starts = [pd.Timestamp(rules.valid_on), *(pd.Timestamp(year, 1, 1) for year in years[1:])]
    return np.array([(until > start).to_numpy(dtype=np.bool_) for start in starts])


def _growth_pct(population: Population, rows: AreaRows) -> Floats:
    """Return the trend by year and row, missing where one of the row's kommuner has none."""
    lacking = np.isnan(population.later_persons) & (population.persons > 0)
    unknown = lacking.astype(np.float64) @ (rows.of_kommune > 0) > 0
    now = population.persons @ rows.of_kommune
    later = np.nan_to_num(population.later_persons) @ rows.of_kommune
    growth = np.full(now.shape, np.nan)
    np.divide(later, now, out=growth, where=~unknown & (now > 0))
    return (growth - 1.0) * 100.0


def _threatened_by(assessment: Assessment, rows: AreaRows) -> tuple[Wholes, Floats]:
    """Return each practice's row on the level of designation, and each kommune's shares."""
    on_level = rows.is_area & (rows.table["area_level"] == assessment.designation_level).to_numpy()
    own = np.where(on_level, rows.of_practice, 0.0)
    row = np.where(own.any(axis=1), own.argmax(axis=1), NOWHERE).astype(np.int64)
    return row, np.where(on_level, rows.of_kommune, 0.0)
