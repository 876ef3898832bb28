"""The map of signals: what the criteria point out, and what is designated."""

import pandas as pd

from coverage.signal_rule import SIGNALS
from coverage.ui.signal_colours import SIGNAL_COLOURS
from coverage.ui.theme_map import FRAME, AreaFill, Theme
from coverage.ui.truede.criterion_text import plain_number
from coverage.wording import Language, say

_NO_FILL = "#ffffff"


def signal_theme(
    areas: pd.DataFrame, criteria: pd.DataFrame, least: float, language: Language
) -> Theme:
    """Return the map of one level's areas.

    Parameters
    ----------
    areas, criteria
        ``Designation.areas`` and ``.criteria`` of one level, not empty.
    least
        The weight that gives a signal.
    """
    met = met_criteria(criteria, language)
    fills = [
        AreaFill(
            area_id=row["area_id"],
            colour=SIGNAL_COLOURS[row["signal"]],
            tooltip=_tooltip(row, met.get(row["area_id"], ""), least, language),
            bold_border=bool(row["designated"]),
        )
        for _, row in areas.iterrows()
    ]
    legend = [
        ("", say("app.truede.map.heading", language)),
        *((SIGNAL_COLOURS[name], say(f"app.truede.map.{name}", language)) for name in SIGNALS),
        (FRAME + _NO_FILL, say("app.truede.map.designated", language)),
    ]
    level = str(areas["area_level"].iloc[0])
    return Theme(level, tuple(fills), (), tuple(legend))


def met_criteria(criteria: pd.DataFrame, language: Language, status: str = "met") -> dict[str, str]:
    """Return in a few words an area's criteria of one status that count, by area id."""
    rows = criteria[(criteria["status"] == status) & (criteria["weight"] > 0)]
    names: dict[str, list[str]] = {}
    for area_id, criterion in zip(rows["area_id"], rows["criterion"], strict=True):
        names.setdefault(area_id, []).append(say(f"app.truede.criterion.{criterion}", language))
    return {area_id: ", ".join(held) for area_id, held in names.items()}


def _tooltip(
    row: "pd.Series", met: str, least: float, language: Language
) -> tuple[tuple[str, str], ...]:
    weight = say(
        "app.truede.map.weight_value",
        language,
        met=plain_number(row["met_weight"], language),
        total=plain_number(row["total_weight"], language),
        least=plain_number(least, language),
    )
    lines = [
        ("", row["area_name"]),
        (say("app.truede.table.signal", language), say(f"annex.signal.{row['signal']}", language)),
        (say("app.truede.map.weight", language), weight),
    ]
    if met:
        lines.append((say("app.truede.map.met", language), met))
    if not pd.isna(row["override"]):
        lines.append((say("app.truede.map.overridden", language), row["override_author"]))
    return tuple(lines)
