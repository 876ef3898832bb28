"""The place that somebody typed, found in the study: what every page with such a field asks."""

from dataclasses import dataclass

from coverage.assessment import Assessment
from coverage.ui.formats import format_km
from coverage.ui.loading import StudyKey, address_book, with_candidates
from coverage.ui.state import Message
from coverage.ui.typed_place import TypedAddress, TypedNonsense, parse_place
from coverage.wording import Language, say

# Match levels of an address that the visitor is told about: the place is near, not exact.
_INEXACT = ("nearby_number", "street")


@dataclass(frozen=True)
class FoundPlace:
    """A place in EPSG:25832.

    Attributes
    ----------
    label
        The address that was found; empty for coordinates.
    inexact
        ``nearby_number`` or ``street``: near what was asked for, and not it; else empty.
    """

    x_m: float
    y_m: float
    label: str = ""
    inexact: str = ""


def look_up_place(key: StudyKey, text: str) -> FoundPlace | Message:
    """Return where the typed address or coordinates lie, or what to tell instead."""
    typed = parse_place(text)
    if isinstance(typed, TypedNonsense):
        return Message(typed.reason)
    if not isinstance(typed, TypedAddress):
        return FoundPlace(typed.x_m, typed.y_m)
    if not len(with_candidates(key, ()).tables.addresses):
        return Message("place.no_addresses")
    match = address_book(key).match_text(typed.text)
    if match.level == "not_found":
        unclear = Message("place.unclear", (("found", match.found),))
        return unclear if match.found else Message("place.not_found")
    inexact = match.level if match.level in _INEXACT else ""
    return FoundPlace(match.x_m, match.y_m, match.found, inexact)


def example_address(assessment: Assessment) -> str:
    """Return an address of the study, as somebody would type it; empty if it has none."""
    addresses = assessment.tables.addresses
    if not len(addresses):
        return ""
    row = addresses.iloc[len(addresses) // 2]
    return f"{row['street']} {row['house_number']}, {row['postcode']} {row['town']}"


def place_example(assessment: Assessment, language: Language) -> str:
    """Return what to show in an empty field for a place."""
    address = example_address(assessment)
    if not address:
        return say("app.place.coordinates_example", language)
    return say("app.place.example", language, address=address)


def place_message(message: Message, assessment: Assessment, language: Language) -> str:
    """Return a message about a place in words."""
    leg = format_km(assessment.rules.travel.max_leg_m, language)
    address = example_address(assessment)
    key = message.key
    if key == "place.not_found" and not address:
        key = "place.not_found_plain"
    values = {"leg": leg, "address": address, **dict(message.values)}
    return say(f"app.{key}", language, **values)
