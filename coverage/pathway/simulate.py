"""One year's step, for any number of runs at once.

A year, in this order:

1.  Doctors stop (``exits``).
2.  A stopping doctor's capacity is taken over with a probability: rule
    ``pathway.takeover_pct``, or ``takeover_threatened_pct`` in an area of the level of
    designation that signalled at the year's start, or whose designation of today still
    holds by its earliest end. Else it lapses. Whoever takes over is of the rule's age.
3.  New specialists are there for the takeovers first, then for growth: the two
    together are never more than the year has. If too few are there for the expected
    takeovers, every probability shrinks alike; what chance adds on top lapses.
4.  Growth fills up to the target path, in halves, by ``apportion``: first by
    shortage (need / closing limit - capacities, at most that, while the region's part
    of the first doctors lasts), then by votes, with present capacities as what is held.
5.  A kommune's growth becomes a new practice for every
    ``pathway.capacities_per_new_practice`` of it; what is left over is at existing
    practices. A practice is closed when fewer than half a doctor is left, a new one
    when less than half of its capacities is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage.pathway.apportion import NOBODY, give_halves
from coverage.pathway.exits import Chance
from coverage.pathway.model import NOWHERE, Model

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

HALF = 0.5
_PCT = 100.0
# Capacities and doctors are whole, half, or sums of expectations.
_TOLERANCE = 1e-9


@dataclass
class State:
    """Where the runs stand; a year's step changes it.

    Attributes
    ----------
    mass
        Shape (runs, posts, years + 1): to what share a post is held by the doctor of
        today (first) or by one who came in the year of the column. After today's posts
        come those that each year can open.
    kommune
        Shape (runs, new posts): where each new post is; the number of kommuner if unopened.
    opened
        Shape (runs, kommuner): new capacities so far.
    to_shortage
        Shape (runs,): of these, by shortage.
    practice_open
        Shape (runs, practices): has at least half a doctor.
    threatened
        Shape (runs, rows): signalled at the end of the year before.
    """

    mass: Floats
    kommune: Wholes
    opened: Floats
    to_shortage: Floats
    practice_open: Bools
    threatened: Bools


@dataclass(frozen=True)
class Flows:
    """What a year did, in capacities.

    Attributes
    ----------
    retired, taken_over, lapsed
        Of practices: shape (runs, practices).
    new_retired, new_taken_over, new_lapsed
        Of capacities that coming years opened: shape (runs, kommuner).
    opened, opened_to_shortage
        Shape (runs, kommuner).
    """

    retired: Floats
    taken_over: Floats
    lapsed: Floats
    new_retired: Floats
    new_taken_over: Floats
    new_lapsed: Floats
    opened: Floats
    opened_to_shortage: Floats


@dataclass(frozen=True)
class Draws:
    """A chunk's random numbers; None without chance.

    Attributes
    ----------
    stops, found
        Shape (runs, years, posts): even from 0 to 1.
    population
        Shape (runs, kommuner): standard normal.
    """

    stops: Floats
    found: Floats
    population: Floats


def start(model: Model, runs: int) -> State:
    """Return the state of today."""
    posts, kommuner = len(model.posts.practice), len(model.kommune_codes)
    new_posts = model.steps * model.most_new_posts
    mass = np.zeros((runs, posts + new_posts, model.steps + 1))
    mass[:, :posts, 0] = 1.0
    has_post = np.bincount(model.posts.practice, minlength=len(model.practices.inside)) > 0
    return State(
        mass,
        np.full((runs, new_posts), kommuner, dtype=np.int64),
        np.zeros((runs, kommuner)),
        np.zeros(runs),
        np.tile(has_post | ~model.practices.inside, (runs, 1)),
        np.zeros((runs, len(model.rows.table)), dtype=np.bool_),
    )


def persons_of_year(model: Model, year: int, spread: float, draws: Draws | None) -> Floats:
    """Return the residents by kommune, shape (runs, kommuner).

    A run's kommune is off the projection by ``population_spread_pct`` x years ahead x
    one standard normal number, at least 0 persons: an error of the trend grows with time.
    """
    persons: Floats = model.population.persons[year][None, :]
    if draws is None:
        return persons
    off = spread * model.rules.population_spread_pct / _PCT * year * draws.population
    drawn: Floats = persons * np.maximum(0.0, 1.0 + off)
    return drawn


def post_capacities(model: Model) -> Floats:
    """Return what each post fills, shape (posts,): today's posts, then the new halves."""
    new_posts = model.steps * model.most_new_posts
    return np.concatenate([model.posts.capacity, np.full(new_posts, HALF)])


