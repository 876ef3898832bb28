"""Reads the files of a study, one after the other, with progress and an account of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter

import geopandas as gpd
import pandas as pd

from coverage.attempts import Attempts, Read
from coverage.cache import PreparedRoads, prepare_roads
from coverage.errors import LaegedaekningError, NoDanishCellsError, StudyError
from coverage.plan_inputs import read_plan
from coverage.plan_tables import Division, PlanTables
from coverage.rule_groups import TravelRules
from coverage.rules import RuleSet
from coverage.sources.area_levels import read_area_level
from coverage.sources.kommune_codes import CHRISTIANSOE_CODE
from coverage.sources.kommuner import read_kommuner
from coverage.sources.population import read_population
from coverage.sources.practices import Register, read_practices
from coverage.sources.provenance import Provenance
from coverage.sources.towns import read_towns
from coverage.study_file import LevelFile, Study
from coverage.tables import TOWNS, empty_table

StageProgress = Callable[[str, float], None]


class Clock:
    """Reports each stage of a run and keeps its seconds."""

    def __init__(self, progress: StageProgress | None) -> None:
        self._progress = progress
        self._started = perf_counter()
        self._stage = ""
        self.timings_s: dict[str, float] = {}

    def start(self, stage: str) -> None:
        """End the running stage and begin another."""
        self.stop()
        self._stage = stage
        self.share(0.0)

    def share(self, done: float) -> None:
        """Report the share (0 to 1) of the running stage that is done."""
        if self._progress:
            self._progress(self._stage, done)

    def stop(self) -> None:
        """End the running stage."""
        now = perf_counter()
        if self._stage:
            self.timings_s[self._stage] = round(now - self._started, 3)
            self.share(1.0)
            self._stage = ""
        self._started = now


@dataclass(frozen=True)
class Kommuner:
    """The kommuner of the file, the study's own among them, and the other levels of areas."""

    every: gpd.GeoDataFrame
    own: gpd.GeoDataFrame
    surroundings: gpd.GeoDataFrame
    divisions: Mapping[str, Division] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """The read files of a study, before anything is measured."""

    kommuner: Kommuner
    cells_file_name: str
    cells: pd.DataFrame
    register: Register
    roads: PreparedRoads
    towns: pd.DataFrame
    plan: PlanTables
    accounts: tuple[Provenance, ...]
    cache_works: bool


def read_inputs(
    study: Study,
    rules: RuleSet,
    cache_folder: Path | None,
    clock: Clock,
    attempts: Attempts,
) -> Inputs:
    """Return the read files of a study, the cheap ones first.

    Parameters
    ----------
    cache_folder
        Of the prepared roads; None reads anew and writes nothing.

    Raises
    ------
    LaegedaekningError
        The first one; if errors are collected, after every file was tried.
    """
    clock.start("kommuner")
    kommuner = attempts.read(lambda: _read_kommuner(study))
    codes = _codes(study, kommuner)
    divisions = None if codes is None else _read_divisions(study, codes, attempts)
    clock.start("practices")
    register = attempts.read(lambda: _read_register(study))
    towns = attempts.read(lambda: _read_towns(study))
    plan = None
    if codes is not None:
        plan = read_plan(study, codes, register, rules.designation.min_months, attempts)
    clock.start("population")
    cells = attempts.read(lambda: _read_cells(study, kommuner, rules.travel))
    clock.start("roads")
    roads = attempts.read(lambda: _read_roads(study, rules.travel, cache_folder))
    if kommuner is None or divisions is None or register is None:
        raise attempts.problems[0]
    if towns is None or plan is None or cells is None or roads is None:
        raise attempts.problems[0]
    prepared, cache_works = roads
    return Inputs(
        kommuner=replace(kommuner, divisions=divisions),
        cells_file_name=study.population.path.name,
        cells=cells,
        register=register,
        roads=prepared,
        towns=towns,
        plan=plan,
        accounts=tuple(attempts.accounts),
        cache_works=cache_works,
    )


def _read_kommuner(study: Study) -> Read[Kommuner]:
    every, account = read_kommuner(study.kommuner.path, as_of=study.kommuner.as_of)
    wanted = study.wanted_kommuner()
    own, surroundings = every, every.iloc[:0]
    if wanted is not None:
        missing = sorted(set(wanted) - set(every["kommune_code"]))
        # Christiansø belongs to no kommune, and many boundary files leave it out.
        missing = [code for code in missing if code != CHRISTIANSOE_CODE]
        if missing:
            raise StudyError(
                "The boundary file lacks kommuner of the study's area",
                where=account.file_name,
                rows=missing,
                hint="Use a boundary file that holds them, or take them out of [area].",
            )
        inside = every["kommune_code"].isin(wanted)
        own = every[inside].reset_index(drop=True)
        surroundings = every[~inside].reset_index(drop=True)
    return Kommuner(every, own, surroundings), (account,)


def _codes(study: Study, kommuner: Kommuner | None) -> tuple[str, ...] | None:
    """Return the study's kommuner; None where neither the boundaries nor the study tell them."""
    if kommuner is not None:
        return tuple(kommuner.own["kommune_code"])
    try:
        return study.wanted_kommuner()
    except LaegedaekningError:
        # Said already, when the boundaries were read.
        return None


def _read_divisions(
    study: Study, codes: tuple[str, ...], attempts: Attempts
) -> Mapping[str, Division] | None:
    """Return the other levels of areas; None if errors are collected and there was one."""
    found = {
        name: attempts.read(partial(_read_division, file, codes))
        for name, file in study.area_levels.items()
    }
    divisions = {name: division for name, division in found.items() if division is not None}
    return divisions if len(divisions) == len(found) else None


def _read_division(file: LevelFile, codes: tuple[str, ...]) -> Read[Division]:
    division, account = read_area_level(file.path, codes, as_of=file.as_of, column=file.column)
    return division, (account,)


def _read_register(study: Study) -> Read[Register]:
    register = read_practices(study.practices.path, as_of=study.practices.as_of)
    return register, (register.provenance,)


def _read_towns(study: Study) -> Read[pd.DataFrame]:
    if study.towns is None:
        return empty_table(TOWNS), ()
    towns, account = read_towns(study.towns.path, as_of=study.towns.as_of)
    return towns, (account,)


def _read_cells(study: Study, kommuner: Kommuner | None, rules: TravelRules) -> Read[pd.DataFrame]:
    box = None
    if kommuner is not None:
        west, south, east, north = (float(side) for side in kommuner.own.total_bounds)
        # A cell whose centre is off the coast may still hold homes on land.
        margin_m = rules.max_shore_m
        box = (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    cells, account = read_population(
        study.population.path, as_of=study.population.as_of, within=box
    )
    if not len(cells):
        raise NoDanishCellsError(
            "The population grid has no cell in the study's area",
            where=account.file_name,
            hint="Check that the grid and the kommuner of [area] are of the same place.",
        )
    return cells, (account,)


def _read_roads(
    study: Study, rules: TravelRules, cache_folder: Path | None
) -> Read[tuple[PreparedRoads, bool]]:
    prepared, cache_works = prepare_roads(study.roads.path, study.roads.as_of, rules, cache_folder)
    return (prepared, cache_works), (prepared.provenance,)
