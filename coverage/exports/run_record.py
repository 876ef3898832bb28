"""``run.json``: what the run was, and the digests of what it wrote."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from coverage.assessment import Assessment
from coverage.exports.scenario_words import clause_text, finding_text
from coverage.exports.stamp import RunStamp, ScenarioAccount
from coverage.rules import RuleSet
from coverage.wording import LANGUAGES

# Told only where there are any: scenarios in words, results under keys of their own.
_TOLD_APART = ("scenarios", "trial", "results")


def write_run_record(
    path: Path, assessment: Assessment, stamp: RunStamp, outputs: Sequence[Path]
) -> None:
    """Write the stamp, the rules' values, the notices and each output's SHA-256 as JSON."""
    about = {name: value for name, value in vars(stamp).items() if name not in _TOLD_APART}
    record = {
        **{name: _plain(value) for name, value in about.items()},
        **_scenarios(stamp, assessment.rules),
        **_trial(stamp),
        **stamp.results,
        "illustrative": assessment.illustrative,
        "rules": {
            key: {"value": rule.value, "unit": rule.unit, "status": rule.status}
            | {"overridden": rule.overridden}
            for key, rule in sorted(assessment.rules.rules.items())
        },
        "notices": [
            {language: notice.say(language) for language in LANGUAGES}
            for notice in assessment.notices
        ],
        "outputs": {
            output.name: {
                "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
                "size_bytes": output.stat().st_size,
            }
            for output in outputs
        },
    }
    text = json.dumps(record, ensure_ascii=False, indent=2, default=_as_text)
    path.write_bytes(f"{text}\n".encode())


def _plain(value: object) -> object:
    """Return the accounts of files as JSON has them."""
    return [asdict(source) for source in value] if isinstance(value, tuple) else value


def _scenarios(stamp: RunStamp, rules: RuleSet) -> dict[str, object]:
    """Return what scenarios the outputs are of; nothing of a plain run."""
    if not stamp.scenarios:
        return {}
    return {"scenarios": [_scenario(account, rules) for account in stamp.scenarios]}


def _trial(stamp: RunStamp) -> dict[str, object]:
    """Return what chance was drawn; nothing of a run without any."""
    if stamp.trial is None:
        return {}
    return {"trial": {**asdict(stamp.trial), "interrupted": stamp.trial.interrupted}}


def _scenario(account: ScenarioAccount, rules: RuleSet) -> dict[str, object]:
    scenario = account.scenario
    return {
        "name": scenario.name,
        "note": scenario.note,
        "file_name": account.file_name,
        "sha256": account.sha256,
        "actions": len(scenario.actions),
        "register_sha256": scenario.register_sha256,
        "carried_over": account.carried_over,
        "findings": [
            {
                "action": finding.action,
                "subject": finding.subject,
                "rule": finding.rule_key,
                "text": {language: finding_text(finding, language) for language in LANGUAGES},
                "clause": {
                    language: clause_text(finding, rules, language) for language in LANGUAGES
                },
            }
            for finding in account.findings
        ],
    }


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    message = f"{type(value).__name__} in a run's record"
    raise TypeError(message)
