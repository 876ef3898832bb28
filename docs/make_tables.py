# ruff: noqa: INP001
"""Write the tables of this folder that follow from the code: ``python -m docs.make_tables``.

``rules.md`` is written whole; in the other pages what stands between
``<!-- table: name -->`` and ``<!-- end -->``. A test fails where a page is out of date.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from coverage.exports.area_table import AREA_COLUMNS
from coverage.rules import Rule, load_ruleset
from coverage.sources.practice_headers import PRACTICE_SYNONYMS
from coverage.wording import keys, say

FOLDER = Path(__file__).parent
RULES_PAGE = FOLDER / "rules.md"
PAGES_WITH_TABLES = (FOLDER / "user-guide.md", FOLDER / "outputs.md")

# Later than every rule's first date, so that the page shows the rules of today.
_VALID_ON = date(2026, 1, 1)
_PLACE = re.compile(r"(<!-- table: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)

_RULE_COLUMNS = (
    *("rule", "what it sets", "på dansk", "value", "unit", "range", "status", "source", "from"),
)
_RULES_HEAD = """# Rules

Every figure that decides anything, as `coverage/rulesets/default.toml` has it. This page is written
by `python -m docs.make_tables`. A study can set any of them otherwise (`[rules.overrides]`)
within the range; the ruleset then has an id of its own on every output.

Status: **law**, **agreement** (the collective agreement or a region's plan), **regional-decision**,
or **assumption**: chosen by this tool because no source was found that states it.

"""


def as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    cells = ([cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def rules_page() -> str:
    """Return the page of all rules."""
    rules = load_ruleset("default", _VALID_ON).rules.values()
    return _RULES_HEAD + as_table(_RULE_COLUMNS, map(_rule_row, rules))


def _rule_row(rule: Rule) -> tuple[str, ...]:
    ends = [_value_text(end) for end in (rule.min, rule.max) if end is not None]
    return (
        f"`{rule.key}`",
        rule.title_en,
        rule.title_da,
        _value_text(rule.value),
        rule.unit,
        " to ".join(ends),
        f"**{rule.status}**" if rule.status == "assumption" else rule.status,
        rule.source,
        rule.valid_from.isoformat(),
    )


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:,.10g}"


def _practice_columns() -> str:
    rows = (
        (f"`{name}`", ", ".join(f"*{header}*" for header in headers))
        for name, headers in PRACTICE_SYNONYMS.items()
    )
    return as_table(("what it is", "headers, the preferred one first"), rows)


def _area_columns() -> str:
    head = ("name in the code", "header (da)", "header (en)", "meaning")
    rows = (
        (
            f"`{name}`",
            say(f"export.column.{name}", "da"),
            say(f"export.column.{name}", "en"),
            say(f"export.definition.{name}", "en"),
        )
        for name in AREA_COLUMNS
    )
    return as_table(head, rows)


def _practice_sheet() -> str:
    rows = ((say(key, "da"), say(key, "en")) for key in keys("export.practice."))
    return as_table(("header (da)", "header (en)"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "area columns": _area_columns,
    "practice columns": _practice_columns,
    "practice sheet": _practice_sheet,
}


def with_tables(page: str) -> str:
    """Return a page's text with its tables as the code has them now.

    Raises
    ------
    KeyError
        For a table that this module does not know.
    """
    return _PLACE.sub(lambda place: place[1] + TABLES[place[2]]() + place[3], page)


def main() -> None:
    """Write every table anew."""
    RULES_PAGE.write_text(rules_page(), "utf-8")
    for path in PAGES_WITH_TABLES:
        path.write_text(with_tables(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
