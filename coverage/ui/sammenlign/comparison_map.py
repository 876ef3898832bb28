"""The map of a comparison: before, after, or who gains and loses; one view for all of them."""

from coverage.exports.map_layers import StatusImage
from coverage.scenario.actions import Scenario
from coverage.ui.scenario_results import (
    Ground,
    kept_measured,
    paint_change,
    paint_statuses,
)
from coverage.ui.simulering.scenario_map import scenario_marks
from coverage.ui.state import AppState
from coverage.ui.theme_map import Theme


def comparison_theme(
    ground: Ground, reference: Scenario, shown: Scenario, state: AppState
) -> Theme:
    """Return the map of a scenario beside the reference; its legend stands below it."""
    picture = state.comparison.picture
    drawn = reference if picture == "before" else shown
    marks, lines = scenario_marks(
        ground.assessment, kept_measured(ground, drawn).resolved, state.language
    )
    return Theme(
        level=state.area_level,
        fills=(),
        marks=marks,
        legend=(),
        picture=_picture(ground, reference, shown, picture),
        outline=state.selected_area,
        lines=lines,
        has_practices=True,
    )


def _picture(ground: Ground, reference: Scenario, shown: Scenario, picture: str) -> StatusImage:
    before, after = (
        kept_measured(ground, scenario).effect.status_after for scenario in (reference, shown)
    )
    if picture == "change":
        return paint_change(ground.key, before, after)
    return paint_statuses(ground.key, before if picture == "before" else after)
