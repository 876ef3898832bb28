"""What each column of the annex tables is: its kind, and the inputs and rules behind it.

The words of a column (header and definition, both languages) are in
wording/annex.toml under the same name. Tests hold the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from coverage.tables import CLINIC_FORMS

# Kind -> decimals; texts have none.
# Capacities come in halves, expected ones in fractions: 1.5, and 1.35.
DECIMALS: Mapping[str, int] = {
    "year": 0,
    "whole": 0,
    "tenth": 1,
    "km": 2,
    "capacity": 2,
    "thousandth": 3,
}


@dataclass(frozen=True)
class Field:
    """A column of an annex table.

    Attributes
    ----------
    kind
        ``text``, ``long`` (wrapped text), ``whole``, ``tenth``, ``km`` or ``thousandth``.
    inputs
        Roles of the files that it follows from (``Provenance.role``).
    rules
        Keys of the rules that it follows from; one that ends with a full stop or
        a low line stands for all rules that begin so.
    width
        In characters, on a sheet.
    """

    kind: str
    inputs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    width: float = 12.0


_REGISTER = ("practices",)
# People are spread over the addresses of the road file, and counted in the kommuner.
_PEOPLE = ("population", "roads", "kommuner")
_REACH = ("practices", "population", "roads")
_LIMITS = ("choice.limit_m", "choice.limit_capital_m")
_CLOSING = ("capacity.closing_limit_persons",)
_TRAVEL = ("travel.",)
_AGES = ("workforce.older_age_years",)
_OLD_AGES = ("workforce.old_age_years",)
_EXIT = ("workforce.horizon_years", "workforce.exit_")
_ACCESS = ("access.",)
_TREND = ("designation.trend_years",)
_SKAL = ("skal.",)
_RULED = ("designation.",)
# What the criteria's figures follow from, and what the signal does with the judgements.
_FACTS = (*_REACH, "kommuner", "closing_limits", "projection")
_SIGNALS = (*_FACTS, "judgements")
_FIGURES = (*_CLOSING, *_EXIT, *_TREND, *_LIMITS)

FIELDS: Mapping[str, Field] = {
    # Which row this is.
    "area_level": Field("text", ("area_level",), (), 14),
    "area_id": Field("text", ("kommuner", "area_level"), (), 10),
    "area_name": Field("text", ("kommuner", "area_level"), (), 24),
    # Practices and doctors.
    "practices": Field("whole", _REGISTER),
    "practices_open": Field("whole", _REGISTER),
    "practices_closed": Field("whole", _REGISTER),
    "practices_intake_unknown": Field("whole", _REGISTER),
    "practices_closed_pct": Field("tenth", _REGISTER),
    "capacities": Field("tenth", _REGISTER),
    "capacities_open": Field("tenth", _REGISTER),
    "capacities_closed_pct": Field("tenth", _REGISTER),
    "practices_without_capacity": Field("whole", _REGISTER),
    "doctors": Field("whole", _REGISTER),
    "practices_without_doctors": Field("whole", _REGISTER),
    "doctors_older": Field("whole", _REGISTER, _AGES),
    "doctors_old": Field("whole", _REGISTER, _OLD_AGES),
    "doctors_older_pct": Field("tenth", _REGISTER, _AGES),
    "doctors_old_pct": Field("tenth", _REGISTER, _OLD_AGES),
    "capacities_expected_to_end": Field("tenth", _REGISTER, _EXIT),
    "expected_exit_pct": Field("tenth", _REGISTER, _EXIT),
    **{f"practices_{form}": Field("whole", _REGISTER) for form in CLINIC_FORMS},
    "satellites": Field("whole", _REGISTER),
    "practices_accessible": Field("whole", _REGISTER),
    "practices_access_unknown": Field("whole", _REGISTER),
    # Lists and people.
    "listed_persons": Field("whole", _REGISTER),
    "practices_without_list": Field("whole", _REGISTER),
    "patients_per_capacity": Field("whole", _REGISTER),
    "residents": Field("whole", _PEOPLE),
    "residents_per_capacity": Field("whole", (*_REGISTER, *_PEOPLE)),
    "need_weighted_residents": Field("whole", (*_PEOPLE, "need_weights")),
    "need_weighted_per_capacity": Field("whole", (*_REGISTER, *_PEOPLE, "need_weights")),
    "free_places": Field("whole", (*_REGISTER, "closing_limits"), _CLOSING),
    "open_practices_without_room": Field("whole", _REGISTER),
    "spare_places_pct": Field("tenth", (*_REGISTER, "closing_limits", *_PEOPLE), _CLOSING),
    "persons_without_practice": Field("whole", _REACH, (*_LIMITS, *_TRAVEL)),
    "persons_without_place": Field(
        "whole", (*_REACH, "closing_limits"), (*_LIMITS, *_CLOSING, *_TRAVEL)
    ),
    "access_2sfca_per_1000": Field("thousandth", (*_REACH, "need_weights"), _ACCESS),
    "access_e2sfca_per_1000": Field("thousandth", (*_REACH, "need_weights"), _ACCESS),
    "access_gini": Field("thousandth", (*_REACH, "need_weights"), _ACCESS),
    "access_worst_tenth_per_1000": Field("thousandth", (*_REACH, "need_weights"), _ACCESS),
    "projected_from_persons": Field("whole", ("projection",), _TREND),
    "projected_to_persons": Field("whole", ("projection",), _TREND),
    "population_growth_pct": Field("tenth", ("projection",), _TREND),
    # Designation.
    "signal": Field("text", _SIGNALS, _RULED, 16),
    "computed": Field("text", _SIGNALS, _RULED, 16),
    "met_weight": Field("tenth", _SIGNALS, _RULED),
    "unknown_weight": Field("tenth", _FACTS, _RULED),
    "total_weight": Field("tenth", (), _RULED),
    "nearest_criterion": Field("text", _FACTS, _RULED, 28),
    "nearest_distance_pct": Field("tenth", _FACTS, _RULED),
    "override": Field("text", ("judgements",), (), 12),
    "override_on": Field("text", ("judgements",), (), 12),
    "override_author": Field("text", ("judgements",), (), 20),
    "override_reason": Field("long", ("judgements",), (), 40),
    "designated": Field("text", ("designations",), ("designation.decision_months",), 12),
    "criterion": Field("text", (), (), 36),
    "value": Field("tenth", _FACTS, _FIGURES),
    "unit": Field("text", (), (), 20),
    "worse_side": Field("text", (), (), 14),
    "threshold": Field("tenth", (), _RULED),
    "distance": Field("tenth", _FACTS, (*_FIGURES, *_RULED)),
    "distance_pct": Field("tenth", _FACTS, (*_FIGURES, *_RULED)),
    "status": Field("text", _SIGNALS, (*_FIGURES, *_RULED), 16),
    "weight": Field("tenth", (), _RULED),
    "rule_status": Field("text", (), _RULED, 30),
    "rule_source": Field("long", (), _RULED, 60),
    "entered_on": Field("text", ("judgements",), (), 12),
    "author": Field("text", ("judgements",), (), 20),
    "reason": Field("long", ("judgements",), (), 44),
    "change_pct": Field("whole", (), _RULED),
    "before": Field("text", _SIGNALS, _RULED, 16),
    "after": Field("text", _SIGNALS, _RULED, 16),
    "item": Field("text", (*_SIGNALS, "designations"), _RULED, 34),
    "decision_on": Field("text", (), ("designation.decision_months",), 14),
    "from_date": Field("text", ("designations",), (), 12),
    "earliest_end": Field("text", ("designations",), ("designation.min_months",), 14),
    "basis": Field("long", ("designations",), (), 30),
    "decision": Field("long", ("designations",), (), 30),
    # Skal-areas.
    "place_name": Field("text", ("towns",), _SKAL, 28),
    "kommune_name": Field("text", ("kommuner",), (), 18),
    "towns": Field("long", ("towns",), _SKAL, 32),
    "persons": Field("whole", ("towns",)),
    "kind": Field("text", ("towns", *_REACH), (*_SKAL, *_LIMITS), 26),
    "is_skal": Field("text", ("towns", *_REACH), (*_SKAL, *_LIMITS), 12),
    "duty": Field("text", _REGISTER, _SKAL, 26),
    "last_ydernummer": Field("text", _REGISTER, (), 12),
    "persons_nearest": Field("whole", _REACH, _TRAVEL),
    "persons_lose_practice": Field("whole", _REACH, (*_LIMITS, *_TRAVEL)),
    "persons_lose_choice": Field("whole", _REACH, (*_LIMITS, *_TRAVEL)),
    "nearest_now_m": Field("km", _REACH, _TRAVEL),
    "nearest_after_m": Field("km", _REACH, _TRAVEL),
    "or_places": Field("long", _REACH, (*_SKAL, *_LIMITS), 30),
    "verdict": Field("text", ("skal_areas",), _SKAL, 22),
    "agreement_reason": Field("long", ("skal_areas", "towns", *_REACH), _SKAL, 60),
    "plan_name": Field("text", ("skal_areas",), (), 26),
    "name_a": Field("text", ("towns",), _SKAL, 24),
    "name_b": Field("text", ("towns",), _SKAL, 24),
    "neither_must_stay": Field("text", ("towns", *_REACH), (*_SKAL, *_LIMITS), 16),
    # Practices.
    "ydernummer": Field("text", _REGISTER, (), 12),
    "name": Field("text", _REGISTER, (), 34),
    "address": Field("text", _REGISTER, (), 38),
    "satellite_address": Field("text", _REGISTER, (), 38),
    "intake": Field("text", _REGISTER, (), 24),
    "clinic_form": Field("text", _REGISTER, (), 18),
    "accessible": Field("text", _REGISTER, (), 14),
    "closing_limit_persons": Field("whole", (*_REGISTER, "closing_limits"), _CLOSING),
    "closing_limit_source": Field("text", (*_REGISTER, "closing_limits"), _CLOSING, 20),
    "persons_assigned": Field("whole", (*_REACH, "closing_limits"), (*_LIMITS, *_CLOSING)),
    "is_last": Field("text", ("towns", *_REGISTER), _SKAL, 12),
    "match": Field("text", (*_REGISTER, "roads"), (), 26),
    "source_row": Field("whole", _REGISTER),
    # What every row carries in a CSV file.
    "study_title": Field("text", (), (), 24),
    "as_of": Field("text", (), (), 12),
    "ruleset_id": Field("text", (), (), 22),
    "illustrative": Field("text", (), (), 12),
}
