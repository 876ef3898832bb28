"""The colours of an area's signal: dark is bad, and words always stand beside them."""

from collections.abc import Mapping

# Of the palette of lægevalg, which is told apart in the common kinds of colour blindness.
SIGNAL_COLOURS: Mapping[str, str] = {
    "signal": "#a11428",
    "possible": "#f0a030",
    "no_signal": "#a9d3c5",
}
# Text that can be read on each.
SIGNAL_INK: Mapping[str, str] = {"signal": "#ffffff", "possible": "#111111", "no_signal": "#111111"}
