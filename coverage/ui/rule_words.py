"""Rules in words: a value with its unit, and what backs it."""

from collections.abc import Iterable

from coverage.exports.basis_sheet import rule_value_text
from coverage.rules import Rule, RuleSet
from coverage.ui.formats import format_km
from coverage.wording import Language, say

_METRES = "m"
_YES_NO = "ja/nej"


def rule_title(rule: Rule, language: Language) -> str:
    """Return what a rule is called."""
    return rule.title_da if language == "da" else rule.title_en


def value_with_unit(rule: Rule, language: Language) -> str:
    """Return "15 km", "1.600 personer pr. kapacitet" or "ja"."""
    if rule.unit == _METRES:
        return format_km(float(str(rule.value)), language)
    text = rule_value_text(rule, language)
    return text if rule.unit == _YES_NO else f"{text} {rule.unit}"


def backing_sentences(
    rules: RuleSet, rule_keys: Iterable[str], language: Language
) -> tuple[str, ...]:
    """Return for each rule its value, source and status, in one sentence."""
    return tuple(_backing(rules.rules[key], language) for key in rule_keys)


def _backing(rule: Rule, language: Language) -> str:
    return say(
        "app.figure.rule",
        language,
        title=rule_title(rule, language),
        value=value_with_unit(rule, language),
        source=rule.source,
        status=say(f"app.rule_status.{rule.status}", language),
    )
