"""What a year's end looks like in every row of areas: capacities, lists, choice and the signal.

Lists stay in their kommune and grow with its residents. They follow capacity: each
practice's patients per capacity of today, times one factor a kommune, so that the
practices' lists add up to the kommune's; new capacities have the kommune's patients per
capacity of today. Where nobody is listed today nobody knows who will be. With
``pathway.intake_follows_lists`` a practice takes new patients while its patients per
capacity are below its closing limit; where today's intake disagrees with the limit,
below (or up to) today's own figure. Without it, or where list or intake is unknown, it
keeps today's.

The criteria are those of today's designation (``coverage.signal_rule``). Judgements of
people are about the next meeting and are not carried into coming years.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage.pathway.model import LIST_TOLERANCE, Model
from coverage.pathway.reach import Reach
from coverage.pathway.simulate import (
    HALF,
    State,
    capacity_now,
    post_capacities,
    post_doctors,
    practices_by_kommune,
    shortage_of,
    sum_of_kommuner,
)
from coverage.signal_rule import CRITERIA, IS_MEASURED, beyond

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_PCT = 100.0


@dataclass(frozen=True)
class SiteColumns:
    """New places as columns after the matrix's sites.

    Attributes
    ----------
    kommune
        Shape (columns,): position among the kommuner.
    rank
        Shape (columns,): the first place of a kommune is 0.
    is_last
        Shape (columns,): whatever opens beyond the places known opens here.
    """

    kommune: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    is_last: Bools


@dataclass(frozen=True)
class Figures:
    """A year's end; shapes (runs, rows) but where it says otherwise.

    Attributes
    ----------
    capacities, doctors, practices
        Held at the year's end; practices are those with a doctor.
    new_practices
        Shape (runs, kommuner).
    residents, need_weighted, listed
        Persons; listed at practices with list and capacities.
    listing_capacities
        Capacities that the lists are divided by; 0 where no practice of today has a list.
    shortage, target
        Capacities short of need at the closing limit, and the row's part of the target.
    with_choice
        Persons.
    choice_by_part
        The same by piece, shape (runs, parts).
    criteria
        Shape (runs, rows, criteria), missing where unknown.
    """

    capacities: Floats
    doctors: Floats
    practices: Floats
    new_practices: Floats
    residents: Floats
    need_weighted: Floats
    listed: Floats
    listing_capacities: Floats
    shortage: Floats
    target: Floats
    with_choice: Floats
    choice_by_part: Floats
    criteria: Floats

    def met(self, thresholds: Floats) -> Bools:
        """Return which criteria are met."""
        held: Bools = beyond(self.criteria, thresholds) > 0
        return held

    @property
    def unknown(self) -> Bools:
        """Where a measured criterion is missing."""
        unknown: Bools = np.isnan(self.criteria) & IS_MEASURED
        return unknown


@dataclass(frozen=True)
class _Lists:
    """Practices' capacities, lists and intake: (runs, practices); of new ones (runs, kommuner)."""

    capacities: Floats
    per_capacity: Floats
    opened: Bools
    new_capacities: Floats
    new_per_capacity: Floats
    new_opened: Bools
    new_practices: Floats
    growth: Floats


