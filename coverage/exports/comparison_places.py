"""The tables of a comparison on places: where people lose, and which places lose practices."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.comparison import Comparison
from coverage.exports.area_words import yes_no
from coverage.exports.comparison_words import worded_table
from coverage.exports.said_table import SaidTable
from coverage.exports.whole_changes import round_change
from coverage.levels import KOMMUNE_LEVEL
from coverage.wording import Language, say

Floats = npt.NDArray[np.float64]

LOSING_COLUMNS = (
    *("scenario", "town", "kommune_code", "kommune_name"),
    *("persons_lose_choice", "persons_lose_practice", "x_m", "y_m"),
)
SKAL_COLUMNS = (
    *("scenario", "place_name", "kommune_name", "is_skal"),
    *("practices_before", "practices_after", "change"),
)


def losing_table(
    comparison: Comparison, shown: pd.DataFrame, reference: Assessment, language: Language
) -> SaidTable:
    """Return where people lose, of each scenario the places with most people first.

    Persons are whole; the places of a kommune add up to the kommune's figure.

    Parameters
    ----------
    shown
        ``comparison_persons.shown_by_area``.
    """
    losing = comparison.losing.reset_index(drop=True)
    lost = shown[
        (shown["area_level"] == KOMMUNE_LEVEL) & (shown["figure"] == "persons_lose_choice")
    ].set_index(["variant", "area_id"])["after"]
    table = losing.assign(
        scenario=losing["variant"],
        town=losing["place"].mask(losing["place"] == "", say("comparison.no_town", language)),
        kommune_name=losing["kommune_code"].map(reference.levels[0].names),
        x_m=losing["x_m"].round(),
        y_m=losing["y_m"].round(),
    )
    for name in ("persons_lose_choice", "persons_lose_practice"):
        table[name] = 0
    for variant, kommune in dict.fromkeys(
        zip(losing["variant"], losing["kommune_code"], strict=True)
    ):
        own = (losing["variant"] == variant) & (losing["kommune_code"] == kommune)
        choice, practice = (
            losing.loc[own, name].to_numpy(np.float64)
            for name in ("persons_lose_choice", "persons_lose_practice")
        )
        total = lost.get((variant, kommune))
        table.loc[own, "persons_lose_choice"] = _shared(choice, total)
        table.loc[own, "persons_lose_practice"] = _shared(practice, None)
    return worded_table("losing", table, LOSING_COLUMNS, language)


def _shared(exact: Floats, total: float | None) -> npt.NDArray[np.int64]:
    """Return whole persons that add up to a total, by default to the rounded sum."""
    whole = round(float(exact.sum()) if total is None else total)
    return round_change(np.zeros(len(exact)), np.zeros(len(exact), dtype=np.int64), exact, whole)


def skal_table(comparison: Comparison, reference: Assessment, language: Language) -> SaidTable:
    """Return the places with another number of practices; a broken skal-area is marked."""
    skal = comparison.skal.reset_index(drop=True)
    before, after = skal["practices_before"], skal["practices_after"]
    restored = skal["is_skal"] & (before == 0) & (after > 0)
    change = np.select(
        [skal["is_broken"].astype(bool), restored.astype(bool), (after < before).astype(bool)],
        ["broken", "restored", "fewer"],
        "more",
    )
    words = {code: say(f"comparison.place.{code}", language) for code in set(change)}
    table = skal.assign(
        scenario=skal["variant"],
        place_name=skal["name"],
        kommune_name=skal["kommune_code"].map(reference.levels[0].names),
        is_skal=[yes_no(bool(one), language) for one in skal["is_skal"]],
        change=pd.Series([words[code] for code in change], index=skal.index, dtype="str"),
    )
    marked = tuple(code == "broken" for code in change)
    return worded_table("skal", table, SKAL_COLUMNS, language, marked=marked)
