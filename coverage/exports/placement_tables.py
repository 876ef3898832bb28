"""The tables of a placement, as placement.csv, the workbook and the app show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.area_words import level_text, yes_no
from coverage.exports.placement_words import (
    KIND_OF_OBJECTIVE,
    answer_rows,
    shown_value,
)
from coverage.exports.said_table import BY_ROW, SaidTable
from coverage.exports.sheet_writer import Column
from coverage.levels import KOMMUNE_LEVEL
from coverage.placement.candidates import Candidates
from coverage.placement.place import Placement
from coverage.placement.request import OBJECTIVES
from coverage.wording import Language, say

_WHERE = ("kommune_code", "kommune_name", "area_level", "area_name", "x_m", "y_m")
ANSWER_COLUMNS = ("what", "answer", "unit")
STEP_COLUMNS = (
    *("step", "kind", "ydernummer", "site_id", "name", "capacities", "gain", "value", "unit"),
    *(*_WHERE, "stopped_by"),
)
SITE_COLUMNS = ("step", "site_id", "name", "capacities", "gain", "value", "unit", *_WHERE)
MOVE_COLUMNS = (
    *("step", "ydernummer", "practice_name", "site_id", "name", "gain", "value", "unit"),
    *("kommune_code", "kommune_name", "x_m", "y_m"),
)
TIE_COLUMNS = ("site_id", "name", "other_site_id", "other_name", "value", "difference", "unit")
FRONTIER_COLUMNS = (
    *("practices", "capacities", "value", "gain", "marginal_gain", "bound", "gap_of_gain_pct"),
    *("unit", "site_ids", "is_partial"),
)
TRADE_OFF_COLUMNS = (
    *("weight_of_other_pct", *(f"value_{objective}" for objective in OBJECTIVES), "site_ids"),
)
CANDIDATE_COLUMNS = ("site_id", "name", "is_chosen", *_WHERE)
LEFT_OUT_COLUMNS = ("site_id", "name", "reason", "merged_into", "x_m", "y_m")
# A trade-off that was not asked for has no objectives.
_BARE = ("weight_of_other_pct", "site_ids")
_VALUE = "value_of_objective"
_PERCENT = 100.0
# Column -> kind and width; others are text of the usual width.
_KINDS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("step", "practices"), ("whole", 8.0)),
    **dict.fromkeys(("gain", "value", "difference", "marginal_gain", "bound"), (_VALUE, 14.0)),
    **{f"value_{one}": (KIND_OF_OBJECTIVE[one], 16.0) for one in OBJECTIVES},
    **dict.fromkeys(("x_m", "y_m"), ("whole", 12.0)),
    "capacities": ("tenth", 12.0),
    "weight_of_other_pct": ("tenth", 14.0),
    "gap_of_gain_pct": ("thousandth", 14.0),
    "what": ("long", 44.0),
    "answer": (BY_ROW, 30.0),
    "site_ids": ("long", 70.0),
    "reason": ("long", 40.0),
    **dict.fromkeys(("unit", "area_name", "name", "other_name", "practice_name"), ("text", 26.0)),
    **dict.fromkeys(("site_id", "other_site_id", "merged_into"), ("text", 22.0)),
}


@dataclass(frozen=True)
class PlacementTables:
    """Everything that a placement shows, in words.

    Attributes
    ----------
    answer
        The answer fact by fact, with its figures.
    steps
        New practices and moves in one order: placement.csv.
    sites, moves, ties
        New practices, moves, and the swaps of one site that are as good.
    candidates, left_out
        Where a practice could open, and what could not be used.
    frontier, trade_off
        Without rows if they were not asked for.
    """

    answer: SaidTable
    steps: SaidTable
    sites: SaidTable
    moves: SaidTable
    ties: SaidTable
    candidates: SaidTable
    left_out: SaidTable
    frontier: SaidTable
    trade_off: SaidTable


def placement_tables(
    placement: Placement,
    candidates: Candidates,
    assessment: Assessment,
    language: Language = "da",
    *,
    frontier: pd.DataFrame | None = None,
    trade_off: pd.DataFrame | None = None,
    is_partial: bool = False,
) -> PlacementTables:
    """Return the tables of a placement.

    Parameters
    ----------
    assessment
        That the placement is on.
    frontier, trade_off
        As the functions of these names return them, if they were asked for.
    is_partial
        The frontier was stopped before its end.
    """
    objective = placement.request.objective
    return PlacementTables(
        answer=answer_table(placement, candidates, language),
        steps=_steps(placement, assessment, language),
        sites=_sites(placement, assessment, language),
        moves=_moves(placement, assessment, language),
        ties=_ties(placement, language),
        candidates=_candidates(placement, candidates, assessment, language),
        left_out=_left_out(candidates, language),
        frontier=frontier_table(frontier, objective, language, is_partial=is_partial),
        trade_off=trade_off_table(trade_off, language),
    )


def answer_table(
    placement: Placement, candidates: Candidates, language: Language = "da"
) -> SaidTable:
    """Return the answer fact by fact."""
    rows = answer_rows(placement, candidates, language)
    table = pd.DataFrame(
        {
            "what": pd.Series([row.label for row in rows], dtype="str"),
            "answer": pd.Series([row.value for row in rows], dtype="object"),
            "unit": pd.Series([row.unit or None for row in rows], dtype="str"),
        }
    )
    is_partial = placement.stopped_by == "interrupted"
    return said(
        "answer",
        table,
        ANSWER_COLUMNS,
        language,
        row_kinds=tuple(row.kind for row in rows),
        marked=tuple(is_partial and row.what == "stopped_by" for row in rows),
    )


def frontier_table(
    frontier: pd.DataFrame | None,
    objective: str,
    language: Language = "da",
    *,
    is_partial: bool = False,
) -> SaidTable:
    """Return what each practice more adds; without rows if there is no frontier.

    Parameters
    ----------
    is_partial
        It was stopped before its end.
    """
    if frontier is None:
        table = pd.DataFrame(columns=list(FRONTIER_COLUMNS))
    else:
        table = _in_shown_units(frontier, objective).assign(
            gap_of_gain_pct=frontier["gap_of_gain"] * _PERCENT,
            unit=say(f"placement.unit.{objective}", language),
            is_partial=yes_no(is_partial, language),
        )
    return said("frontier", table, FRONTIER_COLUMNS, language, objective=objective)


def trade_off_table(trade_off: pd.DataFrame | None, language: Language = "da") -> SaidTable:
    """Return what one objective costs another; without rows if there is no trade-off."""
    if trade_off is None:
        return said("trade_off", pd.DataFrame(columns=list(_BARE)), _BARE, language)
    own = [objective for objective in OBJECTIVES if objective in trade_off]
    values = {f"value_{one}": shown_value(one, trade_off[one]) for one in own}
    share = trade_off["weight_of_other"] * _PERCENT
    table = trade_off.assign(**values, weight_of_other_pct=share)
    names = [name for name in TRADE_OFF_COLUMNS if name in table]
    return said("trade_off", table, names, language)


def said(
    name: str,
    table: pd.DataFrame,
    names: Sequence[str],
    language: Language,
    *,
    objective: str = "",
    row_kinds: tuple[str, ...] = (),
    marked: tuple[bool, ...] = (),
) -> SaidTable:
    """Return a table with these columns of the wording ``placement.column``.

    Parameters
    ----------
    objective
        Whose unit the values and gains are in.
    """
    columns = {}
    for column in names:
        kind, width = _KINDS.get(column, ("text", 14.0))
        kind = KIND_OF_OBJECTIVE[objective] if kind == _VALUE else kind
        columns[column] = Column(say(f"placement.column.{column}", language), kind, width)
    own = table[list(names)].reset_index(drop=True)
    return SaidTable(name, columns, own, row_kinds, marked)


def _steps(placement: Placement, assessment: Assessment, language: Language) -> SaidTable:
    """Return new practices and moves in the order of what each adds."""
    kinds = {
        kind: table.assign(kind=say(f"placement.kind.{kind}", language))
        for kind, table in (("new", placement.sites), ("move", placement.moves))
    }
    table = pd.concat([part for part in kinds.values() if len(part)] or [kinds["new"]])
    table = table.reindex(columns=[*placement.sites.columns, "ydernummer", "kind"])
    table = _worded(placement, table.sort_values("step"), assessment, language)
    table = table.assign(stopped_by=placement.stopped_by)
    return said("steps", table, STEP_COLUMNS, language, objective=placement.request.objective)


def _sites(placement: Placement, assessment: Assessment, language: Language) -> SaidTable:
    table = _worded(placement, placement.sites, assessment, language)
    return said("sites", table, SITE_COLUMNS, language, objective=placement.request.objective)


def _moves(placement: Placement, assessment: Assessment, language: Language) -> SaidTable:
    practices = assessment.tables.practices.set_index("ydernummer")["name"]
    table = _worded(placement, placement.moves, assessment, language)
    table["practice_name"] = table["ydernummer"].map(practices)
    return said("moves", table, MOVE_COLUMNS, language, objective=placement.request.objective)


def _ties(placement: Placement, language: Language) -> SaidTable:
    objective = placement.request.objective
    names = placement.sites.set_index("site_id")["name"]
    ties = placement.ties
    table = ties.assign(
        name=ties["site_id"].map(names),
        difference=shown_value(objective, ties["value"] - placement.value_after),
        value=shown_value(objective, ties["value"]),
        unit=say(f"placement.unit.{objective}", language),
    )
    return said("ties", table, TIE_COLUMNS, language, objective=objective)


def _candidates(
    placement: Placement, candidates: Candidates, assessment: Assessment, language: Language
) -> SaidTable:
    level = placement.request.level
    table = candidates.table.assign(area_id=candidates.area[level].to_numpy(object))
    table = _with_areas(table, level, assessment, language)
    chosen = dict.fromkeys(placement.sites["site_id"], yes_no(True, language))  # noqa: FBT003 - yes
    chosen |= dict.fromkeys(placement.moves["site_id"], say("placement.kind.move", language))
    no = yes_no(False, language)  # noqa: FBT003 - no
    table["is_chosen"] = [chosen.get(site_id, no) for site_id in table["site_id"]]
    return said("candidates", table, CANDIDATE_COLUMNS, language)


def _left_out(candidates: Candidates, language: Language) -> SaidTable:
    table = candidates.left_out
    reasons = [say(f"placement.reason.{reason}", language) for reason in table["reason"]]
    table = table.assign(reason=pd.Series(reasons, index=table.index, dtype="str"))
    return said("left_out", table, LEFT_OUT_COLUMNS, language)


def _worded(
    placement: Placement, table: pd.DataFrame, assessment: Assessment, language: Language
) -> pd.DataFrame:
    """Return steps with their areas in words and their figures in the unit that is shown."""
    objective, level = placement.request.objective, placement.request.level
    if "area_id" in table:
        table = _with_areas(table, level, assessment, language)
    else:
        table = table.assign(kommune_name=_kommune_names(table, assessment))
    unit = say(f"placement.unit.{objective}", language)
    return _in_shown_units(table, objective).assign(unit=unit)


def _in_shown_units(table: pd.DataFrame, objective: str) -> pd.DataFrame:
    own = [name for name in ("value", "gain", "marginal_gain", "bound") if name in table]
    return table.assign(**{name: shown_value(objective, table[name]) for name in own})


def _with_areas(
    table: pd.DataFrame, level: str, assessment: Assessment, language: Language
) -> pd.DataFrame:
    """Return the table with the names of kommune and area; the level itself in words."""
    names = next(one.names for one in assessment.levels if one.name == level)
    return table.assign(
        kommune_name=_kommune_names(table, assessment),
        area_level=level_text(level, language),
        area_name=table["area_id"].map(names),
    )


def _kommune_names(table: pd.DataFrame, assessment: Assessment) -> "pd.Series[str]":
    names = next(one.names for one in assessment.levels if one.name == KOMMUNE_LEVEL)
    return table["kommune_code"].map(names)
