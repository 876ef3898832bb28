import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.exports.annex_skal import DUTIES as ANNEX_DUTIES
from coverage.exports.map_colours import LAND_COLOUR
from coverage.exports.map_layers import StatusImage, escape_for_map
from coverage.ui.map_view import base_layers
from coverage.ui.skal.agreement_panel import agreement_sentence, differing_first
from coverage.ui.skal.place_map import (
    CHOSEN_COLOUR,
    DUTY_COLOURS,
    LOSS_COLOURS,
    PARTNER_COLOUR,
    ground_names,
    loss_ranks,
    skal_legend,
    skal_theme,
)
from coverage.ui.skal.place_panel import closing_lines
from coverage.ui.skal.place_rows import DUTIES, filtered, partners, place_named, place_rows
from coverage.ui.skal.question import duty_counts, skal_answer
from coverage.ui.state import AppState, PlaceFilter, filter_places, show_place
from coverage.ui.theme_map import theme_layers
from coverage.wording import LANGUAGES
from tests.drawn_town import drawn_assessment
from tests.unit.test_exports_map_layers import SIGHT, lab, linear

HOSTILE = "{{7*7}}<img src=x onerror=alert(1)>"
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def drawn():
    return drawn_assessment()


def with_places(assessment, rows, **more):
    """The drawn town with other places: name, must stay, practices, lose practice and choice."""
    pattern = assessment.skal.places.iloc[[0]]
    places = [
        pattern.assign(
            place_id=f"0461-{name}",
            name=name,
            kommune_code="0461" if number % 2 else "0450",
            is_skal=is_skal,
            kind="centre_town" if is_skal else "dispensable",
            practices=practices,
            doctors_older=2.0,
            persons_lose_practice=practice,
            persons_lose_choice=choice,
        )
        for number, (name, is_skal, practices, practice, choice) in enumerate(rows)
    ]
    table = pd.concat(places, ignore_index=True).astype({"is_skal": bool})
    skal = dataclasses.replace(assessment.skal, places=table, **more)
    return dataclasses.replace(assessment, skal=skal)


COUNTRY = (
    ("Uden", True, 0, 0.0, 0.0),
    ("En", True, 1, 10.0, 500.0),
    ("Enere", True, 1, 20.0, 0.0),
    ("Flere", True, 2, 900.0, 0.0),
    ("Fri", False, 1, 40.0, 0.0),
    ("Fri og tom", False, 0, 0.0, 0.0),
)


@pytest.fixture
def country(drawn):
    return with_places(drawn, COUNTRY)


def test_the_places_of_the_drawn_town_are_the_worst_first(drawn):
    """Vesterby must stay; closing Østerlund costs D its choice, closing P3 nobody anything."""
    rows = place_rows(drawn)
    assert list(rows["place_id"]) == ["0461-vesterby", "0450-oesterlund", "praksis-010003"]
    assert list(rows["duty"]) == ["kept", "no_duty", "no_duty"]
    assert list(rows["kommune"]) == ["Odense", "Nyborg", "Nyborg"]
    assert list(rows["persons_lose_practice"]) == [1200, 0, 0]
    assert list(rows["persons_lose_choice"]) == pytest.approx([1665, 55, 0])


def test_the_duty_comes_before_the_people_who_lose(country):
    rows = place_rows(country)
    assert list(rows["name"]) == ["Uden", "Enere", "En", "Flere", "Fri"]
    assert list(rows["duty"]) == ["broken", "last", "last", "kept", "no_duty"]


def test_the_page_ranks_every_duty_of_the_annex():
    assert set(DUTIES) == set(ANNEX_DUTIES) == set(DUTY_COLOURS)


def test_a_place_of_the_plans_list_is_shown_though_it_has_nothing(drawn):
    agreement = pd.DataFrame({"place_id": ["0461-Fri og tom", None], "verdict": ["missing"] * 2})
    assert "Fri og tom" not in set(place_rows(with_places(drawn, COUNTRY))["name"])
    named = with_places(drawn, COUNTRY, agreement=agreement)
    assert "Fri og tom" in set(place_rows(named)["name"])


def test_older_doctors_are_told_of_the_last_practice_only(country):
    older = place_rows(country).set_index("name")["older_in_last"]
    assert older[["En", "Enere", "Fri"]].tolist() == [2.0, 2.0, 2.0]
    assert older[["Uden", "Flere"]].isna().all()


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (PlaceFilter(), {"Uden", "En", "Enere", "Flere", "Fri"}),
        (PlaceFilter(only_skal=True), {"Uden", "En", "Enere", "Flere"}),
        (PlaceFilter(only_scarce=True), {"Uden", "En", "Enere", "Fri"}),
        (PlaceFilter(only_skal=True, only_scarce=True), {"Uden", "En", "Enere"}),
        (PlaceFilter(kommune_code="0461"), {"En", "Flere"}),
        (PlaceFilter(kommune_code="9999"), set()),
    ],
)
def test_a_filter_narrows_the_places(country, chosen, names):
    assert set(filtered(place_rows(country), chosen)["name"]) == names


