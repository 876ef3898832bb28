"""Files of the pages on scenarios, made when one of them is fetched."""

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from coverage.exports.comparison_book import comparison_bytes
from coverage.exports.effect_tables import effect_bytes, effect_table
from coverage.exports.said_table import said_csv
from coverage.exports.scenario_outputs import (
    COMPARISON_BOOK_NAME,
    COMPARISON_FILES,
    ComparedStudy,
)
from coverage.scenario.actions import Scenario
from coverage.scenario_files import scenario_text, unsaved_file
from coverage.scenario_study import (
    AppliedScenario,
    CheckedScenario,
    compared_study,
    scenario_account,
)
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.sammenlign.variants import BASELINE, Offered
from coverage.ui.scenario_results import Ground, baseline, kept_measured
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, say

EFFECT_NAMES = ("effect.csv", "effect.xlsx")
COMPARISON_NAMES = (COMPARISON_BOOK_NAME, *COMPARISON_FILES)
# Reference and others that were assessed; the reference is the baseline.
Named = tuple[tuple[str, Scenario], ...]


def show_effect_downloads(ground: Ground, scenario: Scenario, language: Language) -> None:
    """Offer the table of areas, of all levels and with every figure, as CSV and as a workbook."""
    named = replace(scenario, name=scenario.name or say("app.simulering.list.unnamed", language))
    with st.popover(say("app.simulering.download.menu", language), width="stretch"):
        show_plain(say("app.simulering.download.intro", language), "app-small")
        for name in EFFECT_NAMES:
            make = partial(effect_content, ground, named, language, name)
            _button("simulering", name, make, language)


def effect_content(ground: Ground, scenario: Scenario, language: Language, name: str) -> bytes:
    """Return one of ``EFFECT_NAMES``: what a scenario does to the figures of every area."""
    result, measured = ground.result, kept_measured(ground, scenario)
    checked = CheckedScenario(replace(measured.resolved, scenario=scenario), measured.findings)
    account = scenario_account(checked, unsaved_file(scenario))
    stamp = replace(result.stamp, scenarios=(account,))
    table = effect_table(baseline(ground).effect, measured.effect, language)
    if name.endswith(".csv"):
        illustrative = result.assessment.illustrative
        return said_csv(table, stamp, language, illustrative=illustrative)
    return effect_bytes(table, result.assessment, stamp, language)


def show_comparison_downloads(ground: Ground, ordered: Sequence[Offered], state: AppState) -> None:
    """Offer the comparison with the baseline as files, whatever the page measures against."""
    language = state.language
    named = tuple((one.name, one.scenario) for one in ordered if one.variant_id != BASELINE)
    with st.popover(say("app.sammenlign.download.menu", language), width="stretch"):
        show_plain(say("app.sammenlign.download.intro", language), "app-small")
        for name in COMPARISON_NAMES:
            make = partial(comparison_content, ground, named, language, name)
            _button("sammenlign", name, make, language)


def comparison_content(ground: Ground, named: Named, language: Language, name: str) -> bytes:
    """Return one of ``COMPARISON_NAMES`` for scenarios that were assessed, by name."""
    compared = kept_compared_study(ground, named, language)
    tables, assessment = compared.tables(language), compared.reference.assessment
    if name == COMPARISON_BOOK_NAME:
        return comparison_bytes(tables, assessment, compared.stamp, language)
    table = getattr(tables, COMPARISON_FILES[name])
    return said_csv(table, compared.stamp, language, illustrative=assessment.illustrative)


# The account of a scenario has its name and note, too.
@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={Scenario: scenario_text})
def kept_compared_study(ground: Ground, named: Named, language: Language) -> ComparedStudy:
    """Return the comparison of scenarios with the baseline, with the account of each."""
    applied = []
    for name, scenario in named:
        measured = kept_measured(ground, scenario)
        resolved = replace(measured.resolved, scenario=replace(scenario, name=name))
        assessment = kept_assessment(ground, scenario)
        applied.append(AppliedScenario(resolved, measured.findings, assessment))
    return compared_study(
        ground.result, applied, baseline_name=say("app.sammenlign.baseline", language)
    )


def _button(page: str, name: str, make: Callable[[], bytes], language: Language) -> None:
    # A key of the wording cannot hold a full stop.
    label = say(f"app.{page}.download.{name.replace('.', '_')}", language)
    st.download_button(
        f"{label} ({name})",
        data=make,
        file_name=name,
        mime=mimetypes.guess_type(name)[0] or "application/octet-stream",
        key=f"{page}-download-{name}-{language}",
        on_click="ignore",
        width="stretch",
    )
