"""The page's answer: from today's capacities to the region's part of the target, and how surely."""

from coverage.choice import ALL_AREAS
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway, RegionAnswer
from coverage.ui.formats import format_number, format_percent
from coverage.ui.mod5000.amounts import rounded_text
from coverage.ui.mod5000.series import band_years
from coverage.wording import Language, say

# Capacities up to which nothing is short: nothing smaller than a half is shared out.
_NOTHING = 0.5
_PERCENT = 100.0


def path_answer(pathway: Pathway, bands: Bands | None, language: Language) -> str:
    """Return the answer in two or three sentences."""
    answer = pathway.answer
    numbers = _numbers(answer, language)
    national = format_number(pathway.model.rules.target_doctors, language)
    share = say(
        f"app.mod5000.answer.share_{answer.basis}",
        language,
        share=format_percent(answer.share * _PERCENT, language),
        national=national,
    )
    if answer.first_year == answer.last_year:
        return say("app.mod5000.answer.no_years", language, share=share, **numbers)
    need = "needs" if answer.needed > _NOTHING else "needs_nothing"
    end = "short" if answer.short > _NOTHING else "reached"
    return " ".join(
        [
            say(f"app.mod5000.answer.{need}", language, share=share, **numbers),
            say(f"app.mod5000.answer.{end}", language, **numbers),
            how_sure(pathway, bands, language),
        ]
    )


def how_sure(pathway: Pathway, bands: Bands | None, language: Language) -> str:
    """Return what eight of ten runs lack in the last year, or that nobody knows yet."""
    if bands is None:
        return say("app.mod5000.answer.unsure", language)
    level = str(pathway.by_area["area_level"].iloc[0])
    last = band_years(bands, "short_of_target_capacities", level, ALL_AREAS).iloc[-1]
    low, high = float(last["p10"]), float(last["p90"])
    key = "sure" if high > _NOTHING else "sure_reached"
    if bands.interrupted:
        key = f"{key}_partial"
    return say(
        f"app.mod5000.answer.{key}",
        language,
        low=rounded_text(low, language),
        high=rounded_text(high, language),
        runs=format_number(bands.runs, language),
    )


def _numbers(answer: RegionAnswer, language: Language) -> dict[str, str]:
    names = ("start", "target", "needed", "trained", "retired", "taken_over", "end", "short")
    numbers = {name: rounded_text(getattr(answer, name), language) for name in names}
    return {**numbers, "first": str(answer.first_year), "last": str(answer.last_year)}