def test_another_filter_leaves_the_chosen_place():
    state = show_place(AppState(Path("study.toml")), "0461-a")
    narrowed = filter_places(state, PlaceFilter(only_skal=True))
    assert (narrowed.shown_place, narrowed.place_filter.only_skal) == ("0461-a", True)


PAIRS = pd.DataFrame(
    {
        "place_a": ["0461-Fri", "0461-En", "0461-Flere"],
        "place_b": ["0461-En", "0461-Flere", "0461-Uden"],
        "name_a": ["Fri", "En", "Flere"],
        "name_b": ["En", "Flere", "Uden"],
        "neither_must_stay": [True, False, False],
        "persons_lose_practice": [100.0, 300.0, 7.0],
        "persons_lose_choice": [0.0, 1.0, 0.0],
    }
)


def test_a_place_knows_its_partners_on_both_sides_of_a_pair(country):
    found = partners(place_rows(country), PAIRS, "0461-En")
    assert list(found["name"]) == ["Flere", "Fri"]
    assert list(found["duty"]) == ["kept", "no_duty"]
    assert list(found["persons_lose_practice"]) == [300, 100]
    assert list(found["neither_must_stay"]) == [False, True]
    assert partners(place_rows(country), PAIRS, "").empty


def test_an_unknown_place_is_none(country):
    rows = place_rows(country)
    assert place_named(rows, "0461-En")["name"] == "En"
    assert place_named(rows, "") is None


def test_the_answer_counts_the_duties(country):
    counts = duty_counts(place_rows(country), PAIRS)
    assert counts == {
        "skal": 4,
        "broken": 1,
        "last": 2,
        "pair": 0,
        "kept": 1,
        "no_duty": 1,
        "pairs": 1,
    }
    assert skal_answer(counts, "da") == (
        "4 skal-områder: 1 uden praksis og 2 med kun én praksis tilbage."
        " Dertil 1 og/eller-par, hvor ét af to steder skal beholde en praksis."
    )


@pytest.mark.parametrize(
    ("counts", "answer"),
    [
        ((71, 0, 8), "71 skal-områder: ingen uden praksis og 8 med kun én praksis tilbage."),
        ((1200, 1, 0), "1.200 skal-områder: 1 uden praksis og ingen med kun én praksis tilbage."),
        ((0, 0, 0), "Efter reglerne er intet sted et skal-område."),
    ],
)
def test_the_answer_says_none_where_there_is_none(counts, answer):
    named = dict(zip(("skal", "broken", "last"), counts, strict=True)) | {"pairs": 0}
    assert skal_answer(named, "da") == answer


PLACE = {
    "persons_lose_practice": 1201.0,
    "persons_lose_choice": 0.3,
    "persons_nearest": 2993.0,
    "persons_without_other": 230.0,
    "nearest_now_m": 5482.0,
    "nearest_after_m": 16_753.0,
}
NO_PARTNER = pd.DataFrame({"name": [], "persons_lose_practice": []})


def test_closing_is_told_in_persons_and_kilometres():
    lines = dict(closing_lines(PLACE, NO_PARTNER, 30_000.0, "da"))
    assert list(lines.values()) == [
        "1.201 borgere",
        f"<{NBSP}1 borgere",
        f"5,5{NBSP}km nu, 16,8{NBSP}km efter",
        "230 borgere",
    ]
    assert any("2.763 borgere" in label for label in lines)
    assert any(f"30{NBSP}km" in label for label in lines)


def test_what_befalls_nobody_is_not_told():
    """Nobody without another practice: no such line; nobody with one: no distances."""
    near = PLACE | {"persons_without_other": 0.0}
    assert len(closing_lines(near, NO_PARTNER, 30_000.0, "da")) == 3
    island = PLACE | {"persons_without_other": 2993.0, "nearest_now_m": np.nan}
    values = [value for _, value in closing_lines(island, NO_PARTNER, 30_000.0, "da")]
    assert values == ["1.201 borgere", f"<{NBSP}1 borgere", "2.993 borgere"]


def test_the_partners_of_a_place_are_named_with_who_depends_on_both():
    two = pd.DataFrame({"name": ["Gram", HOSTILE], "persons_lose_practice": [1686.7, 5.0]})
    value = closing_lines(PLACE, two, 30_000.0, "da")[-1][1]
    assert value.startswith("Gram (1.687 flere mister så enhver praksis); {{7*7}}")


