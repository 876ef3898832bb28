"""All that one study answers, as one frozen result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from coverage.choice import Choice, add_open_practices, measure_choice, summarise_choice
from coverage.errors import CoordinateError
from coverage.origins import Origins
from coverage.rules import RuleSet
from coverage.tables import Tables
from coverage.travel import TravelMatrix
from coverage.wording import Notice

KOMMUNE_LEVEL = "kommune"


@dataclass(frozen=True)
class Assessment:
    """The answers of one study and what they rest on.

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
    origins
        Where people live, and how many fell outside the study's kommuner.
    matrix
        Road distances; its sites are all placed practices, by ydernummer.
    choice
        Lægevalg of every origin.
    by_area
        Level (``kommune`` first) -> the table of ``summarise_choice``.
    area_of_kommune
        Level -> kommune code -> area id, for the levels above the kommune.
    notices
        What a reader must know, in the order of weight.
    """

    title: str
    illustrative: bool
    rules: RuleSet
    tables: Tables
    origins: Origins
    matrix: TravelMatrix
    choice: Choice
    by_area: Mapping[str, pd.DataFrame]
    area_of_kommune: Mapping[str, Mapping[str, str]]
    notices: tuple[Notice, ...]


def open_ydernumre(practices: pd.DataFrame) -> tuple[str, ...]:
    """Return the practices that say they take new patients; unknown counts as closed."""
    is_open = practices["intake_open"].fillna(value=False).astype(bool)
    return tuple(practices.loc[is_open, "ydernummer"])


def assess_areas(
    choice: Choice,
    tables: Tables,
    area_of_kommune: Mapping[str, Mapping[str, str]],
) -> dict[str, pd.DataFrame]:
    """Return the lægevalg of every level of areas."""
    codes = choice.by_origin["kommune_code"]
    names = tables.kommuner.set_index("kommune_code")["name"]
    by_area = {KOMMUNE_LEVEL: summarise_choice(choice, codes, names)}
    for level, mapping in area_of_kommune.items():
        area_ids = codes.map(mapping)
        own_names = pd.Series({area: area for area in mapping.values()}, dtype="str")
        by_area[level] = summarise_choice(choice, area_ids, own_names)
    return by_area


def assess(  # noqa: PLR0913 - keywords only: the parts of the result, by their names there
    *,
    title: str,
    illustrative: bool,
    rules: RuleSet,
    tables: Tables,
    origins: Origins,
    matrix: TravelMatrix,
    area_of_kommune: Mapping[str, Mapping[str, str]],
    notices: tuple[Notice, ...] = (),
) -> Assessment:
    """Return the whole assessment of measured distances.

    ``notices`` are those of the inputs; what the distances show is added.
    """
    placed = matrix.site_ids
    opened = [ydernummer for ydernummer in open_ydernumre(tables.practices) if ydernummer in placed]
    choice = measure_choice(origins.table, matrix, opened, rules.choice)
    return Assessment(
        title=title,
        illustrative=illustrative,
        rules=rules,
        tables=tables,
        origins=origins,
        matrix=matrix,
        choice=choice,
        by_area=assess_areas(choice, tables, area_of_kommune),
        area_of_kommune=area_of_kommune,
        notices=(*notices, *_distance_notices(tables, origins, matrix, choice)),
    )


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
            f"No road within {assessment.rules.travel.max_leg_m:,.0f} m",
            where="candidate sites",
            rows=lost,
            hint="Choose a place on land, near a road.",
        )
    new_ids = tuple(candidates["site_id"])
    choice = add_open_practices(assessment.choice, matrix, new_ids, assessment.rules.choice)
    return replace(
        assessment,
        matrix=matrix,
        choice=choice,
        by_area=assess_areas(choice, assessment.tables, assessment.area_of_kommune),
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
