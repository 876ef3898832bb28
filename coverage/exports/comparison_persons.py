"""The figures of a comparison as they are shown: persons whole, in units of the reader.

Before and difference add up over areas; a figure that did not change is the same before
and after (``whole_changes``).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS, STATUSES
from coverage.comparison import Comparison, Variant
from coverage.exports.annex_columns import DECIMALS
from coverage.exports.annex_persons import exact_by_part, whole_by_part
from coverage.exports.area_table import exact_persons_by_part, whole_persons_by_part
from coverage.exports.comparison_words import COMPARED
from coverage.exports.whole_changes import round_change, round_changed_rows, split_change
from coverage.units import M_PER_KM

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BY_ROAD = [f"road_persons_{status}" for status in STATUSES]
_TWO = _BY_ROAD[0]
# Counted within those who have a choice.
_OF_THEM = ("exactly_two", "thin_margin")
_WITHOUT = ("persons_without_practice", "persons_without_place")
# Added up over practices, not over homes.
_OF_PRACTICES = ("listed_persons", "free_places")
_KEYS = ["variant", "area_level", "area_id", "figure"]


def shown_by_area(
    comparison: Comparison, reference: Variant, others: Sequence[Variant]
) -> pd.DataFrame:
    """Return ``Comparison.by_area`` as it is shown: same rows, figures in the reader's units.

    Persons are whole, percent have one decimal, distances are km with two; the difference
    is that of the figures shown. Missing stays missing.

    Parameters
    ----------
    reference, others
        What was compared.
    """
    table = comparison.by_area
    figures = table["figure"].map(COMPARED.__getitem__)
    units = np.array([figure.unit for figure in figures], dtype=object)
    decimals = np.array([DECIMALS[figure.kind] for figure in figures], dtype=np.int64)
    whole = pd.concat(
        [_whole_persons(reference.assessment, other, table) for other in others],
        ignore_index=True,
    )
    shown = table[["variant", "area_level", "area_id", "area_name", "figure"]].merge(
        whole, on=_KEYS, how="left", validate="one_to_one"
    )
    for column in ("before", "after"):
        values = table[column].to_numpy(np.float64)
        values = np.where(units == "m", values / M_PER_KM, values)
        rounded = _rounded(values, decimals)
        counted = shown[column].to_numpy(np.float64)
        shown[column] = np.where(np.isnan(counted), rounded, counted)
    shown["difference"] = _rounded((shown["after"] - shown["before"]).to_numpy(), decimals)
    return shown


def _rounded(values: Floats, decimals: npt.NDArray[np.int64]) -> Floats:
    shown = values.copy()
    for places in np.unique(decimals):
        shown[decimals == places] = np.round(values[decimals == places], places)
    # No "-0".
    return shown + 0.0


def _whole_persons(before: Assessment, other: Variant, table: pd.DataFrame) -> pd.DataFrame:
    """Return the whole persons of a variant in long form: ``_KEYS``, ``before, after``."""
    parts = _persons_by_part(before, other.assessment)
    columns = [f"{name}|{state}" for name in _part_names() for state in ("before", "after")]
    frames = []
    for level in before.levels:
        area = before.parts.area_of_part[level.name].reindex(parts.index)
        whole = parts[columns].groupby(area).sum()
        whole = whole.reindex(level.shapes["area_id"].to_numpy(), fill_value=0)
        whole.loc[ALL_AREAS] = parts[columns].sum()
        frames += [_long(other.name, level.name, name, whole) for name in _part_names()]
        rows = table[(table["variant"] == other.name) & (table["area_level"] == level.name)]
        frames += [_of_practices(rows, name) for name in _OF_PRACTICES]
    return pd.concat(frames, ignore_index=True)


def _part_names() -> tuple[str, ...]:
    own = (*(name.removeprefix("road_") for name in _BY_ROAD), *_WITHOUT)
    return (
        *own,
        *(f"persons_{name}" for name in _OF_THEM),
        "persons_gain_choice",
        "persons_lose_choice",
    )


def _long(variant: str, level: str, figure: str, whole: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "variant": variant,
            "area_level": level,
            "area_id": whole.index.to_numpy(object),
            "figure": figure,
            "before": whole[f"{figure}|before"].to_numpy(np.float64),
            "after": whole[f"{figure}|after"].to_numpy(np.float64),
        }
    )


def _persons_by_part(before: Assessment, after: Assessment) -> pd.DataFrame:
    """Return whole persons by piece, each figure before and after."""
    exact = [exact_persons_by_part(one) for one in (before, after)]
    whole = whole_persons_by_part(before)
    ids = whole.index
    exact = [one.reindex(ids) for one in exact]
    statuses = whole[_BY_ROAD].to_numpy(np.int64)
    later = round_changed_rows(
        exact[0][_BY_ROAD].to_numpy(np.float64), statuses, exact[1][_BY_ROAD].to_numpy(np.float64)
    )
    columns: dict[str, npt.NDArray[np.int64]] = {}
    for at, name in enumerate(_BY_ROAD):
        columns[f"{name.removeprefix('road_')}|before"] = statuses[:, at]
        columns[f"{name.removeprefix('road_')}|after"] = later[:, at]
    for name in _OF_THEM:
        own = exact[1][f"road_persons_{name}"].round().astype(np.int64).to_numpy()
        columns[f"persons_{name}|before"] = whole[f"road_persons_{name}"].to_numpy(np.int64)
        # A part must not outgrow what it is part of.
        columns[f"persons_{name}|after"] = np.minimum(own, later[:, 0])
    gain, loss = split_change(later[:, 0] - statuses[:, 0], *_moved_by_part(before, after, ids))
    nobody = np.zeros(len(ids), dtype=np.int64)
    columns |= {"persons_gain_choice|before": nobody, "persons_gain_choice|after": gain}
    columns |= {"persons_lose_choice|before": nobody, "persons_lose_choice|after": loss}
    for name, states in _without(before, after, ids):
        columns |= {f"{name}|before": states[0], f"{name}|after": states[1]}
    return pd.DataFrame(columns, index=ids)


def _without(
    before: Assessment, after: Assessment, ids: "pd.Index[str]"
) -> Iterator[tuple[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]]:
    exact = [exact_by_part(one).reindex(ids) for one in (before, after)]
    whole = whole_by_part(before).reindex(ids)
    for name in _WITHOUT:
        earlier, later = (one[name].to_numpy(np.float64) for one in exact)
        now = whole[name].to_numpy(np.int64)
        then = round_change(earlier, now, later, int(np.rint(later.sum())))
        yield name, (now, then)


def _moved_by_part(
    before: Assessment, after: Assessment, ids: "pd.Index[str]"
) -> tuple[Floats, Floats]:
    """Return the persons who gain and who lose the choice, by piece, as computed."""
    had, has = (
        (one.choice.by_origin["road_status"] == STATUSES[0]).to_numpy(np.bool_)
        for one in (before, after)
    )
    persons = before.choice.by_origin["persons"].to_numpy(np.float64)

    def by_part(who: Bools) -> Floats:
        sums = pd.Series(np.where(who, persons, 0.0)).groupby(before.parts.of_origin.to_numpy())
        return np.asarray(sums.sum().reindex(ids), dtype=np.float64)

    return by_part(~had & has), by_part(had & ~has)


def _of_practices(rows: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return a level's persons that are added up over practices, whole, with their total."""
    own = rows[rows["figure"] == figure].copy()
    is_total = (own["area_id"] == ALL_AREAS).to_numpy()
    known = own[["before", "after"]].notna().all(axis=1).to_numpy() & ~is_total
    before, after = (own.loc[known, name].to_numpy(np.float64) for name in ("before", "after"))
    whole = np.rint(before).astype(np.int64)
    totals = own.loc[is_total, "after"].to_numpy(np.float64)
    # An area of which one state is unknown counts in the total as it is.
    beside = np.nansum(own.loc[~known & ~is_total, "after"].to_numpy(np.float64))
    total = int(np.rint(np.nansum(totals) - beside))
    own["before"] = own["before"].round()
    own["after"] = own["after"].round()
    own.loc[known, "after"] = round_change(before, whole, after, total).astype(np.float64)
    return own[[*_KEYS, "before", "after"]]
