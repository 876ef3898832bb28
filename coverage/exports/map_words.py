"""The words around the map in ``map.html``: title, banner, legend, sources, notices."""

from collections.abc import Mapping
from dataclasses import dataclass

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.basis_sheet import date_text, role_text
from coverage.exports.map_colours import OUTSIDE_COLOUR, STATUS_COLOURS, SURROUNDINGS_COLOUR
from coverage.exports.map_layers import escape_for_map
from coverage.exports.number_text import number_text, percent_text, persons_text
from coverage.exports.stamp import RunStamp
from coverage.levels import KOMMUNE_LEVEL
from coverage.units import metres_to_km
from coverage.wording import Language, say

# The reader looks for trouble: the bad end comes first.
_LEGEND_ORDER = ("none", "one", "two_or_more", "no_road_connection")


@dataclass(frozen=True)
class PageHead:
    """The page's title, and the line of headings above the map."""

    title: str
    html: str


def header_html(assessment: Assessment, stamp: RunStamp, language: Language) -> PageHead:
    """Return the title and the heading."""
    title = escape_for_map(assessment.title)
    line = say(
        "export.workbook.rules_line",
        language,
        as_of=stamp.as_of.isoformat(),
        ruleset_id=stamp.ruleset_id,
        resolution=say(f"export.resolution.{stamp.resolution}", language),
    )
    return PageHead(title, f"<header><h1>{title}</h1><p>{escape_for_map(line)}</p></header>")


def banner_html(assessment: Assessment, language: Language) -> str:
    """Return the banner of an illustration, or nothing."""
    if not assessment.illustrative:
        return ""
    text = escape_for_map(say("export.workbook.illustrative", language))
    return f'<div class="banner" role="alert">{text}</div>'


def legend_html(assessment: Assessment, symbols: Mapping[str, str], language: Language) -> str:
    """Return the legend: what each colour means, how many persons, and which end is the bad one."""
    summary = assessment.by_area[KOMMUNE_LEVEL]
    total = summary[summary["area_id"] == ALL_AREAS].iloc[0]
    items = []
    for status in _LEGEND_ORDER:
        persons = persons_text(total[f"road_persons_{status}"], language)
        share = percent_text(total[f"road_share_{status}"], language)
        words = escape_for_map(say(f"export.status.{status}", language))
        count = escape_for_map(say("export.map.count", language, persons=persons, share=share))
        key = f'<span class="key square" style="background:{STATUS_COLOURS[status]}"></span>'
        items.append(f'<li>{key}<span>{words}<br><span class="count">{count}</span></span></li>')
    for name, shape in symbols.items():
        svg = f'<svg class="key" width="16" height="16" viewBox="0 0 16 16">{shape}</svg>'
        words = escape_for_map(say(f"export.map.symbol.{name}", language))
        items.append(f"<li>{svg}<span>{words}</span></li>")
    for name, colour in _outside_colours(assessment).items():
        words = escape_for_map(say(f"export.map.{name}", language))
        key = f'<span class="key square" style="background:{colour}"></span>'
        items.append(f"<li>{key}<span>{words}</span></li>")
    return (
        f"<aside><h2>{escape_for_map(say('export.map.legend', language))}</h2>"
        f"<p>{escape_for_map(_limit_text(assessment, language))}</p>"
        f"<ul>{''.join(items)}</ul>"
        f"<p>{escape_for_map(say('export.map.worst_in_cell', language))}</p></aside>"
    )


def _outside_colours(assessment: Assessment) -> dict[str, str]:
    """Return what lies outside the study: told apart only where the neighbours are known."""
    if len(assessment.tables.surroundings):
        return {"neighbours": SURROUNDINGS_COLOUR, "elsewhere": OUTSIDE_COLOUR}
    return {"outside": OUTSIDE_COLOUR}


def footer_html(assessment: Assessment, stamp: RunStamp, language: Language) -> str:
    """Return the sources with their dates, the attribution and the notices."""
    sources = "; ".join(
        say(
            "export.map.source",
            language,
            role=role_text(source.role, language),
            file_name=source.file_name,
            as_of=date_text(source, language),
        )
        for source in stamp.inputs
    )
    lines = [say("export.map.sources", language, sources=sources)]
    if not assessment.illustrative and any(source.role == "roads" for source in stamp.inputs):
        lines.append(say("export.workbook.attribution", language))
    lines += [notice.say(language) for notice in assessment.notices]
    return "<footer>" + "".join(f"<p>{escape_for_map(line)}</p>" for line in lines) + "</footer>"


def _limit_text(assessment: Assessment, language: Language) -> str:
    rules = assessment.rules.choice
    limits = assessment.choice.by_origin["limit_m"].unique()
    shown = sorted(limits) if len(limits) else [rules.limit_m]
    words = [
        say(
            "export.map.limit_capital" if limit == rules.limit_capital_m else "export.map.limit",
            language,
            km=_short_km(float(limit), language),
        )
        for limit in shown
    ]
    return say("export.map.limits", language, limits=", ".join(words))


def _short_km(metres: float, language: Language) -> str:
    km = metres_to_km(metres)
    return number_text(km, 0 if km.is_integer() else 1, language)
