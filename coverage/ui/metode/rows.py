"""What the page Metode lists: rules, the meaning of columns, and files."""

from collections.abc import Mapping

import pandas as pd

from coverage.exports.annex_columns import FIELDS
from coverage.exports.annex_table import AnnexTable
from coverage.exports.basis_sheet import notes_text, reason_text, role_text, rule_value_text
from coverage.exports.stamp import RunStamp
from coverage.rules import Rule, RuleSet
from coverage.ui.formats import format_date, format_number
from coverage.ui.rule_words import rule_title
from coverage.wording import Language, keys, say

ALL_GROUPS = ""


def rule_groups(rules: RuleSet) -> tuple[str, ...]:
    """Return the groups of rules, in the order of the ruleset."""
    return tuple(dict.fromkeys(key.split(".", 1)[0] for key in rules.rules))


def rule_rows(
    rules: RuleSet,
    usual: Mapping[str, Rule],
    thresholds: Mapping[str, float],
    group: str,
    language: Language,
) -> pd.DataFrame:
    """Return one row a rule, as text, and ``is_assumption`` and ``is_changed``.

    Columns ``title, value, unit, range, status, changed, source, valid_from,
    key``; ``changed`` says what the value would be, or is empty.

    Parameters
    ----------
    usual
        Key -> the rule as the ruleset has it, before anybody changed it.
    thresholds
        What the visitor has moved.
    group
        Of ``rule_groups``, or ``ALL_GROUPS``.
    """
    shown = [
        rule
        for key, rule in rules.rules.items()
        if group == ALL_GROUPS or key.split(".", 1)[0] == group
    ]
    rows = [
        {
            "title": rule_title(rule, language),
            "value": rule_value_text(rule, language),
            "unit": rule.unit,
            "range": _range_text(rule, language),
            "status": say(f"app.metode.status.{rule.status}", language),
            "changed": _changed_text(rule, usual[rule.key], thresholds, language),
            "source": rule.source,
            "valid_from": format_date(rule.valid_from, language),
            "key": rule.key,
            "is_assumption": rule.status == "assumption",
            "is_changed": rule.overridden,
        }
        for rule in shown
    ]
    return pd.DataFrame(rows)


def definition_rows(tables: Mapping[str, AnnexTable], language: Language) -> pd.DataFrame:
    """Return what each column of the annex means: ``column, definition, tables, rules``.

    A column that nobody has defined is left out.
    """
    defined = set(keys("annex.definition."))
    rows = []
    for column in FIELDS:
        key = f"annex.definition.{column}"
        users = [name for name, annex in tables.items() if column in annex.table]
        if key not in defined or not users:
            continue
        rows.append(
            {
                "column": say(f"annex.column.{column}", language),
                "definition": say(key, language),
                "tables": ", ".join(say(f"annex.table.{name}", language) for name in users),
                "rules": ", ".join(_rule_text(rule, language) for rule in FIELDS[column].rules),
            }
        )
    return pd.DataFrame(rows, columns=["column", "definition", "tables", "rules"], dtype="str")


def source_rows(stamp: RunStamp, language: Language) -> pd.DataFrame:
    """Return one row a file; counts of rows are numbers.

    Columns ``role, file_name, as_of, rows_read, rows_kept, merged_rows,
    dropped, notes, sha256``.
    """
    rows = [
        {
            "role": role_text(source.role, language),
            "file_name": source.file_name,
            "as_of": format_date(source.as_of, language),
            "rows_read": source.rows_read,
            "rows_kept": source.rows_kept,
            "merged_rows": source.merged_rows,
            "dropped": _dropped_text(source.dropped, language),
            "notes": notes_text(source.notes, language),
            "sha256": source.sha256,
        }
        for source in stamp.inputs
    ]
    return pd.DataFrame(rows)


def _rule_text(key: str, language: Language) -> str:
    """Return a rule's key; a whole group's name, and an asterisk for any other ending."""
    if key.endswith("."):
        return say(f"app.metode.group.{key[:-1]}", language)
    return f"{key}*" if key.endswith("_") else key


def _range_text(rule: Rule, language: Language) -> str:
    if rule.min is None and rule.max is None:
        return ""
    low, high = (_limit_text(limit, language) for limit in (rule.min, rule.max))
    return say("app.metode.range", language, low=low, high=high)


def _limit_text(limit: float | None, language: Language) -> str:
    if limit is None:
        return ""
    return format_number(limit, language, 0 if float(limit).is_integer() else 2)


def _changed_text(
    rule: Rule, usual: Rule, thresholds: Mapping[str, float], language: Language
) -> str:
    if not rule.overridden:
        return ""
    who = "by_you" if rule.key in thresholds else "by_study"
    return say(f"app.metode.changed.{who}", language, usual=rule_value_text(usual, language))


def _dropped_text(dropped: Mapping[str, int], language: Language) -> str:
    reasons = [
        f"{reason_text(reason, language)}: {format_number(rows, language)}"
        for reason, rows in dropped.items()
        if rows
    ]
    return "; ".join(reasons)
