"""The files of the path as the page shows it: made when one of them is fetched."""

import mimetypes
from dataclasses import replace
from functools import partial

import streamlit as st

from coverage.exports.pathway_book import pathway_bytes
from coverage.exports.pathway_outputs import PATHWAY_BOOK_NAME, PATHWAY_FILES, pathway_csv
from coverage.exports.planned_path import PlannedPath
from coverage.exports.scenario_outputs import titled
from coverage.pathway.monte_carlo import Bands
from coverage.scenario_files import unsaved_file
from coverage.scenario_study import AppliedScenario, stamp_after
from coverage.ui.pathway_results import BandRun, PathStart, kept_path, path_assessment
from coverage.ui.scenario_results import kept_measured
from coverage.ui.style import show_plain
from coverage.wording import Language, say


def planned_path(start: PathStart, bands: Bands | None, language: Language) -> PlannedPath:
    """Return a path with all that its files say of it: the moved rules, and the scenario."""
    ground, scenario = start.ground, start.scenario
    result, assessment = ground.result, path_assessment(start)
    stamp, before = result.stamp, None
    if scenario.actions:
        measured = kept_measured(ground, scenario)
        applied = AppliedScenario(measured.resolved, measured.findings, assessment)
        stamp = stamp_after(result, applied, unsaved_file(scenario))
        assessment, before = titled(assessment, scenario, language), result.assessment
    stamp = replace(stamp, ruleset_id=assessment.rules.id, results={"places": start.places})
    return PlannedPath(kept_path(start), bands, assessment, stamp, before)


def path_file(start: PathStart, run: BandRun, name: str, language: Language) -> bytes:
    """Return one of the files, with the runs that are done by now."""
    planned = planned_path(start, run.result, language)
    if name == PATHWAY_BOOK_NAME:
        return pathway_bytes(planned, language)
    return pathway_csv(planned, name, language)


def show_path_downloads(start: PathStart, run: BandRun, language: Language) -> None:
    """Show a menu with a button for each file."""
    with st.popover(say("app.download.menu", language), width="stretch"):
        show_plain(say("app.mod5000.file.intro", language), "app-small")
        if run.result is None:
            show_plain(say("app.mod5000.file.no_bands", language), "app-banner")
        for name in (PATHWAY_BOOK_NAME, *PATHWAY_FILES):
            # A key of the wording cannot hold a full stop.
            label = say(f"app.mod5000.file.{name.replace('.', '_')}", language)
            st.download_button(
                f"{label} ({name})",
                data=partial(path_file, start, run, name, language),
                file_name=name,
                mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
                key=f"path-file-{language}-{name}",
                on_click="ignore",
                width="stretch",
            )
