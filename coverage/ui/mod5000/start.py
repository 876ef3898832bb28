"""Where the years start: the register, the visitor's draft or a saved scenario."""

from collections.abc import Sequence

from coverage.scenario_folder import list_scenarios, scenario_folder
from coverage.study_file import Study
from coverage.ui.pathway_results import PathStart
from coverage.ui.sammenlign.variants import Offered, by_id, offered_variants
from coverage.ui.scenario_results import Ground
from coverage.ui.state import AppState


def offered_starts(study: Study, ground: Ground, state: AppState) -> tuple[Offered, ...]:
    """Return the register as it is, and the scenarios that belong to it."""
    saved = list_scenarios(scenario_folder(study))
    offered, _ = offered_variants(state.draft, saved, ground.register_sha256, state.language)
    return offered


def chosen_start(offered: Sequence[Offered], state: AppState) -> Offered:
    """Return the chosen one; the register once the scenario is gone."""
    return by_id(offered).get(state.pathway.scenario, offered[0])


def path_start(ground: Ground, start: Offered, state: AppState) -> PathStart:
    """Return what the path is reckoned from."""
    view = state.pathway
    return PathStart(ground, start.scenario, view.assumptions, view.places)
