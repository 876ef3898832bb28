"""What practices and actions are called: for a planner, not by their numbers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.map_layers import address_text
from coverage.exports.number_text import is_missing
from coverage.exports.scenario_words import action_text
from coverage.scenario.actions import Action, Move, Open, OpenSatellite, Scenario, subject_of
from coverage.scenario.resolve import Resolved
from coverage.wording import Language, say


@dataclass(frozen=True)
class PracticeFacts:
    """A practice as the scenario leaves it.

    Attributes
    ----------
    doctors
        Whose years of birth the study knows; 0 where nobody knows them.
    x_m, y_m
        NaN for one that could not be placed.
    """

    practice_id: str
    name: str
    address: str
    capacities: float
    listed_persons: float
    intake_open: bool | None
    doctors: int
    x_m: float
    y_m: float
    is_new: bool


def practice_labels(assessment: Assessment, scenario: Scenario) -> dict[str, str]:
    """Return id -> label to find a practice by: name, town and ydernummer; new ones first."""
    practices = assessment.tables.practices
    labels = {
        action.site_id: site_label(assessment, action)
        for action in scenario.actions
        if isinstance(action, Open)
    }
    listed = practices.sort_values(["name", "ydernummer"])
    for row in listed[["ydernummer", "name", "town"]].to_dict("records"):
        parts = [str(row["name"])]
        if not is_missing(row["town"]):
            parts.append(str(row["town"]))
        labels[str(row["ydernummer"])] = " · ".join([*parts, str(row["ydernummer"])])
    return labels


def site_label(assessment: Assessment, site: Open) -> str:
    """Return what a new practice is called: its number, and its name or the nearest town."""
    place = site.name or nearest_town(assessment.tables.towns, site.x_m, site.y_m)
    return f"{site.site_id} · {place}" if place else site.site_id


def nearest_town(towns: pd.DataFrame, x_m: float, y_m: float) -> str:
    """Return the name of the town nearest in a straight line; empty without towns."""
    if towns.empty:
        return ""
    away = np.hypot(towns["x_m"].to_numpy(float) - x_m, towns["y_m"].to_numpy(float) - y_m)
    return str(towns["name"].iloc[int(away.argmin())])


def nearest_practice(practices: pd.DataFrame, x_m: float, y_m: float) -> str:
    """Return the placed practice nearest in a straight line; empty without any."""
    placed = practices[practices["x_m"].notna()]
    if placed.empty:
        return ""
    away = np.hypot(placed["x_m"].to_numpy(float) - x_m, placed["y_m"].to_numpy(float) - y_m)
    return str(placed["ydernummer"].iloc[int(away.argmin())])


def practice_facts(resolved: Resolved, practice_id: str) -> PracticeFacts | None:
    """Return a practice as the scenario leaves it; None for one that is closed or unknown."""
    rows = resolved.practices[resolved.practices["ydernummer"] == practice_id]
    if rows.empty:
        return None
    row: Mapping[Any, Any] = rows.iloc[0].to_dict()
    intake = row["intake_open"]
    return PracticeFacts(
        practice_id=practice_id,
        name=str(row["name"]),
        address=address_text(row),
        capacities=float(row["capacities"]),
        listed_persons=float(row["listed_persons"]),
        intake_open=None if is_missing(intake) else bool(intake),
        doctors=int((resolved.doctors["ydernummer"] == practice_id).sum()),
        x_m=float(row["x_m"]),
        y_m=float(row["y_m"]),
        is_new=practice_id in resolved.opened,
    )


def action_sentence(
    action: Action, assessment: Assessment, scenario: Scenario, language: Language
) -> str:
    """Return an action in words, with the name of its practice and where it goes."""
    subject = _subject(action, assessment, scenario)
    sentence = action_text(action, language, subject=subject)
    if isinstance(action, Move | OpenSatellite):
        towns = assessment.tables.towns
        place = action.address or nearest_town(towns, action.x_m, action.y_m)
        if place:
            return say("app.simulering.list.to_place", language, action=sentence, place=place)
    if isinstance(action, Open) and not action.intake_open:
        return say("app.simulering.list.closed_intake", language, action=sentence)
    return sentence


def _subject(action: Action, assessment: Assessment, scenario: Scenario) -> str:
    wanted = subject_of(action)
    for site in scenario.actions:
        if isinstance(site, Open) and site.site_id == wanted:
            return site_label(assessment, site)
    practices = assessment.tables.practices
    names = practices.loc[practices["ydernummer"] == wanted, "name"]
    return f"{names.iloc[0]} ({wanted})" if len(names) else wanted
