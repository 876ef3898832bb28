"""A scenario, measured: the whole assessment of the register that it leaves."""

from dataclasses import replace

from coverage.assessment import Assessment, reassess
from coverage.plan_tables import PlanTables
from coverage.scenario.actions import Scenario
from coverage.scenario.resolve import Resolved, resolve_scenario
from coverage.travel import TravelMatrix


def apply_scenario(assessment: Assessment, scenario: Scenario) -> Assessment:
    """Return the assessment after a scenario; without actions it equals the one given.

    Roads are searched once for every opened or moved practice, and for nothing else.

    Raises
    ------
    ScenarioError
        With every action that cannot be carried out.
    """
    return apply_resolved(assessment, resolve_scenario(assessment, scenario))


def apply_resolved(assessment: Assessment, resolved: Resolved) -> Assessment:
    """Return the assessment of a resolved scenario."""
    tables = replace(assessment.tables, practices=resolved.practices, doctors=resolved.doctors)
    plan = plan_after(assessment.plan, resolved)
    matrix = matrix_after(assessment.matrix, resolved)
    return reassess(assessment, tables, plan, matrix, resolved.levels)


def plan_after(plan: PlanTables, resolved: Resolved) -> PlanTables:
    """Return the plan's tables with the satellites and displaced patients of a scenario."""
    return replace(plan, satellites=resolved.satellites, displaced=resolved.displaced)


def matrix_after(matrix: TravelMatrix, resolved: Resolved) -> TravelMatrix:
    """Return the distances to the practices that a scenario leaves."""
    gone = [one for one in (*resolved.closed, *resolved.moved) if one in matrix.site_ids]
    kept = matrix.without_sites(gone) if gone else matrix
    return kept.with_places(resolved.sites) if len(resolved.sites) else kept
