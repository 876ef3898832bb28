"""The map on the page: drawn from kept layers, and clicked to place a practice."""

from coverage.ui.laegevalg.candidate_panel import place_clicked
from coverage.ui.live_map import show_live_map
from coverage.ui.loading import StudyKey, kept_base, kept_picture, places_of
from coverage.ui.map_view import area_outline, changing_layers, draw_base
from coverage.ui.state import AppState


def show_map(key: StudyKey, state: AppState) -> None:
    """Show the map; a click on it runs ``place_clicked`` and then this fragment again."""
    layers = kept_base(key, state.language)
    picture = kept_picture(key, places_of(state.candidates))
    outline = area_outline(layers, state.area_level, state.selected_area)
    show_live_map(
        ("laegevalg", key),
        draw_base(layers, state.language),
        changing_layers(picture, state.candidates, outline),
        state,
        lambda value: place_clicked(key, value),
    )
