"""The map on the page: drawn from kept layers, and clicked to place a practice."""

import hashlib

import streamlit as st
from streamlit_folium import st_folium

from coverage.ui.laegevalg.candidate_panel import place_clicked
from coverage.ui.loading import StudyKey, kept_base, kept_picture, places_of
from coverage.ui.map_view import area_outline, changing_layers, draw_base
from coverage.ui.state import AppState


def show_map(key: StudyKey, state: AppState) -> None:
    """Show the map; a click on it runs ``place_clicked`` and then this fragment again."""
    layers = kept_base(key, state.language)
    picture = kept_picture(key, places_of(state.candidates))
    outline = area_outline(layers, state.area_level, state.selected_area)
    # A new height or language needs a new map; all else changes inside the old one.
    study = hashlib.sha256(repr(key).encode()).hexdigest()[:12]
    map_key = f"map-{study}-{state.language}-{state.map_height_px}"
    st_folium(
        draw_base(layers, state.language),
        key=map_key,
        height=state.map_height_px,
        width=None,
        returned_objects=["last_clicked"],
        feature_group_to_add=changing_layers(picture, state.candidates, outline),
        on_change=lambda: place_clicked(key, st.session_state.get(map_key)),
    )
