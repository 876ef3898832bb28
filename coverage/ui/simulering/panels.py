"""What is offered beside the map, and what the map shows."""

from pathlib import Path

import streamlit as st

from coverage.ui.draft import carry_over, undo
from coverage.ui.scenario_results import Ground, Measured
from coverage.ui.session import change_state, current_state
from coverage.ui.side_by_side import Choice, show_side_by_side
from coverage.ui.simulering.files_panel import show_files_panel
from coverage.ui.simulering.find_panel import show_find_panel
from coverage.ui.simulering.finding import Search
from coverage.ui.simulering.new_panel import show_new_panel
from coverage.ui.simulering.outcome import show_outcome
from coverage.ui.simulering.practice_panel import show_practice_panel
from coverage.ui.state import AppState, change_draft, view_simulation
from coverage.wording import say

PANELS = ("open", "practice", "find", "files")
PICTURES = ("before", "after", "change")


def show_panel(
    ground: Ground, shown: Measured, search: Search | None, folder: Path, state: AppState
) -> None:
    """Show the choice of panel, what the last wish came to, and the chosen panel.

    Parameters
    ----------
    search
        That was asked for, while its panel is shown.
    """
    with st.container(key="panel-choice"):
        _choose("panel", PANELS, state)
    # Above what is long: on a small screen nobody would see it below. In a place of its
    # own, whether it is empty or not: an open menu below would close if it moved.
    with st.container(key="outcome"):
        show_outcome(ground.assessment, state)
    panel = state.simulation.panel
    if panel == "open":
        show_new_panel(ground, state)
    elif panel == "practice":
        show_practice_panel(ground, shown, state)
    elif panel == "find":
        show_find_panel(ground, search, state)
    else:
        show_files_panel(folder, state)


def show_picture_choice(state: AppState) -> None:
    """Show what the map can show of people."""
    _choose("picture", PICTURES, state)


def show_other_register(ground: Ground, state: AppState) -> None:
    """Say that the scenario is for another register, and offer to carry it over."""
    language = state.language
    with st.container(border=True):
        made_for = state.draft.scenario.register_sha256
        st.warning(
            say(
                "app.simulering.register.other",
                language,
                made_for=made_for[:12] if made_for[:12].isalnum() else "?",
                ours=ground.register_sha256[:12],
            )
        )
        yes, no = st.columns(2)
        yes.button(
            say("app.simulering.register.carry_over", language),
            key=f"simulering-carry-over-{language}",
            on_click=lambda: change_state(
                change_draft, carry_over(current_state().draft, ground.register_sha256)
            ),
            width="stretch",
        )
        no.button(
            say("app.simulering.list.undo", language),
            key=f"simulering-not-over-{language}",
            on_click=lambda: change_state(change_draft, undo(current_state().draft)),
            disabled=not state.draft.done,
            width="stretch",
        )


def _choose(name: str, options: tuple[str, ...], state: AppState) -> None:
    show_side_by_side(
        Choice(
            f"simulering-{name}",
            options,
            label=f"app.simulering.{name}.label",
            word_key=lambda option: f"app.simulering.{name}.{option}",
            width="stretch",
        ),
        getattr(state.simulation, name),
        lambda option: change_state(view_simulation, **{name: option}),
        state.language,
    )
