"""Where each column of the annex comes from: its meaning, its files with rows, and its rules."""

from collections.abc import Mapping, Sequence

from coverage.exports.annex_columns import FIELDS
from coverage.exports.annex_table import AnnexTable
from coverage.exports.basis_sheet import role_key, role_text
from coverage.exports.number_text import number_text
from coverage.exports.sheet_writer import Column, SheetWriter
from coverage.exports.stamp import RunStamp
from coverage.wording import Language, say

_HEADS = ("trace_column", "trace_meaning", "trace_tables", "trace_inputs", "trace_rules")


def write_trace(
    writer: SheetWriter,
    tables: Mapping[str, AnnexTable],
    stamp: RunStamp,
    language: Language,
) -> None:
    """Write a row for every column of the tables, in the order of ``FIELDS``."""
    writer.section(say("annex.trace", language))
    columns = [Column(say(f"annex.{head}", language), "long") for head in _HEADS]
    writer.header(columns)
    for name in FIELDS:
        used = [table for table, annex in tables.items() if name in annex.table]
        if not used:
            continue
        sheets = [say(f"annex.table.{table}", language) for table in used]
        values = [
            say(f"annex.column.{name}", language),
            say(f"annex.definition.{name}", language),
            ", ".join(sheets),
            "; ".join(input_texts(FIELDS[name].inputs, stamp, language))
            or say("export.none", language),
            "; ".join(rule_texts(FIELDS[name].rules)) or say("export.none", language),
        ]
        writer.line(columns, values)


def input_texts(roles: Sequence[str], stamp: RunStamp, language: Language) -> list[str]:
    """Return the files of these roles, with their rows, or that there is none."""
    texts = []
    for role in roles:
        words = role_text(role, language)
        files = [source for source in stamp.inputs if role_key(source.role) == role]
        texts += [
            say(
                "annex.one_input",
                language,
                role=words,
                file_name=source.file_name,
                rows=number_text(source.rows_kept, 0, language),
            )
            for source in files
        ] or [say("annex.not_given", language, role=words)]
    return texts


def rule_texts(rules: Sequence[str]) -> list[str]:
    """Return the keys of the sheet's list of rules; an asterisk stands for any ending."""
    return [f"{key}*" if key.endswith((".", "_")) else key for key in rules]
