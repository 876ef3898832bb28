# ruff: noqa: INP001
"""Write the tables of this folder that follow from the code: ``python -m docs.make_tables``.

``rules.md`` is written whole; in the other pages what stands between
``<!-- table: name -->`` and ``<!-- end -->``. A test fails where a page is out of date.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from coverage.comparison import FIGURES
from coverage.exports import pathway_region, pathway_tables, placement_tables
from coverage.exports.annex_csv import STUDY_COLUMNS
from coverage.exports.annex_tables import COLUMNS
from coverage.exports.area_table import AREA_COLUMNS
from coverage.exports.comparison_actions import ACTION_COLUMNS
from coverage.exports.comparison_places import LOSING_COLUMNS, SKAL_COLUMNS
from coverage.exports.comparison_tables import LONG_COLUMNS, PAIR_COLUMNS, SIGNAL_COLUMNS
from coverage.exports.comparison_words import COMPARED
from coverage.exports.outputs import ANNEX_FILES
from coverage.exports.pathway_bands import BAND_COLUMNS, CHANCE_COLUMNS
from coverage.rules import RULESETS, Rule, load_ruleset
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

Every figure that decides anything, as `coverage/rulesets/` has it. This page is written by
`python -m docs.make_tables`. A study names its ruleset (`[rules]`) and can set any figure otherwise
(`[rules.overrides]`) within the range; the ruleset then has an id of its own on every output.

Status: **law**, **agreement** (the collective agreement or a region's plan), **regional-decision**,
or **assumption**: chosen by this tool because no source was found that states it.

"""
_DEPARTURES = """
## {title} (`{name}`)

The national rules, except for these:

"""


def as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    cells = ([cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def rules_page() -> str:
    """Return the page of all rules: the national ones, then each region's departures."""
    default = load_ruleset("default", _VALID_ON)
    page = _RULES_HEAD + f"## {default.title_en} (`default`)\n\n"
    page += as_table(_RULE_COLUMNS, map(_rule_row, default.rules.values()))
    for name in RULESETS:
        ruleset = load_ruleset(name, _VALID_ON)
        own = [rule for key, rule in ruleset.rules.items() if rule != default.rules[key]]
        if own:
            page += _DEPARTURES.format(title=ruleset.title_en, name=name)
            page += as_table(_RULE_COLUMNS, map(_rule_row, own))
    return page


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


def _column_table(names: Iterable[str], words: str) -> str:
    """Return columns with their headers and meaning; ``words`` is the part of the wording."""
    head = ("name in the code", "header (da)", "header (en)", "meaning")
    rows = (
        (
            f"`{name}`",
            say(f"{words}.column.{name}", "da"),
            say(f"{words}.column.{name}", "en"),
            say(f"{words}.definition.{name}", "en"),
        )
        for name in names
    )
    return as_table(head, rows)


def _area_columns() -> str:
    return _column_table(AREA_COLUMNS, "export")


def _annex_columns(table: str) -> Callable[[], str]:
    return lambda: _column_table((*COLUMNS[table], *STUDY_COLUMNS), "annex")


def _book_columns() -> str:
    """Return the columns of the workbook that no CSV file has."""
    told = {name for table in ANNEX_FILES.values() for name in COLUMNS[table]}
    sheets = (names for table, names in COLUMNS.items() if table not in ANNEX_FILES.values())
    names = dict.fromkeys(name for sheet in sheets for name in sheet if name not in told)
    return _column_table(names, "annex")


def _comparison_columns(columns: Sequence[str]) -> Callable[[], str]:
    return lambda: _column_table((*columns, *STUDY_COLUMNS), "comparison")


def _comparison_book_columns() -> str:
    """Return the columns of comparison.xlsx that none of the CSV files has."""
    told = {*LONG_COLUMNS, *LOSING_COLUMNS}
    sheets = (("baseline",), SIGNAL_COLUMNS, SKAL_COLUMNS, PAIR_COLUMNS, ACTION_COLUMNS)
    names = dict.fromkeys(name for sheet in sheets for name in sheet if name not in told)
    return _column_table(names, "comparison")


def _pathway_columns(columns: Sequence[str]) -> Callable[[], str]:
    return lambda: _column_table((*columns, *STUDY_COLUMNS), "pathway")


def _pathway_book_columns() -> str:
    """Return the columns of pathway.xlsx that none of the CSV files has."""
    told = {*pathway_tables.AREA_COLUMNS, *BAND_COLUMNS, *pathway_region.YEAR_COLUMNS}
    sheets = (
        *(
            pathway_region.ANSWER_COLUMNS,
            pathway_tables.GIVEN_COLUMNS,
            pathway_tables.SHORT_COLUMNS,
            CHANCE_COLUMNS,
        ),
        *(pathway_region.TASK_COLUMNS, pathway_tables.SITE_COLUMNS, pathway_region.RULE_COLUMNS),
    )
    names = dict.fromkeys(name for sheet in sheets for name in sheet if name not in told)
    return _column_table(names, "pathway")


def _placement_columns(columns: Sequence[str]) -> Callable[[], str]:
    return lambda: _column_table((*columns, *STUDY_COLUMNS), "placement")


def _placement_book_columns() -> str:
    """Return the columns of placement.xlsx that none of the CSV files has."""
    found = placement_tables
    told = {*found.STEP_COLUMNS, *found.FRONTIER_COLUMNS}
    sheets = (
        *(found.ANSWER_COLUMNS, found.SITE_COLUMNS, found.MOVE_COLUMNS, found.TIE_COLUMNS),
        *(found.TRADE_OFF_COLUMNS, found.CANDIDATE_COLUMNS, found.LEFT_OUT_COLUMNS),
    )
    names = dict.fromkeys(name for sheet in sheets for name in sheet if name not in told)
    return _column_table(names, "placement")


def _compared_figures() -> str:
    head = ("code", "figure (da)", "figure (en)", "unit", "better")
    better = {figure.name: figure.better for figure in FIGURES}
    better |= {"persons_gain_choice": "more", "persons_lose_choice": "less"}
    rows = (
        (f"`{name}`", figure.title("da"), figure.title("en"), figure.unit_text("en"), better[name])
        for name, figure in COMPARED.items()
    )
    return as_table(head, rows)


def _practice_sheet() -> str:
    rows = ((say(key, "da"), say(key, "en")) for key in keys("export.practice."))
    return as_table(("header (da)", "header (en)"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "area columns": _area_columns,
    "columns of capacity_by_area.csv": _annex_columns("capacity_by_area"),
    "columns of designation.csv": _annex_columns("criteria"),
    "columns of skal_areas.csv": _annex_columns("skal_areas"),
    "columns of practices.csv": _annex_columns("practices"),
    "more columns of praksisplan.xlsx": _book_columns,
    "columns of comparison.csv": _comparison_columns(LONG_COLUMNS),
    "columns of losing_places.csv": _comparison_columns(LOSING_COLUMNS),
    "more columns of comparison.xlsx": _comparison_book_columns,
    "figures of comparison.csv": _compared_figures,
    "columns of pathway_by_area.csv": _pathway_columns(pathway_tables.AREA_COLUMNS),
    "columns of pathway_bands.csv": _pathway_columns(BAND_COLUMNS),
    "columns of pathway_by_year.csv": _pathway_columns(pathway_region.YEAR_COLUMNS),
    "more columns of pathway.xlsx": _pathway_book_columns,
    "columns of placement.csv": _placement_columns(placement_tables.STEP_COLUMNS),
    "columns of frontier.csv": _placement_columns(placement_tables.FRONTIER_COLUMNS),
    "more columns of placement.xlsx": _placement_book_columns,
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
