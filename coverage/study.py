"""The whole run: the files of a study -> an assessment, and the account of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from coverage import __version__
from coverage.areas import locate_in_areas
from coverage.assessment import Assessment, assess
from coverage.cache import PreparedRoads, prepare_roads
from coverage.errors import (
    CoordinateError,
    LaegedaekningError,
    NoDanishCellsError,
    StudyError,
)
from coverage.exports.stamp import RunStamp
from coverage.origins import Origins, build_origins
from coverage.rules import RuleSet, TravelRules, load_ruleset
from coverage.search import Places, join_places
from coverage.sources.area_levels import read_area_level
from coverage.sources.geocode import AddressBook, geocode_practices
from coverage.sources.kommuner import read_kommuner
from coverage.sources.population import read_population
from coverage.sources.practices import Register, read_practices
from coverage.sources.provenance import Provenance
from coverage.sources.towns import read_towns
from coverage.study_file import REQUIRED_INPUTS, Study
from coverage.tables import TOWNS, Tables, empty_table
from coverage.travel import measure_travel
from coverage.wording import Notice

StageProgress = Callable[[str, float], None]
T = TypeVar("T")
Read = tuple[T, tuple[Provenance, ...]]

STAGES = (
    "kommuner",
    "practices",
    "population",
    "roads",
    "addresses",
    "origins",
    "snapping",
    "travel",
    "choice",
)
_CHRISTIANSOE = "0411"
_CACHE_FOLDER = ".laegedaekning-cache"


@dataclass(frozen=True)
class StudyResult:
    """What a run gives.

    Attributes
    ----------
    study
        As it was run.
    assessment
        The answers.
    stamp
        The account: inputs, rules, counts, timings.
    """

    study: Study
    assessment: Assessment
    stamp: RunStamp


@dataclass(frozen=True)
class CheckReport:
    """What a look at a study's inputs found; nothing was written.

    Attributes
    ----------
    accounts
        One per file that could be read.
    problems
        Every error found, one per file at the most.
    notices
        What a reader of the numbers would have to know.
    """

    accounts: tuple[Provenance, ...]
    problems: tuple[LaegedaekningError, ...]
    notices: tuple[Notice, ...]


class _Clock:
    """Reports each stage and keeps its seconds."""

    def __init__(self, progress: StageProgress | None) -> None:
        self._progress = progress
        self._started = perf_counter()
        self._stage = ""
        self.timings_s: dict[str, float] = {}

    def start(self, stage: str) -> None:
        self.stop()
        self._stage = stage
        self.share(0.0)

    def share(self, done: float) -> None:
        if self._progress:
            self._progress(self._stage, done)

    def stop(self) -> None:
        now = perf_counter()
        if self._stage:
            self.timings_s[self._stage] = round(now - self._started, 3)
            self.share(1.0)
            self._stage = ""
        self._started = now


class _Attempts:
    """Reads, and either stops at the first error or collects them and goes on."""

    def __init__(self, *, collect: bool) -> None:
        self._collect = collect
        self.problems: list[LaegedaekningError] = []
        self.accounts: list[Provenance] = []

    def read(self, reader: Callable[[], Read[T]]) -> T | None:
        try:
            value, accounts = reader()
        except LaegedaekningError as problem:
            if not self._collect:
                raise
            self.problems.append(problem)
            return None
        self.accounts.extend(accounts)
        return value


@dataclass(frozen=True)
class _Kommuner:
    """The study's kommuner, all kommuner of the file, and the levels above them."""

    own: gpd.GeoDataFrame
    all: gpd.GeoDataFrame
    area_of_kommune: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Inputs:
    """The read files of a study, before anything is measured."""

    kommuner: _Kommuner
    cells: pd.DataFrame
    register: Register
    roads: PreparedRoads
    towns: pd.DataFrame
    accounts: tuple[Provenance, ...]
    cache_works: bool


def study_rules(study: Study) -> RuleSet:
    """Return the rules that apply to the study.

    Raises
    ------
    RuleError
    """
    return load_ruleset(study.ruleset, study.as_of).override(study.overrides)


def default_cache_folder(study: Study) -> Path | None:
    """Return where the study keeps its prepared roads: as it says, or beside its file."""
    if study.cache_folder:
        return study.cache_folder
    return study.path.resolve().parent / _CACHE_FOLDER if study.path else None


