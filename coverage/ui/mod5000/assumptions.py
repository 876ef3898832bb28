"""The assumptions that matter most as sliders, each with its status, and the way back."""

from dataclasses import dataclass

import streamlit as st

from coverage.rules import Rule, RuleSet
from coverage.ui.pathway_view import move_assumption
from coverage.ui.rule_slider import slider_options
from coverage.ui.rule_words import backing_sentences
from coverage.ui.session import change_state, current_state
from coverage.ui.state import AppState, view_pathway
from coverage.ui.style import escape_markdown, show_plain
from coverage.ui.truede.criterion_text import plain_number
from coverage.wording import Language, say

_MORE_IN_A_ROW, _MORE_PX = 2, 440


@dataclass(frozen=True)
class AssumptionSlider:
    """What a slider offers, in the rule's unit: the part of the rule's range that is of use."""

    rule_key: str
    low: float
    high: float
    step: float

    @property
    def name(self) -> str:
        """The rule's name without its group."""
        return self.rule_key.split(".")[1]


# Those that move the answer most come first; the others are folded.
SLIDERS = (
    AssumptionSlider("pathway.training_places", 200, 600, 10),
    AssumptionSlider("pathway.training_filled_pct", 50, 100, 1),
    AssumptionSlider("pathway.takeover_pct", 40, 100, 1),
    AssumptionSlider("pathway.takeover_threatened_pct", 0, 100, 1),
    AssumptionSlider("workforce.exit_60_to_64_pct", 0, 40, 0.5),
    AssumptionSlider("workforce.exit_65_to_69_pct", 0, 60, 1),
    AssumptionSlider("workforce.exit_from_70_pct", 0, 80, 1),
)
MORE_SLIDERS = (
    AssumptionSlider("pathway.capacities_per_doctor", 0.5, 2, 0.05),
    AssumptionSlider("workforce.exit_under_60_pct", 0, 10, 0.25),
    AssumptionSlider("pathway.new_doctor_age_years", 32, 55, 1),
    AssumptionSlider("pathway.capacities_per_new_practice", 0.5, 6, 0.5),
    AssumptionSlider("pathway.shortage_doctors", 0, 1500, 50),
    AssumptionSlider("pathway.target_doctors", 4000, 6000, 50),
    AssumptionSlider("pathway.population_spread_pct", 0, 3, 0.1),
)


def show_assumptions(own: RuleSet, moved: RuleSet, state: AppState) -> None:
    """Show the sliders, the ruleset that they make, and the reset.

    Parameters
    ----------
    own, moved
        The study's rules, and those of the page.
    """
    language, moves = state.language, state.pathway.assumptions
    widths = [4.0, 1.5, 1.2, 1.2]
    told, ruleset, more, reset = st.columns(widths, vertical_alignment="center")
    with told:
        word = "moved" if moves else "own"
        show_plain(say(f"app.mod5000.assumption.{word}", language, count=len(moves)), "app-heading")
    with ruleset:
        show_plain(say("app.truede.threshold.ruleset", language, ruleset=moved.id), "app-small")
    with (
        more,
        st.popover(say("app.mod5000.assumption.more", language), width="stretch"),
        st.container(key="more-assumptions", width=_MORE_PX),
    ):
        for first in range(0, len(MORE_SLIDERS), _MORE_IN_A_ROW):
            _show_row(MORE_SLIDERS[first : first + _MORE_IN_A_ROW], own, moved, language)
    with reset:
        st.button(
            say("app.mod5000.assumption.reset", language),
            key=f"reset-assumptions-{language}",
            on_click=change_state,
            args=(_reset,),
            disabled=not moves,
            width="stretch",
        )
    with st.container(key="assumptions"):
        _show_row(SLIDERS, own, moved, language)


def _reset(state: AppState) -> AppState:
    return view_pathway(state, assumptions=(), resets=state.pathway.resets + 1)


def _show_row(
    sliders: tuple[AssumptionSlider, ...], own: RuleSet, moved: RuleSet, language: Language
) -> None:
    count = max(len(sliders), _MORE_IN_A_ROW)
    for slider, column in zip(sliders, st.columns(count, gap="medium"), strict=False):
        with column:
            _show_slider(slider, own, moved, language)


def _show_slider(
    slider: AssumptionSlider, own: RuleSet, moved: RuleSet, language: Language
) -> None:
    rule = own.rules[slider.rule_key]
    usual, value = _number(rule), _number(moved.rules[slider.rule_key])
    # A menu holds nothing until it is opened: its sliders must know their value by themselves,
    # and are other sliders after a reset.
    resets = current_state().pathway.resets
    key = f"assumption-{slider.name}-{language}-{resets}"
    st.select_slider(
        say(f"app.mod5000.assumption.{slider.name}", language),
        slider_options(slider, rule, usual, value),
        value=value,
        format_func=lambda option: plain_number(option, language),
        key=key,
        help=escape_markdown(backing_sentences(own, [slider.rule_key], language)[0]),
        on_change=lambda: _move(slider.rule_key, st.session_state[key], usual),
    )
    show_plain(_caption(slider, rule, value, usual, language), "app-small")


def _move(rule_key: str, value: float, usual: float) -> None:
    moved = move_assumption(current_state().pathway, rule_key, value, usual)
    change_state(view_pathway, assumptions=moved.assumptions)


def _number(rule: Rule) -> float:
    return float(str(rule.value))


def _caption(
    slider: AssumptionSlider, rule: Rule, value: float, usual: float, language: Language
) -> str:
    """Return the unit, or from where it was moved, and what the study's own value rests on."""
    status = say(f"app.truede.threshold.{rule.status}", language)
    if value != usual:
        own = plain_number(usual, language)
        return say("app.truede.threshold.moved", language, own=own, status=status)
    unit = say(f"app.mod5000.assumption.unit_{slider.name}", language)
    return say("app.truede.threshold.caption", language, unit=unit, status=status)
