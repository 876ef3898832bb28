"""Where new practices lie: an injected choice of places, and a plain one that needs no search.

Capacities are shared out to areas without any place. A place is needed only to say who
can choose a new practice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.assessment import Assessment

SITE_COLUMNS = ("site_id", "kommune_code", "year", "x_m", "y_m", "same_reach_as")


@dataclass(frozen=True)
class YearDemand:
    """What a year opens.

    Attributes
    ----------
    year
        The calendar year.
    practices
        Kommune code -> new practices to be placed; only kommuner that have any.
    capacities
        Kommune code -> new capacities of the year, in whole and half ones.
    placed
        The places of earlier years: columns ``SITE_COLUMNS``.
    """

    year: int
    practices: "pd.Series[int]"
    capacities: "pd.Series[float]"
    placed: pd.DataFrame


# Given what a year opens, return the places: ``site_id, kommune_code, x_m, y_m`` (EPSG:25832),
# one row a new practice, and ``same_reach_as``: the ydernummer of a practice at the same place,
# or missing, where roads are to be searched. A practice without a row has no place.
PlaceYear = Callable[[YearDemand], pd.DataFrame]


def no_sites() -> pd.DataFrame:
    """Return the table of places without a row."""
    types = {"site_id": "str", "kommune_code": "str", "year": "int64", "same_reach_as": "str"}
    columns = {name: types.get(name, "float64") for name in SITE_COLUMNS}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})


def check_sites(found: pd.DataFrame, demand: YearDemand) -> pd.DataFrame:
    """Return the places of a year, in the order of ``SITE_COLUMNS``.

    Raises
    ------
    ValueError
        A place in a kommune that opens none, more places than practices, an id twice.
    """
    count = found["kommune_code"].value_counts()
    wanted = demand.practices.reindex(count.index, fill_value=0)
    if (count > wanted).any():
        more = [f"{code}: {count[code]} for {wanted[code]}" for code in count.index[count > wanted]]
        message = f"more places than new practices in {demand.year}: {', '.join(more)}"
        raise ValueError(message)
    ids = pd.concat([demand.placed["site_id"], found["site_id"]])
    if ids.duplicated().any():
        message = f"a place twice: {', '.join(ids[ids.duplicated()])}"
        raise ValueError(message)
    table = found.assign(year=demand.year)
    if "same_reach_as" not in table:
        table["same_reach_as"] = pd.Series(pd.NA, index=table.index, dtype="str")
    return table[list(SITE_COLUMNS)].reset_index(drop=True)


def beside_existing(assessment: Assessment) -> PlaceYear:
    """Return the plain choice: a new practice lies where most of the kommune's people look first.

    That is beside the practice of the kommune that is the nearest one to most of its
    residents, which stands for its most populous place; it is reached by the same
    people. A kommune without a placed practice gets no place.
    """
    beside = _busiest_practice(assessment)

    def place(demand: YearDemand) -> pd.DataFrame:
        wanted = demand.practices[demand.practices.index.isin(beside.index)]
        codes = pd.Series(np.repeat(wanted.index.to_numpy(), wanted.to_numpy()), dtype="str")
        rank = codes.groupby(codes).cumcount() + 1
        chosen = beside.reindex(codes).reset_index(drop=True)
        return pd.DataFrame(
            {
                "site_id": codes + "-" + str(demand.year) + "-" + rank.astype("str"),
                "kommune_code": codes,
                "x_m": chosen["x_m"],
                "y_m": chosen["y_m"],
                "same_reach_as": chosen["ydernummer"].astype("str"),
            }
        )

    return place


def _busiest_practice(assessment: Assessment) -> pd.DataFrame:
    """Return by kommune the practice there that is nearest to most residents, of two the first."""
    origin, site, _ = assessment.matrix.pair_positions()
    homes = assessment.origins.table
    sites = assessment.matrix.sites
    kommune_of_site = pd.Series(sites.ids).map(assessment.levels[0].of_practice).to_numpy(object)
    own = homes["kommune_code"].to_numpy(object)[origin] == kommune_of_site[site]
    origin, site = origin[own], site[own]
    # The pairs are sorted by home and distance.
    first = np.flatnonzero(np.diff(origin, prepend=-1))
    persons = homes["persons"].to_numpy(np.float64)[origin[first]]
    nearest = np.bincount(site[first], weights=persons, minlength=len(sites.ids))
    table = pd.DataFrame(
        {
            "kommune_code": pd.Series(kommune_of_site, dtype="str"),
            "ydernummer": pd.Series(sites.ids, dtype="str"),
            "x_m": sites.x_m,
            "y_m": sites.y_m,
            "persons": nearest,
        }
    ).dropna(subset="kommune_code")
    table = table.sort_values(["persons", "ydernummer"], ascending=[False, True])
    return table.drop_duplicates("kommune_code").set_index("kommune_code")
