"""All that one study answers, as one frozen result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import pandas as pd

from coverage.capacity import Capacity, capacity_notices, measure_capacity
from coverage.choice import Choice, add_open_practices, measure_choice, summarise_choice
from coverage.designation import Designation, designate
from coverage.errors import CoordinateError, RuleError
from coverage.levels import KOMMUNE_LEVEL, AreaLevel, Parts, build_levels, finest_parts
from coverage.origins import Origins
from coverage.plan_tables import Division, PlanTables
from coverage.rules import RuleSet
from coverage.sentences import sentence
from coverage.skal import SkalAreas, find_skal_areas
from coverage.tables import Tables
from coverage.travel import TravelMatrix
from coverage.wording import Notice

_PERCENT = 100.0
# Rules of designation that what was measured and read depends on.
_USED_BEFORE = ("designation.trend_years", "designation.min_months")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What an assessment rests on.

    Attributes
    ----------
    title
        The study's name.
    illustrative
        The inputs are made up; every view and output says so.
    rules
        The rules applied.
    tables
        The checked inputs.
    plan
        The checked inputs of the plan's own rules.
    origins
        Where people live, and how many fell outside the study's kommuner.
    matrix
        Road distances; its sites are all placed practices, by ydernummer.
    designation_level
        The level whose areas the region designates as lægedækningstruede.
    notices
        What a reader must know, in the order of weight.
    """

    title: str
    illustrative: bool
    rules: RuleSet
    tables: Tables
    plan: PlanTables
    origins: Origins
    matrix: TravelMatrix
    designation_level: str = KOMMUNE_LEVEL
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assessment(Measured):
    """The answers of one study and what they rest on.

    Attributes
    ----------
    choice
        Lægevalg of every origin.
    levels
        The divisions into areas, the kommune first.
    by_area
        Level -> the table of ``summarise_choice``.
    parts, by_part
        The pieces that no level divides, and the table of ``summarise_choice`` for them.
    capacity
        Lists, doctors and access, by practice, home and area.
    designation
        Criterion by criterion, which areas signal that they are lægedækningstruede.
    skal
        Places that must keep a practice.
    input_notices
        Those of the notices that were known before anything was measured.
    """

    choice: Choice
    levels: tuple[AreaLevel, ...]
    by_area: Mapping[str, pd.DataFrame]
    parts: Parts
    by_part: pd.DataFrame
    capacity: Capacity
    designation: Designation
    skal: SkalAreas
    input_notices: tuple[Notice, ...]


def open_ydernumre(practices: pd.DataFrame) -> tuple[str, ...]:
    """Return the practices that say they take new patients; unknown counts as closed."""
    is_open = practices["intake_open"].fillna(value=False).astype(bool)
    return tuple(practices.loc[is_open, "ydernummer"])


def assess_areas(choice: Choice, levels: Sequence[AreaLevel]) -> dict[str, pd.DataFrame]:
    """Return the lægevalg of every level of areas."""
    return {level.name: summarise_choice(choice, level.of_origin, level.names) for level in levels}


