"""Actions and findings of a scenario in words, for the app, the tables and the command line."""

import math

from coverage.exports.number_text import km_text, number_text
from coverage.rules import RuleSet
from coverage.scenario.actions import Action, Open, Resize, Retire, SetIntake, kind_of, subject_of
from coverage.scenario.checks import Finding
from coverage.wording import Language, say

_WITHOUT_ROAD = "distance_m"


def action_text(action: Action, language: Language, *, subject: str = "") -> str:
    """Return an action in words.

    Parameters
    ----------
    subject
        What the practice is called; else its ydernummer or site id.
    """
    values: dict[str, str | float] = {"subject": subject or subject_of(action)}
    key = kind_of(action)
    if isinstance(action, Open | Resize):
        values["capacities"] = capacities_text(action.capacities, language)
    elif isinstance(action, SetIntake):
        key += "_open" if action.intake_open else "_closed"
    elif isinstance(action, Retire):
        values["doctors"] = action.doctors
    return say(f"scenario.action.{key}", language, **values)


def finding_text(finding: Finding, language: Language) -> str:
    """Return what a finding found, in one sentence."""
    values = {name: _value_text(name, value, language) for name, value in finding.values}
    key = finding.check
    distance_m = dict(finding.values).get(_WITHOUT_ROAD)
    if isinstance(distance_m, float) and math.isnan(distance_m):
        key += "_no_road"
    shown = {name.removesuffix("_m").removesuffix("_pct"): text for name, text in values.items()}
    return say(f"scenario.check.{key}", language, **shown)


def clause_text(finding: Finding, rules: RuleSet, language: Language) -> str:
    """Return the clause that a finding comes from: source and status of its rule."""
    rule = rules.rules[finding.rule_key]
    status = say(f"export.rule_status.{rule.status}", language)
    return say("scenario.clause", language, source=rule.source, status=status)


def capacities_text(capacities: float, language: Language) -> str:
    """Return ``2`` or ``1,5``."""
    return number_text(capacities, 0 if float(capacities).is_integer() else 1, language)


def _value_text(name: str, value: str | float, language: Language) -> str:
    if isinstance(value, str):
        return value or say("scenario.outside", language)
    if name.endswith("_m"):
        return km_text(value, language)
    if name.endswith("_pct"):
        return f"{number_text(value, 1, language)} %"
    return number_text(value, 0 if float(value).is_integer() else 2, language)
