"""The plan's own list of skal-areas beside what the tool finds."""

import pandas as pd

from coverage.exports.annex_table import AnnexTable
from coverage.study_file import InputFile
from coverage.ui.formats import format_date, format_number
from coverage.ui.skal.worded_table import TWO_LINES_PX, Column, WordedTable
from coverage.ui.style import show_plain
from coverage.wording import Language, say

# The order of the table: where plan and tool differ comes first.
_ORDER = ("missing", "extra", "agreed", "not_compared")
_TABLE = WordedTable(
    "skal-agreement",
    "agreement",
    (
        Column("plan_name", "text", 160),
        Column("verdict", "text", 160),
        Column("kommune_name", "text", 120),
        Column("place_name", "text", 140),
        Column("agreement_reason", "text", 700),
    ),
    row_px=TWO_LINES_PX,
)
_TABLE_PX = 360


def agreement_sentence(agreement: pd.DataFrame, language: Language) -> str:
    """Return on how many places plan and tool agree and differ (``SkalAreas.agreement``)."""
    counts = {
        verdict: format_number(int((agreement["verdict"] == verdict).sum()), language)
        for verdict in _ORDER
    }
    outside = counts.pop("not_compared")
    sentence = say("app.skal.agreement.counts", language, **counts)
    if outside == "0":
        return sentence
    return f"{sentence} {say('app.skal.agreement.not_compared', language, count=outside)}"


def differing_first(table: pd.DataFrame, verdicts: "pd.Series[str]") -> pd.DataFrame:
    """Return the annex's table of the agreement, what differs first.

    Parameters
    ----------
    verdicts
        The codes of the same rows.
    """
    rank = [_ORDER.index(verdict) for verdict in verdicts]
    order = pd.Series(rank, index=table.index).sort_values(kind="stable").index
    return table.loc[order]


def show_agreement(
    agreement: pd.DataFrame, annex: AnnexTable, plan_file: InputFile | None, language: Language
) -> None:
    """Show the comparison with its reasons, or say that there is no list."""
    show_plain(say("app.skal.agreement.heading", language), "app-heading")
    if plan_file is None:
        show_plain(say("app.skal.agreement.absent", language), "app-question")
        return
    dated = say("app.skal.agreement.undated", language)
    if plan_file.as_of is not None:
        day = format_date(plan_file.as_of, language)
        dated = say("app.skal.agreement.dated", language, date=day)
    show_plain(dated, "app-question", emphasis=agreement_sentence(agreement, language))
    if len(agreement):
        _TABLE.show(differing_first(annex.table, agreement["verdict"]), language, _TABLE_PX)
