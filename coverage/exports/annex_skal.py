"""The annex's tables on places that must keep a practice."""

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.exports.annex_table import AnnexTable, finish_table
from coverage.exports.annex_words import reason_text
from coverage.exports.withholding import Withheld
from coverage.wording import Language

DUTIES = ("broken", "last", "pair", "kept", "no_duty")
SKAL_COLUMNS = (
    *("place_name", "kommune_name", "towns", "persons", "kind", "is_skal", "duty", "verdict"),
    *("practices", "practices_open", "capacities", "listed_persons", "doctors", "doctors_older"),
    *("last_ydernummer", "persons_nearest", "persons_lose_practice", "persons_lose_choice"),
    *("nearest_now_m", "nearest_after_m", "or_places"),
)
PAIR_COLUMNS = (
    *("name_a", "name_b", "neither_must_stay", "persons_lose_practice", "persons_lose_choice"),
)
AGREEMENT_COLUMNS = ("plan_name", "kommune_name", "place_name", "verdict", "agreement_reason")


def skal_areas_table(assessment: Assessment, withheld: Withheld, language: Language) -> AnnexTable:
    """Return every place that must keep a practice or has one, the skal-areas first."""
    table = skal_places(assessment).assign(verdict=lambda places: _verdicts(assessment, places))
    table = table[table["is_skal"] | (table["practices"] > 0) | table["verdict"].notna()]
    table = table.sort_values(
        ["is_skal", "persons_lose_practice", "place_name", "place_id"],
        ascending=[False, False, True, True],
    ).reset_index(drop=True)
    held = withheld.places.reindex(table["place_id"])
    return finish_table("skal_areas", table, SKAL_COLUMNS, language, {"doctors_older": held})


def skal_places(assessment: Assessment) -> pd.DataFrame:
    """Return the places of the core with ``place_name``, ``kommune_name`` and ``duty``.

    The duty is a code of ``DUTIES``, the worst first: ``broken`` where a skal-area has no practice,
    ``last`` where it has one, ``kept`` where it has more; ``pair`` where one of two places must
    keep its practice and neither must by itself.
    """
    places, pairs = assessment.skal.places, assessment.skal.pairs
    is_skal = places["is_skal"].to_numpy(np.bool_)
    count = places["practices"].to_numpy()
    alone = pairs[pairs["neither_must_stay"].astype(bool)]
    in_pair = places["place_id"].isin({*alone["place_a"], *alone["place_b"]}).to_numpy(np.bool_)
    duties = np.select(
        [is_skal & (count == 0), is_skal & (count == 1), in_pair, is_skal], DUTIES[:-1], DUTIES[-1]
    )
    return places.assign(
        place_name=places["name"],
        kommune_name=_kommune_names(assessment, places["kommune_code"]),
        duty=pd.Series(duties, index=places.index, dtype="str"),
    )


def or_pairs_table(assessment: Assessment, language: Language) -> AnnexTable:
    """Return the pairs of places of which one must keep its practice."""
    return finish_table("or_pairs", assessment.skal.pairs, PAIR_COLUMNS, language)


def agreement_table(assessment: Assessment, language: Language) -> AnnexTable:
    """Return the plan's own list and what the tool finds, row by row."""
    agreement = assessment.skal.agreement
    names = assessment.skal.places.set_index("place_id")["name"]
    limits = assessment.rules.skal
    rules = {"town_persons": limits.town_persons, "min_persons_lost": limits.min_persons_lost}
    reasons = zip(agreement["reason"], agreement["values"], strict=True)
    texts = [reason_text(code, {**values, **rules}, language) for code, values in reasons]
    table = agreement.assign(
        kommune_name=_kommune_names(assessment, agreement["kommune_code"]),
        place_name=agreement["place_id"].map(names),
        agreement_reason=pd.Series(texts, index=agreement.index, dtype="str"),
    )
    return finish_table("agreement", table, AGREEMENT_COLUMNS, language)


def _kommune_names(assessment: Assessment, codes: "pd.Series[str]") -> "pd.Series[str]":
    """Return the kommuner's names; the code of one that is not studied."""
    return codes.map(assessment.levels[0].names).fillna(codes)


def _verdicts(assessment: Assessment, places: pd.DataFrame) -> "pd.Series[str]":
    """Return the verdict on each place that the plan's list or the tool names."""
    agreement = assessment.skal.agreement.dropna(subset="place_id")
    verdicts = agreement.drop_duplicates("place_id").set_index("place_id")["verdict"]
    return places["place_id"].map(verdicts).astype("str")
