"""A choice whose few options stand side by side, kept in the visitor's state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from coverage.ui.session import show_in_widget
from coverage.wording import Language, say


@dataclass(frozen=True)
class Choice:
    """What is offered.

    Attributes
    ----------
    key
        Of the widget; each language has one of its own.
    label, hint
        Keys of the wording; a label that is not shown is there for those who cannot see, and
        without a hint there is none.
    word_key
        An option -> the key of its wording.
    """

    key: str
    options: Sequence[str]
    label: str
    word_key: Callable[[str], str]
    hint: str = ""
    is_labelled: bool = False
    width: Literal["content", "stretch"] = "content"


def show_side_by_side(
    choice: Choice, chosen: str, keep: Callable[[str], None], language: Language
) -> None:
    """Show the options, one of them chosen; ``keep`` is told the one that the visitor chooses."""
    key = f"{choice.key}-{language}"
    show_in_widget(key, chosen)
    st.segmented_control(
        say(choice.label, language),
        choice.options,
        required=True,
        format_func=lambda option: say(choice.word_key(option), language),
        key=key,
        help=say(choice.hint, language) if choice.hint else None,
        label_visibility="visible" if choice.is_labelled else "collapsed",
        width=choice.width,
        on_change=lambda: keep(st.session_state[key]),
    )