def post_doctors(model: Model) -> Floats:
    """Return the doctors that each post is for, shape (posts,): a new half is half a doctor's."""
    new_posts = model.steps * model.most_new_posts
    share = HALF / model.rules.capacities_per_doctor
    return np.concatenate([np.ones(len(model.posts.practice)), np.full(new_posts, share)])


def sum_of_kommuner(model: Model, state: State, values: Floats) -> Floats:
    """Return the values of new posts, shape (runs, new posts), by kommune: (runs, kommuner)."""
    runs, kommuner = len(values), len(model.kommune_codes)
    at = state.kommune + np.arange(runs)[:, None] * (kommuner + 1)
    size = runs * (kommuner + 1)
    sums = np.bincount(at.ravel(), weights=values.ravel(), minlength=size).astype(np.float64)
    return sums.reshape(runs, kommuner + 1)[:, :kommuner]


def capacity_now(model: Model, state: State) -> tuple[Floats, Floats]:
    """Return the capacities of practices and of new posts: (runs, practices), (runs, kommuner)."""
    held = state.mass.sum(axis=2) * post_capacities(model)
    posts = len(model.posts.practice)
    at_practice = held[:, :posts] @ model.posts.at_practice
    return at_practice, sum_of_kommuner(model, state, held[:, posts:])


def take_step(model: Model, state: State, year: int, chance: Chance, draws: Draws | None) -> Flows:
    """Bring the state from the end of year - 1 to that of ``year`` (1 for the first), and tell."""
    posts, capacity = len(model.posts.practice), post_capacities(model)
    freed, taken = _exchange(model, state, year, chance, draws)
    retired, taken_over = freed * capacity, taken * capacity
    spent = taken_over.sum(axis=1)
    persons = persons_of_year(model, year, chance.spread, draws)
    opened, to_shortage = _grow(model, state, year, persons, spent)
    doctors = state.mass[:, :posts].sum(axis=2) @ model.posts.at_practice
    state.practice_open &= ~model.practices.inside | (doctors >= HALF - _TOLERANCE)
    old = [part[:, :posts] @ model.posts.at_practice for part in (retired, taken_over)]
    new = [sum_of_kommuner(model, state, part[:, posts:]) for part in (retired, taken_over)]
    return Flows(
        retired=old[0],
        taken_over=old[1],
        lapsed=old[0] - old[1],
        new_retired=new[0],
        new_taken_over=new[1],
        new_lapsed=new[0] - new[1],
        opened=opened,
        opened_to_shortage=to_shortage,
    )


def _exchange(
    model: Model, state: State, year: int, chance: Chance, draws: Draws | None
) -> tuple[Floats, Floats]:
    """Let doctors stop and others take over; return both as shares of posts: (runs, posts)."""
    at = year - 1
    leaving = state.mass * chance.happens(
        _exits(model, at), None if draws is None else draws.stops[:, at, :, None]
    )
    state.mass -= leaving
    freed = leaving.sum(axis=2)
    found = None if draws is None else draws.found[:, at]
    capacity = post_capacities(model)
    wanted = _takeover_shares(model, state, at)
    expected = (freed * wanted) @ capacity
    available = model.target.available_capacities
    enough = np.minimum(1.0, available / np.maximum(expected, _TOLERANCE))
    taken = freed * chance.happens(wanted * enough[:, None], found)
    if found is not None:
        _keep_within(taken, capacity, available, found)
    state.mass[:, :, year] += taken
    return freed, taken


def _exits(model: Model, at: int) -> Floats:
    """Return each doctor's probability to stop in a step: (posts, years + 1)."""
    posts = len(model.posts.practice) + model.steps * model.most_new_posts
    exits = np.zeros((posts, model.steps + 1))
    exits[: len(model.posts.practice), 0] = model.posts.exits[at]
    # Whoever came in step n has been there at - n years when step at begins.
    exits[:, 1 : at + 1] = model.posts.new_exits[:at][::-1]
    return exits


