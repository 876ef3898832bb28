"""A map that stays in the browser while what lies on it changes; clicked or not.

The ground is a new ``folium.Map`` each time, and the same script: the component
then keeps the browser's map, its view and its zoom. What changes lies in the one group.
"""

import hashlib
from collections.abc import Callable

import folium
import streamlit as st
from streamlit_folium import st_folium

from coverage.ui.state import AppState

# What a click reports to; the value comes from a browser and may be anything.
OnClick = Callable[[object], None]


def show_live_map(
    identity: object,
    ground: folium.Map,
    changing: folium.FeatureGroup,
    state: AppState,
    on_click: OnClick | None = None,
    height_px: int | None = None,
) -> None:
    """Show a map; another identity, language or height draws it anew.

    Parameters
    ----------
    identity
        What the ground rests on.
    on_click
        Called with the component's value for each click. The click before it
        is repeated until the next one (``state.new_click``). None: a click does nothing.
    """
    height = height_px or state.map_height_px
    digest = hashlib.sha256(repr(identity).encode()).hexdigest()[:12]
    key = f"map-{digest}-{state.language}-{height}"
    st_folium(
        ground,
        key=key,
        height=height,
        width=None,
        returned_objects=["last_clicked"] if on_click else [],
        feature_group_to_add=changing,
        on_change=(lambda: on_click(st.session_state.get(key))) if on_click else None,
    )
