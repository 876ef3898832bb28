"""The page's question and its answer in one sentence."""

import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.rule_groups import ChoiceRules
from coverage.ui.formats import format_km, format_percent, format_persons
from coverage.ui.laegevalg.figures import persons_lacking
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_ALL = 100.0
# Homes are spread over addresses: somebody may lack a choice without being one whole person.
_PART_OF_A_PERSON = 0.1


def show_question(now: pd.Series, rules: ChoiceRules, state: AppState) -> None:
    """Show the question with the limits that apply, and the answer for the area shown."""
    language = state.language
    question = say(
        "app.laegevalg.question",
        language,
        limit=format_km(rules.limit_m, language),
        limit_capital=format_km(rules.limit_capital_m, language),
    )
    answer = _answer(now, language)
    if now["area_id"] != ALL_AREAS:
        answer = f"{say('app.laegevalg.in_area', language, area=now['area_name'])} {answer}"
    show_plain(question, "app-question", emphasis=answer)


def _answer(now: pd.Series, language: Language) -> str:
    lacking, persons = persons_lacking(now), float(now["persons"])
    if not persons:
        return say("app.laegevalg.answer_nobody", language)
    whole = format_persons(persons, language)
    percent = float(now["road_share_two_or_more_pct"])
    if percent == _ALL:
        return say("app.laegevalg.answer_yes", language, persons=whole)
    return say(
        "app.laegevalg.answer_no",
        language,
        lacking=format_persons(lacking or _PART_OF_A_PERSON, language),
        persons=whole,
        share=format_percent(_ALL - percent, language),
    )
