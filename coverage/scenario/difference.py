"""What a scenario changes in every area: the figures that answer a click, before and after."""

import numpy as np
import pandas as pd

from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.scenario.effect import Effect

# Figures with a before, an after and a difference, in the order in which they are shown.
DIFFERENCE_FIGURES = (
    "share_two_or_more_pct",
    "first_mean_m",
    "second_mean_m",
    "practices",
    "practices_open",
    "capacities",
    "listed_persons",
    "patients_per_capacity",
    "free_places",
    "spare_places_pct",
    "practices_closed_pct",
)
# Persons against the baseline: they have no before.
CHANGED_PERSONS = ("persons_gain_choice", "persons_lose_choice")

_PCT = 100.0
# Sums of the same persons in another order differ by less.
_NOTHING = 1e-6


def difference_by_area(before: Effect, after: Effect, level: str) -> pd.DataFrame:
    """Return one level's areas before and after a scenario, those that it touches first.

    Parameters
    ----------
    before
        The effect of the scenario without actions.

    Returns
    -------
    DataFrame
        The row ``all`` first, then one row an area: ``area_id, area_name, persons``,
        ``CHANGED_PERSONS``, of each of ``DIFFERENCE_FIGURES`` ``<figure>_before,
        <figure>_after, <figure>_difference`` (missing where one of them is),
        ``signal_before, signal_after`` and ``is_affected`` (any of them differs).
        Affected areas with another signal come first, then those where most people gain or
        lose the choice, then by name.
    """
    tables = [_with_share(one.by_area[level]).set_index("area_id") for one in (before, after)]
    # A row of practices without an area may be there only before or only after.
    areas = tables[0].index.union(tables[1].index, sort=False)
    names = tables[1]["area_name"].combine_first(tables[0]["area_name"])
    then, now = (table.reindex(areas) for table in tables)
    columns: dict[str, object] = {
        "area_name": names.reindex(areas),
        "persons": now["persons"].combine_first(then["persons"]),
        **{name: now[name].fillna(0.0) for name in CHANGED_PERSONS},
    }
    for figure in DIFFERENCE_FIGURES:
        columns[f"{figure}_before"], columns[f"{figure}_after"] = then[figure], now[figure]
        columns[f"{figure}_difference"] = now[figure] - then[figure]
    columns |= {"signal_before": then["signal"], "signal_after": now["signal"]}
    table = pd.DataFrame(columns, index=areas).rename_axis("area_id").reset_index()
    return _affected_first(table)


def signal_counts(differences: pd.DataFrame) -> tuple[int, int]:
    """Return how many areas of a level signal, before and after (``difference_by_area``)."""
    return (
        int((differences["signal_before"] == "signal").sum()),
        int((differences["signal_after"] == "signal").sum()),
    )


def signal_flips(differences: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the areas that begin, and that cease, to signal."""
    then = differences["signal_before"] == "signal"
    now = differences["signal_after"] == "signal"
    appear, go = now & ~then, then & ~now
    return tuple(differences.loc[appear, "area_name"]), tuple(differences.loc[go, "area_name"])


def _with_share(areas: pd.DataFrame) -> pd.DataFrame:
    persons = areas["persons"].where(areas["persons"] > 0)
    return areas.assign(share_two_or_more_pct=areas["persons_two_or_more"] / persons * _PCT)


def _affected_first(table: pd.DataFrame) -> pd.DataFrame:
    persons = table[list(CHANGED_PERSONS)].sum(axis=1)
    flips = table["signal_before"].fillna("") != table["signal_after"].fillna("")
    differs = persons > _NOTHING
    for figure in DIFFERENCE_FIGURES:
        one_missing = table[f"{figure}_before"].isna() != table[f"{figure}_after"].isna()
        differs |= one_missing | (table[f"{figure}_difference"].abs() > _NOTHING)
    table = table.assign(is_affected=differs | flips)
    order = pd.DataFrame(
        {
            "is_area": table["area_id"] != ALL_AREAS,
            "unaffected": ~table["is_affected"],
            "same_signal": ~flips,
            "persons": np.where(persons > _NOTHING, -persons, 0.0),
            "no_area": table["area_id"] == NO_AREA,
            "name": table["area_name"],
        }
    ).sort_values(["is_area", "unaffected", "same_signal", "persons", "no_area", "name"])
    return table.loc[order.index].reset_index(drop=True)
