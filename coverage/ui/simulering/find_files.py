"""The files of an answer, as the command ``place`` writes them; made when one is fetched."""

import mimetypes
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from coverage.exports.placement_outputs import (
    FRONTIER_NAME,
    PLACEMENT_BOOK_NAME,
    PLACEMENT_NAME,
    REQUEST_NAME,
    write_placement_outputs,
)
from coverage.placement.place import Placement
from coverage.placement_study import (
    INTERRUPTED,
    PlacementAnswer,
    PlacementStart,
    placed_study,
)
from coverage.scenario_files import unsaved_file
from coverage.scenario_study import AppliedScenario
from coverage.ui.placement_results import SearchStart, frontier_run, search_candidates
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.scenario_results import kept_measured
from coverage.ui.simulering.finding import Search
from coverage.ui.style import show_plain
from coverage.wording import Language, say

FILES = (PLACEMENT_BOOK_NAME, PLACEMENT_NAME, REQUEST_NAME)


def show_placement_downloads(search: Search, language: Language) -> None:
    """Show a menu with a button for each file; the frontier's while it is known."""
    placement = search.run.result
    if placement is None:
        return
    is_known = frontier_run(search.start).result is not None
    with st.popover(say("app.find.file.menu", language), width="stretch"):
        show_plain(say("app.find.file.intro", language), "app-small")
        for name in (*FILES, *((FRONTIER_NAME,) if is_known else ())):
            # A key of the wording cannot hold a full stop.
            label = say(f"app.find.file.{name.replace('.', '_')}", language)
            st.download_button(
                f"{label} ({name})",
                data=partial(_file, search.start, placement, name, language),
                file_name=name,
                mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
                key=f"find-file-{name}-{language}",
                on_click="ignore",
                width="stretch",
            )


def placement_files(
    start: SearchStart, placement: Placement, language: Language
) -> Mapping[str, bytes]:
    """Return every file of an answer by its name.

    Raises
    ------
    ScenarioError
        A rule forbids what was found.
    OutputError
    """
    frontier = frontier_run(start)
    stopped = [] if placement.stopped_by != INTERRUPTED else ["placement"]
    if frontier.result is not None and frontier.is_stopped:
        stopped.append("frontier")
    answer = PlacementAnswer(placement, frontier.result, unfinished=tuple(stopped))
    order = replace(start.wish.order(), frontier=frontier.result is not None)
    found = search_candidates(start)
    placed = placed_study(_start(start, language), found, order, answer, language)
    with tempfile.TemporaryDirectory(prefix="laegedaekning-") as folder:
        written = write_placement_outputs(placed, Path(folder), language)
        return {path.name: path.read_bytes() for path in written}


def _file(start: SearchStart, placement: Placement, name: str, language: Language) -> bytes:
    return placement_files(start, placement, language)[name]


def _start(start: SearchStart, language: Language) -> PlacementStart:
    """Return what the placement goes on from, the scenario with a name of its own."""
    result, scenario = start.ground.result, start.scenario
    if not scenario.actions:
        return PlacementStart(result)
    unnamed = say("app.simulering.list.unnamed", language)
    named = replace(scenario, name=scenario.name or unnamed)
    measured = kept_measured(start.ground, scenario)
    resolved = replace(measured.resolved, scenario=named)
    assessment = kept_assessment(start.ground, scenario)
    first = AppliedScenario(resolved, measured.findings, assessment)
    return PlacementStart(result, first, unsaved_file(named))
