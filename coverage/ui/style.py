"""The page's look, and foreign text put on it safely."""

import html
import json
from collections.abc import Sequence

import streamlit as st

_CSS = """<style>
.stMainBlockContainer { padding: 1rem 1.6rem 1rem; max-width: none; }
[data-testid="stHeader"] { height: 2.4rem; min-height: 2.4rem; background: transparent; }
.stMainBlockContainer [data-testid="stVerticalBlock"] { gap: .5rem; }
.app-title { font-size: 1.35rem; font-weight: 700; line-height: 1.2; }
.app-title small { font-size: .95rem; font-weight: 400; color: #555; margin-left: .6rem; }
.app-question { font-size: .95rem; line-height: 1.3; color: #333; }
.app-answer { font-weight: 700; color: #111; }
.app-banner { background: #fff3c4; border: 1px solid #b88a00; border-radius: 4px;
  padding: .2rem .7rem; font-size: .9rem; font-weight: 600; color: #4d3a00; }
.app-small { font-size: .8rem; line-height: 1.35; color: #555; }
.app-action { font-size: .88rem; line-height: 1.25; color: #111; }
.app-warning, .app-forbidden { font-size: .78rem; line-height: 1.3; padding: .15rem .5rem;
  border-left: 4px solid #b88a00; background: #fff8e1; color: #4d3a00; }
.app-forbidden { border-color: #a11428; background: #fdecea; color: #5f0d1a; }
.app-legend { font-size: .78rem; line-height: 1.5; color: #222; }
.app-legend span { display: inline-block; margin-right: .8rem; white-space: nowrap; }
.app-legend i { display: inline-block; width: 12px; height: 12px; margin-right: 5px;
  vertical-align: -2px; border: 1px solid #222222; box-sizing: border-box; }
.app-legend i.dot { border-radius: 50%; }
.app-heading { font-weight: 700; font-size: .95rem; }
[data-testid="stMetric"] { padding: 0; }
/* Room for the changes: the map must not move under the pointer. */
.st-key-figures { min-height: 6.4rem; }
.st-key-figures [data-testid="stCaptionContainer"],
.st-key-path-figures [data-testid="stCaptionContainer"] { margin-top: -.7rem; }
.st-key-figures [data-testid="stCaptionContainer"] p,
.st-key-path-figures [data-testid="stCaptionContainer"] p { white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }
/* Four choices in a narrow column. */
.st-key-panel-choice button { padding: .25rem .35rem; }
@media (max-width: 1380px) {
  .st-key-panel-choice button { padding: .25rem .2rem; }
  .st-key-panel-choice button p { font-size: .78rem; }
}
/* The chart must not move when the runs are over. */
.st-key-path-figures { min-height: 4.6rem; }
/* Streamlit keeps room for a scale below a slider; the caption stands there instead. */
.st-key-thresholds [data-testid="stHtml"], .st-key-assumptions [data-testid="stHtml"],
.st-key-more-assumptions [data-testid="stHtml"] {
  margin-top: -1.15rem; }
.st-key-thresholds [data-testid="stSliderTickBar"],
.st-key-assumptions [data-testid="stSliderTickBar"],
.st-key-more-assumptions [data-testid="stSliderTickBar"],
.st-key-path-year [data-testid="stSliderTickBar"] { display: none; }
/* Streamlit's own hints in English. */
[data-testid="InputInstructions"], [data-testid="stFileUploaderDropzoneInstructions"] {
  display: none; }
[data-testid="stFileUploaderDropzone"] { padding: .3rem; min-height: 0; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stMetricLabel"] p { font-size: .85rem; font-weight: 600; }
[data-testid="stMetricValue"] { font-size: 1.45rem; line-height: 1.25; }
[data-testid="stMetricDelta"] { font-size: .8rem; }
iframe { display: block; }
.app-bars { border-collapse: collapse; font-size: .85rem; width: 100%; }
.app-bars th { text-align: right; font-weight: 600; padding: .1rem .5rem; color: #555; }
.app-bars td { text-align: right; padding: .1rem .5rem; white-space: nowrap; }
.app-bars td:last-child { width: 45%; }
.app-bars i { display: block; height: .7rem; background: #1f78b4; }
</style>"""
# What scrolls by passes under the menu.
_CSS_BELOW_MENU = """<style>
.stMainBlockContainer { padding-top: 2.8rem; }
[data-testid="stHeader"] { background: #fff; }
</style>"""


def use_style(*, has_menu: bool) -> None:
    """Give the page its look; with a menu of pages on top there is room for it."""
    st.html(_CSS + (_CSS_BELOW_MENU if has_menu else ""))


def show_plain(text: str, css_class: str, *, emphasis: str = "") -> None:
    """Show text that may come from a file: as it stands, never as markup.

    ``emphasis`` follows it in bold, just as plain.
    """
    strong = f' <span class="app-answer">{html.escape(emphasis)}</span>' if emphasis else ""
    st.html(f'<div class="{css_class}">{html.escape(text)}{strong}</div>')


def show_bars(
    headings: Sequence[str], rows: Sequence[Sequence[str]], lengths: Sequence[float]
) -> None:
    """Show a small table of texts, and behind each row a bar; the longest fills its room.

    Parameters
    ----------
    lengths
        One a row, at least 0; of a number that stands in the row, too.
    """
    longest = max(lengths, default=0.0) or 1.0
    head = "".join(f"<th>{html.escape(text)}</th>" for text in (*headings, ""))
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(text)}</td>' for text in row)}"
        f'<td><i style="width:{100.0 * length / longest:.1f}%"></i></td></tr>'
        for row, length in zip(rows, lengths, strict=True)
    )
    st.html(f'<table class="app-bars"><tr>{head}</tr>{body}</table>')


def show_title(title: str, subtitle: str) -> None:
    """Show the app's title and, smaller, what is open."""
    st.html(
        f'<div class="app-title" role="heading" aria-level="1">{html.escape(title)}'
        f"<small>{html.escape(subtitle)}</small></div>"
    )


def name_upload_button(text: str) -> None:
    """Give the button of a file uploader our own word: Streamlit's is in English.

    ``text`` is the wording's own, never foreign.
    """
    content = json.dumps(text, ensure_ascii=False)
    st.html(
        "<style>[data-testid='stFileUploaderDropzone'] button p::after "
        f"{{ content: {content}; font-size: 1rem; }}</style>"
    )


def escape_markdown(text: str) -> str:
    """Return text for a place that Streamlit reads as Markdown, every sign literal."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~$:&^=" else sign for sign in text)
