"""What a visitor has chosen on the page on the years to 2035: one frozen value of its own."""

from dataclasses import dataclass, replace

# How many runs are offered: more take longer and change less.
RUNS = (100, 500, 1000, 2000)
MAX_SEED = 2**32 - 1
# What the chart, the map and the table of years can show.
CHART_FIGURES = ("capacities", "residents_per_capacity", "persons_without_choice")
MAP_FIGURES = ("target", "need", "signal", "choice")
# Where new practices lie: beside existing ones, or where the engine finds that most people gain.
PLACES = ("beside", "search")
YEAR_FIGURES = ("opened", "end", "short", "retired", "lapsed")

Assumptions = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class PathwayView:
    """What the page Mod 5.000 shows.

    Attributes
    ----------
    year
        The one that is shown; 0 for the last.
    chart, map, years
        The figure of each, of ``CHART_FIGURES``, ``MAP_FIGURES``, ``YEAR_FIGURES``.
    places
        Where new practices lie, of ``PLACES``.
    assumptions
        Rule key and value of the assumptions that the visitor has moved.
    resets
        How often they were put back.
    runs, seed
        Of the runs of chance.
    seed_problem
        What was typed as a seed and is none; empty if the last one was.
    scenario
        What the years start from: ``baseline``, ``draft`` or a saved scenario's file name.
    """

    year: int = 0
    chart: str = CHART_FIGURES[0]
    map: str = MAP_FIGURES[0]
    years: str = YEAR_FIGURES[0]
    places: str = PLACES[0]
    assumptions: Assumptions = ()
    resets: int = 0
    runs: int = RUNS[1]
    seed: int = 1
    seed_problem: str = ""
    scenario: str = "baseline"


def move_assumption(view: PathwayView, key: str, value: float, usual: float) -> PathwayView:
    """Return the view with an assumption moved; back at the study's own value it is not moved."""
    others = {name: kept for name, kept in view.assumptions if name != key}
    moved = others if value == usual else {**others, key: value}
    return replace(view, assumptions=tuple(sorted(moved.items())))


def type_seed(view: PathwayView, text: str) -> PathwayView:
    """Return the view with the seed that was typed: a whole number without signs, or a problem."""
    seed = parse_seed(text)
    if seed is None:
        return replace(view, seed_problem=text.strip() or "–")
    return replace(view, seed=seed, seed_problem="")


def parse_seed(text: str) -> int | None:
    """Return the whole number without signs that was typed, or None."""
    typed = text.strip()
    is_whole = typed.isascii() and typed.isdigit() and len(typed) <= len(str(MAX_SEED))
    return int(typed) if is_whole and int(typed) <= MAX_SEED else None


def shown_year(view: PathwayView, years: tuple[int, ...]) -> int:
    """Return the year that is shown: the chosen one, or the last."""
    return view.year if view.year in years else years[-1]
