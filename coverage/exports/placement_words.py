"""A placement in words and figures: the answer, for the app, the workbook and the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coverage.exports.number_text import number_text
from coverage.exports.scenario_words import capacities_text
from coverage.placement.candidates import Candidates
from coverage.placement.place import Placement
from coverage.units import M_PER_KM
from coverage.wording import Language, say

# Objective -> kind of a cell with its values, as of a ``Column``.
KIND_OF_OBJECTIVE: Mapping[str, str] = {
    "choice": "whole",
    "shortage": "tenth",
    "second_distance": "thousandth",
}
_DECIMALS: Mapping[str, int] = {"choice": 0, "shortage": 1, "second_distance": 3}
_IN_KM = ("second_distance",)
_LAST_LINES = ("ties", "candidates")
_PERCENT = 100.0


@dataclass(frozen=True)
class AnswerRow:
    """One fact of the answer.

    Attributes
    ----------
    what
        Of the wording ``placement.answer``.
    label
        In words.
    value
        Words, or a figure in the unit that is shown; missing where there is none.
    kind, unit
        Of the cell, and in words; empty for words.
    """

    what: str
    label: str
    value: Any
    kind: str = "text"
    unit: str = ""


def objective_text(objective: str, language: Language) -> str:
    """Return what an objective asks for."""
    return say(f"placement.objective.{objective}", language)


def shown_value(objective: str, value: Any) -> Any:  # noqa: ANN401 - a number or a column of them
    """Return a value or gain in the unit that is shown: km for metres."""
    return value / M_PER_KM if objective in _IN_KM else value


def value_text(objective: str, value: float, language: Language) -> str:
    """Return ``1.174.127 personer`` or ``5,671 km``."""
    number = number_text(shown_value(objective, value), _DECIMALS[objective], language)
    return f"{number} {say(f'placement.unit.{objective}', language)}"


def gap_text(gap: float, language: Language) -> str:
    """Return how far the best possible can be, a share of the gain or the value, in percent."""
    return f"{number_text(gap * _PERCENT, 2, language)} %"


def answer_lines(
    placement: Placement, candidates: Candidates, language: Language = "da"
) -> list[str]:
    """Return the answer in sentences: why the search ended comes first if it was interrupted."""
    objective = placement.request.objective
    lines = [
        say(
            "placement.line.placed",
            language,
            capacities=capacities_text(float(placement.sites["capacities"].sum()), language),
            sites=number_text(len(placement.sites), 0, language),
            moves=number_text(len(placement.moves), 0, language),
        ),
        say(
            "placement.line.value",
            language,
            objective=objective_text(objective, language),
            before=value_text(objective, placement.value_before, language),
            after=value_text(objective, placement.value_after, language),
            gain=value_text(objective, placement.gain, language),
        ),
    ]
    if not np.isnan(placement.bound):
        lines.append(
            say(
                "placement.line.bound",
                language,
                bound=value_text(objective, placement.bound, language),
                gap_of_gain=gap_text(placement.gap_of_gain, language),
                gap_of_value=gap_text(placement.gap_of_value, language),
            )
        )
    stopped = say(f"placement.stopped.{placement.stopped_by}", language)
    lines.insert(0 if placement.stopped_by == "interrupted" else len(lines), stopped)
    counts = {"count": placement.tie_count, "tried": placement.swaps_tried}
    counts |= {"used": len(candidates), "left_out": len(candidates.left_out)}
    values = {name: number_text(count, 0, language) for name, count in counts.items()}
    return [*lines, *(say(f"placement.line.{key}", language, **values) for key in _LAST_LINES)]


def scenario_words(placement: Placement, language: Language) -> tuple[str, str]:
    """Return name and note of the scenario that a placement is."""
    capacities = capacities_text(float(placement.sites["capacities"].sum()), language)
    key = "interrupted" if placement.stopped_by == "interrupted" else "name"
    objective = objective_text(placement.request.objective, language)
    stopped = say(f"placement.stopped.{placement.stopped_by}", language)
    return (
        say(f"placement.scenario.{key}", language, capacities=capacities),
        say("placement.scenario.note", language, objective=objective, stopped=stopped),
    )


def answer_rows(
    placement: Placement, candidates: Candidates, language: Language = "da"
) -> list[AnswerRow]:
    """Return the answer fact by fact; facts that a placement does not have are left out."""
    request = placement.request
    figures: list[tuple[str, Any, str, str]] = [
        ("capacities", float(placement.sites["capacities"].sum()), "tenth", "capacities"),
        ("sites", len(placement.sites), "whole", "practices"),
        ("moves", len(placement.moves), "whole", "practices"),
        *_values(placement),
        ("gap_of_gain", placement.gap_of_gain * _PERCENT, "thousandth", "pct"),
        ("gap_of_value", placement.gap_of_value * _PERCENT, "thousandth", "pct"),
        ("tie_count", placement.tie_count, "whole", "swaps"),
        ("swaps_tried", placement.swaps_tried, "whole", "swaps"),
        ("candidates", len(candidates), "whole", "places"),
        ("left_out", len(candidates.left_out), "whole", "places"),
        ("seed", request.seed, "whole", ""),
        ("steps", request.effort.steps, "whole", ""),
    ]
    words = [
        ("objective", objective_text(request.objective, language)),
        ("stopped_by", say(f"placement.stopped.{placement.stopped_by}", language)),
    ]
    rows = [
        AnswerRow(what, say(f"placement.answer.{what}", language), text) for what, text in words
    ]
    for what, value, kind, unit in figures:
        if value is None or np.isnan(value):
            continue
        label = say(f"placement.answer.{what}", language)
        unit_words = say(f"placement.unit.{unit}", language) if unit else ""
        rows.append(AnswerRow(what, label, float(value), kind, unit_words))
    return [*rows, *_seconds(placement, language)]


def _values(placement: Placement) -> list[tuple[str, Any, str, str]]:
    """Return the figures in the objective's unit; moves' worth only where something moves."""
    objective = placement.request.objective
    kind = KIND_OF_OBJECTIVE[objective]
    values = {
        "value_before": placement.value_before,
        "value_after": placement.value_after,
        "gain": placement.gain,
        "moves_worth": placement.moves_worth if len(placement.moves) else np.nan,
        "bound": placement.bound,
        "heuristic_value": placement.heuristic_value,
        "cutoff": placement.cutoff_m if objective in _IN_KM else np.nan,
    }
    return [
        (what, shown_value(objective, value), kind, objective) for what, value in values.items()
    ]


def _seconds(placement: Placement, language: Language) -> list[AnswerRow]:
    unit = say("placement.unit.s", language)
    return [
        AnswerRow(
            f"seconds_{stage}",
            say(
                "placement.answer.seconds",
                language,
                stage=say(f"placement.stage.{stage}", language),
            ),
            float(seconds),
            "tenth",
            unit,
        )
        for stage, seconds in placement.seconds.items()
    ]
