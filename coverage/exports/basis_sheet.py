"""The sheet "Grundlag": notices, inputs, rules, and what each column of lægevalg means."""

import re

from coverage.assessment import Assessment
from coverage.exports.area_table import AREA_COLUMNS
from coverage.exports.area_words import yes_no
from coverage.exports.number_text import number_text
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp, ScenarioAccount
from coverage.rules import Rule
from coverage.sentences import Notes
from coverage.sources.provenance import Provenance
from coverage.wording import Language, keys, say, say_error

_WIDTHS = (52.0, 34.0, 14.0, 30.0, 16.0, 44.0, 44.0, 44.0, 66.0)
BASIS_COLUMNS = len(_WIDTHS)
_RULE_KEYS = ("title", "value", "unit", "status", "overridden", "source", "valid_from", "key")
_SOURCE_KEYS = (
    "role",
    "file_name",
    "as_of",
    "rows_read",
    "rows_kept",
    "dropped",
    "merged_rows",
    "notes",
    "sha256",
)
_NUMBERS = ("rows_read", "rows_kept", "merged_rows")


def write_basis(
    writer: SheetWriter, assessment: Assessment, stamp: RunStamp, language: Language
) -> None:
    """Write the sheet below the lines that it already has."""
    writer.widths([Column("", width=width) for width in _WIDTHS])
    _write_notices(writer, assessment, language)
    _write_study(writer, stamp, language)
    for account in stamp.scenarios:
        _write_scenario(writer, account, language)
    _write_sources(writer, stamp, language)
    if not assessment.illustrative and any(source.role == "roads" for source in stamp.inputs):
        writer.text(say("export.workbook.attribution", language))
    _write_rules(writer, assessment, language)


def _write_notices(writer: SheetWriter, assessment: Assessment, language: Language) -> None:
    writer.section(say("export.workbook.notices", language))
    for notice in assessment.notices:
        writer.text(notice.say(language))
    if not assessment.notices:
        writer.text(say("export.none", language))


def _write_study(writer: SheetWriter, stamp: RunStamp, language: Language) -> None:
    writer.section(say("export.workbook.study", language))
    facts = {
        "title": stamp.study_title,
        "as_of": stamp.as_of.isoformat(),
        "ruleset": stamp.ruleset_id,
        "resolution": say(f"export.resolution.{stamp.resolution}", language),
        "version": stamp.version,
    }
    columns = [Column(""), Column("")]
    for key, value in facts.items():
        writer.line(columns, [say(f"export.workbook.{key}", language), value])
    for table, rows in stamp.row_counts.items():
        label = say("export.workbook.row_count", language, table=table)
        writer.line(columns, [label, number_text(rows, 0, language)])


def _write_scenario(writer: SheetWriter, account: ScenarioAccount, language: Language) -> None:
    writer.section(f"{say('comparison.column.scenario', language)}: {account.scenario.name}")
    facts = {
        "note": account.scenario.note or None,
        "file_name": account.file_name or None,
        "sha256": account.sha256,
        "actions": number_text(len(account.scenario.actions), 0, language),
        "register_sha256": account.scenario.register_sha256,
        "carried_over": yes_no(account.carried_over, language),
    }
    columns = [Column(""), Column("")]
    for key, value in facts.items():
        writer.line(columns, [say(f"comparison.key.{key}", language), value])


def _write_sources(writer: SheetWriter, stamp: RunStamp, language: Language) -> None:
    writer.section(say("export.workbook.sources", language))
    columns = [
        Column(say(f"export.source.{key}", language), "whole" if key in _NUMBERS else "long")
        for key in _SOURCE_KEYS
    ]
    writer.header(columns)
    for source in stamp.inputs:
        writer.line(columns, [_source_value(source, key, language) for key in _SOURCE_KEYS])


def _source_value(source: Provenance, key: str, language: Language) -> object:
    if key == "role":
        return role_text(source.role, language)
    if key == "as_of":
        return date_text(source, language)
    if key == "dropped":
        reasons = [
            f"{reason_text(reason, language)}: {rows}" for reason, rows in source.dropped.items()
        ]
        return "; ".join(reasons) or say("export.none", language)
    if key == "notes":
        return notes_text(source.notes, language) or None
    return getattr(source, key)


def role_text(role: str, language: Language) -> str:
    """Return what a file is to the study; the role itself where there are no words for it."""
    known = f"export.role.{role_key(role)}"
    return say(known, language) if known in keys("export.role.") else role


def role_key(role: str) -> str:
    """Return a role as its words are named."""
    return role.replace(" ", "_")


def reason_text(reason: str, language: Language) -> str:
    """Return why rows were left out; a reason without a translation in the source's own words."""
    known = "export.reason." + "_".join(re.findall(r"[a-z]+", reason.lower()))
    return say(known, language) if known in keys("export.reason.") else reason


def notes_text(notes: Notes, language: Language) -> str:
    """Return what a reader of a file's numbers should know, in one line; empty if nothing."""
    return "; ".join(say_error(note, language) for note in notes)


def date_text(source: Provenance, language: Language) -> str:
    """Return the date that a file's contents speak of, or that nobody said it."""
    if source.as_of is None:
        return say("export.workbook.date_unknown", language)
    return source.as_of.isoformat()


def _write_rules(writer: SheetWriter, assessment: Assessment, language: Language) -> None:
    writer.section(say("export.workbook.rules", language))
    columns = [Column(say(f"export.rule.{key}", language), "long") for key in _RULE_KEYS]
    writer.header(columns)
    for key, rule in sorted(assessment.rules.rules.items()):
        unsure = rule.status == "assumption" or rule.overridden
        values = {
            "title": rule.title_da if language == "da" else rule.title_en,
            "value": rule_value_text(rule, language),
            "unit": rule.unit,
            "status": say(f"export.rule_status.{rule.status}", language),
            "overridden": say("export.workbook.overridden", language) if rule.overridden else None,
            "source": rule.source,
            "valid_from": rule.valid_from.isoformat(),
            "key": key,
        }
        writer.line(columns, [values[name] for name in _RULE_KEYS], "mark" if unsure else "")


def rule_value_text(rule: Rule, language: Language) -> str:
    """Return a rule's value as a reader writes it."""
    if isinstance(rule.value, bool):
        return yes_no(rule.value, language)
    if isinstance(rule.value, tuple):
        return ", ".join(rule.value)
    whole = float(rule.value).is_integer()
    return number_text(float(rule.value), 0 if whole else 2, language)


def write_definitions(writer: SheetWriter, language: Language) -> None:
    """Write what each column of the tables of lægevalg means."""
    writer.section(say("export.workbook.definitions", language))
    columns = [Column("", "long"), Column("")]
    for name in AREA_COLUMNS:
        header = say(f"export.column.{name}", language)
        writer.line(columns, [header, say(f"export.definition.{name}", language)])