def _takeover_shares(model: Model, state: State, at: int) -> Floats:
    """Return the probability that a freed post is taken over, shape (runs, posts)."""
    usual, threatened = (
        share / _PCT for share in (model.rules.takeover_pct, model.rules.takeover_threatened_pct)
    )
    hard = state.threatened | model.designated[at]
    row = model.threatened_row[model.posts.practice]
    at_posts = np.where(row == NOWHERE, 0.0, hard[:, row])
    of_kommune = hard @ model.threatened_share.T
    padded = np.hstack([of_kommune, np.zeros((len(hard), 1))])
    at_new = np.take_along_axis(padded, state.kommune, axis=1)
    return usual + (threatened - usual) * np.hstack([at_posts, at_new])


def _keep_within(taken: Floats, capacity: Floats, available: float, found: Floats) -> None:
    """Undo takeovers beyond the specialists there are: those with the highest number drawn."""
    used = taken @ capacity
    for run in np.flatnonzero(used > available + _TOLERANCE):
        order = np.argsort(found[run], kind="stable")
        sums = np.cumsum(taken[run, order] * capacity[order])
        taken[run, order[sums > available + _TOLERANCE]] = 0.0


def _grow(
    model: Model, state: State, year: int, persons: Floats, spent: Floats
) -> tuple[Floats, Floats]:
    """Open new posts; return the capacities by kommune, all and those by shortage."""
    at_practice, new = capacity_now(model, state)
    present = new + practices_by_kommune(model, at_practice)
    total = new.sum(axis=1) + at_practice[:, model.practices.inside].sum(axis=1)
    target = model.target
    allowed = np.minimum(target.capacities[year] - total, target.available_capacities - spent)
    halves = _halves(np.maximum(0.0, allowed))
    runs = len(present)
    shortage = shortage_of(model, year, persons, present)
    left = np.maximum(0.0, target.shortage_capacities - state.to_shortage)
    by_shortage = give_halves(
        shortage,
        np.zeros(present.shape),
        np.minimum(halves, _halves(left)),
        _halves(shortage).astype(np.float64),
    )
    held = 2.0 * present + by_shortage.halves
    votes = np.broadcast_to(target.votes_of(year, persons), present.shape)
    rest = halves - by_shortage.halves.sum(axis=1)
    by_votes = give_halves(votes, held, rest, np.full(present.shape, np.inf))
    order = np.hstack([by_shortage.to_area, by_votes.to_area])
    first = (year - 1) * model.most_new_posts
    for run in range(runs):
        areas = order[run][order[run] != NOBODY]
        state.kommune[run, first : first + len(areas)] = areas
        at = len(model.posts.practice) + first
        state.mass[run, at : at + len(areas), year] = 1.0
    opened = (by_shortage.halves + by_votes.halves).astype(np.float64) * HALF
    state.opened += opened
    to_shortage = by_shortage.halves.astype(np.float64) * HALF
    state.to_shortage += to_shortage.sum(axis=1)
    return opened, to_shortage


def shortage_of(model: Model, year: int, persons: Floats, present: Floats) -> Floats:
    """Return the capacities short of need at the closing limit, at least 0: (runs, kommuner).

    ``need-weighted residents / closing limit - capacities``.
    """
    needing = persons * model.population.need_weight[year]
    short: Floats = np.maximum(0.0, needing / model.limit - present)
    return short


def practices_by_kommune(model: Model, at_practice: Floats) -> Floats:
    """Return values of shape (runs, practices) by kommune, of the study's own: (runs, kommuner)."""
    kommuner = len(model.kommune_codes)
    member = model.practices.kommune[:, None] == np.arange(kommuner)
    sums: Floats = np.where(model.practices.inside, at_practice, 0.0) @ member.astype(np.float64)
    return sums


def _halves(capacities: Floats) -> Wholes:
    """Return the whole halves in capacities."""
    return np.floor(2.0 * capacities + _TOLERANCE).astype(np.int64)
