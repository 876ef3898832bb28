"""The tables of a comparison: figures side by side, areas, signals, skal-areas, places, pairs."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.comparison import FIGURES, Comparison
from coverage.exports.area_words import area_label
from coverage.ui.formats import format_persons
from coverage.ui.grouped_table import GroupedColumn
from coverage.ui.scenario_figures import change_text, figure_text, is_seen
from coverage.wording import Language, say

PERSONS_CHANGED = ("persons_gain_choice", "persons_lose_choice")
SHOWN_FIGURES = (*PERSONS_CHANGED, *(figure.name for figure in FIGURES))
# Who leaves these groups may be better off, or worse: they have no colour.
_EITHER = (*PERSONS_CHANGED, "persons_one", "persons_exactly_two", "persons_thin_margin")
# Figure -> 1 if more of it is good, -1 if bad, 0 if neither.
_BETTER = {
    **{figure.name: {"more": 1, "less": -1}.get(figure.better, 0) for figure in FIGURES},
    **dict.fromkeys(_EITHER, 0),
}
_FIGURE_PX, _VALUE_PX, _CHANGE_PX, _AREA_PX = 205, 92, 84, 150


def figure_title(figure: str, language: Language) -> str:
    """Return what a figure is called."""
    return say(f"app.sammenlign.figure.{figure}", language)


def figure_columns(
    comparison: Comparison, level: str, area_id: str, language: Language
) -> list[GroupedColumn]:
    """Return every figure of one area: the reference, and each variant with its difference."""
    table = comparison.by_area
    own = table[(table["area_level"] == level) & (table["area_id"] == area_id)]
    rows = {
        variant: part.set_index("figure").reindex(list(SHOWN_FIGURES))
        for variant, part in own.groupby("variant")
    }
    titles = [figure_title(figure, language) for figure in SHOWN_FIGURES]
    columns = [GroupedColumn("", say("app.sammenlign.table.figure", language), titles, _FIGURE_PX)]
    for position, variant in enumerate(comparison.variants):
        part = rows.get(variant)
        if part is None:
            continue
        if not position:
            before = _texts(part["before"], language, skip=PERSONS_CHANGED)
            columns.append(_value(comparison.reference, before, language))
        columns.append(_value(variant, _texts(part["after"], language), language))
        columns.append(_difference(variant, part["difference"], language))
    return columns


def area_columns(
    comparison: Comparison, level: str, figure: str, language: Language
) -> list[GroupedColumn]:
    """Return one figure of every area of a level, those that differ most first."""
    own = _areas_of(comparison, level, figure)
    areas = own.drop_duplicates("area_id").set_index("area_id")
    names = [area_label(row, language) for row in areas.reset_index().to_dict("records")]
    value = say("app.sammenlign.table.value", language)
    text = partial(figure_text, figure, language=language)
    has_before = figure not in PERSONS_CHANGED
    columns = [GroupedColumn("", say("app.simulering.table.area", language), names, _AREA_PX)]
    if has_before:
        before = areas["before"]
        columns.append(GroupedColumn(comparison.reference, value, before, _VALUE_PX, text))
    for variant in comparison.variants:
        part = own[own["variant"] == variant].set_index("area_id").reindex(areas.index)
        columns.append(GroupedColumn(variant, value, part["after"], _VALUE_PX, text))
        if has_before:
            columns.append(_area_difference(variant, figure, part["difference"], language))
    return columns


def _areas_of(comparison: Comparison, level: str, figure: str) -> pd.DataFrame:
    """Return the rows of a figure and level, the areas that differ most first."""
    table = comparison.by_area
    own = table[
        (table["area_level"] == level)
        & (table["figure"] == figure)
        & (table["area_id"] != ALL_AREAS)
    ]
    largest = own["difference"].abs().groupby(own["area_id"]).transform("max")
    # Sums in another order differ by less than anybody sees.
    order = own.assign(largest=-largest.fillna(0.0).round(6))
    return order.sort_values(["largest", "area_name"], kind="stable")


def _area_difference(
    variant: str, figure: str, change: "pd.Series[float]", language: Language
) -> GroupedColumn:
    good, bad = _verdicts([figure] * len(change), change, language)
    return GroupedColumn(
        variant,
        say("app.sammenlign.table.difference", language),
        change,
        _CHANGE_PX,
        partial(change_text, figure, language=language),
        good=good,
        bad=bad,
    )


def signal_columns(comparison: Comparison, level: str, language: Language) -> list[GroupedColumn]:
    """Return the areas of a level whose signal differs from the reference's."""
    table = comparison.signals
    own = table[table["area_level"] == level].sort_values(["variant", "change", "area_name"])
    words = {
        time: [say(f"app.truede.short.{signal}", language) for signal in own[time]]
        for time in ("before", "after")
    }
    return [
        *_texts_of("", own, (("variant", 150),), language),
        *_texts_of("", own, (("area_name", 130),), language),
        *(
            GroupedColumn(
                say("app.simulering.table.signal", language),
                say(f"app.simulering.table.{time}", language),
                words[time],
                70,
            )
            for time in ("before", "after")
        ),
    ]


