"""What people have decided about areas: judgements, designations, and the next meeting's agenda.

Region Syddanmark decides in March and September, for at least six months
(Praksisplan 2025-2028); Region Hovedstaden at new year (regionh.dk). The months
and the least duration are rules.

Which entry counts is stated once, here:

* of the judgements about one criterion of one area, the one with the latest date
  counts; of one day's, the last in the file. One that withdraws leaves the area as
  if nobody had judged. The day that a study is of plays no part: people judge for
  the meeting, often months after it.
* an area is designated on a day if a designation starts on or before it and has
  not ended on or before it. Where several are in force, the one binds whose
  earliest end comes last.
"""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from coverage.errors import ROWS_SHOWN, RuleError, UnknownIdError
from coverage.plan_tables import JUDGED
from coverage.sentences import sentence

AREA = ["area_level", "area_id"]
AGENDA_ITEMS = (
    "new_signal",
    "continues",
    "signal_gone",
    "end_not_allowed",
    "possible_signal",
)
_MONTHS = 12
_JUDGEMENT = ["met", "entered_on", "author", "reason"]
_DESIGNATION = ["from_date", "earliest_end", "basis", "decision"]


def next_decision(as_of: date, months: Sequence[str]) -> date:
    """Return the first day of the month of the next decision.

    A day in a month of decision belongs to that month: its meeting is the next.

    Parameters
    ----------
    months
        Rule ``designation.decision_months``: ``"01"`` to ``"12"``, in any order.

    Raises
    ------
    RuleError
        Without any month, or for something that is no month.
    """
    numbers = sorted(int(month) if month.isdecimal() else 0 for month in months)
    if not numbers or not all(1 <= number <= _MONTHS for number in numbers):
        raise RuleError(
            sentence(
                "Rule 'designation.decision_months' takes months 01 to 12, not {months}",
                months=str(list(months)),
            ),
            hint="Name at least one month in which the designation is decided.",
        )
    for number in numbers:
        if number >= as_of.month:
            return date(as_of.year, number, 1)
    return date(as_of.year + 1, numbers[0], 1)


def check_areas(entries: pd.DataFrame, areas: pd.DataFrame, *, name: str) -> None:
    """Refuse entries about areas that the study does not have.

    Parameters
    ----------
    entries
        Table JUDGEMENTS or DESIGNATIONS.
    areas
        Columns ``area_level, area_id``: every area.
    name
        What the entries are, for the message.

    Raises
    ------
    UnknownIdError
        With the entries' rows.
    """
    known = pd.MultiIndex.from_frame(areas[AREA])
    is_unknown = ~pd.MultiIndex.from_frame(entries[AREA]).isin(known)
    if not is_unknown.any():
        return
    unknown = entries.loc[is_unknown, AREA].drop_duplicates()
    shown = tuple(f"{level} {area_id}" for level, area_id in unknown.itertuples(index=False))
    raise UnknownIdError(
        sentence("The study has no such areas: {areas} …", areas=shown[:ROWS_SHOWN])
        if len(shown) > ROWS_SHOWN
        else sentence("The study has no such areas: {areas}", areas=shown),
        where=name,
        rows=list(entries.loc[is_unknown, "source_row"]),
        hint=sentence(
            "Levels of the study: {levels}. Correct the level or the area in these rows.",
            levels=tuple(areas["area_level"].unique()),
        ),
    )


def latest_judgements(judgements: pd.DataFrame, areas: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the judgements that count.

    Parameters
    ----------
    judgements
        Table JUDGEMENTS.
    areas
        Columns ``area_level, area_id``.

    Returns
    -------
    dict
        Each of ``plan_tables.JUDGED`` -> one row an area, in their order: ``met``
        (boolean), ``entered_on, author, reason``; all missing where nobody has
        judged, or the latest entry withdraws.
    """
    latest = (
        judgements.sort_values(["entered_on", "source_row"])
        .drop_duplicates([*AREA, "criterion"], keep="last")
        .astype({"met": "boolean"})
    )
    # An area whose last entry withdraws the earlier ones is as if nobody had judged.
    latest = latest[latest["met"].notna()]
    return {
        criterion: areas[AREA].merge(
            latest.loc[latest["criterion"] == criterion, [*AREA, *_JUDGEMENT]], on=AREA, how="left"
        )[_JUDGEMENT]
        for criterion in JUDGED
    }


def designations_on(
    designations: pd.DataFrame, areas: pd.DataFrame, day: date, min_months: float
) -> pd.DataFrame:
    """Return the designation that is in force for each area on a day.

    Parameters
    ----------
    designations
        Table DESIGNATIONS.
    areas
        Columns ``area_level, area_id``.
    min_months
        Rule ``designation.min_months``: gives the earliest end where the table
        has none; a part of a month counts as a whole one.

    Returns
    -------
    DataFrame
        One row an area, in their order: ``designated`` (bool), ``from_date,
        earliest_end, basis, decision``, missing where it is not designated.
    """
    on = pd.Timestamp(day)
    held = designations[
        (designations["from_date"] <= on)
        & (designations["ended_on"].isna() | (designations["ended_on"] > on))
    ]
    least = held["from_date"] + pd.DateOffset(months=math.ceil(min_months))
    held = held.assign(earliest_end=held["earliest_end"].fillna(least), designated=True)
    held = held.sort_values(["earliest_end", "from_date", "source_row"])
    binding = held.drop_duplicates(AREA, keep="last")[[*AREA, "designated", *_DESIGNATION]]
    table = areas[AREA].merge(binding, on=AREA, how="left")
    designated = table["designated"].notna()
    return table.assign(designated=designated)[["designated", *_DESIGNATION]]


def build_agenda(
    areas: pd.DataFrame, designations: pd.DataFrame, decision_on: date
) -> pd.DataFrame:
    """Return what the next meeting has to decide about.

    ``new_signal``: a signal, not designated. ``possible_signal``: figures are
    missing without which nobody can tell, whether it is designated or not.
    ``continues``: designated, and a signal. ``signal_gone``: designated, no
    signal, and may end on that day. ``end_not_allowed``: designated, no signal,
    but the earliest end comes later. An area with neither is not listed.

    Parameters
    ----------
    areas
        ``area_level, area_id, area_name, signal`` (after an override).
    designations
        What ``designations_on`` gives for these areas and that day.

    Returns
    -------
    DataFrame
        In the order of ``areas``: ``area_level, area_id, area_name, signal,
        designated, from_date, earliest_end, item, basis, decision``.
    """
    is_signal, is_possible = (areas["signal"] == name for name in ("signal", "possible"))
    designated = designations["designated"]
    may_end = designations["earliest_end"] <= pd.Timestamp(decision_on)
    conditions = [
        is_signal & ~designated,
        is_signal,
        ~is_possible & designated & may_end,
        ~is_possible & designated,
        is_possible,
    ]
    item = np.select([held.to_numpy() for held in conditions], AGENDA_ITEMS, "")
    agenda = areas[[*AREA, "area_name", "signal"]].assign(
        designated=designated,
        from_date=designations["from_date"],
        earliest_end=designations["earliest_end"],
        item=pd.Series(item, index=areas.index, dtype="str"),
        basis=designations["basis"],
        decision=designations["decision"],
    )
    return agenda[agenda["item"] != ""].reset_index(drop=True)
