"""The places of the page on skal-areas, worst first, with codes that colours and words follow."""

from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.annex_skal import DUTIES, skal_places
from coverage.ui.state import PlaceFilter


def place_rows(assessment: Assessment) -> pd.DataFrame:
    """Return the places with a duty, a practice or a line in the plan's list, worst first.

    Returns
    -------
    DataFrame
        The columns of ``SkalAreas.places`` and ``kommune`` (name), ``duty`` (of
        ``DUTIES``) and ``older_in_last`` (older doctors where one practice is
        left; else missing). Equals are ordered by who loses a practice, then a
        choice, then by name.
    """
    places, agreement = skal_places(assessment), assessment.skal.agreement
    named = places["place_id"].isin(agreement["place_id"].dropna())
    shown = places[(places["is_skal"] | (places["practices"] > 0) | named).to_numpy(np.bool_)]
    rows = shown.assign(
        kommune=shown["kommune_name"],
        older_in_last=shown["doctors_older"].where(shown["practices"] == 1),
        rank=shown["duty"].map(DUTIES.index),
    )
    order = ["rank", "persons_lose_practice", "persons_lose_choice", "name"]
    rows = rows.sort_values(order, ascending=[True, False, False, True], ignore_index=True)
    return rows.drop(columns="rank")


def filtered(rows: pd.DataFrame, chosen: PlaceFilter) -> pd.DataFrame:
    """Return the rows that a filter shows."""
    held = pd.Series(data=True, index=rows.index)
    if chosen.kommune_code:
        held &= rows["kommune_code"] == chosen.kommune_code
    if chosen.only_skal:
        held &= rows["is_skal"]
    if chosen.only_scarce:
        held &= rows["practices"] <= 1
    return rows[held.to_numpy(np.bool_)]


def place_named(rows: pd.DataFrame, place_id: str) -> "pd.Series[Any] | None":
    """Return the row of a place; None if it is not among them."""
    found = rows[rows["place_id"] == place_id]
    return found.iloc[0] if len(found) else None


def partners(rows: pd.DataFrame, pairs: pd.DataFrame, place_id: str) -> pd.DataFrame:
    """Return the places that cannot close together with one, those most depend on first.

    Returns
    -------
    DataFrame
        ``place_id, name, duty, neither_must_stay`` (the duty is the pair's
        alone), and ``persons_lose_practice, persons_lose_choice`` of closing
        both, beyond each alone.
    """
    lost = ["persons_lose_practice", "persons_lose_choice"]
    shared = ["neither_must_stay", *lost]
    ends = [
        pairs.loc[pairs[f"place_{one}"] == place_id, [f"place_{other}", f"name_{other}", *shared]]
        for one, other in (("a", "b"), ("b", "a"))
    ]
    both = pd.concat([end.set_axis(["place_id", "name", *shared], axis=1) for end in ends])
    duties = rows.set_index("place_id")["duty"]
    both.insert(2, "duty", both["place_id"].map(duties))
    return both.sort_values([*lost, "name"], ascending=[False, False, True], ignore_index=True)
