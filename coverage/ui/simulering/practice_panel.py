"""A practice of the register, or a new one: what can be done to it."""

import streamlit as st

from coverage.exports.scenario_words import capacities_text
from coverage.ui.formats import format_persons
from coverage.ui.place_lookup import place_example
from coverage.ui.scenario_results import Ground, Measured
from coverage.ui.session import change_state, show_in_widget
from coverage.ui.side_by_side import Choice, show_side_by_side
from coverage.ui.simulering.doing import TYPED_KEY, close, resize, retire, set_intake, use_typed
from coverage.ui.simulering.new_panel import CAPACITIES
from coverage.ui.simulering.practice_names import PracticeFacts, practice_facts, practice_labels
from coverage.ui.state import AppState, view_simulation
from coverage.ui.style import show_plain
from coverage.wording import Language, say

CLICKS = ("choose", "move", "satellite")
_CLICK = Choice(
    "simulering-click",
    CLICKS,
    label="app.simulering.click.label",
    word_key=lambda click: f"app.simulering.click.{click}",
    is_labelled=True,
    width="stretch",
)


def show_practice_panel(ground: Ground, measured: Measured, state: AppState) -> None:
    """Show the list to search, and the chosen practice with its buttons."""
    _choose_practice(ground, state)
    practice, language = state.simulation.practice, state.language
    if not practice:
        show_plain(say("app.simulering.practice.how", language), "app-small")
        return
    facts = practice_facts(measured.resolved, practice)
    if facts is None:
        show_plain(say("app.simulering.practice.gone", language), "app-question")
        return
    show_plain(_facts_text(facts, language), "app-small")
    _show_closing(ground, facts, language)
    _show_capacities(ground, facts, language)
    if facts.doctors:
        _show_retiring(ground, facts, language)
    _show_moving(ground, state)


def _choose_practice(ground: Ground, state: AppState) -> None:
    language = state.language
    labels = practice_labels(ground.assessment, state.draft.scenario)
    key = f"simulering-practice-{language}"
    options = ["", *labels]
    chosen = state.simulation.practice
    show_in_widget(key, chosen if chosen in labels else "")
    st.selectbox(
        say("app.simulering.practice.label", language),
        options,
        format_func=lambda practice: labels.get(
            practice, say("app.simulering.practice.none", language)
        ),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(view_simulation, practice=st.session_state[key]),
    )


def _facts_text(facts: PracticeFacts, language: Language) -> str:
    intake = {True: "open", False: "closed", None: "unknown"}[facts.intake_open]
    parts = [
        facts.address,
        say(
            "app.simulering.practice.capacities",
            language,
            capacities=capacities_text(facts.capacities, language),
        ),
        say(
            "app.simulering.practice.listed",
            language,
            persons=format_persons(facts.listed_persons, language),
        ),
        say(f"app.simulering.practice.intake_{intake}", language),
    ]
    return " · ".join(part for part in parts if part)


def _show_closing(ground: Ground, facts: PracticeFacts, language: Language) -> None:
    left, right = st.columns(2)
    left.button(
        say("app.simulering.practice.close", language),
        key=f"simulering-close-{language}",
        on_click=close,
        args=(ground, facts.practice_id),
        width="stretch",
    )
    # Of an unknown list nobody knows which of the two it would be: it counts as closed.
    opens = not facts.intake_open
    word = "open_intake" if opens else "close_intake"
    right.button(
        say(f"app.simulering.practice.{word}", language),
        key=f"simulering-intake-{language}",
        on_click=lambda: set_intake(ground, facts.practice_id, intake_open=opens),
        width="stretch",
    )


def _show_capacities(ground: Ground, facts: PracticeFacts, language: Language) -> None:
    options = sorted({*CAPACITIES, facts.capacities} - {0.0})
    key = f"simulering-capacities-{facts.practice_id}-{facts.capacities}-{language}"
    field, button = st.columns(2, vertical_alignment="bottom")
    field.selectbox(
        say("app.simulering.new.capacities", language),
        options,
        index=options.index(facts.capacities) if facts.capacities in options else 0,
        format_func=lambda value: capacities_text(value, language),
        key=key,
    )
    button.button(
        say("app.simulering.practice.resize", language),
        key=f"simulering-resize-{language}",
        on_click=lambda: resize(ground, facts.practice_id, st.session_state[key]),
        width="stretch",
    )


def _show_retiring(ground: Ground, facts: PracticeFacts, language: Language) -> None:
    key = f"simulering-doctors-{facts.practice_id}-{facts.doctors}-{language}"
    field, button = st.columns(2, vertical_alignment="bottom")
    field.selectbox(
        say("app.simulering.practice.doctors", language, count=facts.doctors),
        range(1, facts.doctors + 1),
        key=key,
        help=say("app.simulering.practice.doctors_help", language),
    )
    button.button(
        say("app.simulering.practice.retire", language),
        key=f"simulering-retire-{language}",
        on_click=lambda: retire(ground, facts.practice_id, st.session_state[key]),
        width="stretch",
    )


def _show_moving(ground: Ground, state: AppState) -> None:
    language = state.language
    show_side_by_side(
        _CLICK,
        state.simulation.click,
        lambda click: change_state(view_simulation, click=click),
        language,
    )
    with st.form("move-place", border=False):
        st.text_input(
            say("app.place.input", language),
            key=f"{TYPED_KEY}-practice",
            placeholder=place_example(ground.assessment, language),
            label_visibility="collapsed",
        )
        for column, click in zip(st.columns(2), ("move", "satellite"), strict=True):
            column.form_submit_button(
                say(f"app.simulering.practice.{click}_here", language),
                on_click=use_typed,
                args=(ground, "practice", click),
                width="stretch",
            )
