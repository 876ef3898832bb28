"""The areas of a level: where it still falls short, the worst first, and what each one gets."""

import numpy as np
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.exports.area_words import area_label
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway
from coverage.signal_rule import SIGNALS
from coverage.ui.mod5000.series import persons_without_choice
from coverage.wording import Language

CHANCES = ("signal_probability", "choice_lost_probability")
# Choice of ``YEAR_FIGURES`` -> column of ``Pathway.by_area``.
YEAR_COLUMNS = {
    "opened": "capacities_opened",
    "end": "capacities_end",
    "short": "short_of_target_capacities",
    "retired": "capacities_retired",
    "lapsed": "capacities_lapsed",
}
# Those that happen within a year, and can be added up.
FLOWS = ("opened", "retired", "lapsed")


def level_year(pathway: Pathway, bands: Bands | None, level: str, year: int) -> pd.DataFrame:
    """Return a level's areas at a year's end, without the row of all.

    Columns of ``Pathway.by_area``; ``opened_so_far_capacities, lapsed_so_far_capacities``
    (since today), ``start_capacities`` (today's), ``short_of_target_pct`` (of the area's
    part), ``persons_without_choice`` and ``CHANCES``, missing without runs.
    """
    table = pathway.by_area
    own = table[(table["area_level"] == level) & (table["area_id"] != ALL_AREAS)]
    before = own[own["year"] <= year].groupby("area_id", sort=False)
    so_far = before[["capacities_opened", "capacities_lapsed"]].sum()
    today = before["capacities_end"].first()
    areas = own[own["year"] == year].set_index("area_id")
    short = areas["short_of_target_capacities"]
    target = areas["target_capacities"]
    areas = areas.assign(
        start_capacities=today,
        opened_so_far_capacities=so_far["capacities_opened"],
        lapsed_so_far_capacities=so_far["capacities_lapsed"],
        short_of_target_pct=np.where(target > 0, short / target.where(target > 0), np.nan) * 100.0,
        persons_without_choice=persons_without_choice(areas),
        **dict.fromkeys(CHANCES, np.nan),
    )
    if bands is not None:
        chances = bands.probabilities
        chances = chances[(chances["area_level"] == level) & (chances["year"] == year)]
        chances = chances.set_index("area_id")
        areas = areas.assign(**{name: chances[name].reindex(areas.index) for name in CHANCES})
    return areas.reset_index()


def area_names(pathway: Pathway, level: str, language: Language) -> pd.DataFrame:
    """Return a level's ``area_id, area_name`` in words, the row of all among them."""
    table = pathway.by_area[pathway.by_area["area_level"] == level]
    names = table.drop_duplicates("area_id")[["area_id", "area_name"]].reset_index(drop=True)
    words = [area_label(row, language) for row in names.to_dict("records")]
    return names.assign(area_name=pd.Series(words, index=names.index, dtype="str"))


def worst_first(areas: pd.DataFrame, column: str, language: Language) -> pd.DataFrame:
    """Return areas of ``level_year`` with their ``area`` in words, the worst first.

    Parameters
    ----------
    column
        More of it is worse; of equals more capacities short of the target, more short
        of the need, the signal of the expected path.
    """
    words = [area_label(row, language) for row in areas.to_dict("records")]
    rank = areas["signal"].map({name: place for place, name in enumerate(SIGNALS)})
    order = areas.assign(
        area=words,
        rank=rank.fillna(len(SIGNALS)),
        # What differs by less than the table shows is equal.
        first=areas[column].round(3),
        target=areas["short_of_target_capacities"].round(2),
        need=areas["short_of_need_capacities"].round(2),
    ).sort_values(
        ["first", "target", "need", "rank", "area"],
        ascending=[False, False, False, True, True],
    )
    return order.drop(columns=["first", "rank", "target", "need"]).reset_index(drop=True)


def year_by_year(pathway: Pathway, level: str, figure: str, language: Language) -> pd.DataFrame:
    """Return a figure (``YEAR_FIGURES``) of a level's areas, a column a year, the largest first.

    Columns ``area_id, area``, the years as numbers, and ``total`` for what happens
    within a year (``FLOWS``), which today's year has none of. The row of all is the first.
    """
    table = pathway.by_area[pathway.by_area["area_level"] == level]
    names = area_names(pathway, level, language)
    wide = table.pivot_table(
        index="area_id", columns="year", values=YEAR_COLUMNS[figure], dropna=False
    )
    if figure in FLOWS:
        wide = wide.drop(columns=wide.columns[0])
        wide["total"] = wide.sum(axis=1)
    wide = wide.reindex(names["area_id"])
    wide.columns.name = None
    wide = wide.reset_index()
    wide.insert(1, "area", names["area_name"].to_numpy())
    last = wide.columns[-1]
    order = wide.assign(is_part=wide["area_id"] != ALL_AREAS, amount=-wide[last].round(2))
    order = order.sort_values(["is_part", "amount", "area"])
    return order.drop(columns=["is_part", "amount"]).reset_index(drop=True)
