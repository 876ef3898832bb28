"""Transferred tasks: the doctors that they take, of those that are left for new tasks."""

import streamlit as st

from coverage.pathway.pathway import Pathway
from coverage.pathway.tasks import Tasks
from coverage.rule_groups import PathwayRules
from coverage.ui.formats import format_number
from coverage.ui.grouped_table import show_grouped_table
from coverage.ui.mod5000.amounts import capacities_text, rounded_text
from coverage.ui.mod5000.tables import task_columns
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_TABLE_PX = 420
_PERCENT = 100.0


def tasks_sentence(tasks: Tasks, rules: PathwayRules, language: Language) -> str:
    """Return how many doctors the tasks take in the last year, and what part of those left."""
    last = tasks.table["year"].max()
    doctors = float(tasks.table.loc[tasks.table["year"] == last, "doctors"].sum())
    values = {
        "year": str(last),
        "doctors": capacities_text(doctors, language),
        "low": rounded_text(tasks.low_doctors, language),
        "high": rounded_text(tasks.high_doctors, language),
        "national_low": format_number(rules.new_tasks_low_doctors, language),
        "national_high": format_number(rules.new_tasks_high_doctors, language),
        "left": rounded_text(tasks.left_doctors, language),
    }
    sentence = say("app.mod5000.task.answer", language, **values)
    if min(tasks.low_doctors, tasks.high_doctors) <= 0:
        return sentence
    shares = sorted(doctors / left * _PERCENT for left in (tasks.low_doctors, tasks.high_doctors))
    least, most = (format_number(share, language) for share in shares)
    part = say("app.mod5000.task.share", language, least=least, most=most)
    return f"{sentence} {part}"


def show_tasks(pathway: Pathway, language: Language) -> None:
    """Show the tasks, folded, or how to name them."""
    tasks, rules = pathway.tasks, pathway.model.rules
    with st.expander(say("app.mod5000.task.heading", language), expanded=len(tasks.table) > 0):
        if tasks.table.empty:
            show_plain(say("app.mod5000.task.none", language), "app-question")
            return
        show_plain(tasks_sentence(tasks, rules, language), "app-question")
        show_grouped_table(task_columns(tasks, language), "mod5000-tasks", language, _TABLE_PX)
        consultations = format_number(tasks.consultations_per_doctor, language)
        note = say("app.mod5000.task.note", language, consultations=consultations)
        show_plain(note, "app-small")
