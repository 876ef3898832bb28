"""What scenarios do, in words: each action, and the rules that it touches with their clauses."""

from collections.abc import Mapping

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.comparison_words import worded_table
from coverage.exports.said_table import SaidTable
from coverage.exports.scenario_words import action_text, clause_text, finding_text
from coverage.exports.stamp import RunStamp, ScenarioAccount
from coverage.rules import RuleSet
from coverage.scenario.actions import Open, subject_of
from coverage.scenario.checks import Finding
from coverage.wording import Language, say

ACTION_COLUMNS = (
    *("scenario", "action_number", "practice", "action", "note", "verdict", "finding", "clause"),
)


def actions_table(reference: Assessment, stamp: RunStamp, language: Language) -> SaidTable:
    """Return a row an action of each scenario of the stamp, and one more for each further rule."""
    practices = reference.tables.practices
    known = dict(zip(practices["ydernummer"], practices["name"], strict=True))
    rows = [
        row
        for account in stamp.scenarios
        for row in _rows(account, known, reference.rules, language)
    ]
    table = pd.DataFrame(rows, columns=list(ACTION_COLUMNS))
    marked = tuple(row["verdict"] is not None for row in rows)
    return worded_table("actions", table, ACTION_COLUMNS, language, marked=marked)


def finding_lines(account: ScenarioAccount, rules: RuleSet, language: Language) -> list[str]:
    """Return a line for every rule that a scenario touches, with its clause."""
    return [
        say(
            "comparison.finding_line",
            language,
            verdict=_verdict(finding, language),
            action=finding.action,
            subject=finding.subject,
            text=finding_text(finding, language),
            clause=clause_text(finding, rules, language),
        )
        for finding in account.findings
    ]


def _rows(
    account: ScenarioAccount, known: Mapping[str, str], rules: RuleSet, language: Language
) -> list[dict[str, object]]:
    names = dict(known)
    rows = []
    for number, action in enumerate(account.scenario.actions, start=1):
        practice = subject_of(action)
        if isinstance(action, Open):
            names[practice] = action.name or practice
        row = {
            "scenario": account.scenario.name,
            "action_number": number,
            "practice": practice,
            "action": action_text(action, language, subject=names.get(practice, practice)),
            "note": action.note or None,
        }
        touched: list[Finding | None] = [
            finding for finding in account.findings if finding.action == number
        ]
        rows += [row | _finding(finding, rules, language) for finding in touched or [None]]
    return rows


def _finding(finding: Finding | None, rules: RuleSet, language: Language) -> dict[str, str | None]:
    if finding is None:
        return {"verdict": None, "finding": None, "clause": None}
    return {
        "verdict": _verdict(finding, language),
        "finding": finding_text(finding, language),
        "clause": clause_text(finding, rules, language),
    }


def _verdict(finding: Finding, language: Language) -> str:
    return say("scenario.forbids" if finding.forbidden else "scenario.warns", language)
