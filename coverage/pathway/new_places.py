"""The places of new practices, and who reaches them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.errors import CoordinateError
from coverage.pathway.figures import SiteColumns
from coverage.pathway.model import part_names
from coverage.pathway.reach import Reach, build_reach, pairs_within_limit
from coverage.pathway.sites import SITE_COLUMNS, no_sites
from coverage.rule_groups import TravelRules
from coverage.sentences import sentence
from coverage.travel import TravelMatrix

Ints = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Places:
    """Where new practices lie, in the order in which they open, and who reaches what.

    Attributes
    ----------
    table
        ``sites.SITE_COLUMNS``.
    columns
        The places as columns of ``reach``.
    """

    table: pd.DataFrame
    reach: Reach
    columns: SiteColumns


def no_places(assessment: Assessment) -> Places:
    """Return the reach of the practices of today."""
    return _places(assessment, no_sites(), ())


def add_places(
    assessment: Assessment, places: Places, found: pd.DataFrame, kommune_codes: Sequence[str]
) -> Places:
    """Return the places with more of them; roads are searched for those that stand alone.

    Parameters
    ----------
    found
        ``SITE_COLUMNS``.

    Raises
    ------
    UnknownIdError
        Beside a practice that has no place.
    CoordinateError
        With no road within the longest leg.
    """
    if not len(found):
        return places
    table = pd.concat([places.table, found[list(SITE_COLUMNS)]], ignore_index=True)
    if found["same_reach_as"].notna().all():
        # Homes of one kind reach the same: nothing has to be merged anew.
        at = assessment.matrix.sites.positions(found["same_reach_as"])
        reach = places.reach.with_copies(np.asarray(at, dtype=np.int64))
        return Places(table, reach, _columns(table, kommune_codes))
    return _places(assessment, table, kommune_codes)


def _places(assessment: Assessment, table: pd.DataFrame, kommune_codes: Sequence[str]) -> Places:
    matrix = assessment.matrix
    origin, site = pairs_within_limit(assessment)
    parts = [(origin, site)]
    beside = table["same_reach_as"].notna().to_numpy()
    count = len(matrix.site_ids)
    stands = matrix.sites.positions(table["same_reach_as"].dropna())
    for row, at in zip(np.flatnonzero(beside), stands, strict=True):
        own = origin[site == at]
        parts.append((own, np.full(len(own), count + row)))
    if (~beside).any():
        parts.append(_searched(assessment, table, np.flatnonzero(~beside)))
    homes, sites = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(homes, kind="stable")
    reach = build_reach(
        homes[order],
        sites[order],
        count + len(table),
        _part_of_origin(assessment),
        assessment.origins.table["persons"].to_numpy(np.float64),
        assessment.rules.choice.practices_needed,
    )
    return Places(table, reach, _columns(table, kommune_codes))


def _searched(assessment: Assessment, table: pd.DataFrame, rows: Ints) -> tuple[Ints, Ints]:
    """Return homes within their limit of the new places, by one search each."""
    matrix, limit_m = assessment.matrix, assessment.choice.by_origin["limit_m"].to_numpy()
    searched = _with_sites(matrix, table.iloc[rows], assessment.rules.travel)
    lost = ~searched.sites.snaps.snapped[len(matrix.site_ids) :]
    if lost.any():
        raise CoordinateError(
            sentence("No road within {leg_m:,.0f} m", leg_m=assessment.rules.travel.max_leg_m),
            where="places of new practices",
            rows=table["site_id"].iloc[rows[lost]].tolist(),
            hint="Choose a place on land, near a road.",
        )
    origin, site, distance_m = searched.pair_positions()
    new = site >= len(matrix.site_ids)
    held = new & (distance_m <= limit_m[origin])
    at = site[held] - len(matrix.site_ids)
    return origin[held], len(matrix.site_ids) + rows[at]


def _with_sites(matrix: TravelMatrix, table: pd.DataFrame, rules: TravelRules) -> TravelMatrix:
    return matrix.with_sites(table[["site_id", "x_m", "y_m"]].reset_index(drop=True), rules)


def _part_of_origin(assessment: Assessment) -> npt.NDArray[np.int64]:
    names = part_names(assessment)
    return names.get_indexer(pd.Index(assessment.parts.of_origin)).astype(np.int64)


def _columns(table: pd.DataFrame, kommune_codes: Sequence[str]) -> SiteColumns:
    codes = table["kommune_code"]
    rank = np.asarray(codes.groupby(codes).cumcount(), dtype=np.int64)
    return SiteColumns(
        pd.Index(list(kommune_codes)).get_indexer(pd.Index(codes)).astype(np.int64),
        rank,
        np.zeros(len(codes), dtype=np.bool_),
    )


def open_more_at_last(places: Places, without_place: Collection[str]) -> Places:
    """Return the places for runs that may open more than the expected path does.

    What goes beyond a kommune's places opens at its last one; not so where the expected
    path itself left practices without a place.
    """
    codes = places.table["kommune_code"]
    last = ~codes.duplicated(keep="last") & ~codes.isin(list(without_place))
    columns = replace(places.columns, is_last=last.to_numpy(dtype=np.bool_))
    return replace(places, columns=columns)
