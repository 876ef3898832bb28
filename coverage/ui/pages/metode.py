"""The page Metode, on what the figures rest on and what they do not say."""

from collections.abc import Sequence

import streamlit as st

from coverage.rules import load_ruleset
from coverage.study import StudyResult
from coverage.ui.data_line import show_data_line
from coverage.ui.downloads import show_annex_download
from coverage.ui.loading import judged_state, kept_annex, kept_designation
from coverage.ui.metode.limits import show_method_limits
from coverage.ui.metode.rows import (
    ALL_GROUPS,
    definition_rows,
    rule_groups,
    rule_rows,
    source_rows,
)
from coverage.ui.metode.wrapped_table import show_method_table
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import change_state, current_state
from coverage.ui.state import AppState, choose_rule_group
from coverage.ui.style import show_plain
from coverage.wording import Language, say


def show_metode() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    state = current_state()
    language = state.language
    judged = judged_state(study.result.study)
    result = kept_designation(study.key, state.thresholds, judged)
    question, download = st.columns([4, 1], vertical_alignment="center")
    with question:
        _show_question(result, language)
    with download:
        show_annex_download(study, state)
    names = ("rules", "definitions", "files", "limits")
    tabs = st.tabs([say(f"app.metode.tab.{name}", language) for name in names])
    with tabs[0]:
        _show_rules(result, state)
    with tabs[1]:
        annex = kept_annex(study.key, state.thresholds, judged, language)
        definitions = definition_rows(annex, language)
        if len(definitions):
            show_method_table("definitions", definitions, state)
    with tabs[2]:
        show_method_table("files", source_rows(result.stamp, language), state)
    with tabs[3]:
        show_method_limits(result.assessment.rules, language)
    show_data_line(result, language)


def _show_question(result: StudyResult, language: Language) -> None:
    rules = result.assessment.rules.rules.values()
    answer = say(
        "app.metode.answer",
        language,
        files=len(result.stamp.inputs),
        rules=len(rules),
        assumptions=sum(rule.status == "assumption" for rule in rules),
        changed=sum(rule.overridden for rule in rules),
    )
    show_plain(say("app.metode.question", language), "app-question", emphasis=answer)


def _show_rules(result: StudyResult, state: AppState) -> None:
    """Show the rules of a group, what is assumed or changed standing out."""
    language, rules = state.language, result.assessment.rules
    group = _choose_group((ALL_GROUPS, *rule_groups(rules)), state)
    usual = load_ruleset(result.study.ruleset, result.study.as_of).rules
    rows = rule_rows(rules, usual, dict(state.thresholds), group, language)
    show_plain(say("app.metode.rules_note", language), "app-small")
    show_method_table("rules", rows, state)


def _choose_group(groups: Sequence[str], state: AppState) -> str:
    language = state.language
    key = f"rule-group-{language}"
    words = {group: say(f"app.metode.group.{group or 'all'}", language) for group in groups}
    shown = state.rule_group if state.rule_group in words else ALL_GROUPS
    st.segmented_control(
        say("app.metode.group_label", language),
        groups,
        default=shown,
        required=True,
        format_func=lambda group: words[group],
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_rule_group, st.session_state[key]),
    )
    return shown
