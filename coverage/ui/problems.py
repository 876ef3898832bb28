"""Errors as a planner reads them: a headline in the app's language, and no traceback."""

import streamlit as st

from coverage.errors import LaegedaekningError, ScenarioError, describe_rows
from coverage.ui.style import show_plain
from coverage.wording import Language, keys, say, say_error


def headline_key(problem: LaegedaekningError | None) -> str:
    """Return the wording key of the headline: of the error's class, or the nearest above it."""
    if problem is None:
        return "app.error.unexpected"
    known = set(keys("app.error."))
    classes = (f"app.error.{kind.__name__}" for kind in type(problem).__mro__)
    return next(key for key in classes if key in known)


def show_problem(problem: LaegedaekningError | None, language: Language) -> None:
    """Show what is wrong, where, in which rows, and what to do; None is a mistake of ours."""
    st.error(say(headline_key(problem), language))
    if problem is None:
        show_plain(say("app.error.unexpected_hint", language), "app-question")
        return
    rows = say_error(describe_rows(problem.rows), language) if problem.rows else ""
    parts = {
        "app.error.what": say_error(problem.what, language),
        "app.error.where": say_error(problem.where, language),
        "app.error.rows": rows,
        "app.error.hint": say_error(problem.hint, language),
    }
    for key, text in parts.items():
        if text:
            show_plain(f"{say(key, language)}:", "app-question", emphasis=text)
        if key == "app.error.what" and isinstance(problem, ScenarioError):
            for sentence in problem.problems:
                show_plain(f"• {say_error(sentence, language)}", "app-question")
