"""The region on its path, in words: the answer, year by year, its tasks, the rules behind it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.exports.basis_sheet import rule_value_text
from coverage.exports.number_text import number_text
from coverage.exports.pathway_bands import band_of_study
from coverage.exports.pathway_words import withhold, worded_table
from coverage.exports.planned_path import HeldRows, PlannedPath
from coverage.exports.said_table import SaidTable
from coverage.levels import KOMMUNE_LEVEL
from coverage.pathway.tables import CLOSING_COLUMNS
from coverage.wording import Language, say

Bools = npt.NDArray[np.bool_]

YEAR_COLUMNS = (
    *("year", "national_doctors", "national_demography_doctors", "national_specialists"),
    *("path_capacities", "needed_capacities", "available_capacities", "capacities_start"),
    *("capacities_retired", "capacities_taken_over", "capacities_lapsed", "capacities_opened"),
    *("capacities_opened_to_shortage", "capacities_end", "unused_capacities"),
    *("short_of_path_capacities", "short_of_need_capacities", "doctors", "residents"),
    *("need_weighted_residents", "residents_per_capacity", "persons_with_choice"),
    *("areas_signalling", "areas_possible"),
)
# Of the region's years: what follows from no age.
_FREE = (
    *("year", "national_doctors", "national_demography_doctors", "national_specialists"),
    *("path_capacities", "available_capacities", "residents", "need_weighted_residents"),
)
ANSWER_COLUMNS = ("figure", "value", "unit", "meaning")
_ANSWER = (
    *("start", "target", "needed", "trained", "retired", "taken_over", "lapsed", "opened"),
    *("end", "short"),
)
_FREE_ANSWERS = ("share", "start", "target", "needed", "trained")
TASK_COLUMNS = (
    *("task", "consultations_now", "growth_pct", "consultations_then"),
    *("doctors_now", "doctors_then"),
)
RULE_COLUMNS = ("rule_title", "rule_value", "unit", "rule_status", "rule_source", "rule_key")
_RULE_GROUPS = ("pathway.", "workforce.")
_PCT = 100.0


def answer_table(planned: PlannedPath, language: Language, *, publish: bool) -> SaidTable:
    """Return the region from today to its part of the target, a row a figure."""
    answer = planned.pathway.answer
    rows: list[dict[str, Any]] = [
        {"code": "share", "value": round(answer.share * _PCT, 2), "unit": "pct"}
    ]
    rows += [
        {"code": name, "value": round(getattr(answer, name), 2) + 0.0, "unit": "capacities"}
        for name in _ANSWER
    ]
    if planned.bands is not None:
        band = band_of_study(planned.bands, "capacities")
        rows += [
            {"code": f"end_{name}", "value": round(band[name], 2), "unit": "capacities"}
            for name in ("p10", "p90")
        ]
    table = pd.DataFrame(rows)
    held = ~table["code"].isin(_FREE_ANSWERS).to_numpy() & (publish and planned.is_held_whole)
    values = answer_values(planned, language)
    words = table.assign(
        figure=[say(f"pathway.answer.{code}", language, **values) for code in table["code"]],
        meaning=[say(f"pathway.meaning.{code}", language, **values) for code in table["code"]],
        unit=[say(f"comparison.unit.{unit}", language) for unit in table["unit"]],
    )
    shown = withhold(words, ["value"], held, language)
    kinds = ("capacity",) * len(table)
    return worded_table("answer", shown, ANSWER_COLUMNS, language, row_kinds=kinds)


def answer_values(planned: PlannedPath, language: Language) -> Mapping[str, str]:
    """Return what sentences about the answer mention, as text."""
    answer, rules = planned.pathway.answer, planned.assessment.rules.pathway

    def capacities(value: float) -> str:
        shown = round(value, 1)
        return number_text(shown, 0 if shown.is_integer() else 1, language)

    return {
        "first_year": str(answer.first_year),
        "last_year": str(answer.last_year),
        "target_year": str(round(rules.target_year)),
        "share": number_text(answer.share * _PCT, 1, language),
        "national": number_text(rules.target_doctors, 0, language),
        "national_now": number_text(rules.national_doctors, 0, language),
        **{name: capacities(getattr(answer, name)) for name in _ANSWER},
    }


def answer_lines(planned: PlannedPath, language: Language, *, publish: bool = True) -> list[str]:
    """Return the answer in sentences.

    Parameters
    ----------
    publish
        Withhold what would tell the ages of few doctors.
    """
    values, answer = answer_values(planned, language), planned.pathway.answer
    lines = [say("pathway.line.target", language, **values)]
    if not planned.has_years:
        return [*lines, say("pathway.line.no_years", language, **values)]
    lines.append(say("pathway.line.trained", language, **values))
    if publish and planned.is_held_whole:
        return [*lines, say("pathway.line.held_whole", language)]
    reached = "reached" if answer.short <= 0 else "missed"
    lines += [say(f"pathway.line.{key}", language, **values) for key in ("leaving", reached)]
    return [*lines, *_chance_lines(planned, language)]


def _chance_lines(planned: PlannedPath, language: Language) -> list[str]:
    if planned.bands is None:
        return []
    year = planned.pathway.answer.last_year
    band = band_of_study(planned.bands, "capacities")
    low, high = (number_text(band[name], 1, language) for name in ("p10", "p90"))
    runs = number_text(planned.bands.runs, 0, language)
    return [say("pathway.line.band", language, runs=runs, low=low, high=high, year=str(year))]


def year_table(
    planned: PlannedPath,
    figures: pd.DataFrame,
    held: HeldRows,
    language: Language,
    *,
    publish: bool,
) -> SaidTable:
    """Return the region year by year.

    Parameters
    ----------
    figures, held
        ``Pathway.by_area`` as it is shown, and which of its rows are withheld: kommuner that
        are withheld in any year are in no year's count of signals.
    """
    source = planned.pathway.by_year
    on_level = figures["area_level"] == KOMMUNE_LEVEL
    is_total = (on_level & (figures["area_id"] == ALL_AREAS)).to_numpy(dtype=np.bool_)
    whole = figures[is_total].reset_index(drop=True)
    table = source.copy()
    needed = source["path_capacities"] - source["capacities_start"]
    table["needed_capacities"] = np.maximum(0.0, needed)
    for name in table.select_dtypes("float"):
        table[name] = table[name].round(0 if name == "residents_per_capacity" else 2) + 0.0
    for name in ("residents", "need_weighted_residents", "persons_with_choice"):
        table[name] = whole[name]
    told = _told_kommuner(figures, held.areas)
    for name, signal in (("areas_signalling", "signal"), ("areas_possible", "possible")):
        counts = (told["signal"] == signal).groupby(told["year"]).sum()
        table[name] = counts.reindex(table["year"], fill_value=0).to_numpy()
    coming = (table["year"] > planned.first_year).to_numpy(dtype=np.bool_)
    hidden = coming & (publish and planned.is_held_whole)
    names = [str(name) for name in table if name not in _FREE]
    shown = withhold(table, names, hidden, language)
    of_closing = held.closing[is_total] if publish else hidden
    shown = withhold(shown, CLOSING_COLUMNS, of_closing, language)
    return worded_table("by_year", shown, YEAR_COLUMNS, language)


def _told_kommuner(figures: pd.DataFrame, held: Bools) -> pd.DataFrame:
    """Return the rows of kommuner that are shown in every year."""
    own = (figures["area_level"] == KOMMUNE_LEVEL) & figures["signal"].notna()
    hidden = figures.loc[held, "area_id"][own[held]].unique()
    return figures[own & ~figures["area_id"].isin(hidden)]


def tasks_table(planned: PlannedPath, language: Language) -> SaidTable:
    """Return a row a transferred task: consultations and doctors, today and in the last year."""
    table = planned.pathway.tasks.table
    years = planned.pathway.model.years
    now, then = (table[table["year"] == year].set_index("task") for year in (years[0], years[-1]))
    rows = pd.DataFrame(
        {
            "task": now.index.to_numpy(object),
            "consultations_now": now["consultations"].round().to_numpy(),
            "growth_pct": then["growth_pct"].round(1).to_numpy(),
            "consultations_then": then["consultations"].round().to_numpy(),
            "doctors_now": now["doctors"].round(2).to_numpy(),
            "doctors_then": then["doctors"].round(2).to_numpy(),
        }
    )
    if len(rows):
        total: dict[str, Any] = {name: rows[name].sum() for name in TASK_COLUMNS[1:]}
        total = {name: round(float(value), 2) for name, value in total.items()}
        total |= {"task": say("pathway.tasks_total", language), "growth_pct": np.nan}
        rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True)
    return worded_table("tasks", rows, TASK_COLUMNS, language)


def task_lines(planned: PlannedPath, language: Language) -> list[str]:
    """Return how tasks become doctors, and how many doctors are left for them."""
    tasks, rules = planned.pathway.tasks, planned.assessment.rules.pathway
    values = {
        "contacts": number_text(rules.contacts_per_person, 2, language),
        "population": number_text(rules.national_population_persons, 0, language),
        "doctors": number_text(rules.national_doctors, 0, language),
        "per_doctor": number_text(tasks.consultations_per_doctor, 0, language),
        "target": number_text(rules.target_doctors, 0, language),
        "demography": number_text(rules.demography_doctors, 0, language),
        "low": number_text(tasks.low_doctors, 1, language),
        "high": number_text(tasks.high_doctors, 1, language),
        "left": number_text(tasks.left_doctors, 1, language),
        "share": number_text(planned.pathway.answer.share * _PCT, 1, language),
    }
    return [
        say(f"pathway.line.{key}", language, **values) for key in ("task_derivation", "task_room")
    ]


def rules_table(planned: PlannedPath, language: Language) -> SaidTable:
    """Return the rules that decide the path, with status and source; assumptions marked."""
    rules = [
        rule
        for key, rule in sorted(planned.assessment.rules.rules.items())
        if key.startswith(_RULE_GROUPS)
    ]
    table = pd.DataFrame(
        {
            "rule_title": [rule.title_da if language == "da" else rule.title_en for rule in rules],
            "rule_value": [rule_value_text(rule, language) for rule in rules],
            "unit": [rule.unit for rule in rules],
            "rule_status": [say(f"export.rule_status.{rule.status}", language) for rule in rules],
            "rule_source": [rule.source for rule in rules],
            "rule_key": [rule.key for rule in rules],
        }
    )
    marked = tuple(rule.status == "assumption" or rule.overridden for rule in rules)
    return worded_table("rules", table, RULE_COLUMNS, language, marked=marked)
