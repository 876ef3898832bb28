"""The page's question, its answer in a sentence, and the figures behind it."""

import pandas as pd
import streamlit as st

from coverage.exports.annex_skal import DUTIES
from coverage.rules import RuleSet
from coverage.ui.formats import format_number
from coverage.ui.rule_words import backing_sentences
from coverage.ui.style import escape_markdown, show_plain
from coverage.wording import Language, say

_FIGURES = ("skal", "broken", "last", "kept", "pairs")
_RULED = ("skal.", "choice.limit")


def duty_counts(rows: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, int]:
    """Return how many places must keep a practice, how they do, and the pairs beside them.

    Keys ``skal``, the codes of ``DUTIES``, and ``pairs`` (of which neither place
    must keep a practice by itself).
    """
    counts = {duty: int((rows["duty"] == duty).sum()) for duty in DUTIES}
    counts["skal"] = int(rows["is_skal"].sum())
    counts["pairs"] = int(pairs["neither_must_stay"].sum())
    return counts


def skal_answer(counts: dict[str, int], language: Language) -> str:
    """Return the answer: how many skal-areas there are, without a practice, and with one left."""
    if counts["skal"]:
        numbers = {
            "count": format_number(counts["skal"], language),
            "broken": _some(counts["broken"], language),
            "last": _some(counts["last"], language),
        }
        answer = say("app.skal.answer", language, **numbers)
    else:
        answer = say("app.skal.answer_none", language)
    if not counts["pairs"]:
        return answer
    pairs = format_number(counts["pairs"], language)
    return f"{answer} {say('app.skal.answer_pairs', language, count=pairs)}"


def show_skal_question(counts: dict[str, int], language: Language) -> None:
    """Show the question and its answer."""
    question = say("app.skal.question", language)
    show_plain(question, "app-question", emphasis=skal_answer(counts, language))


def show_skal_figures(counts: dict[str, int], rules: RuleSet, language: Language) -> None:
    """Show the counts; the first explains the rules that they rest on."""
    columns = st.columns(len(_FIGURES))
    for column, name in zip(columns, _FIGURES, strict=True):
        sentences = [say(f"app.skal.figure.{name}_help", language)]
        if name == "skal":
            ruled = [key for key in rules.rules if key.startswith(_RULED)]
            sentences += backing_sentences(rules, ruled, language)
        column.metric(
            say(f"app.skal.figure.{name}", language),
            format_number(counts[name], language),
            help="\n\n".join(escape_markdown(sentence) for sentence in sentences),
        )


def _some(count: int, language: Language) -> str:
    return format_number(count, language) if count else say("app.skal.nobody", language)