def test_a_home_that_loses_both_is_painted_as_losing_its_practice():
    lost = pd.DataFrame(
        {
            "loses_practice": [False, False, True, True],
            "loses_choice": [False, True, False, True],
        }
    )
    assert loss_ranks(lost).tolist() == [0, 1, 2, 2]
    assert list(LOSS_COLOURS) == ["choice", "practice"]


@pytest.mark.parametrize("sight", SIGHT)
def test_duties_and_losses_are_told_apart_by_everybody(sight):
    """White is left out beside the land: marks have a dark border."""
    colours = {**DUTY_COLOURS, **LOSS_COLOURS, "chosen": CHOSEN_COLOUR, "partner": PARTNER_COLOUR}
    seen = {name: lab(SIGHT[sight] @ linear(colour)) for name, colour in colours.items()}
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 20, (one, other)
    land = lab(linear(LAND_COLOUR))
    assert all(np.linalg.norm(seen[name] - land) > 20 for name in LOSS_COLOURS)


def theme(rows, place_id="", partner_ids=(), names=(), picture=None):
    place = place_named(rows, place_id)
    return skal_theme(rows, place, partner_ids, picture, names, "da")


def test_every_place_is_a_mark_by_duty_small_ones_over_large(country):
    marks = theme(place_rows(country)).marks
    assert [mark.label for mark in marks] == [""] * 5
    assert [mark.colour for mark in marks] == [
        DUTY_COLOURS[duty] for duty in ("broken", "last", "last", "kept", "no_duty")
    ]
    sizes = [mark.radius_px for mark in marks]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]
    assert dict(marks[1].tooltip)["Mister praksis"] == "20"


def test_the_chosen_place_and_its_partners_have_rings_and_names(country):
    picture = StatusImage(b"", 55.0, 10.0, 56.0, 11.0)
    shown = theme(place_rows(country), "0461-En", {"0461-Fri"}, picture=picture)
    rings = [mark for mark in shown.marks if mark.colour in (CHOSEN_COLOUR, PARTNER_COLOUR)]
    assert [ring.colour for ring in rings] == [CHOSEN_COLOUR, PARTNER_COLOUR]
    # Rings have no words, so that they lie below every mark, and stand out around their own.
    assert all(ring.tooltip == () for ring in rings)
    labels = {mark.label: mark for mark in shown.marks if mark.label}
    assert set(labels) == {"En", "Fri"}
    assert rings[0].radius_px > labels["En"].radius_px
    assert (shown.outline, shown.picture) == ("0461", picture)


def test_a_name_that_stands_on_the_map_is_not_written_twice(drawn):
    rows = place_rows(with_places(drawn, [(HOSTILE, True, 1, 0.0, 0.0)]))
    ids = f"0461-{HOSTILE}"
    assert [mark.label for mark in theme(rows, ids).marks] == ["", HOSTILE]
    names = {escape_for_map(HOSTILE)}
    assert [mark.label for mark in theme(rows, ids, names=names).marks] == ["", ""]


def test_the_names_on_the_map_are_those_of_the_ground(drawn):
    assert "Vesterby" in ground_names(base_layers(drawn, "da"))


def test_hostile_names_reach_the_map_as_entities_only(drawn):
    rows = place_rows(with_places(drawn, [(HOSTILE, True, 1, 0.0, 0.0)]))
    group = theme_layers(base_layers(drawn, "da"), theme(rows, f"0461-{HOSTILE}"))
    parts = [part.data for part in group._children.values() if hasattr(part, "data")]
    text = str(parts)
    assert "&#123;&#123;7*7" in text
    assert "{{7*7" not in text
    assert "<img" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_names_every_duty_and_loss_once(language):
    rows = skal_legend(language)
    colours = [colour for colour, _ in rows if colour]
    assert len(colours) == len(set(colours)) == len(DUTIES) + 2 + len(LOSS_COLOURS)
    assert all(words for _, words in rows)


AGREEMENT = pd.DataFrame({"verdict": ["agreed", "extra", "missing", "agreed", "missing"]})


def test_the_agreement_is_counted():
    assert agreement_sentence(AGREEMENT, "da") == (
        "Planen og værktøjet er enige om 2 steder."
        " 2 står kun i planen, og 1 er kun fundet af værktøjet."
    )
    outside = pd.DataFrame({"verdict": ["agreed", "not_compared"]})
    assert agreement_sentence(outside, "en").endswith(
        "1 of the plan's places lie outside the study and are not compared."
    )


def test_what_differs_comes_first_in_the_order_of_the_plan():
    table = pd.DataFrame({"plan_name": list("abcde")})
    assert list(differing_first(table, AGREEMENT["verdict"])["plan_name"]) == list("cebad")
