"""How areas and plain values are called in the tables."""

from collections.abc import Mapping
from typing import Any

from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.wording import Language, keys, say


def level_text(level: str, language: Language) -> str:
    """Return a level's name: ours for the kommune, the study's own for others."""
    key = f"export.level.{level}"
    return say(key, language) if key in keys("export.level.") else level


def area_id_text(area_id: str, language: Language) -> str:
    """Return an area's id; the row of all areas says so."""
    return say("export.all_areas", language) if area_id == ALL_AREAS else area_id


def area_name_text(row: Mapping[Any, Any], language: Language) -> str:
    """Return an area's name; the row of all areas says so."""
    if row["area_id"] == ALL_AREAS:
        return say("export.all_areas", language)
    return str(row["area_name"])


def yes_no(value: bool, language: Language) -> str:  # noqa: FBT001 - it says the value
    """Return yes or no."""
    return say("export.yes" if value else "export.no", language)


def area_label(row: Mapping[Any, Any], language: Language) -> str:
    """Return an area's name, also where it is the row of all or of practices without an area."""
    if row["area_id"] == NO_AREA:
        return say("annex.no_area", language)
    return area_name_text(row, language)
