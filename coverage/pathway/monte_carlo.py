"""What chance adds to the expected path: who stops, who is found, how many people there are.

Each run draws, for every doctor and year, whether the doctor stops and whether
somebody takes over, and for every kommune how far its population is off the projection
(``simulate.persons_of_year``). Run number n draws from the n-th child of one seed
(numpy's ``SeedSequence.spawn``), so that the answer depends neither on how runs are put
into chunks nor on how many processes take them. With ``spread`` 0 every run is the
expected path itself, by the same code.

The places of new practices are those of the expected path, in its order: a run that
opens more in a kommune opens them at its last place. The criterion of the population's
trend is that of the projection in every run.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.pathway.exits import Chance
from coverage.pathway.figures import Figures, observe
from coverage.pathway.model import Model
from coverage.pathway.new_places import Places
from coverage.pathway.pathway import Pathway, signalling
from coverage.pathway.simulate import Draws, persons_of_year, start, take_step
from coverage.signal_rule import CRITERIA

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Of ``Bands.table``.
MEASURES = (
    "capacities",
    "residents_per_capacity",
    "persons_without_choice",
    "short_of_target_capacities",
)
STAGE = "runs"
_QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
_CHOICE = CRITERIA.index("choice")


@dataclass(frozen=True)
class Trial:
    """What is drawn.

    Attributes
    ----------
    runs
        At least 1.
    seed
        Of all draws: the same seed gives the same answer.
    spread
        1 draws as it is; 0 makes every run the expected path; what lies between has
        the same mean and less spread.
    chunk_runs
        Runs that are worked on together, at least 1: more take more memory.

    Raises
    ------
    ValueError
        For figures out of these ranges.
    """

    runs: int = 500
    seed: int = 1
    spread: float = 1.0
    chunk_runs: int = 25

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.runs < 1 or self.chunk_runs < 1 or self.seed < 0:
            message = f"runs {self.runs}, chunk_runs {self.chunk_runs}, seed {self.seed}"
            raise ValueError(message)
        if not 0 <= self.spread <= 1:
            message = f"spread {self.spread:g} is not from 0 to 1"
            raise ValueError(message)


@dataclass(frozen=True)
class Chunk:
    """The runs of one chunk.

    Attributes
    ----------
    first
        Number of its first run.
    measures
        Measure -> shape (runs, years, rows); infinite where residents have no capacity.
    signals, lost
        Shape (runs, years, rows): the area signals; too few there have a choice.
    """

    first: int
    measures: dict[str, Floats]
    signals: Bools
    lost: Bools


# Does what ``map`` does, in order, perhaps by several processes: chunk function, run numbers.
MapChunks = Callable[[Callable[[range], Chunk], Sequence[range]], Iterable[Chunk]]


@dataclass(frozen=True)
class Bands:
    """What the runs came to.

    Every figure of both tables follows from the ages of the area's doctors: where these are
    fewer than rule ``publication.min_doctors`` the area's rows are to be withheld whole
    (docs/decisions/0014).

    Attributes
    ----------
    table
        One row a measure (of ``MEASURES``), year and row of areas: ``measure, year,
        area_level, area_id, area_name, mean, p10, p50, p90``: at least that share of the
        runs lie at or below it. Missing where it is infinite: residents without capacities.
    probabilities
        One row a year and area: ``year, area_level, area_id, area_name``;
        ``signal_probability`` and ``choice_lost_probability`` (the share with a choice
        is below rule ``designation.choice_pct``), 0 to 1. A criterion whose figure is
        missing is not met.
    runs
        Runs that were done.
    interrupted
        Fewer than asked for.
    trial
        What was asked for.
    """

    table: pd.DataFrame
    probabilities: pd.DataFrame
    runs: int
    interrupted: bool
    trial: Trial


@dataclass
class _Done:
    """The chunks that came back."""

    chunks: list[Chunk] = field(default_factory=list)
    runs: int = 0

    def add(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        self.runs += len(chunk.signals)


def run_trial(
    pathway: Pathway,
    trial: Trial,
    *,
    map_chunks: MapChunks = map,
    keep_going: Callable[[], bool] = lambda: True,
    progress: Callable[[str, float], None] = lambda _stage, _share: None,
) -> Bands:
    """Return the bands of a path.

    Parameters
    ----------
    pathway
        The expected path.
    map_chunks
        Takes the chunks; by default one after the other, here.
    keep_going
        Asked after every chunk; once it says no, the runs done so far are the answer.
    progress
        Called with ``"runs"`` and the share of them that is done, 0 to 1.
    """
    first = range(0, trial.runs, trial.chunk_runs)
    numbers = [range(one, min(one + trial.chunk_runs, trial.runs)) for one in first]
    work = partial(run_chunk, pathway.model, pathway.places, trial)
    done = _Done()
    progress(STAGE, 0.0)
    for chunk in map_chunks(work, numbers):
        done.add(chunk)
        progress(STAGE, done.runs / trial.runs)
        if not keep_going():
            break
    chunks = sorted(done.chunks, key=lambda chunk: chunk.first)
    return Bands(
        _band_table(pathway.model, chunks),
        _probabilities(pathway.model, chunks),
        done.runs,
        done.runs < trial.runs,
        trial,
    )


def run_chunk(model: Model, places: Places, trial: Trial, numbers: range) -> Chunk:
    """Return the runs of these numbers."""
    runs = len(numbers)
    draws, chance = _draw(model, trial, numbers), Chance(trial.spread)
    state = start(model, runs)
    kept: list[tuple[dict[str, Floats], Bools, Bools]] = []
    for year in range(len(model.years)):
        if year:
            take_step(model, state, year, chance, draws)
        persons = persons_of_year(model, year, trial.spread, draws)
        figures = observe(model, state, year, persons, places.reach, places.columns)
        state.threatened = signalling(model, figures)
        met = figures.met(model.scale.thresholds)[:, :, _CHOICE]
        kept.append((_measures(figures), state.threatened, met & model.rows.is_area))
    measures = {name: np.stack([year[0][name] for year in kept], axis=1) for name in MEASURES}
    signals = np.stack([year[1] for year in kept], axis=1)
    lost = np.stack([year[2] for year in kept], axis=1)
    return Chunk(numbers.start, measures, signals, lost)


def _draw(model: Model, trial: Trial, numbers: range) -> Draws:
    """Return the random numbers of some runs, each from a generator of its own."""
    shape = (model.steps, len(model.posts.practice) + model.steps * model.most_new_posts)
    stops = np.empty((len(numbers), *shape))
    found, population = np.empty_like(stops), np.empty((len(numbers), len(model.kommune_codes)))
    for at, number in enumerate(numbers):
        # The number-th of SeedSequence(seed).spawn(runs), without making those before it.
        seed = np.random.SeedSequence(trial.seed, spawn_key=(number,))
        generator = np.random.Generator(np.random.PCG64(seed))
        generator.random(out=stops[at])
        generator.random(out=found[at])
        generator.standard_normal(out=population[at])
    return Draws(stops, found, population)


def _measures(figures: Figures) -> dict[str, Floats]:
    per_capacity = np.full(figures.residents.shape, np.inf)
    held = figures.capacities > 0
    np.divide(figures.residents, figures.capacities, out=per_capacity, where=held)
    per_capacity[figures.residents <= 0] = np.nan
    return {
        "capacities": figures.capacities,
        "residents_per_capacity": per_capacity,
        "persons_without_choice": figures.residents - figures.with_choice,
        "short_of_target_capacities": np.maximum(0.0, figures.target - figures.capacities),
    }


def _band_table(model: Model, chunks: Sequence[Chunk]) -> pd.DataFrame:
    parts = []
    for name in MEASURES:
        values = np.concatenate([chunk.measures[name] for chunk in chunks])
        with np.errstate(invalid="ignore"):
            bands = {"mean": values.mean(axis=0)}
        # A value that some run has: between two of them one may be infinite.
        shares = list(_QUANTILES.values())
        quantiles = np.quantile(values, shares, axis=0, method="inverted_cdf")
        bands.update(zip(_QUANTILES, quantiles, strict=True))
        table = _years_and_rows(model)
        table.insert(0, "measure", pd.Series(name, index=table.index, dtype="str"))
        for band, of_band in bands.items():
            table[band] = np.where(np.isfinite(of_band), of_band, np.nan).ravel()
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _probabilities(model: Model, chunks: Sequence[Chunk]) -> pd.DataFrame:
    table = _years_and_rows(model).assign(
        signal_probability=_share([chunk.signals for chunk in chunks]),
        choice_lost_probability=_share([chunk.lost for chunk in chunks]),
    )
    is_area = np.tile(model.rows.is_area, len(model.years))
    return table[is_area].reset_index(drop=True)


def _share(held: Sequence[Bools]) -> Floats:
    shares: Floats = np.concatenate(held).mean(axis=0).ravel()
    return shares


def _years_and_rows(model: Model) -> pd.DataFrame:
    """Return every year with every row of areas."""
    table = pd.concat([model.rows.table] * len(model.years), ignore_index=True)
    table.insert(0, "year", np.repeat(model.years, len(model.rows.table)).astype(np.int64))
    return table
