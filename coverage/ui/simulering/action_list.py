"""The scenario as a list of actions: undo and redo, remove, and the rules that each touches."""

from collections.abc import Sequence

import streamlit as st

from coverage.assessment import Assessment
from coverage.scenario.actions import MAX_NOTE_LENGTH, Action, Scenario
from coverage.scenario.checks import Finding
from coverage.ui.draft import (
    Draft,
    clear_actions,
    note_action,
    redo,
    remove_action,
    undo,
)
from coverage.ui.session import change_state, current_state
from coverage.ui.simulering.outcome import show_finding
from coverage.ui.simulering.practice_names import action_sentence
from coverage.ui.state import AppState, change_draft
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_NOTE_PX = 84


def show_action_list(
    assessment: Assessment, findings: Sequence[Finding], state: AppState, height_px: int
) -> None:
    """Show the actions of the draft, the last one first, and what can be done to them all.

    Parameters
    ----------
    findings
        Rules that the actions touch; none while they cannot be carried out.
    """
    draft, language = state.draft, state.language
    _show_heading(draft, language)
    _show_steps(draft, language)
    actions = draft.scenario.actions
    if not actions:
        show_plain(say("app.simulering.list.empty", language), "app-small")
        return
    with st.container(height=height_px, border=False, key="actions"):
        for number, action in reversed(list(enumerate(actions, start=1))):
            _show_action(number, action, assessment, draft.scenario, language)
            for finding in findings:
                if finding.action == number:
                    show_finding(finding, assessment, language)


def _show_heading(draft: Draft, language: Language) -> None:
    name = draft.scenario.name or say("app.simulering.list.unnamed", language)
    unsaved = "" if draft.is_saved else say("app.simulering.list.unsaved", language)
    heading = say("app.simulering.list.heading", language, count=len(draft.scenario.actions))
    show_plain(f"{heading}: {name} {unsaved}", "app-heading")


def _show_steps(draft: Draft, language: Language) -> None:
    back, forth, clear = st.columns(3)
    buttons = (
        (back, "undo", undo, bool(draft.done)),
        (forth, "redo", redo, bool(draft.undone)),
        (clear, "clear", clear_actions, bool(draft.scenario.actions)),
    )
    for column, name, change, possible in buttons:
        column.button(
            say(f"app.simulering.list.{name}", language),
            key=f"simulering-{name}-{language}",
            on_click=lambda change=change: change_state(
                change_draft, change(current_state().draft)
            ),
            disabled=not possible,
            width="stretch",
        )


def _show_action(
    number: int, action: Action, assessment: Assessment, scenario: Scenario, language: Language
) -> None:
    words, note, remove = st.columns([5.2, 1, 1], vertical_alignment="center")
    with words:
        sentence = action_sentence(action, assessment, scenario, language)
        show_plain(f"{number}. {sentence}", "app-action")
        if action.note:
            show_plain(action.note, "app-small")
    with note:
        _show_note(number, action, language)
    remove.button(
        say("app.simulering.list.remove_sign", language),
        key=f"simulering-remove-{number}-{language}",
        help=say("app.simulering.list.remove", language, number=number),
        on_click=lambda: change_state(change_draft, remove_action(current_state().draft, number)),
        type="tertiary",
        width="stretch",
    )


def _show_note(number: int, action: Action, language: Language) -> None:
    # The note of another action in this place needs another field.
    key = f"simulering-note-{number}-{abs(hash(action))}-{language}"
    with st.popover(
        say("app.simulering.list.note_sign", language),
        help=say("app.simulering.list.note", language, number=number),
        type="tertiary",
        width="stretch",
    ):
        st.text_area(
            say("app.simulering.list.note_label", language),
            action.note,
            height=_NOTE_PX,
            max_chars=MAX_NOTE_LENGTH,
            key=key,
            on_change=lambda: change_state(
                change_draft, note_action(current_state().draft, number, st.session_state[key])
            ),
        )
