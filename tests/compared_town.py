"""The drawn town (``tests.drawn_town``) with scenarios beside it.

Two scenarios, worked out on paper::

    home  km    persons  now        P2 closes                    K1 opens at km 24
    A     0.5   1200     two        one (P1 0.5; P4 27.5)        two
    B     12.5   310     two        one (P1 11.5; P4 15.5)       two
    C     15     100     two        two (P1 and P4 within 14.2)  two
    D     18.5    55     two        one (P4 9.5; P1 17.5)        two
    E     22.5    47     one        one (P4 5.5)                 two (K1 1.5, P4 5.5)
    G     45.5     9     none       none                         none (K1 21.5)
    F     -       13     no road    no road                      no road

Closing P2 takes the choice from 1200 + 310 in Odense and 55 in Nyborg; opening K1 gives it
to 47 in Nyborg. A third of C lives in Odense: 1543.33 and 190.67 residents.
"""

from dataclasses import replace
from functools import cache

from coverage.assessment import Assessment
from coverage.comparison import Variant, compare_variants
from coverage.exports.scenario_outputs import ComparedStudy
from coverage.exports.stamp import ScenarioAccount
from coverage.scenario.actions import Close, Open, Scenario
from coverage.scenario.apply import apply_resolved
from coverage.scenario.checks import check_scenario
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import unsaved_file
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment, drawn_stamp

BASELINE = "Udgangspunkt"
CLOSES = Scenario(name="Torvet lukker", actions=(Close(ydernummer="010002", note="Alder"),))
OPENS = Scenario(
    name="Ny i øst",
    note="Efter mødet",
    actions=(
        Open(
            site_id="K1",
            x_m=WEST_M + 24_000.0,
            y_m=ROAD_Y_M,
            capacities=1.5,
            name="Nyt lægehus",
        ),
    ),
)


def compared_town(*scenarios: Scenario, town: Assessment | None = None) -> ComparedStudy:
    """Return scenarios beside the drawn town, or beside another one."""
    town = town or drawn_town()
    others, accounts = [], []
    for scenario in scenarios:
        resolved = resolve_scenario(town, scenario)
        others.append(Variant(scenario.name, apply_resolved(town, resolved)))
        findings = check_scenario(town, resolved)
        accounts.append(
            ScenarioAccount(scenario, findings, "s.toml", unsaved_file(scenario).sha256)
        )
    reference = Variant(BASELINE, town)
    stamp = replace(drawn_stamp(town), scenarios=tuple(accounts))
    return ComparedStudy(compare_variants(reference, others), reference, tuple(others), stamp)


@cache
def drawn_town() -> Assessment:
    """Return the drawn town, measured once."""
    return drawn_assessment()
