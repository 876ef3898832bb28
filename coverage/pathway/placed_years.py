"""The places of new practices year by year, by the placement engine.

Each year's new practices are placed where they give most people two open practices within
the limit, given those of the years before: a region decides year by year, and does not
know the next year's. The quotas are the year's practices of each kommune.
"""

from dataclasses import replace

import pandas as pd

from coverage.assessment import Assessment
from coverage.pathway.sites import PlaceYear, YearDemand, beside_existing
from coverage.placement.candidates import Candidates
from coverage.placement.place import place
from coverage.placement.request import Effort, PlacementRequest, Watch
from coverage.scenario.actions import Open, Scenario
from coverage.scenario.apply import apply_scenario

# A year's places are one of many steps: found by the search alone, without a proof.
_EFFORT = Effort(steps=1_000, exact=False)


def placed_by_search(
    assessment: Assessment,
    candidates: Candidates,
    *,
    seed: int = 1,
    effort: Effort = _EFFORT,
    watch: Watch | None = None,
) -> PlaceYear:
    """Return the choice of places that the placement engine makes.

    A kommune with more new practices than candidates left, a city say, gets as many places
    as it has candidates; the others lie as ``beside_existing`` has them.

    Parameters
    ----------
    candidates
        Of the assessment. A candidate is used once.
    """
    beside = beside_existing(assessment)

    def place_year(demand: YearDemand) -> pd.DataFrame:
        found = search(demand)
        placed = found["kommune_code"].value_counts()
        over = demand.practices.sub(placed, fill_value=0).astype("int64")
        others = beside(replace(demand, practices=over[over > 0]))
        return pd.concat([found, others], ignore_index=True)

    def search(demand: YearDemand) -> pd.DataFrame:
        left = ~candidates.site_ids.isin(demand.placed["site_id"])
        available = candidates.table.loc[left, "kommune_code"].value_counts()
        wanted = demand.practices.clip(upper=available.reindex(demand.practices.index).fillna(0))
        wanted = wanted[wanted > 0]
        if not len(wanted):
            return _sites(candidates.table.iloc[:0])
        request = PlacementRequest(
            objective="choice",
            capacities=float(wanted.sum()),
            practices=int(wanted.sum()),
            most_capacities=1.0,
            quotas=_quotas(wanted, available),
            forced_out=tuple(candidates.site_ids[~left]),
            seed=seed,
            effort=effort,
        )
        found = place(_with_earlier(assessment, demand.placed), candidates, request, watch)
        return _sites(found.sites)

    return place_year


def _quotas(
    wanted: "pd.Series[int]", available: "pd.Series[int]"
) -> dict[str, tuple[float, float]]:
    """Return exactly the wanted practices of each kommune, one capacity standing for each."""
    counts = wanted.reindex(available.index, fill_value=0)
    return {str(code): (float(count), float(count)) for code, count in counts.items()}


def _with_earlier(assessment: Assessment, placed: pd.DataFrame) -> Assessment:
    """Return the assessment with the practices of earlier years, open."""
    if not len(placed):
        return assessment
    opened = tuple(
        Open(site_id=str(site_id), x_m=float(x_m), y_m=float(y_m), capacities=1.0)
        for site_id, x_m, y_m in zip(placed["site_id"], placed["x_m"], placed["y_m"], strict=True)
    )
    return apply_scenario(assessment, Scenario(name="earlier years", actions=opened))


def _sites(table: pd.DataFrame) -> pd.DataFrame:
    return table[["site_id", "kommune_code", "x_m", "y_m"]].reset_index(drop=True)
