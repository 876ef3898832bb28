"""The whole run: the files of a study -> an assessment, and the account of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from coverage import __version__
from coverage.areas import locate_in_areas
from coverage.assessment import Assessment, Measured, assess, designate_anew
from coverage.attempts import Attempts
from coverage.errors import CoordinateError, LaegedaekningError, NoDanishCellsError, RuleError
from coverage.exports.stamp import RunStamp
from coverage.origins import Origins, build_origins
from coverage.places import Places, join_places
from coverage.plan_inputs import read_judgement_file
from coverage.rule_groups import TravelRules
from coverage.rules import RuleSet, load_ruleset
from coverage.sentences import sentence
from coverage.sources.geocode import AddressBook, geocode_practices
from coverage.sources.judgements import ROLE as JUDGEMENTS_ROLE
from coverage.sources.provenance import Provenance
from coverage.study_file import REQUIRED_INPUTS, Study
from coverage.study_inputs import Clock, Inputs, StageProgress, read_inputs
from coverage.tables import Tables
from coverage.travel import TravelMatrix, measure_travel
from coverage.wording import Notice

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


def study_rules(study: Study) -> RuleSet:
    """Return the rules that apply to the study.

    Raises
    ------
    RuleError
    """
    rules = load_ruleset(study.ruleset, study.as_of)
    try:
        return rules.override(study.overrides)
    except RuleError as problem:
        where = sentence("study, rules.overrides")
        if study.path:
            where = sentence("{file}, rules.overrides", file=study.path.name)
        raise RuleError(problem.what, where=where, hint=problem.hint) from None


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
    clock = Clock(progress)
    rules = study_rules(study)
    attempts = Attempts(collect=False)
    inputs = read_inputs(study, rules, default_cache_folder(study), clock, attempts)
    assessment = _measure(study, rules, inputs, clock)
    return StudyResult(study, assessment, _stamp(study, assessment, inputs, clock.timings_s))


def redesignate_study(result: StudyResult, thresholds: Mapping[str, float]) -> StudyResult:
    """Return the result with other thresholds of designation and the judgements as filed now.

    Nothing is read but the judgements, nothing is measured: this answers a slider.

    Parameters
    ----------
    thresholds
        Rule key (of the group ``designation``) -> value; the rest is as the study has it.

    Raises
    ------
    RuleError
        For a value outside its range.
    LaegedaekningError
        For a file of judgements that cannot be read.
    """
    rules = study_rules(result.study).override(thresholds)
    judgements, accounts = read_judgement_file(result.study)
    assessment = designate_anew(result.assessment, rules, judgements)
    kept = tuple(source for source in result.stamp.inputs if source.role != JUDGEMENTS_ROLE)
    stamp = replace(result.stamp, ruleset_id=rules.id, inputs=(*kept, *accounts))
    return StudyResult(result.study, assessment, stamp)


def check_study(study: Study, progress: StageProgress | None = None) -> CheckReport:
    """Read and judge every input, collecting what is wrong; write nothing.

    Raises
    ------
    RuleError
        If the study's rules are wrong: without them nothing can be judged.
    """
    clock = Clock(progress)
    rules = study_rules(study)
    attempts = Attempts(collect=True)
    try:
        inputs = read_inputs(study, rules, None, clock, attempts)
        notices = _measure(study, rules, inputs, clock).notices
    except LaegedaekningError as problem:
        problems = attempts.problems or [problem]
        return CheckReport(tuple(attempts.accounts), tuple(problems), ())
    return CheckReport(tuple(attempts.accounts), (), notices)


def _measure(study: Study, rules: RuleSet, inputs: Inputs, clock: Clock) -> Assessment:
    """Place the practices and the people, measure all roads between them, and assess."""
    travel_rules = rules.travel
    clock.start("addresses")
    book = AddressBook(inputs.roads.addresses)
    practices = geocode_practices(inputs.register.practices, book)
    clock.start("origins")
    origins = build_origins(
        inputs.cells,
        inputs.roads.addresses,
        inputs.kommuner.every,
        kommune_codes=tuple(inputs.kommuner.own["kommune_code"]),
        resolution=study.resolution,
        max_shore_m=travel_rules.max_shore_m,
    )
    _refuse_empty_area(origins, inputs)
    matrix = _measure_matrix(practices, origins, inputs, rules, clock)
    clock.start("choice")
    measured = Measured(
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
            surroundings=inputs.kommuner.surroundings,
        ),
        plan=inputs.plan,
        origins=origins,
        matrix=matrix,
        designation_level=study.designation_level,
        notices=_input_notices(study, inputs),
    )
    assessment = assess(measured, inputs.kommuner.divisions)
    clock.stop()
    return assessment


def _measure_matrix(
    practices: pd.DataFrame, origins: Origins, inputs: Inputs, rules: RuleSet, clock: Clock
) -> TravelMatrix:
    graph = inputs.roads.graph
    clock.start("snapping")
    placed = practices[practices["x_m"].notna()].rename(columns={"ydernummer": "site_id"})
    homes = join_places(graph, origins.table, "origin_id", rules.travel)
    sites = join_places(graph, placed, "site_id", rules.travel)
    _refuse_sites_at_sea(placed, sites, inputs, rules.travel)
    clock.start("travel")
    limits_m = (rules.choice.limit_m, rules.choice.limit_capital_m)
    cutoff_m = max(rules.travel.cutoff_m, rules.access.zone_3_m, *limits_m)
    return measure_travel(graph, homes, sites, cutoff_m, clock.share)


def _refuse_empty_area(origins: Origins, inputs: Inputs) -> None:
    if not len(origins.table):
        raise NoDanishCellsError(
            "Nobody of the population grid lives in the study's kommuner",
            where=inputs.cells_file_name,
            hint="Check that the grid and the kommuner of [area] are of the same place.",
        )


def _refuse_sites_at_sea(
    placed: pd.DataFrame, sites: Places, inputs: Inputs, rules: TravelRules
) -> None:
    """Raise CoordinateError for practices whose own coordinates have neither road nor land."""
    off_road = placed[~sites.snaps.snapped & (placed["match_level"] == "coordinates").to_numpy()]
    area = locate_in_areas(
        off_road["x_m"].to_numpy(),
        off_road["y_m"].to_numpy(),
        inputs.kommuner.every,
        "kommune_code",
        max_distance_m=rules.max_shore_m,
    )
    at_sea = off_road[pd.isna(area).to_numpy() if hasattr(area, "to_numpy") else pd.isna(area)]
    if len(at_sea):
        raise CoordinateError(
            "Practices lie in the sea: no land and no road near their coordinates",
            where=sentence("{file}, x and y", file=inputs.register.provenance.file_name),
            rows=list(at_sea["source_row"]),
            hint="Check the coordinates: metres in EPSG:25832, easting first.",
        )


def _input_notices(study: Study, inputs: Inputs) -> tuple[Notice, ...]:
    notices = []
    if study.illustrative:
        notices.append(Notice("illustrative"))
    practices_as_of, population_as_of = study.practices.as_of, study.population.as_of
    if practices_as_of and population_as_of and practices_as_of.year != population_as_of.year:
        years = (
            ("practices_year", str(practices_as_of.year)),
            ("population_year", str(population_as_of.year)),
        )
        notices.append(Notice("years_differ", years))
    undated = [name for name in REQUIRED_INPUTS if getattr(study, name).as_of is None]
    if undated:
        notices.append(Notice("undated", (("inputs", ", ".join(undated)),)))
    if not inputs.cache_works:
        notices.append(Notice("cache_not_written"))
    return tuple(notices)


def _stamp(
    study: Study, assessment: Assessment, inputs: Inputs, timings_s: Mapping[str, float]
) -> RunStamp:
    return RunStamp(
        study_title=study.title,
        study_file=study.path.name if study.path else "",
        as_of=study.as_of,
        ruleset_id=assessment.rules.id,
        version=__version__,
        resolution=assessment.origins.resolution,
        inputs=inputs.accounts,
        row_counts=count_rows(assessment),
        timings_s=timings_s,
    )


def count_rows(assessment: Assessment) -> dict[str, int]:
    """Return how many practices, homes, pairs and areas an assessment is of."""
    practices = assessment.tables.practices
    graph = assessment.matrix.graph
    return {
        "practices": len(practices),
        "practices_open": len(assessment.choice.open_ids),
        "practices_placed": len(assessment.matrix.site_ids),
        "doctors": len(assessment.tables.doctors),
        "cells": len(assessment.tables.cells),
        "cells_at_centre": assessment.origins.cells_at_centre,
        "cells_spread": assessment.origins.cells_spread,
        "addresses": len(assessment.tables.addresses),
        "origins": len(assessment.origins.table),
        "pairs": assessment.matrix.pair_count,
        "road_nodes": graph.node_count,
        "road_edges": graph.edge_count,
        **{f"areas_{level}": len(table) for level, table in assessment.by_area.items()},
    }
