"""Why what an action asks for cannot be, whatever the register."""

from math import isfinite

from coverage.sentences import sentence
from coverage.tables import CLINIC_FORMS
from coverage.units import in_denmark

_HALF = 0.5


def place_problem(x_m: float, y_m: float) -> str:
    """Return why nothing can lie at a place; empty if it can."""
    if not (isfinite(x_m) and isfinite(y_m) and bool(in_denmark(x_m, y_m))):
        return sentence(
            "({x_m:.0f}, {y_m:.0f}) is no place in Denmark: metres in EPSG:25832, easting first",
            x_m=x_m,
            y_m=y_m,
        )
    return ""


def capacity_problem(capacities: float) -> str:
    """Return why a practice cannot have so many capacities; empty if it can."""
    if not isfinite(capacities) or capacities <= 0 or capacities % _HALF:
        return sentence(
            "{capacities:g} capacities: use whole or half ones, above 0", capacities=capacities
        )
    return ""


def form_problem(clinic_form: str) -> str:
    """Return why a practice cannot be of a form; empty if it can."""
    if clinic_form not in CLINIC_FORMS:
        return sentence("'{clinic_form}' is no form of clinic", clinic_form=clinic_form)
    return ""