def run_study(study: Study, progress: StageProgress | None = None) -> StudyResult:
    """Read, measure and assess.

    Parameters
    ----------
    progress
        Called with the stage (of ``STAGES``) and the share of it that is done.

    Raises
    ------
    LaegedaekningError
        The first thing that is wrong; ``check_study`` finds them all.
    """
    clock = _Clock(progress)
    rules = study_rules(study)
    attempts = _Attempts(collect=False)
    inputs = _read_inputs(study, rules.travel, default_cache_folder(study), clock, attempts)
    assessment = _measure(study, rules, inputs, clock)
    return StudyResult(study, assessment, _stamp(study, assessment, inputs, clock.timings_s))


def check_study(study: Study, progress: StageProgress | None = None) -> CheckReport:
    """Read and judge every input, collecting what is wrong; write nothing.

    Raises
    ------
    RuleError
        If the study's rules are wrong: without them nothing can be judged.
    """
    clock = _Clock(progress)
    rules = study_rules(study)
    attempts = _Attempts(collect=True)
    try:
        inputs = _read_inputs(study, rules.travel, None, clock, attempts)
        notices = _measure(study, rules, inputs, clock).notices
    except LaegedaekningError as problem:
        problems = attempts.problems or [problem]
        return CheckReport(tuple(attempts.accounts), tuple(problems), ())
    return CheckReport(tuple(attempts.accounts), (), notices)


def _read_inputs(
    study: Study,
    rules: TravelRules,
    cache_folder: Path | None,
    clock: _Clock,
    attempts: _Attempts,
) -> _Inputs:
    clock.start("kommuner")
    kommuner = attempts.read(lambda: _read_kommuner(study))
    clock.start("practices")
    register = attempts.read(lambda: _read_register(study))
    towns = attempts.read(lambda: _read_towns(study))
    clock.start("population")
    cells = attempts.read(lambda: _read_cells(study, kommuner, rules))
    clock.start("roads")
    roads = attempts.read(lambda: _read_roads(study, rules, cache_folder))
    if kommuner is None or register is None or towns is None or cells is None or roads is None:
        raise attempts.problems[0]
    prepared, cache_works = roads
    return _Inputs(
        kommuner, cells, register, prepared, towns, tuple(attempts.accounts), cache_works
    )


def _read_kommuner(study: Study) -> Read[_Kommuner]:
    every, account = read_kommuner(study.kommuner.path, as_of=study.kommuner.as_of)
    wanted = study.wanted_kommuner()
    own = every
    if wanted is not None:
        missing = sorted(set(wanted) - set(every["kommune_code"]))
        # Christiansø belongs to no kommune, and many boundary files leave it out.
        missing = [code for code in missing if code != _CHRISTIANSOE]
        if missing:
            raise StudyError(
                "The boundary file lacks kommuner of the study's area",
                where=account.file_name,
                rows=missing,
                hint="Use a boundary file that holds them, or take them out of [area].",
            )
        own = every[every["kommune_code"].isin(wanted)].reset_index(drop=True)
    levels, accounts = _read_levels(study, tuple(own["kommune_code"]))
    return _Kommuner(own, every, levels), (account, *accounts)


def _read_levels(study: Study, codes: tuple[str, ...]) -> Read[Mapping[str, Mapping[str, str]]]:
    levels = {}
    accounts = []
    for name, file in study.area_levels.items():
        levels[name], account = read_area_level(file.path, codes, as_of=file.as_of)
        accounts.append(account)
    return levels, tuple(accounts)


def _read_register(study: Study) -> Read[Register]:
    register = read_practices(study.practices.path, as_of=study.practices.as_of)
    return register, (register.provenance,)


def _read_towns(study: Study) -> Read[pd.DataFrame]:
    if study.towns is None:
        return empty_table(TOWNS), ()
    towns, account = read_towns(study.towns.path, as_of=study.towns.as_of)
    return towns, (account,)


def _read_cells(study: Study, kommuner: _Kommuner | None, rules: TravelRules) -> Read[pd.DataFrame]:
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


