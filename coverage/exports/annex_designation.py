"""The annex's tables on lægedækningstruede areas.

Of an area whose doctors' ages are withheld, these tables tell neither the expected
exit nor what would tell on which side of its threshold it lies: the weight that is
met, the nearest criterion, and by how much a threshold may move. The signal is told:
it is what the region decides on.
"""

from dataclasses import replace

import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.annex_table import AnnexTable, finish_table
from coverage.exports.withholding import Withheld
from coverage.signal_rule import MEASURES
from coverage.wording import Language, say

_AREA = ("area_level", "area_id", "area_name")
DESIGNATION_COLUMNS = (
    *_AREA,
    *("signal", "computed", "designated", "met_weight", "unknown_weight", "total_weight"),
    *("nearest_criterion", "nearest_distance_pct"),
    *("override", "override_on", "override_author", "override_reason"),
)
CRITERIA_COLUMNS = (
    *(*_AREA, "signal", "designated"),
    *("criterion", "value", "unit", "worse_side", "threshold", "distance", "distance_pct"),
    *("status", "weight", "rule_status", "rule_source", "entered_on", "author", "reason"),
)
SENSITIVITY_COLUMNS = (*_AREA, "criterion", "change_pct", "threshold", "before", "after")
AGENDA_COLUMNS = (
    *_AREA,
    *("item", "decision_on", "signal", "designated", "from_date", "earliest_end"),
    *("basis", "decision"),
)
# The criterion that follows from the doctors' ages, and what would tell of it.
_AGE_CRITERION = "expected_exit"
_TELLING = ("value", "distance", "distance_pct", "status")
_TELLING_OF_AREA = ("met_weight", "nearest_criterion", "nearest_distance_pct")


def designation_table(assessment: Assessment, withheld: Withheld, language: Language) -> AnnexTable:
    """Return one row an area: its signal, and how firm it is."""
    table = assessment.designation.areas
    held = dict.fromkeys(_TELLING_OF_AREA, withheld.of_rows(table))
    return finish_table("designation", table, DESIGNATION_COLUMNS, language, held)


def criteria_table(assessment: Assessment, withheld: Withheld, language: Language) -> AnnexTable:
    """Return one row an area and criterion, with the threshold's source and status."""
    table = assessment.designation.criteria
    rules = assessment.rules.rules
    units = [
        say(f"annex.unit.{MEASURES[name].column}", language) if name in MEASURES else None
        for name in table["criterion"]
    ]
    area = ["area_level", "area_id"]
    signals = assessment.designation.areas[[*area, "signal", "designated"]]
    table = table.merge(signals, on=area, how="left", validate="many_to_one").assign(
        unit=pd.Series(units, dtype="str"),
        rule_status=[rules[key].status for key in table["rule_key"]],
        rule_source=[rules[key].source for key in table["rule_key"]],
    )
    held = withheld.of_rows(table) & (table["criterion"] == _AGE_CRITERION)
    return finish_table(
        "criteria", table, CRITERIA_COLUMNS, language, dict.fromkeys(_TELLING, held)
    )


def sensitivity_table(assessment: Assessment, withheld: Withheld, language: Language) -> AnnexTable:
    """Return the areas whose signal changes if one threshold moves.

    Every row tells how much weight is met: an area whose ages are withheld has none.
    """
    table = assessment.designation.sensitivity
    table = table[~withheld.of_rows(table)]
    annex = finish_table("sensitivity", table, SENSITIVITY_COLUMNS, language)
    left_out = withheld.of_rows(assessment.designation.areas)
    return replace(annex, areas_left_out=int(left_out.sum()))


def agenda_table(assessment: Assessment, language: Language) -> AnnexTable:
    """Return what the next decision is about: the areas of the level that is designated."""
    designation = assessment.designation
    ours = designation.agenda["area_level"] == assessment.designation_level
    table = designation.agenda[ours].reset_index(drop=True)
    table = table.assign(decision_on=pd.Timestamp(designation.decision_on))
    return finish_table("agenda", table, AGENDA_COLUMNS, language)
