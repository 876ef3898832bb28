"""Made-up decisions of the region: closing limits, planning areas, designated kommuner."""

from dataclasses import dataclass

from .geodesy import generator
from .practices import Practice

# Patients per capacity from which a kommune's practices may close.
KOMMUNE_LIMITS = {"0482": 1450, "0492": 1500, "0550": 1500}
# One doctor over 60 may close earlier, one large practice has agreed to go on for longer.
EARLY_LIMIT, LATE_LIMIT = 1400, 1700
LARGE_CAPACITIES = 3.0
OVER_60_BORN_BY = 1965  # as of 2026

PLANNING_AREAS = {
    "Fyn og øerne": [
        "0410",
        "0420",
        "0430",
        "0440",
        "0450",
        "0461",
        "0479",
        "0480",
        "0482",
        "0492",
    ],
    "Trekanten": ["0530", "0607", "0621", "0630"],
    "Sydvestjylland": ["0561", "0563", "0573", "0575"],
    "Sønderjylland": ["0510", "0540", "0550", "0580"],
}


@dataclass(frozen=True)
class Designation:
    """One kommune's designation as lægedækningstruet; dates as in ISO 8601, ended "" if not."""

    kommune_code: str
    since: str
    earliest_end: str
    ended: str
    basis: str
    decision: str


_COMMITTEE = "Udvalget for det nære sundhedsvæsen"

# Kommuner that still give a signal, one that no longer does and whose designation may end in
# March 2026, one that does not and whose designation may not end yet, one from the past.
DESIGNATIONS = (
    Designation(
        "0482",
        "2025-09-01",
        "2026-03-01",
        "",
        "Ingen praksis har åbent for tilgang, og der er få kapaciteter til befolkningen",
        f"{_COMMITTEE}, september 2025 (opdigtet)",
    ),
    Designation(
        "0580",
        "2025-09-01",
        "2026-03-01",
        "",
        "Mange patienter pr. kapacitet, få ledige pladser og mange lukkede praksis",
        f"{_COMMITTEE}, september 2025 (opdigtet)",
    ),
    Designation(
        "0563",
        "2025-09-01",
        "2026-03-01",
        "",
        "Øens praksis har lukket for tilgang, og et ophør er ventet",
        f"{_COMMITTEE}, september 2025 (opdigtet)",
    ),
    Designation(
        "0430",
        "2025-09-01",
        "2026-03-01",
        "",
        "Mange læger over 60 år, og flere ophør er ventet",
        f"{_COMMITTEE}, september 2025 (opdigtet)",
    ),
    Designation(
        "0530",
        "2025-10-15",
        "2026-04-15",
        "",
        "Ekstraordinært: to læger er ophørt inden for kort tid på grund af sygdom",
        f"{_COMMITTEE}, ekstraordinært i oktober 2025 (opdigtet)",
    ),
    Designation(
        "0510",
        "2023-09-01",
        "2024-03-01",
        "2024-09-01",
        "Få ledige pladser, ophævet, da en ny praksis åbnede",
        f"{_COMMITTEE}, september 2023 og september 2024 (opdigtet)",
    ),
)


def single_limits(practices: list[Practice]) -> dict[str, int]:
    """Ydernummer -> closing limit of the two practices that have one of their own."""
    rng = generator("closing limits")
    alone = [
        p.ydernummer
        for p in practices
        if not p.closed and p.form == "Solopraksis" and max(p.birth_years) <= OVER_60_BORN_BY
    ]
    large = [p.ydernummer for p in practices if not p.closed and p.capacities >= LARGE_CAPACITIES]
    early = alone[int(rng.integers(len(alone)))]
    late = large[int(rng.integers(len(large)))]
    return {early: EARLY_LIMIT, late: LATE_LIMIT}
