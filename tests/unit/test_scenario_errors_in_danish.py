"""What a planner reads in Danish when a scenario or a placement is refused, in full."""

from dataclasses import fields

import numpy as np
import pytest

from coverage.errors import PlacementError, ScenarioError
from coverage.placement.place import place
from coverage.placement.program import FAMILIES
from coverage.placement.request import Effort, PlacementRequest
from coverage.scenario.actions import (
    KINDS,
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
)
from coverage.scenario.checks import Finding
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario_files import normalise_scenario, parse_scenario
from coverage.scenario_study import refuse_forbidden, refuse_shared_names
from coverage.wording import error_texts, keys, say_error
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M
from tests.placement_town import Practice, Town
from tests.straight_road import RULES

HERE = {"x_m": WEST_M + 1_000.0, "y_m": ROAD_Y_M}
SEA = {"x_m": WEST_M, "y_m": ROAD_Y_M + 40_000.0}


def danish(error):
    return tuple(say_error(part, "da") for part in (error.what, error.where, error.hint))


def problems(error):
    return [say_error(problem, "da") for problem in error.problems]


@pytest.fixture(scope="module")
def town():
    return annex_town()


REFUSED = {
    "(999999 lukker): praksissen findes ikke i registret": Close(ydernummer="999999"),
    "(ny praksis 010001): id'et er allerede i brug": Open(site_id="010001", capacities=1, **HERE),
    "(ny praksis  ): en ny praksis skal have et id uden mellemrum først eller sidst": Open(
        site_id=" ", capacities=1, **HERE
    ),
    "(ny praksis K1): ingen vej inden for 2.000 m; vælg et sted på land, nær en vej": Open(
        site_id="K1", capacities=1, **SEA
    ),
    "(010001 flytter): (12, nan) ligger ikke i Danmark; skriv meter i EPSG:25832, øst før nord": (
        Move(ydernummer="010001", x_m=12.1, y_m=np.nan)
    ),
    "(010001 får ny kapacitet): kapacitet 0,3 kan ikke bruges; "
    "skriv hele eller halve kapaciteter over 0": Resize(ydernummer="010001", capacities=0.3),
    "(ny praksis K1): 'apotek' er ikke en praksisform": Open(
        site_id="K1", capacities=1, clinic_form="apotek", **HERE
    ),
    "(010001 åbner eller lukker for tilgang): praksissen er allerede åben for tilgang": SetIntake(
        ydernummer="010001", intake_open=True
    ),
    "(010003 åbner eller lukker for tilgang): praksissen er allerede lukket for tilgang": SetIntake(
        ydernummer="010003", intake_open=False
    ),
    "(læger i 010006 stopper): praksissens læger er ukendte; "
    "ændr kapaciteten, eller luk praksissen i stedet": Retire(ydernummer="010006"),
    "(læger i 010003 stopper): 2 læge(r) kan ikke stoppe; praksissen har 1": Retire(
        ydernummer="010003", doctors=2
    ),
    "(læger i 010001 stopper): kapacitet 2 kan ikke bortfalde; praksissen har 1,5": Retire(
        ydernummer="010001", capacities=2
    ),
    "(satellit til 9): praksissen findes ikke i registret": OpenSatellite(ydernummer="9", **HERE),
}


@pytest.mark.parametrize("words", REFUSED)
def test_why_an_action_cannot_be_carried_out(town, words):
    with pytest.raises(ScenarioError) as caught:
        resolve_scenario(town, Scenario(name="prøve", actions=(REFUSED[words],)))
    assert problems(caught.value) == [f"handling 1 {words}"]


def test_every_failed_action_is_told(town):
    twice = (Close(ydernummer="010001"), Close(ydernummer="010001"), REFUSED[next(iter(REFUSED))])
    with pytest.raises(ScenarioError) as caught:
        resolve_scenario(town, Scenario(name="prøve", actions=twice))
    assert danish(caught.value) == (
        "Scenariet 'prøve' kan ikke udføres",
        "",
        "Ret eller fjern disse handlinger. Intet er ændret.",
    )
    assert problems(caught.value) == [
        "handling 2 (010001 lukker): praksissen er allerede lukket",
        "handling 3 (999999 lukker): praksissen findes ikke i registret",
    ]


def test_what_a_rule_forbids_with_its_finding_and_clause():
    finding = Finding(
        "far_move", "010117", 2, forbidden=True, values=(("distance_m", 18_250), ("limit_m", 15e3))
    )
    with pytest.raises(ScenarioError) as caught:
        refuse_forbidden(Scenario(name="Øst"), [finding], RULES)
    assert danish(caught.value)[0] == "Regelsættet forbyder handlinger i scenariet 'Øst'"
    (text,) = problems(caught.value)
    assert text.startswith(
        "handling 2 (010117): reglen scenario.forbid_far_move: "
        "Flytningen er 18,25 km ad vej; reglen siger højst 15,00 km. Kilde: "
    )
    assert caught.value.problems[0].startswith(
        "action 2 (010117): rule scenario.forbid_far_move: The move is 18.25 km by road"
    )


