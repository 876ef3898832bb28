"""Whole assessments of scenarios and their comparison, kept for all visitors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from coverage.assessment import Assessment
from coverage.comparison import Comparison, Variant, compare_variants
from coverage.errors import LaegedaekningError
from coverage.scenario.actions import Scenario
from coverage.scenario.apply import apply_resolved
from coverage.scenario_study import refuse_forbidden
from coverage.ui.sammenlign.variants import Offered
from coverage.ui.scenario_results import SCENARIO_HASH, Ground, kept_measured, what_it_does

# Name and scenario; the reference first.
Named = tuple[tuple[str, Scenario], ...]


@dataclass(frozen=True)
class Failed:
    """A scenario that cannot be compared, and why."""

    name: str
    problem: LaegedaekningError


@st.cache_resource(max_entries=12, show_spinner=False, hash_funcs=SCENARIO_HASH)
def kept_assessment(ground: Ground, scenario: Scenario) -> Assessment:
    """Return the whole assessment after a scenario: a second's work.

    Raises
    ------
    ScenarioError
        Actions that cannot be carried out, or that a rule forbids.
    """
    if not scenario.actions:
        return ground.assessment
    measured = kept_measured(ground, scenario)
    refuse_forbidden(scenario, measured.findings, ground.assessment.rules)
    _measured_before(ground).add(what_it_does(scenario))
    return apply_resolved(ground.assessment, measured.resolved)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=SCENARIO_HASH)
def kept_comparison(ground: Ground, named: Named) -> Comparison:
    """Return the comparison of scenarios that were all assessed, the reference first."""
    variants = [Variant(name, kept_assessment(ground, scenario)) for name, scenario in named]
    return compare_variants(variants[0], variants[1:])


def assess_all(
    ground: Ground, wanted: Sequence[Offered], report: Callable[[float, str], None]
) -> tuple[tuple[Offered, ...], tuple[Failed, ...]]:
    """Assess scenarios one after the other; return those that can be compared, and the others.

    Parameters
    ----------
    report
        Told the share that is done and the name of the next one, unless all are known.
    """
    known = _measured_before(ground)
    news = any(one.scenario.actions and what_it_does(one.scenario) not in known for one in wanted)
    done, failed = [], []
    for position, one in enumerate(wanted):
        if news:
            report(position / len(wanted), one.name)
        try:
            kept_assessment(ground, one.scenario)
        except LaegedaekningError as problem:
            failed.append(Failed(one.name, problem))
        else:
            done.append(one)
    return tuple(done), tuple(failed)


@st.cache_resource(max_entries=4, show_spinner=False)
def _measured_before(ground: Ground) -> set[str]:  # noqa: ARG001 - of each ground another one
    """Return what was assessed: a bar that flashes by would only disturb."""
    return set()
