"""The legend in the corner of a map, or below it: what each colour means, in words."""

import html
import re
from collections.abc import Iterable

from coverage.exports.map_layers import escape_for_map
from coverage.wording import Language, say

# What stands in front of the colour of a row that is no plain square.
DOT = "dot:"
FRAME = "frame:"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def legend_box(rows: Iterable[tuple[str, str]], language: Language) -> str:
    """Return a legend that can be folded.

    Parameters
    ----------
    rows
        Colour and words; no colour makes a heading. ``DOT`` and ``FRAME`` in
        front of a colour make a point, and an area with a bold border.

    Raises
    ------
    ValueError
        For a colour that is not ``#rrggbb``.
    """
    heading = escape_for_map(say("app.map.legend", language))
    shown = "".join(_legend_row(colour, escape_for_map(words)) for colour, words in rows)
    return f"<details open><summary>{heading}</summary>{shown}</details>"


def _legend_row(mark: str, words: str) -> str:
    if not mark:
        return f"<p>{words}</p>"
    shape, _, colour = mark.rpartition(":")
    return f'<div><i class="{shape}" style="background:{checked_colour(colour)}"></i>{words}</div>'


def legend_strip(rows: Iterable[tuple[str, str]]) -> str:
    """Return a legend that runs in lines, to stand below a map, as HTML.

    Parameters
    ----------
    rows
        As of ``legend_box``.

    Raises
    ------
    ValueError
        For a colour that is not ``#rrggbb``.
    """
    items = "".join(f"<span>{_strip_item(mark, html.escape(words))}</span>" for mark, words in rows)
    return f'<div class="app-legend">{items}</div>'


def _strip_item(mark: str, words: str) -> str:
    if not mark:
        return f"<b>{words}</b>"
    shape, _, colour = mark.rpartition(":")
    return f'<i class="{shape}" style="background:{checked_colour(colour)}"></i>{words}'


def checked_colour(colour: str) -> str:
    """Return a colour that may stand in a style.

    Raises
    ------
    ValueError
        For one that is not ``#rrggbb``.
    """
    if not _COLOUR.fullmatch(colour):
        message = f"{colour!r} is no colour"
        raise ValueError(message)
    return colour