def test_two_scenarios_of_one_name():
    with pytest.raises(ScenarioError) as caught:
        refuse_shared_names(["A", "B", "A"])
    assert problems(caught.value) == ["'A' er brugt 2 gange"]


def test_a_file_of_a_newer_version():
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(b"format = 7", where="plan.toml")
    assert danish(caught.value) == (
        "Scenariefilen har version 7; programmet kan læse til og med 1",
        "plan.toml",
        "Brug den nyere udgave af programmet, som har skrevet filen. Filen er uændret.",
    )


def test_a_file_with_what_nobody_knows():
    text = 'format = 1\nname = 3\nhue = 1\n[[action]]\nkind = "move"\nx_m = "a"\n'
    text += '[[action]]\nkind = "explode"\n'
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text.encode(), where="plan.toml")
    assert danish(caught.value) == (
        "Scenariefilen kan ikke bruges",
        "plan.toml",
        "Ret dette, eller gem scenariet igen. Filen er uændret.",
    )
    assert problems(caught.value) == [
        "ukendt: hue",
        "name er ikke tekst",
        "handling 1: ydernummer mangler",
        "handling 1: x_m kan ikke være 'a'",
        "handling 1: y_m mangler",
        (
            "handling 2: kind er 'explode'; kendte er open, open_satellite, close, move, resize, "
            "set_intake, retire"
        ),
    ]


def test_a_scenario_without_a_name():
    with pytest.raises(ScenarioError) as caught:
        normalise_scenario(Scenario(name=" "))
    assert danish(caught.value) == (
        "Scenariet har intet navn",
        "scenariet",
        "Giv det et navn, det kan kendes på.",
    )


def test_every_kind_and_text_of_an_action_has_its_danish():
    for kind, action in KINDS.items():
        assert f"{kind} {{subject}}" in error_texts()
        for one in fields(action):
            if "str" in str(one.type):
                assert f"action {{number}}, {one.name}" in error_texts()


# One practice at km 10; candidates at km 4 and 12 in 0461, and at 34, 45 and 52 in 0450.
LONE = Town(
    (0.0, 20_000.0, 50_000.0),
    (200.0, 300.0, 100.0),
    (Practice(10_000.0),),
    (4_000.0, 12_000.0, 34_000.0, 45_000.0, 52_000.0),
)


def refused_placement(**asked):
    assessment = LONE.assessment()
    request = PlacementRequest(objective="choice", effort=Effort(steps=50), **asked)
    with pytest.raises(PlacementError) as caught:
        place(assessment, LONE.candidates(assessment), request, None)
    return danish(caught.value)


def test_an_infeasible_placement_says_both_numbers():
    quotas = {"0461": (2.0, 2.0), "0450": (1.5, 2.0)}
    assert refused_placement(capacities=3.0, quotas=quotas, forced_out=("c0", "c1")) == (
        (
            "områdernes mindstekvoter er 3,5 kapaciteter til sammen, men der skal kun placeres "
            "3 kapaciteter; område 0461 skal have 2 kapaciteter, men dets 0 mulige steder "
            "rummer højst 0 kapaciteter"
        ),
        "forespørgslen",
        "Lemp en af disse betingelser, eller tilføj mulige steder.",
    )


def test_a_placement_with_too_little_room_says_both_numbers():
    what, _, _ = refused_placement(capacities=12.0, practices=5, most_capacities=2.0)
    assert what == (
        "der skal placeres 12 kapaciteter, men 5 praksis med højst 2 kapaciteter hver rummer "
        "10 kapaciteter"
    )
    what, _, _ = refused_placement(forced_in=("c1",), apart_m=3_000.0, capacities=1.0)
    assert what == "'c1' skal med, men ligger mindre end 3.000 m fra en praksis, der bliver"


def test_conditions_that_cannot_be_met_together_say_what_could_give():
    what, _, _ = refused_placement(capacities=3.0, most_capacities=1.0, apart_m=8_000.0)
    assert what == (
        "Ingen placering opfylder alle betingelser på én gang; en af disse må lempes: "
        "kapaciteterne i alt (de er 3 kapaciteter, og det nærmeste, som de øvrige betingelser "
        "tillader, er 1 kapacitet derfra), eller "
        "par af praksis, der ligger nærmere hinanden end ønsket (1)"
    )


def test_a_request_that_cannot_be_meant():
    what, _, hint = refused_placement(capacities=1.3, seed=-1, forced_in=("x",))
    assert what == (
        "capacities er 1,3, men skal være hele eller halve kapaciteter over 0; "
        "seed er -1, men skal være mindst 0; "
        "listen over steder, der skal med, nævner 'x', som ikke er et muligt sted"
    )
    assert hint == "Ret forespørgslen."


def test_every_family_of_conditions_has_its_danish():
    assert set(keys("placement.family.")) == {f"placement.family.{name}" for name in FAMILIES}
