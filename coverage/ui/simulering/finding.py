"""The search that the visitor asked for: begun, shown, added to the scenario."""

from collections.abc import Sequence
from dataclasses import dataclass

from coverage.placement.place import Placement
from coverage.ui.background_run import BackgroundRun
from coverage.ui.draft import add_found
from coverage.ui.placement_results import SearchStart, placement_run
from coverage.ui.placement_view import Asked, ask, forget
from coverage.ui.scenario_results import Ground
from coverage.ui.session import change_state, current_state
from coverage.ui.simulering.doing import try_draft
from coverage.ui.simulering.proposals import Proposal, is_another_scenario, not_added, proposals
from coverage.ui.state import AppState, change_placing, view_simulation

# An answer that is kept is there at once; the page need not be shown without it.
_AT_ONCE_S = 0.25


@dataclass(frozen=True)
class Search:
    """A search as the page shows it now.

    Attributes
    ----------
    answer
        So far: a proof may still go on.
    found, left
        The answer's steps, and those that the scenario does not have.
    is_stale
        The scenario is another one now.
    """

    asked: Asked
    start: SearchStart
    run: BackgroundRun[Placement]
    answer: Placement | None
    found: tuple[Proposal, ...]
    left: tuple[Proposal, ...]
    is_stale: bool


def shown_search(ground: Ground, state: AppState) -> Search | None:
    """Return the search that is shown: only beside its own panel; None without one."""
    asked = state.placing.asked
    if asked is None or state.simulation.panel != "find":
        return None
    start = SearchStart(ground, asked.scenario, asked.wish)
    run = placement_run(start).look()
    run.wait(_AT_ONCE_S)
    answer = run.so_far
    towns = ground.assessment.tables.towns
    found = proposals(answer, towns, state.language) if answer else ()
    scenario = state.draft.scenario
    return Search(
        asked,
        start,
        run,
        answer,
        found,
        not_added(scenario, found),
        is_another_scenario(asked, scenario, found),
    )


def find_best(ground: Ground) -> None:
    """Ask for what the fields say, going on from the scenario as it is."""
    state = current_state()
    placing = ask(state.placing, state.draft.scenario)
    change_state(change_placing, placing)
    change_state(view_simulation)
    placement_run(SearchStart(ground, state.draft.scenario, placing.wish)).begin()


def put_away() -> None:
    """Show the answer no more."""
    change_state(change_placing, forget(current_state().placing))


def add_proposals(ground: Ground, wanted: Sequence[Proposal]) -> None:
    """Add steps of the answer to the scenario: one step to undo, or why not."""
    draft = current_state().draft
    actions = [one.action for one in wanted]
    try_draft(ground, add_found(draft, actions, ground.register_sha256))
