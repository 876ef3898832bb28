"""A good set of sites quickly: greedy, then annealed swaps.

Greedy opens the site that adds most, again and again. Then, again and again, one site or
moved practice is taken up and put down anew: at any place that the conditions allow, with a
probability that grows with what it adds there, ``exp(gain / temperature)``. The temperature
falls; while it is high the search leaves hollows that single swaps cannot (Kirkpatrick S,
Gelatt CD, Vecchi MP (1983), Optimization by simulated annealing, Science 220:671-680; choosing
by those probabilities: Geman S, Geman D (1984), IEEE Transactions on Pattern Analysis and
Machine Intelligence 6:721-741). All places are weighed at once, so a step is never in vain.

A pair of sites that give a choice only together adds nothing by its first site. So half-met
needs count for something at first, and for nothing at the end.

The same seed and the same number of steps give the same answer on any machine.
"""

import numpy as np

from coverage.placement.conditions import Draft
from coverage.placement.program import Problem, solve_feasible
from coverage.placement.request import Watch
from coverage.placement.search_state import SearchState
from coverage.placement.units import Floats

# What a half-met need counts for in greedy and at the annealing's start; the best of those
# tried on the demo (docs/decisions/0016).
HALF_WORTH = 0.45
_STAGES = 24
# Steps between two looks at whether anybody wants more of them.
_STEPS_UNASKED = 100
# Temperatures at the start and the end, as shares of the mean gain of a site.
_HOT, _COLD = 0.1, 0.001


def search(problem: Problem, *, steps: int, seed: int, watch: Watch, start: Draft | None) -> Draft:
    """Return the best draft found by greedy and annealing.

    Parameters
    ----------
    start
        A draft that meets the conditions, to begin from instead of greedy's.

    Raises
    ------
    PlacementError
        If no draft meets the conditions.
    """
    draft = greedy(problem, watch) if start is None else start
    return anneal(problem, draft, steps=steps, seed=seed, watch=watch)


def greedy(problem: Problem, watch: Watch) -> Draft:
    """Return what opening the best site again and again gives."""
    conditions = problem.conditions
    state = SearchState(problem.units, conditions, conditions.start)
    state.set_half_worth(HALF_WORTH)
    for place in np.flatnonzero(conditions.forced):
        state.open_new(int(place))
    while len(state.new) < conditions.most_sites:
        allowed = state.allowed_new(conditions.areas_that_lead_on(state.counts))
        if not allowed.any():
            break
        gain = np.where(allowed, state.gain[: conditions.candidates], -np.inf)
        state.open_new(int(np.argmax(gain)))
    if conditions.is_met(state.draft):
        return state.draft
    return solve_feasible(problem, state, watch)


def anneal(problem: Problem, draft: Draft, *, steps: int, seed: int, watch: Watch) -> Draft:
    """Return the best draft seen while sites are taken up and put down anew."""
    conditions = problem.conditions
    state = SearchState(problem.units, conditions, draft)
    tokens = _tokens(problem, draft)
    best, best_worth = draft, problem.worth(draft)
    if not tokens or steps == 0:
        return best
    random = np.random.default_rng(seed)
    mean_gain = max(best_worth - problem.worth(conditions.start), 1e-9) / len(tokens)
    per_stage = -(-steps // _STAGES)
    for stage in range(_STAGES):
        share = stage / (_STAGES - 1)
        state.set_half_worth(HALF_WORTH * max(0.0, 1.0 - 2.0 * share))
        temperature = mean_gain * _HOT * (_COLD / _HOT) ** share
        for number, token in enumerate(random.integers(len(tokens), size=per_stage)):
            if number % _STEPS_UNASKED == 0 and not watch.keep_going():
                return best
            _place_anew(problem, state, tokens, int(token), (temperature, random))
            worth = problem.worth_of_state(state)
            if worth > best_worth + problem.tolerance:
                best, best_worth = state.draft, worth
        watch.progress("heuristic", (stage + 1) / _STAGES)
    return best


def _tokens(problem: Problem, draft: Draft) -> list[tuple[bool, int]]:
    """Return what can be taken up: (True, mover), or (False, position of a new site)."""
    forced = problem.conditions.forced
    movers = [(True, at) for at, to in enumerate(problem.conditions.destinations) if len(to)]
    return [*movers, *((False, place) for place in draft.new if not forced[place])]


def _place_anew(
    problem: Problem,
    state: SearchState,
    tokens: list[tuple[bool, int]],
    token: int,
    heat: tuple[float, np.random.Generator],
) -> None:
    """Take a token up and put it down at one of all the places that are allowed."""
    is_mover, at = tokens[token]
    if is_mover:
        state.lift(at)
        places = state.allowed_for(at)
        cost = np.where(places < problem.conditions.candidates, problem.move_worth, 0.0)
        place = int(places[_draw(state.gain[places] - cost, heat)])
        state.set_down(at, place)
        return
    state.close_new(at)
    places = np.flatnonzero(state.allowed_new(problem.conditions.areas_that_fit(state.counts)))
    place = int(places[_draw(state.gain[places], heat)])
    state.open_new(place)
    tokens[token] = (False, place)


def _draw(gain: Floats, heat: tuple[float, np.random.Generator]) -> int:
    """Return one of the choices, with the probability of its gain at this temperature."""
    temperature, random = heat
    chance = np.cumsum(np.exp((gain - gain.max()) / temperature))
    return int(np.searchsorted(chance, random.random() * chance[-1], side="right"))
