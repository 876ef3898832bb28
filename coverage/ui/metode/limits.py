"""What the figures do not say, in plain words."""

import streamlit as st

from coverage.exports.basis_sheet import rule_value_text
from coverage.rules import RuleSet
from coverage.ui.style import show_plain
from coverage.wording import Language, say

# In the order of what a reader is most likely to trip over.
LIMITS = (
    "signal",
    "assumptions",
    "distance",
    "satellites",
    "lists",
    "places",
    "homes",
    "exits",
    "rounding",
    "withheld",
)


def show_method_limits(rules: RuleSet, language: Language) -> None:
    """Show in two columns what the figures cannot tell."""
    values = {
        "min_doctors": rule_value_text(rules.rules["publication.min_doctors"], language),
        "horizon_years": rule_value_text(rules.rules["workforce.horizon_years"], language),
    }
    columns = st.columns(2, gap="large")
    for number, name in enumerate(LIMITS):
        with columns[number * 2 // len(LIMITS)]:
            show_plain(say(f"app.metode.limit.{name}.heading", language), "app-heading")
            show_plain(say(f"app.metode.limit.{name}.text", language, **values), "app-question")
