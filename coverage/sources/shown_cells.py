"""Cells as an error mentions them."""

import pandas as pd

from coverage.sentences import phrase

_CELLS_SHOWN = 3


def shown_cells(texts: "pd.Series[str]") -> tuple[str, ...]:
    """Return the first three different texts in quotation marks; a missing one is blank."""
    listed = texts.drop_duplicates()[:_CELLS_SHOWN]
    return tuple(phrase("'blank'") if pd.isna(text) else f"'{text}'" for text in listed)
