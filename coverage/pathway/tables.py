"""The tables of the expected path: by year and area, and by year for the region."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.pathway.figures import Figures
from coverage.pathway.model import Model
from coverage.pathway.simulate import Flows
from coverage.pathway.target import national_demography, national_path, national_specialists

Floats = npt.NDArray[np.float64]

# Of ``Pathway.by_area``: what in coming years follows from the ages of the area's doctors and
# must not be published where these are few (``exports.withholding.withhold_path``).
# The flows tell the ages; what is left after them tells the flows; what opens tells, to
# half a capacity, what is left; and who has a choice, or a signal that comes, tells that a
# practice is expected to close. What is not named here follows from no age.
AGE_COLUMNS = (
    "capacities_start",
    "capacities_retired",
    "capacities_taken_over",
    "capacities_lapsed",
    "capacities_opened",
    "capacities_opened_to_shortage",
    "capacities_end",
    "doctors",
    "practices",
    "displaced_persons",
    "residents_per_capacity",
    "patients_per_capacity",
    "short_of_need_capacities",
    "short_of_target_capacities",
    "persons_with_choice",
    "choice_pct",
    "signal",
)
# Of these, what changes when a single practice closes.
CLOSING_COLUMNS = ("practices", "displaced_persons", "persons_with_choice", "choice_pct")
_FLOWS = ("retired", "taken_over", "lapsed", "opened", "opened_to_shortage")


def flow_rows(model: Model, flows: Flows | None) -> dict[str, Floats]:
    """Return a year's capacities by row, shape (runs, rows); without flows one run of zeros."""
    rows = len(model.rows.table)
    if flows is None:
        return {name: np.zeros((1, rows)) for name in _FLOWS}
    of_kommune, of_practice = model.rows.of_kommune, model.rows.of_practice
    return {
        "retired": flows.retired @ of_practice + flows.new_retired @ of_kommune,
        "taken_over": flows.taken_over @ of_practice + flows.new_taken_over @ of_kommune,
        "lapsed": flows.lapsed @ of_practice + flows.new_lapsed @ of_kommune,
        "opened": flows.opened @ of_kommune,
        "opened_to_shortage": flows.opened_to_shortage @ of_kommune,
    }


def area_table(
    model: Model, year: int, flows: dict[str, Floats], figures: Figures, displaced: Floats
) -> pd.DataFrame:
    """Return the rows of one year of ``Pathway.by_area``.

    Parameters
    ----------
    year
        0 for today.
    displaced
        Shape (rows,): persons on the lists of practices that closed.
    """
    rows = model.rows
    end = figures.capacities[0]
    start = end + flows["lapsed"][0] - flows["opened"][0]
    signal = model.scale.signals(figures.met(model.scale.thresholds), figures.unknown)[0]
    choice = figures.with_choice[0]
    return rows.table.assign(
        year=model.years[year],
        capacities_start=start,
        **{f"capacities_{name}": flows[name][0] for name in _FLOWS},
        capacities_end=end,
        doctors=figures.doctors[0],
        practices=figures.practices[0],
        displaced_persons=displaced,
        residents=figures.residents[0],
        need_weighted_residents=figures.need_weighted[0],
        listed_persons=figures.listed[0],
        residents_per_capacity=_ratio(_of_somebody(figures.residents[0]), end),
        patients_per_capacity=_ratio(figures.listed[0], figures.listing_capacities[0]),
        short_of_need_capacities=figures.shortage[0],
        target_capacities=figures.target[0],
        short_of_target_capacities=np.maximum(0.0, figures.target[0] - end),
        persons_with_choice=choice,
        choice_pct=_ratio(choice, figures.residents[0]) * 100.0,
        signal=pd.Series(signal, dtype="str").where(rows.is_area),
    )


def region_table(model: Model, by_area: pd.DataFrame) -> pd.DataFrame:
    """Return ``Pathway.by_year`` from the rows of all areas."""
    level = model.rows.table["area_level"].iloc[0]
    whole = by_area[(by_area["area_level"] == level) & (by_area["area_id"] == "all")]
    own = by_area[(by_area["area_level"] == level) & by_area["signal"].notna()]
    coming = np.asarray(model.years) > model.years[0]
    available = np.where(coming, model.target.available_capacities, 0.0)
    used = whole["capacities_taken_over"] + whole["capacities_opened"]
    short = model.target.capacities - whole["capacities_end"].to_numpy()
    names = ["capacities_start", *(f"capacities_{name}" for name in _FLOWS), "capacities_end"]
    return pd.DataFrame(
        {
            "year": np.asarray(model.years, dtype=np.int64),
            "national_doctors": national_path(model.years, model.rules),
            "national_demography_doctors": national_demography(model.years, model.rules),
            "national_specialists": np.where(coming, national_specialists(model.rules), 0.0),
            "available_capacities": available,
            "path_capacities": model.target.capacities,
            **{name: whole[name].to_numpy() for name in names},
            "unused_capacities": available - used.to_numpy(),
            "short_of_path_capacities": np.maximum(0.0, short),
            "short_of_need_capacities": whole["short_of_need_capacities"].to_numpy(),
            "doctors": whole["doctors"].to_numpy(),
            "residents": whole["residents"].to_numpy(),
            "need_weighted_residents": whole["need_weighted_residents"].to_numpy(),
            "residents_per_capacity": whole["residents_per_capacity"].to_numpy(),
            "persons_with_choice": whole["persons_with_choice"].to_numpy(),
            "areas_signalling": _count(own, "signal"),
            "areas_possible": _count(own, "possible"),
        }
    )


def _count(own: pd.DataFrame, signal: str) -> npt.NDArray[np.int64]:
    counts = (own["signal"] == signal).groupby(own["year"]).sum()
    return np.asarray(counts, dtype=np.int64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    answer = np.full(part.shape, np.nan)
    np.divide(part, whole, out=answer, where=whole > 0)
    return answer


def _of_somebody(persons: Floats) -> Floats:
    """Return the persons, missing where nobody lives: no capacity is then missing."""
    return np.where(persons > 0, persons, np.nan)


def years_of(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the years below one another, by year, then in the order of the rows."""
    table = pd.concat(tables, ignore_index=True)
    first = ["year", "area_level", "area_id", "area_name"]
    return table[[*first, *table.columns.drop(first)]]
