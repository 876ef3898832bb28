"""What a reader of the path must know, in the order of weight."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.pathway.model import Model
from coverage.wording import Notice

_IDS_SHOWN = 10


def pathway_notices(
    assessment: Assessment, model: Model, without_place: Iterable[str]
) -> tuple[Notice, ...]:
    """Return the notices of a path.

    Parameters
    ----------
    without_place
        Kommuner where a new practice got no place.
    """
    return (
        *_years(assessment, model),
        *_population(assessment, model),
        *_practices(assessment, model),
        *_left_out(assessment, without_place),
    )


def _years(assessment: Assessment, model: Model) -> Iterator[Notice]:
    target = round(assessment.rules.pathway.target_year)
    if model.steps == 0:
        years = (("target_year", str(target)), ("year", str(model.years[0])))
        yield Notice("pathway_no_year_left", years)


def _population(assessment: Assessment, model: Model) -> Iterator[Notice]:
    if model.population.constant:
        yield _about("pathway_population_constant", model.population.constant, name="kommuner")
    if model.population.filled:
        yield _about("pathway_population_filled", model.population.filled, name="kommuner")
    tasks, projection = assessment.plan.transferred_tasks, assessment.plan.projection
    by_age = tasks.loc[tasks["age_from"].notna(), "task"]
    if len(by_age) and projection["age_from"].isna().all():
        yield _about("pathway_tasks_without_ages", by_age, name="tasks")


def _practices(assessment: Assessment, model: Model) -> Iterator[Notice]:
    practices, ydernumre = model.practices, model.practices.ydernumre
    known = np.bincount(
        model.posts.practice, weights=model.posts.age_known, minlength=len(ydernumre)
    )
    without = practices.inside & (known == 0)
    if without.any():
        key = "pathway_no_ages" if not model.posts.age_known.any() else "pathway_ages_unknown"
        yield _about(key, ydernumre[without])
    missing = assessment.tables.practices["capacities"].isna().to_numpy(dtype=np.bool_)
    if (missing & practices.inside).any():
        yield _about("pathway_capacities_unknown", ydernumre[missing & practices.inside])


def _left_out(assessment: Assessment, without_place: Iterable[str]) -> Iterator[Notice]:
    lacking = sorted(set(without_place))
    if lacking:
        yield _about("pathway_practices_without_place", lacking, name="kommuner")
    judgements = assessment.plan.judgements
    areas = judgements.drop_duplicates(["area_level", "area_id"])["area_id"]
    if len(areas):
        yield _about("pathway_judgements_not_carried", areas, name="areas")


def _about(key: str, ids: "Iterable[str] | pd.Index[str]", *, name: str = "ydernumre") -> Notice:
    listed = list(ids)
    shown = ", ".join(listed[:_IDS_SHOWN]) + (" …" if len(listed) > _IDS_SHOWN else "")
    return Notice(key, (("count", len(listed)), (name, shown)))