def _measure(study: Study, rules: RuleSet, inputs: _Inputs, clock: _Clock) -> Assessment:
    """Place the practices and the people, measure all roads between them, and assess."""
    travel_rules, graph = rules.travel, inputs.roads.graph
    clock.start("addresses")
    book = AddressBook(inputs.roads.addresses)
    practices = geocode_practices(inputs.register.practices, book)
    clock.start("origins")
    origins = build_origins(
        inputs.cells,
        inputs.roads.addresses,
        inputs.kommuner.own,
        resolution=study.resolution,
        max_shore_m=travel_rules.max_shore_m,
    )
    _refuse_empty_area(origins, inputs)
    clock.start("snapping")
    placed = practices[practices["x_m"].notna()].rename(columns={"ydernummer": "site_id"})
    homes = join_places(graph, origins.table, "origin_id", travel_rules)
    sites = join_places(graph, placed, "site_id", travel_rules)
    _refuse_sites_at_sea(placed, sites, inputs, travel_rules)
    clock.start("travel")
    matrix = measure_travel(graph, homes, sites, travel_rules.cutoff_m, clock.share)
    clock.start("choice")
    assessment = assess(
        title=study.title,
        illustrative=study.illustrative,
        rules=rules,
        tables=Tables(
            practices=practices,
            doctors=inputs.register.doctors,
            cells=inputs.cells,
            addresses=inputs.roads.addresses,
            towns=inputs.towns,
            kommuner=inputs.kommuner.own,
        ),
        origins=origins,
        matrix=matrix,
        area_of_kommune=inputs.kommuner.area_of_kommune,
        notices=_input_notices(study, inputs),
    )
    clock.stop()
    return assessment


def _refuse_empty_area(origins: Origins, inputs: _Inputs) -> None:
    if not len(origins.table):
        raise NoDanishCellsError(
            "Nobody of the population grid lives in the study's kommuner",
            where=inputs.accounts[0].file_name,
            hint="Check that the grid and the kommuner of [area] are of the same place.",
        )


def _refuse_sites_at_sea(
    placed: pd.DataFrame, sites: Places, inputs: _Inputs, rules: TravelRules
) -> None:
    """Raise CoordinateError for practices whose own coordinates have neither road nor land."""
    off_road = placed[~sites.snaps.snapped & (placed["match_level"] == "coordinates").to_numpy()]
    area = locate_in_areas(
        off_road["x_m"].to_numpy(),
        off_road["y_m"].to_numpy(),
        inputs.kommuner.all,
        "kommune_code",
        max_distance_m=rules.max_shore_m,
    )
    at_sea = off_road[pd.isna(area).to_numpy() if hasattr(area, "to_numpy") else pd.isna(area)]
    if len(at_sea):
        raise CoordinateError(
            "Practices lie in the sea: no land and no road near their coordinates",
            where=f"{inputs.register.provenance.file_name}, x and y",
            rows=list(at_sea["source_row"]),
            hint="Check the coordinates: metres in EPSG:25832, easting first.",
        )


def _input_notices(study: Study, inputs: _Inputs) -> tuple[Notice, ...]:
    notices = []
    if study.illustrative:
        notices.append(Notice("illustrative"))
    practices_as_of, population_as_of = study.practices.as_of, study.population.as_of
    if practices_as_of and population_as_of and practices_as_of.year != population_as_of.year:
        years = (
            ("practices_year", practices_as_of.year),
            ("population_year", population_as_of.year),
        )
        notices.append(Notice("years_differ", years))
    undated = [name for name in REQUIRED_INPUTS if getattr(study, name).as_of is None]
    if undated:
        notices.append(Notice("undated", (("inputs", ", ".join(undated)),)))
    if not inputs.cache_works:
        notices.append(Notice("cache_not_written"))
    return tuple(notices)


def _stamp(
    study: Study, assessment: Assessment, inputs: _Inputs, timings_s: Mapping[str, float]
) -> RunStamp:
    practices = assessment.tables.practices
    return RunStamp(
        study_title=study.title,
        study_file=study.path.name if study.path else "",
        as_of=study.as_of,
        ruleset_id=assessment.rules.id,
        version=__version__,
        resolution=assessment.origins.resolution,
        inputs=inputs.accounts,
        row_counts={
            "practices": len(practices),
            "practices_open": len(assessment.choice.open_ids),
            "practices_placed": len(assessment.matrix.site_ids),
            "doctors": len(assessment.tables.doctors),
            "cells": len(assessment.tables.cells),
            "addresses": len(assessment.tables.addresses),
            "origins": len(assessment.origins.table),
            "pairs": assessment.matrix.pair_count,
            "road_nodes": inputs.roads.graph.node_count,
            "road_edges": inputs.roads.graph.edge_count,
            **{f"areas_{level}": len(table) for level, table in assessment.by_area.items()},
        },
        timings_s=timings_s,
    )
