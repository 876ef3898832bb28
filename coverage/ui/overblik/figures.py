"""The overview's answer in one sentence, and the row of figures under it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from coverage.exports.basis_sheet import rule_value_text
from coverage.study import StudyResult
from coverage.ui.formats import format_date, format_number, format_percent, format_persons
from coverage.ui.overblik.overview import Standing, amount_text
from coverage.ui.rule_words import backing_sentences
from coverage.ui.style import escape_markdown, show_plain
from coverage.wording import Language, say

_CHOICE = ("choice.limit_m", "choice.limit_capital_m")
_CLOSING = "capacity.closing_limit_persons"
_PER_CAPACITY = "designation.patients_per_capacity_persons"
# As wide as their labels.
_SHARES = (1.0, 0.85, 0.9, 1.15, 1.0, 1.1, 1.1, 1.35)


@dataclass(frozen=True)
class StandingFigure:
    """A figure of the row: the files (roles) and the rules that it rests on."""

    name: str
    roles: tuple[str, ...]
    rules: tuple[str, ...] = ()


STANDING_FIGURES = (
    StandingFigure("residents", ("population",)),
    StandingFigure("practices", ("practices",)),
    StandingFigure("capacities", ("practices",)),
    StandingFigure("patients_per_capacity", ("practices",), (_PER_CAPACITY,)),
    StandingFigure("without_choice", ("practices", "population", "roads"), _CHOICE),
    StandingFigure(
        "unplaced",
        ("practices", "population", "roads", "closing_limits"),
        (*_CHOICE, _CLOSING),
    ),
    StandingFigure(
        "signals",
        ("practices", "population", "projection", "judgements", "designations"),
        ("designation.signal_weight", "designation.min_months"),
    ),
    StandingFigure(
        "skal_broken", ("towns", "practices"), ("skal.town_persons", "skal.min_persons_lost")
    ),
)


def standing_answer(standing: Standing, language: Language) -> str:
    """Return where the study stands, in one sentence."""
    possible = ""
    if standing.possible:
        possible = say("app.overblik.answer_possible", language, possible=standing.possible)
    skal_key = "answer_skal" if standing.skal_areas else "answer_no_skal"
    skal = say(
        f"app.overblik.{skal_key}",
        language,
        broken=standing.skal_broken,
        skal_areas=standing.skal_areas,
    )
    return say(
        "app.overblik.answer",
        language,
        signals=standing.signals,
        areas=standing.areas,
        possible=possible,
        lacking=format_persons(standing.persons_without_choice, language),
        skal=skal,
        unplaced=format_persons(standing.persons_unplaced, language),
    )


def show_standing_question(standing: Standing, language: Language) -> None:
    """Show the question and its answer."""
    answer = standing_answer(standing, language)
    show_plain(say("app.overblik.question", language), "app-question", emphasis=answer)


def show_standing_figures(standing: Standing, result: StudyResult, language: Language) -> None:
    """Show the row of figures, each with what it rests on."""
    columns = st.container(key="figures").columns(_SHARES)
    values = _values(standing, language)
    captions = _captions(standing, result, language)
    for column, figure in zip(columns, STANDING_FIGURES, strict=True):
        with column:
            st.metric(
                say(f"app.overblik.figure.{figure.name}.label", language),
                values[figure.name],
                help=_help(figure, result, language),
            )
            st.caption(escape_markdown(captions[figure.name]))


def _values(standing: Standing, language: Language) -> Mapping[str, str]:
    return {
        "residents": format_persons(standing.residents, language),
        "practices": format_number(standing.practices, language),
        "capacities": amount_text(standing.capacities, language),
        "patients_per_capacity": format_number(standing.patients_per_capacity, language),
        "without_choice": format_persons(standing.persons_without_choice, language),
        "unplaced": format_persons(standing.persons_unplaced, language),
        "signals": _of(standing.signals, standing.areas, language),
        "skal_broken": _of(standing.skal_broken, standing.skal_areas, language),
    }


def _captions(standing: Standing, result: StudyResult, language: Language) -> Mapping[str, str]:
    threshold = result.assessment.rules.rules[_PER_CAPACITY]
    numbers: Mapping[str, tuple[Callable[[float, Language], str], float]] = {
        "residents": (format_persons, standing.listed_persons),
        "practices": (format_number, standing.practices_open),
        "capacities": (amount_text, standing.capacities_open),
        "without_choice": (format_percent, standing.without_choice_pct),
        "unplaced": (format_persons, standing.persons_without_practice),
        "signals": (format_number, standing.designated),
        "skal_broken": (format_number, standing.skal_last),
    }
    texts = {name: text(value, language) for name, (text, value) in numbers.items()}
    texts["patients_per_capacity"] = rule_value_text(threshold, language)
    return {
        name: say(f"app.overblik.figure.{name}.caption", language, value=text)
        for name, text in texts.items()
    }


def _of(part: int, whole: int, language: Language) -> str:
    return say("app.overblik.of", language, part=part, whole=whole)


def _help(figure: StandingFigure, result: StudyResult, language: Language) -> str:
    """Return what the figure counts, its files, and its rules with source and status."""
    rules = result.assessment.rules
    sentences = [
        say(f"app.overblik.figure.{figure.name}.help", language),
        *_files(figure, result, language),
        *backing_sentences(rules, figure.rules, language),
    ]
    return "\n\n".join(escape_markdown(sentence) for sentence in sentences)


def _files(figure: StandingFigure, result: StudyResult, language: Language) -> list[str]:
    """Return the figure's files with their dates in one sentence; none if it has none."""
    files = [
        say(
            "app.overblik.file",
            language,
            file_name=account.file_name,
            date=format_date(account.as_of, language),
        )
        for account in result.stamp.inputs
        if account.role in figure.roles
    ]
    return [say("app.overblik.files", language, files=", ".join(files))] if files else []