def skal_columns(comparison: Comparison, language: Language) -> list[GroupedColumn]:
    """Return the skal-areas with another number of practices; the broken ones stand out, first."""
    table = comparison.skal
    own = table[table["is_skal"].astype(bool)].sort_values(
        ["is_broken", "variant", "name"], ascending=[False, True, True]
    )
    own = own.reset_index(drop=True)
    broken = tuple(own.index[own["is_broken"].astype(bool)])
    practices = say("app.sammenlign.table.practices", language)
    return [
        *_texts_of("", own, (("variant", 150),), language),
        GroupedColumn("", say("app.sammenlign.table.name", language), own["name"], 130, bad=broken),
        *(
            GroupedColumn(
                practices,
                say(f"app.simulering.table.{time}", language),
                own[f"practices_{time}"],
                64,
                lambda value: f"{value:.0f}",
            )
            for time in ("before", "after")
        ),
    ]


def losing_columns(
    comparison: Comparison, kommuner: Mapping[str, str], language: Language
) -> list[GroupedColumn]:
    """Return the places where people lose, most people first."""
    own = comparison.losing.sort_values(
        ["persons_lose_choice", "persons_lose_practice"], ascending=False
    )
    group = say("app.sammenlign.table.lose", language)
    return [
        *_texts_of("", own, (("variant", 150), ("place", 120)), language),
        GroupedColumn(
            "",
            say("app.sammenlign.table.kommune", language),
            [kommuner.get(code, code) for code in own["kommune_code"]],
            110,
        ),
        *_persons_of(group, own, ("persons_lose_choice", "persons_lose_practice"), language),
    ]


def pair_columns(comparison: Comparison, language: Language) -> list[GroupedColumn]:
    """Return every two variants against each other."""
    pairs = comparison.pairs
    group = say("app.simulering.table.citizens", language)
    return [
        *_texts_of("", pairs, (("from_variant", 130), ("to_variant", 130)), language),
        *_persons_of(group, pairs, PERSONS_CHANGED, language),
    ]


def _texts_of(
    group: str, table: pd.DataFrame, columns: Sequence[tuple[str, int]], language: Language
) -> list[GroupedColumn]:
    return [
        GroupedColumn(group, say(f"app.sammenlign.table.{name}", language), table[name], width_px)
        for name, width_px in columns
    ]


def _persons_of(
    group: str, table: pd.DataFrame, columns: Sequence[str], language: Language
) -> list[GroupedColumn]:
    return [
        GroupedColumn(
            group,
            say(f"app.sammenlign.table.{name}", language),
            table[name],
            96,
            partial(format_persons, language=language),
        )
        for name in columns
    ]


def _value(variant: str, texts: Sequence[str], language: Language) -> GroupedColumn:
    heading = say("app.sammenlign.table.value", language)
    return GroupedColumn(variant, heading, texts, _VALUE_PX, is_number=True)


def _difference(variant: str, change: "pd.Series[float]", language: Language) -> GroupedColumn:
    figures = [str(figure) for figure in change.index]
    texts = [
        "" if figure in PERSONS_CHANGED else change_text(figure, value, language)
        for figure, value in zip(figures, change, strict=True)
    ]
    good, bad = _verdicts(figures, change, language)
    return GroupedColumn(
        variant,
        say("app.sammenlign.table.difference", language),
        texts,
        _CHANGE_PX,
        is_number=True,
        good=good,
        bad=bad,
    )


def _texts(values: "pd.Series[float]", language: Language, skip: Sequence[str] = ()) -> list[str]:
    return [
        "" if figure in skip else figure_text(str(figure), value, language)
        for figure, value in values.items()
    ]


def _verdicts(
    figures: Sequence[str], change: "pd.Series[float]", language: Language
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the positions of changes that are good, and of those that are bad."""
    good: list[int] = []
    bad: list[int] = []
    for position, (figure, value) in enumerate(zip(figures, change, strict=True)):
        better = _BETTER[figure]
        if not better or not is_seen(change_text(figure, value, language)):
            continue
        (good if np.sign(value) == better else bad).append(position)
    return tuple(good), tuple(bad)
