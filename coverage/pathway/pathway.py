"""The expected path, year by year: what each area has, gains and lacks, and the whole region.

Every figure of a coming year is an expectation: a doctor of whom one in five stops
counts four fifths. ``coverage.pathway.simulate`` states the step, and ``monte_carlo`` what
chance adds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.pathway.exits import Chance
from coverage.pathway.figures import Figures, new_practices_of, observe
from coverage.pathway.model import Model, build_model
from coverage.pathway.new_places import Places, add_places, no_places, open_more_at_last
from coverage.pathway.notices import pathway_notices
from coverage.pathway.simulate import State, capacity_now, persons_of_year, start, take_step
from coverage.pathway.sites import PlaceYear, YearDemand, beside_existing, check_sites
from coverage.pathway.tables import area_table, flow_rows, region_table, years_of
from coverage.pathway.tasks import Tasks, measure_tasks
from coverage.wording import Notice

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RegionAnswer:
    """From today's capacities to the region's part of the national target, in capacities.

    ``start - lapsed + opened = end`` and ``needed = target - start``. Of what was
    trained, taken over and opened is used; ``short`` is what the target lacks at the end.

    Attributes
    ----------
    share
        The region's part of the national total, 0 to 1.
    basis
        What the share rests on: ``need``, or the kind of the distribution model.
    needed
        0 where the region has more than its target already.
    """

    first_year: int
    last_year: int
    share: float
    basis: str
    start: float
    target: float
    needed: float
    trained: float
    retired: float
    taken_over: float
    lapsed: float
    opened: float
    end: float
    short: float


@dataclass(frozen=True)
class Pathway:
    """The expected path of a study.

    Attributes
    ----------
    by_area
        One row a year (today's first), level and area, in the order of the levels; with
        the rows ``no_area`` where needed and ``all``: ``year, area_level, area_id,
        area_name``; ``capacities_start, capacities_retired, capacities_taken_over,
        capacities_lapsed, capacities_opened, capacities_opened_to_shortage,
        capacities_end``; ``doctors, practices`` (with a doctor);
        ``displaced_persons`` (on the lists of practices that closed in the year);
        ``residents, need_weighted_residents, listed_persons``;
        ``residents_per_capacity, patients_per_capacity``;
        ``short_of_need_capacities`` (need-weighted residents / closing limit -
        capacities, added up over the kommuner that are short), ``target_capacities`` (the
        area's part of the region's target), ``short_of_target_capacities``;
        ``persons_with_choice, choice_pct``; ``signal``, missing where there is no
        area. Today's year has no flows. ``tables.AGE_COLUMNS`` names the columns that
        follow from doctors' ages and must be withheld where these are few.
    by_year
        One row a year: ``year, national_doctors`` (on the line to the target),
        ``national_demography_doctors`` (on the line to what demography alone needs),
        ``national_specialists, available_capacities`` (what the year's specialists can
        fill in the region),
        ``path_capacities``; the flows as above; ``unused_capacities`` (of those
        available), ``short_of_path_capacities, short_of_need_capacities, doctors,
        residents, need_weighted_residents, residents_per_capacity,
        persons_with_choice``; ``areas_signalling, areas_possible``: kommuner.
    choice_by_part
        Shape (years, parts): persons with a choice in each piece of ``Assessment.parts``,
        in the order of ``model.part_names``; ``by_area`` is their sum.
    answer
        The whole region in one line.
    tasks
        What transferred tasks take.
    sites
        Places of new practices (``sites.SITE_COLUMNS``).
    notices
        What a reader must know.
    model, places
        What the path rests on; ``monte_carlo`` starts from them.
    """

    by_area: pd.DataFrame
    by_year: pd.DataFrame
    choice_by_part: Floats
    answer: RegionAnswer
    tasks: Tasks
    sites: pd.DataFrame
    notices: tuple[Notice, ...]
    model: Model
    places: Places


def build_pathway(assessment: Assessment, *, place_year: PlaceYear | None = None) -> Pathway:
    """Return the expected path from the day of the assessment's rules to the target year.

    Parameters
    ----------
    place_year
        Chooses places for the practices that a year opens; by default
        ``sites.beside_existing``, which searches no road.

    Raises
    ------
    ValueError
        For places of other kommuner than asked for, more than asked for, or an id twice.
    UnknownIdError, CoordinateError
        For a place beside a practice that has none, or without a road.
    """
    model = build_model(assessment)
    place = place_year or beside_existing(assessment)
    state, places = start(model, runs=1), no_places(assessment)
    chance, lacking = Chance(), set[str]()
    persons = persons_of_year(model, 0, 0.0, None)
    figures = observe(model, state, 0, persons, places.reach, places.columns)
    nobody = np.zeros(len(model.rows.table))
    tables = [area_table(model, 0, flow_rows(model, None), figures, nobody)]
    choice = [figures.choice_by_part[0]]
    for year in range(1, len(model.years)):
        was_open, had = state.practice_open.copy(), figures.new_practices[0]
        state.threatened = signalling(model, figures)
        flows = take_step(model, state, year, chance, None)
        demand = _demand(model, state, year, had, flows.opened[0], places)
        found = check_sites(place(demand), demand) if len(demand.practices) else places.table[:0]
        lacking |= _without_place(demand, found)
        places = add_places(assessment, places, found, model.kommune_codes)
        persons = persons_of_year(model, year, 0.0, None)
        figures = observe(model, state, year, persons, places.reach, places.columns)
        closed = was_open & ~state.practice_open
        displaced = _displaced(model, year, closed[0])
        tables.append(area_table(model, year, flow_rows(model, flows), figures, displaced))
        choice.append(figures.choice_by_part[0])
    by_area = years_of(tables)
    by_year = region_table(model, by_area)
    plan, rules = assessment.plan, assessment.rules.pathway
    tasks = measure_tasks(plan, model.kommune_codes, model.years, model.target, rules)
    notices = pathway_notices(assessment, model, lacking)
    answer = _answer(model, by_year)
    places = open_more_at_last(places, lacking)
    return Pathway(
        by_area, by_year, np.array(choice), answer, tasks, places.table, notices, model, places
    )


def signalling(model: Model, figures: Figures) -> Bools:
    """Return which rows have a signal at a year's end, shape (runs, rows)."""
    held: Bools = model.scale.is_signal(figures.met(model.scale.thresholds)) & model.rows.is_area
    return held


def _demand(
    model: Model, state: State, year: int, had: Floats, opened: Floats, places: Places
) -> YearDemand:
    """Return the practices that the year opens: more than there were at the last year's end."""
    _, new = capacity_now(model, state)
    more = np.maximum(0.0, new_practices_of(model, state, new)[0] - had).astype(np.int64)
    codes = pd.Index(model.kommune_codes, dtype="str")
    practices, capacities = pd.Series(more, index=codes), pd.Series(opened, index=codes)
    return YearDemand(
        model.years[year], practices[practices > 0], capacities[capacities > 0], places.table
    )


def _without_place(demand: YearDemand, found: pd.DataFrame) -> set[str]:
    count = found["kommune_code"].value_counts().reindex(demand.practices.index, fill_value=0)
    return set(demand.practices.index[count < demand.practices])


def _displaced(model: Model, year: int, closed: Bools) -> Floats:
    """Return by row the persons on the lists of practices that closed, as they have grown."""
    today, now = model.population.persons[0], model.population.persons[year]
    growth = np.ones(len(today) + 1)
    np.divide(now, today, out=growth[:-1], where=today > 0)
    listed = model.practices.listed * growth[model.practices.kommune]
    persons: Floats = np.where(closed, listed, 0.0) @ model.rows.of_practice
    return persons


def _answer(model: Model, by_year: pd.DataFrame) -> RegionAnswer:
    now, end = by_year["capacities_start"].iloc[0], by_year["capacities_end"].iloc[-1]
    target = float(model.target.capacities[-1])

    def total(name: str) -> float:
        return float(by_year[name].sum())

    return RegionAnswer(
        first_year=model.years[0],
        last_year=model.years[-1],
        share=model.target.share,
        basis=model.target.basis,
        start=float(now),
        target=target,
        needed=max(0.0, target - float(now)),
        trained=total("available_capacities"),
        retired=total("capacities_retired"),
        taken_over=total("capacities_taken_over"),
        lapsed=total("capacities_lapsed"),
        opened=total("capacities_opened"),
        end=float(end),
        short=max(0.0, target - float(end)),
    )