def _assess_parts(
    choice: Choice, parts: Parts, by_area: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the lægevalg of the finest parts: the kommuner, unless a level divides them."""
    if parts.are_kommuner:
        return by_area[KOMMUNE_LEVEL]
    return summarise_choice(choice, parts.of_origin, {})


def assess(measured: Measured, divisions: Mapping[str, Division]) -> Assessment:
    """Return the whole assessment of measured distances.

    To the notices of the inputs are added those of what the distances show.

    Parameters
    ----------
    divisions
        The levels of areas beside the kommune.
    """
    tables, max_shore_m = measured.tables, measured.rules.travel.max_shore_m
    levels = build_levels(
        divisions, tables.kommuner, measured.origins.table, tables.practices, max_shore_m
    )
    return _assess(measured, levels)


def reassess(
    assessment: Assessment,
    tables: Tables,
    plan: PlanTables,
    matrix: TravelMatrix,
    levels: tuple[AreaLevel, ...],
) -> Assessment:
    """Return the assessment of other practices; homes, areas and rules are the same.

    With the tables, matrix and levels of the assessment the answer equals it.

    Parameters
    ----------
    tables, plan
        Only the practices, doctors and satellites may differ.
    matrix
        Of the same origins; its sites are the placed practices.
    levels
        With the areas of the practices.
    """
    kept = {field.name: getattr(assessment, field.name) for field in fields(Measured)}
    changed = {"tables": tables, "plan": plan, "matrix": matrix}
    return _assess(Measured(**{**kept, **changed, "notices": assessment.input_notices}), levels)


def _assess(measured: Measured, levels: tuple[AreaLevel, ...]) -> Assessment:
    tables, plan, matrix = measured.tables, measured.plan, measured.matrix
    origins, rules = measured.origins.table, measured.rules
    placed = matrix.site_ids
    opened = [ydernummer for ydernummer in open_ydernumre(tables.practices) if ydernummer in placed]
    choice = measure_choice(origins, matrix, opened, rules.choice)
    by_area, parts = assess_areas(choice, levels), finest_parts(levels)
    capacity = measure_capacity(tables, plan, levels, origins, matrix, rules)
    facts = _designation_facts(capacity, by_area)
    skal = find_skal_areas(tables, plan, matrix, choice, capacity.by_practice, rules)
    notices = (
        *measured.notices,
        *_distance_notices(tables, measured.origins, matrix, choice),
        *capacity_notices(tables, plan, levels, capacity, rules.capacity),
        *skal.notices,
    )
    return Assessment(
        **{**vars(measured), "notices": notices},
        choice=choice,
        levels=levels,
        by_area=by_area,
        parts=parts,
        by_part=_assess_parts(choice, parts, by_area),
        capacity=capacity,
        designation=designate(facts, plan, rules, rules.valid_on),
        skal=skal,
        input_notices=measured.notices,
    )


def designate_anew(assessment: Assessment, rules: RuleSet, judgements: pd.DataFrame) -> Assessment:
    """Return the assessment with other thresholds of designation, or other judgements.

    Nothing is measured or read again, so the rules may differ in the group ``designation``
    only, and there not in the years of the trend and the least duration.

    Parameters
    ----------
    judgements
        Contract JUDGEMENTS.

    Raises
    ------
    RuleError
        For rules that differ elsewhere.
    UnknownIdError
        For a judgement of an area that is not there.
    """
    differing = [
        key
        for key, rule in rules.rules.items()
        if rule != assessment.rules.rules[key]
        and (key in _USED_BEFORE or not key.startswith("designation."))
    ]
    if differing:
        raise RuleError(
            sentence("These rules need a new run: {rules}", rules=tuple(differing)),
            where=sentence("ruleset {ruleset}", ruleset=rules.id),
            hint="Write them into [rules.overrides] of study.toml.",
        )
    plan = replace(assessment.plan, judgements=judgements)
    facts = _designation_facts(assessment.capacity, assessment.by_area)
    designation = designate(facts, plan, rules, rules.valid_on)
    return replace(assessment, rules=rules, plan=plan, designation=designation)


def _designation_facts(
    capacity: Capacity, by_area: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return every level's figures with the share of residents who have a choice, in percent."""
    facts = {}
    for level, table in capacity.by_area.items():
        share = by_area[level].set_index("area_id")["road_share_two_or_more"]
        facts[level] = table.assign(choice_pct=table["area_id"].map(share) * _PERCENT)
    return facts


def place_candidates(assessment: Assessment, candidates: pd.DataFrame) -> Assessment:
    """Return the assessment with open candidate practices added: one search for each.

    Parameters
    ----------
    candidates
        Columns ``site_id, x_m, y_m``; the ids must not be ydernumre in use.

    Raises
    ------
    CoordinateError
        For a candidate with no road within the longest leg: in the sea, in a wood.
    """
    if not len(candidates):
        return assessment
    matrix = assessment.matrix.with_sites(candidates, assessment.rules.travel)
    on_road = pd.Series(matrix.sites.snaps.snapped, index=matrix.site_ids)
    lost = [site_id for site_id in candidates["site_id"] if not on_road[site_id]]
    if lost:
        raise CoordinateError(
            sentence("No road within {leg_m:,.0f} m", leg_m=assessment.rules.travel.max_leg_m),
            where="candidate sites",
            rows=lost,
            hint="Choose a place on land, near a road.",
        )
    new_ids = tuple(candidates["site_id"])
    choice = add_open_practices(assessment.choice, matrix, new_ids, assessment.rules.choice)
    by_area = assess_areas(choice, assessment.levels)
    return replace(
        assessment,
        matrix=matrix,
        choice=choice,
        by_area=by_area,
        by_part=_assess_parts(choice, assessment.parts, by_area),
    )


def _distance_notices(
    tables: Tables, origins: Origins, matrix: TravelMatrix, choice: Choice
) -> list[Notice]:
    notices = []
    practices = tables.practices
    not_placed = practices.loc[practices["match_level"] == "not_found", "ydernummer"]
    if len(not_placed) == len(practices):
        notices.append(Notice("no_practices"))
    if len(not_placed):
        notices.append(_practices_notice("practices_not_placed", not_placed))
    off_road = matrix.site_ids[~matrix.sites.snaps.snapped]
    if len(off_road):
        notices.append(_practices_notice("practices_without_road", off_road))
    unknown = practices.loc[practices["intake_open"].isna(), "ydernummer"]
    if len(unknown):
        notices.append(_practices_notice("intake_unknown", unknown))
    rough = int((practices["match_level"] == "street").sum())
    if rough:
        notices.append(Notice("practices_placed_roughly", (("count", rough),)))
    table = choice.by_origin
    cut_off = table.loc[table["road_status"] == "no_road_connection", "persons"].sum()
    if cut_off:
        notices.append(Notice("homes_without_road", (("persons", round(float(cut_off))),)))
    if origins.persons_outside >= 1:
        notices.append(Notice("persons_outside", (("persons", round(origins.persons_outside)),)))
    if origins.resolution != "cell" and origins.cells_at_centre:
        notices.append(Notice("cells_at_centre", (("cells", origins.cells_at_centre),)))
    opened = int(matrix.graph.edge_opened.sum())
    if opened:
        notices.append(Notice("one_way_opened", (("count", opened),)))
    return notices


def _practices_notice(key: str, ydernumre: "pd.Series[str] | pd.Index[str]") -> Notice:
    shown = ", ".join(list(ydernumre)[:10]) + (" …" if len(ydernumre) > 10 else "")  # noqa: PLR2004
    return Notice(key, (("count", len(ydernumre)), ("ydernumre", shown)))
