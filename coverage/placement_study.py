"""Placements on a study that was run: candidates, the search, and the scenario that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.areas import locate_in_areas
from coverage.assessment import Assessment
from coverage.errors import CoordinateError, DuplicateIdError, PlacementError, ScenarioError
from coverage.exports.placement_outputs import (
    FIRST_SCENARIO_NAME,
    OWN_CANDIDATES_STEM,
    REQUEST_NAME,
    PlacedStudy,
)
from coverage.exports.placement_words import scenario_words
from coverage.exports.scenario_outputs import SCENARIO_NAME
from coverage.placement.actions import placement_actions
from coverage.placement.candidates import (
    Candidates,
    candidates_from_grid,
    candidates_from_table,
    candidates_from_towns,
)
from coverage.placement.frontier import frontier, trade_off
from coverage.placement.place import Placement, Stages, build_task, place
from coverage.placement.request import PlacementRequest, Watch
from coverage.placement_files import (
    TOWNS,
    PlacementOrder,
    named_beside,
    order_text,
    order_values,
)
from coverage.places import join_places
from coverage.scenario.actions import Scenario
from coverage.scenario_files import ScenarioFile, normalise_scenario, scenario_text
from coverage.scenario_study import AppliedScenario, apply_to_study, compared_study
from coverage.search import Progress
from coverage.sentences import sentence
from coverage.sources.candidate_list import read_candidates
from coverage.sources.provenance import Provenance
from coverage.study import StudyResult
from coverage.wording import Language, say

INTERRUPTED = "interrupted"
# Why a place of one's own list is left out -> as an account of rows says it.
_DROPPED = {"outside": "outside the study area", "no_road": "too far from a road"}


@dataclass(frozen=True)
class PlacementStart:
    """What a placement begins from.

    Attributes
    ----------
    result
        The study, run.
    first, first_file
        The scenario that was carried out first, if any.
    """

    result: StudyResult
    first: AppliedScenario | None = None
    first_file: ScenarioFile | None = None

    @property
    def assessment(self) -> Assessment:
        """The state that practices are placed in."""
        return self.first.assessment if self.first else self.result.assessment


@dataclass(frozen=True)
class StudyCandidates:
    """Candidates, and the file that they are from if it is one's own.

    Attributes
    ----------
    candidates
        Those that can be used, and those left out.
    provenance, content, suffix
        The account, the bytes and the ending of one's own list.
    """

    candidates: Candidates
    provenance: Provenance | None = None
    content: bytes = b""
    suffix: str = ""


@dataclass(frozen=True)
class PlacementAnswer:
    """What the search found.

    Attributes
    ----------
    placement
        The placement.
    frontier, trade_off
        If they were asked for and there was time.
    unfinished
        Of ``placement, frontier, trade_off`` what was stopped before its end.
    """

    placement: Placement
    frontier: pd.DataFrame | None = None
    trade_off: pd.DataFrame | None = None
    unfinished: tuple[str, ...] = ()


def find_candidates(
    assessment: Assessment, order: PlacementOrder, progress: Progress | None = None
) -> StudyCandidates:
    """Return the places where the order lets practices open.

    Raises
    ------
    PlacementError
        Towns, and the study has none.
    CoordinateError
        Places of one's own list in the sea.
    LaegedaekningError
        One's own list cannot be read.
    """
    if order.has_own_list:
        return _own_candidates(assessment, Path(order.candidates), progress)
    if order.candidates == TOWNS:
        if not len(assessment.tables.towns):
            raise PlacementError(
                "The candidates are to be towns, and the study has no table of towns",
                where="candidates",
                hint="Give the study [towns], or take a grid or a list of your own.",
            )
        return StudyCandidates(candidates_from_towns(assessment, progress=progress))
    return StudyCandidates(candidates_from_grid(assessment, order.grid_m, progress=progress))


def search_placement(
    assessment: Assessment, candidates: Candidates, order: PlacementOrder, watch: Watch
) -> PlacementAnswer:
    """Return the placement that is asked for, with its frontier and trade-off.

    A search that is stopped gives the best found until then.

    Raises
    ------
    PlacementError
        The request makes no sense, lacks data, or cannot be met.
    """
    request = order.request(open_and_movable(assessment) if order.movable_open else ())
    if order.trade_off:
        # Not after a minute of search: a second objective without its data.
        build_task(assessment, candidates, replace(request, objective=order.trade_off), watch)
    placement = place(assessment, candidates, request, watch)
    unfinished = ["placement"] if placement.stopped_by == INTERRUPTED else []
    parts: dict[str, pd.DataFrame | None] = {"frontier": None, "trade_off": None}
    stages = Stages(watch, dict(placement.seconds))
    for name, is_wanted in (("frontier", order.frontier), ("trade_off", bool(order.trade_off))):
        if not is_wanted:
            continue
        with stages.stage(name):
            parts[name] = _part(name, order, (assessment, candidates, request), watch)
        if not watch.keep_going():
            unfinished.append(name)
    placement = replace(placement, seconds=stages.seconds)
    return PlacementAnswer(placement, **parts, unfinished=tuple(unfinished))


def open_and_movable(assessment: Assessment) -> tuple[str, ...]:
    """Return the open practices that have a place on a road and lie in the study."""
    placed = assessment.matrix.site_ids[assessment.matrix.sites.snaps.snapped]
    kommune = assessment.levels[0].of_practice.dropna()
    return tuple(sorted(set(assessment.choice.open_ids) & set(placed) & set(kommune.index)))


def placed_study(
    start: PlacementStart,
    found: StudyCandidates,
    order: PlacementOrder,
    answer: PlacementAnswer,
    language: Language,
) -> PlacedStudy:
    """Return the placement as a scenario beside the study's baseline, with all its files.

    Raises
    ------
    ScenarioError
        A rule forbids what was found.
    """
    result = start.result
    baseline = say("comparison.baseline", language)
    scenario = _scenario(start, answer, baseline, language)
    applied = _applied(result, scenario)
    every = [start.first, applied] if start.first else [applied]
    content = scenario_text(applied.scenario).encode()
    files = [ScenarioFile(applied.scenario, SCENARIO_NAME, content)]
    files = [start.first_file, *files] if start.first_file else files
    compared = compared_study(result, every, files, baseline_name=baseline)
    beside = named_beside(
        order,
        candidates=f"{OWN_CANDIDATES_STEM}{found.suffix}" if found.provenance else "",
        scenario=FIRST_SCENARIO_NAME if start.first else "",
    )
    stamp = compared.stamp
    if found.provenance:
        stamp = replace(stamp, inputs=(*stamp.inputs, found.provenance))
    return PlacedStudy(
        placement=answer.placement,
        candidates=found.candidates,
        assessment=start.assessment,
        compared=replace(compared, stamp=stamp),
        frontier=answer.frontier,
        trade_off=answer.trade_off,
        unfinished=answer.unfinished,
        asked=order_values(beside),
        files=_files(start, found, beside, content),
    )


def _part(
    name: str,
    order: PlacementOrder,
    problem: tuple[Assessment, Candidates, PlacementRequest],
    watch: Watch,
) -> pd.DataFrame | None:
    """Return the frontier or the trade-off; None if it was stopped before it had anything."""
    if not watch.keep_going():
        return None
    try:
        if name == "frontier":
            return frontier(*problem, watch)
        return trade_off(*problem, order.trade_off, watch=watch)
    except PlacementError:
        if watch.keep_going():
            raise
        return None


def _own_candidates(
    assessment: Assessment, path: Path, progress: Progress | None
) -> StudyCandidates:
    table, provenance = read_candidates(path)
    content = path.read_bytes()
    rows = dict(zip(table["site_id"], table["source_row"], strict=True))
    placed = table[table["x_m"].notna()].reset_index(drop=True)
    try:
        found = candidates_from_table(assessment, placed, progress=progress)
    except DuplicateIdError as problem:
        raise DuplicateIdError(
            problem.what,
            where=path.name,
            rows=[f"{rows[one]} ({one})" for one in map(str, problem.rows)],
            hint=problem.hint,
        ) from None
    _refuse_at_sea(assessment, found.left_out, rows, path.name)
    counts = found.left_out["reason"].value_counts()
    dropped = {_DROPPED[reason]: int(counts.get(reason, 0)) for reason in _DROPPED}
    account = replace(
        provenance,
        rows_kept=len(found),
        dropped={**provenance.dropped, **{why: count for why, count in dropped.items() if count}},
        merged_rows=int(counts.get("merged", 0)),
    )
    placeless = table[table["x_m"].isna()].assign(reason="no_place", merged_into=None)
    left_out = pd.concat([found.left_out, placeless[found.left_out.columns]], ignore_index=True)
    own = replace(found, left_out=left_out if len(placeless) else found.left_out)
    return StudyCandidates(own, account, content, path.suffix.lower())


def _refuse_at_sea(
    assessment: Assessment, left_out: pd.DataFrame, rows: Mapping[str, int], file_name: str
) -> None:
    """Raise CoordinateError for places that have neither road nor land."""
    rules, tables = assessment.rules.travel, assessment.tables
    outside = left_out[left_out["reason"] == "outside"]
    if outside.empty:
        return
    on_road = join_places(assessment.matrix.graph, outside, "site_id", rules).snaps.snapped
    at_sea = ~on_road
    if len(tables.surroundings):
        land = locate_in_areas(
            outside["x_m"],
            outside["y_m"],
            tables.surroundings,
            "kommune_code",
            max_distance_m=rules.max_shore_m,
        )
        at_sea = at_sea & land.isna().to_numpy(np.bool_)
    if at_sea.any():
        raise CoordinateError(
            "Candidates lie in the sea: no land and no road near their coordinates",
            where=sentence("{file_name}, x and y", file_name=file_name),
            rows=[rows[one] for one in outside["site_id"][at_sea]],
            hint="Check the coordinates: metres in EPSG:25832, easting first.",
        )


def _scenario(
    start: PlacementStart, answer: PlacementAnswer, baseline: str, language: Language
) -> Scenario:
    """Return the first scenario's actions and the placement's, under a name of their own."""
    name, note = scenario_words(answer.placement, language)
    taken = {baseline, start.first.scenario.name if start.first else ""}
    own, number = name, 2
    while own in taken:
        own, number = f"{name} ({number})", number + 1
    before = start.first.scenario.actions if start.first else ()
    actions = (*before, *placement_actions(answer.placement, note))
    return normalise_scenario(Scenario(name=own, note=note, actions=actions))


def _applied(result: StudyResult, scenario: Scenario) -> AppliedScenario:
    try:
        return apply_to_study(result, scenario)
    except ScenarioError as problem:
        raise ScenarioError(
            sentence(
                "The placement that was found cannot be carried out: {what}", what=problem.what
            ),
            where=problem.where,
            problems=problem.problems,
            hint="Rule these sites out (--forced-out), or set the rule to a warning in "
            "[rules.overrides].",
        ) from None


def _files(
    start: PlacementStart, found: StudyCandidates, beside: PlacementOrder, scenario: bytes
) -> dict[str, bytes]:
    files = {SCENARIO_NAME: scenario, REQUEST_NAME: order_text(beside).encode()}
    if found.provenance:
        files[beside.candidates] = found.content
    if start.first_file:
        files[FIRST_SCENARIO_NAME] = start.first_file.content
    return files
