"""The map of places by their duty, and of the homes that lose something if one of them closes."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.exports.annex_skal import DUTIES
from coverage.exports.map_colours import STATUS_COLOURS
from coverage.exports.map_layers import StatusImage, escape_for_map
from coverage.exports.status_raster import paint_homes
from coverage.levels import KOMMUNE_LEVEL
from coverage.skal import who_loses
from coverage.ui.formats import format_number, format_persons
from coverage.ui.loading import StudyKey, kept_raster, with_candidates
from coverage.ui.map_view import BaseLayers
from coverage.ui.theme_map import DOT, PlaceMark, Theme
from coverage.wording import Language, say

# One practice left and none have the colours of lægevalg's one and none; the picture of homes
# has two of its own. A test measures that they are told apart.
DUTY_COLOURS: Mapping[str, str] = {
    "broken": STATUS_COLOURS["none"],
    "last": STATUS_COLOURS["one"],
    "pair": "#a830f0",
    "kept": "#1b8a66",
    "no_duty": "#ffffff",
}
LOSS_COLOURS: Mapping[str, str] = {"choice": "#56b4e9", "practice": "#4a3a8c"}
CHOSEN_COLOUR, PARTNER_COLOUR = "#000000", "#ffe600"
_RADIUS_PX: Mapping[str, float] = {
    "main_town": 9.0,
    "centre_town": 7.0,
    "geographically_necessary": 6.0,
    "dispensable": 4.0,
}
_RING_PX = 4.0


def loss_ranks(lost: pd.DataFrame) -> npt.NDArray[np.uint8]:
    """Return for every home 0, or 1 and the position in ``LOSS_COLOURS`` of what it loses.

    Parameters
    ----------
    lost
        Of ``skal.who_loses``; a home that loses both counts as losing its practice.
    """
    ranks = np.where(lost["loses_practice"], 2, np.where(lost["loses_choice"], 1, 0))
    return ranks.astype(np.uint8)


@st.cache_resource(max_entries=64, show_spinner=False)
def kept_losses(key: StudyKey, place_id: str) -> StatusImage | None:
    """Return the picture of who loses something if a place closes; None without a practice."""
    assessment = with_candidates(key, ())
    practices = assessment.skal.practices
    closing = practices.loc[practices["place_id"] == place_id, "ydernummer"].tolist()
    if not closing:
        return None
    lost = who_loses(assessment.matrix, assessment.choice, closing)
    return paint_homes(kept_raster(key), loss_ranks(lost), list(LOSS_COLOURS.values()))


def skal_theme(
    shown: pd.DataFrame,
    place: "pd.Series[Any] | None",
    partner_ids: Collection[str],
    picture: StatusImage | None,
    ground_names: Collection[str],
    language: Language,
) -> Theme:
    """Return the map of places.

    Parameters
    ----------
    shown
        Rows of ``place_rows``: the chosen place and its partners among them.
    place
        The chosen one, or None.
    picture
        Of ``kept_losses``.
    ground_names
        What stands on the map anyway, escaped: a name is not written twice.
    """
    chosen_id = "" if place is None else str(place["place_id"])
    # Small marks over large ones; rings have no words and lie under all marks.
    ordered = shown.assign(radius_px=shown["kind"].map(_RADIUS_PX))
    ordered = ordered.sort_values("radius_px", ascending=False, kind="stable")
    rings, marks = [], []
    for row in ordered.to_dict("records"):
        place_id = str(row["place_id"])
        special = place_id == chosen_id or place_id in partner_ids
        if special:
            colour = CHOSEN_COLOUR if place_id == chosen_id else PARTNER_COLOUR
            radius_px = row["radius_px"] + _RING_PX
            rings.append(PlaceMark(row["x_m"], row["y_m"], colour, radius_px, ()))
        written = not special or escape_for_map(row["name"]) in ground_names
        marks.append(_mark(row, "" if written else str(row["name"]), language))
    return Theme(
        level=KOMMUNE_LEVEL,
        fills=(),
        marks=(*rings, *marks),
        legend=skal_legend(language),
        picture=picture,
        outline="" if place is None else str(place["kommune_code"]),
    )


def ground_names(layers: BaseLayers) -> set[str]:
    """Return the names of towns that stand on every map, escaped."""
    return {town["properties"]["name"] for town in layers.towns["features"]}


def skal_legend(language: Language) -> tuple[tuple[str, str], ...]:
    """Return the legend: the same whatever is chosen, so that the map keeps its view."""
    duties = [(DOT + DUTY_COLOURS[duty], say(f"annex.duty.{duty}", language)) for duty in DUTIES]
    losses = [
        (LOSS_COLOURS[loss], say(f"app.skal.map.{loss}", language))
        for loss in ("practice", "choice")
    ]
    return (
        ("", say("app.skal.map.places", language)),
        *duties,
        (DOT + CHOSEN_COLOUR, say("app.skal.map.chosen", language)),
        (DOT + PARTNER_COLOUR, say("app.skal.map.partner", language)),
        ("", say("app.skal.map.homes", language)),
        *losses,
    )


def _mark(row: Mapping[Any, Any], label: str, language: Language) -> PlaceMark:
    words = {
        "kommune": str(row["kommune"]),
        "kind": say(f"annex.kind.{row['kind']}", language),
        "duty": say(f"annex.duty.{row['duty']}", language),
        "practices": format_number(row["practices"], language),
        "practices_open": format_number(row["practices_open"], language),
        "persons_lose_practice": format_persons(row["persons_lose_practice"], language),
        "persons_lose_choice": format_persons(row["persons_lose_choice"], language),
        "or_places": str(row["or_places"]),
    }
    lines = [
        (say(f"app.skal.column.{name}", language), text) for name, text in words.items() if text
    ]
    return PlaceMark(
        x_m=row["x_m"],
        y_m=row["y_m"],
        colour=DUTY_COLOURS[row["duty"]],
        radius_px=row["radius_px"],
        tooltip=(("", str(row["name"])), *lines),
        label=label,
    )
