"""The thresholds as sliders, and which areas change when they are moved."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from coverage.exports.signal_changes import STEPS_PCT, changed_signals, flips_by_step
from coverage.rules import Rule, RuleSet
from coverage.signal_rule import MEASURES, SIGNALS
from coverage.ui.rule_slider import slider_options
from coverage.ui.rule_words import backing_sentences
from coverage.ui.session import change_state, show_in_widget
from coverage.ui.state import AppState, move_threshold, reset_thresholds
from coverage.ui.style import escape_markdown, show_plain
from coverage.ui.truede.criterion_text import criterion_name, plain_number
from coverage.ui.truede.level_designation import LevelDesignation
from coverage.wording import Language, say

SIGNAL_WEIGHT = "signal_weight"
_ROW_PX, _HEAD_PX, _MOST_PX = 35, 38, 420


@dataclass(frozen=True)
class ThresholdSlider:
    """What a slider offers, in the rule's unit: the part of the rule's range that is of use."""

    name: str
    low: float
    high: float
    step: float

    @property
    def rule_key(self) -> str:
        """The key of the rule that it moves."""
        rule = MEASURES[self.name].rule if self.name in MEASURES else self.name
        return f"designation.{rule}"


SLIDERS = (
    ThresholdSlider("patients_per_capacity", 1200, 2400, 10),
    ThresholdSlider("practices_closed", 0, 100, 1),
    ThresholdSlider("spare_places", 0, 10, 0.1),
    ThresholdSlider("expected_exit", 0, 60, 0.5),
    ThresholdSlider("population_growth", -10, 10, 0.1),
    ThresholdSlider("choice", 50, 100, 0.5),
    ThresholdSlider(SIGNAL_WEIGHT, 0.5, 8, 0.5),
)


def show_thresholds(shown: LevelDesignation, state: AppState) -> None:
    """Show which areas change against the study's own thresholds, and the sliders."""
    language = state.language
    own, moved = shown.own.assessment.rules, shown.rules
    changes, ruleset, reset = st.columns([4.4, 1.3, 1.1], vertical_alignment="center")
    with changes:
        found = changed_signals(shown.own_areas, shown.table("areas"))
        show_plain(flips_sentence(found, state), "app-heading")
    with ruleset:
        show_plain(say("app.truede.threshold.ruleset", language, ruleset=moved.id), "app-small")
    with reset:
        st.button(
            say("app.truede.threshold.reset", language),
            key=f"reset-thresholds-{language}",
            on_click=change_state,
            args=(reset_thresholds,),
            disabled=not state.thresholds,
            width="stretch",
        )
    row = st.container(key="thresholds").columns(len(SLIDERS), gap="medium")
    for slider, column in zip(SLIDERS, row, strict=True):
        with column:
            _show_slider(slider, own, moved, language)


def _show_slider(slider: ThresholdSlider, own: RuleSet, moved: RuleSet, language: Language) -> None:
    rule = own.rules[slider.rule_key]
    usual, value = _number(rule), _number(moved.rules[slider.rule_key])
    key = f"threshold-{slider.name}-{language}"
    show_in_widget(key, value)
    st.select_slider(
        say(f"app.truede.threshold.{slider.name}", language),
        slider_options(slider, rule, usual, value),
        format_func=lambda option: plain_number(option, language),
        key=key,
        help=escape_markdown(backing_sentences(own, [slider.rule_key], language)[0]),
        on_change=lambda: change_state(
            move_threshold, slider.rule_key, st.session_state[key], usual
        ),
    )
    show_plain(_caption(slider, rule, moved, language), "app-small")


def _number(rule: Rule) -> float:
    return float(str(rule.value))


def _caption(slider: ThresholdSlider, rule: Rule, moved: RuleSet, language: Language) -> str:
    """Return the unit, or from where the threshold was moved, and what the study's own rests on."""
    status = say(f"app.truede.threshold.{rule.status}", language)
    unit = say(f"app.truede.threshold.unit_{slider.name}", language)
    if slider.name in MEASURES and not moved.rules[f"designation.weight_{slider.name}"].value:
        unit = say("app.truede.threshold.no_weight", language)
    if moved.rules[slider.rule_key].value != rule.value:
        own = plain_number(_number(rule), language)
        return say("app.truede.threshold.moved", language, own=own, status=status)
    return say("app.truede.threshold.caption", language, unit=unit, status=status)


def flips_sentence(changes: pd.DataFrame, state: AppState) -> str:
    """Return the sentence on changes (``signal_changes.changed_signals``)."""
    language = state.language
    if not state.thresholds:
        return say("app.truede.flips.own", language)
    if changes.empty:
        return say("app.truede.flips.none", language)
    areas = "; ".join(
        say(
            "app.truede.flips.change",
            language,
            area=row["area_name"],
            before=say(f"app.truede.short.{row['before']}", language),
            after=say(f"app.truede.short.{row['after']}", language),
        )
        for row in changes.to_dict("records")
    )
    if len(changes) == 1:
        return say("app.truede.flips.one", language, areas=areas)
    return say("app.truede.flips.some", language, count=len(changes), areas=areas)


def areas_flipping(sensitivity: pd.DataFrame) -> Mapping[int, int]:
    """Return, by step in %, how many areas change if one threshold moves by it or less."""
    size = sensitivity["change_pct"].abs()
    steps = sorted({abs(step) for step in STEPS_PCT})
    return {step: int(sensitivity.loc[size <= step, "area_id"].nunique()) for step in steps}


def show_sensitivity(sensitivity: pd.DataFrame, areas: int, language: Language) -> None:
    """Show, folded, which areas change at which step.

    Parameters
    ----------
    sensitivity
        ``Designation.sensitivity`` of one level.
    areas
        How many areas that level has.
    """
    with st.expander(say("app.truede.sensitivity.heading", language)):
        five, ten, twenty = areas_flipping(sensitivity).values()
        summary = say(
            "app.truede.sensitivity.summary",
            language,
            areas=areas,
            five=five,
            ten=ten,
            twenty=twenty,
        )
        show_plain(summary, "app-question")
        flips = flips_by_step(sensitivity)
        if len(flips):
            _show_flips(flips, language)


def _show_flips(flips: pd.DataFrame, language: Language) -> None:
    """Show the table of ``flips_by_step``, the signals in a word each."""
    shown = flips.drop(columns=["area_level", "area_id"])
    shown["criterion"] = [criterion_name(name, language) for name in shown["criterion"]]
    words = {name: say(f"app.truede.short.{name}", language) for name in SIGNALS}
    for column in ("before", *map(str, STEPS_PCT)):
        shown[column] = shown[column].map(words).fillna("")
    titles = {
        "area_name": say("app.truede.table.area", language),
        "criterion": say("app.truede.area.criterion", language),
        "before": say("app.truede.sensitivity.now", language),
        **{
            str(step): say("app.truede.sensitivity.step", language, step=f"{step:+d}")
            for step in STEPS_PCT
        },
    }
    st.dataframe(
        shown,
        hide_index=True,
        height=min(_MOST_PX, _HEAD_PX + _ROW_PX * len(shown)),
        column_config={name: st.column_config.TextColumn(text) for name, text in titles.items()},
        key=f"sensitivity-{language}",
    )