def observe(
    model: Model, state: State, year: int, persons: Floats, reach: Reach, sites: SiteColumns
) -> Figures:
    """Return the figures at the end of a year (0 for today).

    Parameters
    ----------
    persons
        Shape (runs, kommuner): ``simulate.persons_of_year``.
    reach
        Its sites are the matrix's, then the new places.
    """
    rows = model.rows
    persons = np.broadcast_to(persons, (len(state.opened), persons.shape[1]))
    lists = _lists(model, state, year, persons)
    needing = persons * model.population.need_weight[year]
    residents = persons @ rows.of_kommune
    present = lists.new_capacities + practices_by_kommune(model, lists.capacities)
    shortage = shortage_of(model, year, persons, present)
    votes = np.broadcast_to(model.target.final_votes(year, persons), persons.shape)
    part = votes / np.maximum(votes.sum(axis=1, keepdims=True), LIST_TOLERANCE)
    choice_by_part = _choice_by_part(model, lists, persons, reach, sites)
    has_practice = (state.practice_open & model.practices.inside).astype(np.float64)
    listing = np.where(model.practices.listing, lists.capacities, 0.0)
    listed_today = model.practices.listing.astype(np.float64) @ rows.of_practice > 0
    figures = Figures(
        capacities=_in_rows(model, lists.capacities, lists.new_capacities),
        doctors=_in_rows(model, *_doctors(model, state)),
        practices=_in_rows(model, has_practice, lists.new_practices),
        new_practices=lists.new_practices,
        residents=residents,
        need_weighted=needing @ rows.of_kommune,
        listed=(model.practices.listed * lists.growth) @ rows.of_practice,
        listing_capacities=np.where(
            listed_today, _in_rows(model, listing, lists.new_capacities), 0.0
        ),
        shortage=shortage @ rows.of_kommune,
        target=model.target.capacities[-1] * part @ rows.of_kommune,
        with_choice=choice_by_part @ rows.of_part,
        choice_by_part=choice_by_part,
        criteria=np.full((*residents.shape, len(CRITERIA)), np.nan),
    )
    for criterion, values in _criteria(model, state, year, figures, lists).items():
        figures.criteria[:, :, CRITERIA.index(criterion)] = values
    return figures


def new_practices_of(model: Model, state: State, new_capacities: Floats) -> Floats:
    """Return open new practices by kommune: one for every so many capacities that opened.

    As many close as half of their capacities are gone.
    """
    size = model.rules.capacities_per_new_practice
    founded = np.floor(state.opened / size + LIST_TOLERANCE)
    left = np.floor(new_capacities / size + HALF + LIST_TOLERANCE)
    return np.minimum(founded, left)


def _in_rows(model: Model, of_practice: Floats, of_kommune: Floats) -> Floats:
    """Return practices' and kommuner's values added up by row."""
    sums: Floats = of_practice @ model.rows.of_practice + of_kommune @ model.rows.of_kommune
    return sums


def _doctors(model: Model, state: State) -> tuple[Floats, Floats]:
    held = state.mass.sum(axis=2) * post_doctors(model)
    posts = len(model.posts.practice)
    at_practice: Floats = held[:, :posts] @ model.posts.at_practice
    return at_practice, sum_of_kommuner(model, state, held[:, posts:])


def growth_of_lists(model: Model, persons: Floats) -> Floats:
    """Return by what each practice's list has grown, (runs, practices): as its kommune has."""
    today = model.population.persons[0]
    growth = np.ones(persons.shape)
    np.divide(persons, today, out=growth, where=np.broadcast_to(today > 0, persons.shape))
    padded = np.hstack([growth, np.ones((len(growth), 1))])
    return padded[:, model.practices.kommune]


def _lists(model: Model, state: State, year: int, persons: Floats) -> _Lists:
    practices = model.practices
    capacities, new = capacity_now(model, state)
    growth = growth_of_lists(model, persons)
    own = np.where(practices.listing, practices.per_capacity, 0.0)
    listed_today, listing_today = (
        practices_by_kommune(model, values[None, :])
        for values in (practices.listed, np.where(practices.listing, practices.capacities, 0.0))
    )
    new_own = listed_today / np.maximum(listing_today, LIST_TOLERANCE)
    listed = practices_by_kommune(model, practices.listed * growth)
    spread_over = practices_by_kommune(model, own * capacities) + new_own * new
    factor = np.full(listed.shape, np.inf)
    np.divide(listed, spread_over, out=factor, where=spread_over > LIST_TOLERANCE)
    padded = np.hstack([factor, np.ones((len(factor), 1))])
    with np.errstate(invalid="ignore"):  # 0 patients x no capacity left
        per_capacity = own * padded[:, practices.kommune]
        new_per_capacity = new_own * factor
    opened = _intake(model, year, per_capacity) & state.practice_open
    new_opened = np.ones(new.shape, dtype=np.bool_)
    if model.rules.intake_follows_lists:
        new_opened = new_per_capacity < model.limit - LIST_TOLERANCE
    return _Lists(
        capacities,
        per_capacity,
        opened,
        new,
        new_per_capacity,
        new_opened,
        new_practices_of(model, state, new),
        growth,
    )


