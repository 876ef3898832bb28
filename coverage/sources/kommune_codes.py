"""The 98 kommuner and Christiansø: codes, names, regions.

Files write a kommune as ``461``, ``0461``, ``DK_461``, ``461.0`` or by name;
inside the package it is the four-digit text ``"0461"`` (data-sources 3.4).

``kommuner.csv`` (code, name, region_code, region, region_2027) has its codes
and names from Danmarks Statistik and Danmarks Administrative Geografiske
Inddeling (DAGI), its regions from the same lists. From 1 January 2027 Region
Hovedstaden and Region Sjælland are Region Østdanmark. Christiansø (0411) is no
kommune, but stands in most files, so that it must be known; it is listed with
Region Hovedstaden as DAGI does.
"""

import csv
import math
import re
from functools import cache
from importlib import resources

import pandas as pd

from coverage.sources.spelling import compact_key

CHRISTIANSOE_CODE = "0411"

_CODE = re.compile(r"(?:DK[_ -]?)?0?(\d{3})(?:[.,]0+)?", re.IGNORECASE)
_CODE_AND_NAME = re.compile(r"(\d{3,4})[\s:,;–-]+(\D+)")
_NAME_AND_CODE = re.compile(r"(\D+?)[\s(,;–-]+(\d{3,4})\)?")
_SUFFIXES = ("regionskommune", "kommune")

# Official until the name was shortened; still in some systems.
_FORMER_NAMES = {"broenderslevdronninglund": "0810"}


@cache
def _table() -> pd.DataFrame:
    path = resources.files("coverage") / "sources" / "kommuner.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    columns = ["kommune_code", "name", "region_code", "region", "region_2027"]
    return pd.DataFrame(rows[1:], columns=columns, dtype="str")


@cache
def _codes() -> frozenset[str]:
    return frozenset(_table()["kommune_code"])


@cache
def _code_by_name() -> dict[str, str]:
    table = _table()
    found = {
        compact_key(name): code
        for name, code in zip(table["name"], table["kommune_code"], strict=True)
    }
    return {**_FORMER_NAMES, **found}


def known_kommuner() -> pd.DataFrame:
    """Return the 98 kommuner and Christiansø, ordered by code.

    Returns
    -------
    DataFrame
        Shape (99, 5), all text: kommune_code (four digits), name, region_code
        (``1081`` to ``1085``), region (today), region_2027.
    """
    return _table().copy()


def normalise_kommune_code(value: object) -> str | None:
    """Return the four-digit code of a known kommune, or None if it is not one.

    Parameters
    ----------
    value
        A code (``461``, ``0461``, ``DK_461``, ``461.0``), a name (``Odense``,
        ``Københavns Kommune``, ``Århus``) or both (``0461 Odense``); the two
        must then agree. Missing values give None.
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(value).strip()
    return _from_code(text) or _from_name(text) or _from_both(text)


def _from_code(text: str) -> str | None:
    match = _CODE.fullmatch(text)
    if match is None:
        return None
    code = match.group(1).zfill(4)
    return code if code in _codes() else None


def _from_name(text: str) -> str | None:
    key = compact_key(text)
    for suffix in _SUFFIXES:
        if key.endswith(suffix):
            key = key.removesuffix(suffix)
            break
    names = _code_by_name()
    # "Københavns Kommune" and "Vesthimmerland": the genitive comes and goes.
    return names.get(key) or names.get(key.removesuffix("s")) or names.get(key + "s")


def _from_both(text: str) -> str | None:
    match = _CODE_AND_NAME.fullmatch(text)
    if match is not None:
        code_text, name = match.groups()
    else:
        match = _NAME_AND_CODE.fullmatch(text)
        if match is None:
            return None
        name, code_text = match.groups()
    code = _from_code(code_text)
    return code if code is not None and code == _from_name(name) else None
