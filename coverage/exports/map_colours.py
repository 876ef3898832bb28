"""The colours of the maps and what they mean."""

from collections.abc import Mapping

# From light to dark and from cool to warm, bad is dark; told apart in the three
# common kinds of colour blindness (tests/unit/test_exports_map_layers.py measures it).
STATUS_COLOURS: Mapping[str, str] = {
    "two_or_more": "#a9d3c5",
    "one": "#f0a030",
    "none": "#a11428",
    "no_road_connection": "#4a3a8c",
}
PRACTICE_COLOURS: Mapping[str, str] = {"open": "#1f78b4", "closed": "#ffffff"}
BORDER_COLOUR = "#222222"
LAND_COLOUR = "#f6f4ee"
# What lies outside the study's kommuner is unknown: neither land nor water.
OUTSIDE_COLOUR = "#dde5ea"
SURROUNDINGS_COLOUR = "#c9ccc8"