def _intake(model: Model, year: int, per_capacity: Floats) -> Bools:
    """Return which practices take new patients, (runs, practices); today as the register says."""
    practices = model.practices
    keeps = ~(practices.listing & practices.intake_known & practices.inside)
    if year == 0 or not model.rules.intake_follows_lists:
        keeps = np.ones_like(keeps)
    follows = per_capacity < practices.closes_at - LIST_TOLERANCE
    return np.where(keeps, practices.opened, follows)


def _choice_by_part(
    model: Model, lists: _Lists, persons: Floats, reach: Reach, sites: SiteColumns
) -> Floats:
    """Return the persons with a choice, shape (runs, parts)."""
    placed = model.practices.site >= 0
    opened = np.zeros((len(persons), reach.sites.shape[1]))
    opened[:, model.practices.site[placed]] = lists.opened[:, placed]
    if len(sites.kommune):
        count = np.where(lists.new_opened, lists.new_practices, 0.0)[:, sites.kommune]
        beyond_rank = count - sites.rank
        here = np.where(sites.is_last, beyond_rank, np.minimum(beyond_rank, 1.0))
        opened[:, -len(sites.kommune) :] = np.maximum(0.0, here)
    growth = np.ones(persons.shape)
    today = np.broadcast_to(model.residents, persons.shape)
    np.divide(persons, today, out=growth, where=today > 0)
    by_part: Floats = reach.persons_with_choice(opened) * growth[:, model.kommune_of_part]
    return by_part


def _criteria(
    model: Model, state: State, year: int, figures: Figures, lists: _Lists
) -> dict[str, Floats]:
    """Return the measured criteria by row, missing where there is nothing to measure."""
    counted = model.practices.intake_known & model.practices.inside & state.practice_open
    is_open = _in_rows(
        model,
        (counted & lists.opened).astype(np.float64),
        np.where(lists.new_opened, lists.new_practices, 0.0),
    )
    known = _in_rows(model, counted.astype(np.float64), lists.new_practices)
    leaving, of_known_age = _expected_exits(model, state, year)
    lived_in = np.where(figures.residents > 0, figures.residents, np.nan)
    return {
        "patients_per_capacity": _ratio(figures.listed, figures.listing_capacities),
        "practices_closed": _ratio(known - is_open, known) * _PCT,
        "spare_places": _free_places(model, lists) / lived_in * _PCT,
        "expected_exit": _ratio(leaving, of_known_age) * _PCT,
        "population_growth": np.broadcast_to(model.growth_pct[year], lived_in.shape),
        "choice": figures.with_choice / lived_in * _PCT,
    }


def _free_places(model: Model, lists: _Lists) -> Floats:
    """Return the free places of open practices by row."""
    practices = model.practices
    room = np.maximum(0.0, practices.limit - np.where(lists.opened, lists.per_capacity, np.inf))
    held = lists.opened & practices.listing & practices.inside
    new_room = np.maximum(
        0.0, model.limit - np.where(lists.new_opened, lists.new_per_capacity, np.inf)
    )
    return _in_rows(
        model,
        np.where(held, room * lists.capacities, 0.0),
        np.where(lists.new_opened, new_room * lists.new_capacities, 0.0),
    )


def _expected_exits(model: Model, state: State, year: int) -> tuple[Floats, Floats]:
    """Return capacities expected to end within the horizon, and those of known age, by row."""
    posts = len(model.posts.practice)
    horizon = np.zeros((state.mass.shape[1], state.mass.shape[2]))
    horizon[:posts, 0] = model.posts.horizon[year]
    horizon[:, 1 : year + 1] = model.posts.new_horizon[:year][::-1]
    known = np.ones(horizon.shape)
    known[:posts, 0] = model.posts.age_known
    sums = []
    for weight in (horizon, known):
        held = np.einsum("rpc,pc->rp", state.mass, weight) * post_capacities(model)
        at_practice = held[:, :posts] @ model.posts.at_practice
        sums.append(_in_rows(model, at_practice, sum_of_kommuner(model, state, held[:, posts:])))
    return sums[0], sums[1]


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, missing where the whole is 0."""
    answer = np.full(part.shape, np.nan)
    np.divide(part, whole, out=answer, where=whole > LIST_TOLERANCE)
    return answer
