"""The rows of a table that are of the study's kommuner, and what the others are.

Statistics mix levels in one column: the country, its regions and landsdele stand
among the kommuner (data-sources 4). Adding them up would count people twice.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from coverage.errors import UnknownKommuneError
from coverage.sentences import sentence
from coverage.sources.kommune_codes import normalise_kommune_code
from coverage.sources.sheets import Sheet
from coverage.sources.shown_cells import shown_cells
from coverage.sources.spelling import compact_key

LARGER_AREA = "of a larger area"
OUTSIDE = "kommune outside the study"

KOMMUNE_HEADERS = (
    "kommunekode",
    "komkode",
    "kom_kode",
    "kommunenr",
    "kommunenummer",
    "kommune_code",
    "kommune",
    "kommunenavn",
    "kommunedk",
    "område",
)

_LEADING_CODE = re.compile(r"\d{1,4}[\s:,;–-]+(?=\D)")
# StatBank: 000 the country, 01-11 landsdele, 081-085 regions; DAGI: 1081-1085.
_CODES = {*range(12), *range(81, 86), *range(1081, 1086)}
_COUNTRY = {"helelandet", "danmark", "denmark", "alldenmark", "ialt", "total", "allekommuner"}
_REGIONS = {"hovedstaden", "sjaelland", "syddanmark", "midtjylland", "nordjylland", "oestdanmark"}
_LANDSDELE = {
    "byenkoebenhavn",
    "koebenhavnsomegn",
    "nordsjaelland",
    "oestsjaelland",
    "vestogsydsjaelland",
    "fyn",
    "sydjylland",
    "oestjylland",
    "vestjylland",
}
_NAMES = _COUNTRY | _REGIONS | _LANDSDELE
_KINDS = ("region", "landsdel", "provins")


def is_larger_area(text: str) -> bool:
    """Return whether a cell names the country, a region or a landsdel, by name or code.

    ``Bornholm`` alone is the kommune, ``Landsdel Bornholm`` is not.
    """
    if text.strip().isdecimal():
        return int(text) in _CODES
    key = compact_key(_LEADING_CODE.sub("", text.strip(), count=1))
    return key in _NAMES or key.startswith(_KINDS)


def leave_out(sheet: Sheet, mask: "pd.Series[bool]", reason: str) -> Sheet:
    """Return the sheet without the marked rows, which are counted under the reason."""
    count = int(mask.sum())
    if not count:
        return sheet
    kept = ~mask.to_numpy(dtype=bool)
    return replace(
        sheet,
        table=sheet.table[kept].reset_index(drop=True),
        source_rows=sheet.source_rows[kept],
        dropped={**sheet.dropped, reason: sheet.dropped.get(reason, 0) + count},
    )


def keep_study_kommuner(
    sheet: Sheet, kommune_codes: Sequence[str]
) -> tuple[Sheet, "pd.Series[str]"]:
    """Return the rows of the study's kommuner and their four-digit codes.

    Parameters
    ----------
    sheet
        With a column ``kommune``; rows of larger areas and of other kommuner
        are left out and counted.
    kommune_codes
        The study's kommuner.

    Returns
    -------
    Sheet, Series
        The rows that are left, index 0..rows-1, and a code for each.

    Raises
    ------
    UnknownKommuneError
        A blank, or neither a kommune nor a larger area.
    """
    texts = sheet.table["kommune"].fillna("")
    codes = texts.map(normalise_kommune_code).astype("str")
    larger = codes.isna() & texts.map(is_larger_area).astype(bool)
    refuse_unknown_areas(
        texts, codes.isna() & ~larger, sheet.source_rows.tolist(), sheet.where_column("kommune")
    )
    sheet = leave_out(sheet, larger, LARGER_AREA)
    codes = codes[~larger].reset_index(drop=True)
    other = ~codes.isin(list(kommune_codes))
    return leave_out(sheet, other, OUTSIDE), codes[~other].reset_index(drop=True)


def refuse_unknown_areas(
    texts: "pd.Series[str]", unknown: "pd.Series[bool]", rows: Sequence[object], where: str
) -> None:
    """Raise UnknownKommuneError if cells are marked as no area of Denmark.

    Parameters
    ----------
    texts, unknown, rows
        Shape (n,): the cells, whether they are unknown, and their rows in the file.
    """
    if not unknown.any():
        return
    shown = shown_cells(texts[unknown])
    chosen = [row for row, is_unknown in zip(rows, unknown, strict=True) if is_unknown]
    raise UnknownKommuneError(
        sentence("Denmark has no kommune {names}", names=shown),
        where=where,
        rows=list(dict.fromkeys(chosen)),
        hint="Write the code of the kommune (four digits) or its name, as it is since 2007.",
    )
