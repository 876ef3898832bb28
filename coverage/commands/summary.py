"""The answer of a run in a few lines."""

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS, STATUSES
from coverage.exports.comparison_actions import finding_lines
from coverage.exports.number_text import number_text, percent_text, persons_text
from coverage.exports.scenario_outputs import ComparedStudy
from coverage.levels import KOMMUNE_LEVEL
from coverage.wording import Language, say


def summary_lines(assessment: Assessment, language: Language) -> list[str]:
    """Return title, notices, lægevalg and what the plan's own rules find, a line each."""
    total = assessment.by_area[KOMMUNE_LEVEL].iloc[-1]
    lines = [assessment.title]
    lines += [f"! {notice.say(language)}" for notice in assessment.notices]
    column = "export.column.persons"
    lines.append(f"{say(column, language)}: {persons_text(total['persons'], language)}")
    for status in STATUSES:
        column = f"export.column.road_persons_{status}"
        persons = persons_text(total[f"road_persons_{status}"], language)
        share = percent_text(total[f"road_share_{status}"], language)
        lines.append(f"{say(column, language)}: {persons} ({share})")
    return [*lines, *_plan_lines(assessment, language)]


def _plan_lines(assessment: Assessment, language: Language) -> list[str]:
    """Return what the plan's own rules find, a line each."""
    total = assessment.capacity.by_area[KOMMUNE_LEVEL].iloc[-1]
    places = assessment.skal.places[assessment.skal.places["is_skal"]]
    areas = assessment.designation.areas
    ours = areas[areas["area_level"] == assessment.designation_level]
    values = {
        "signals": number_text(float((ours["signal"] == "signal").sum()), 0, language),
        "areas": number_text(float(len(ours)), 0, language),
        "without_practice": persons_text(total["persons_without_practice"], language),
        "without_place": persons_text(total["persons_without_place"], language),
        "skal": number_text(float(len(places)), 0, language),
        "broken": number_text(float((places["practices"] == 0).sum()), 0, language),
    }
    keys = ("places", "signals", "skal")
    return [say(f"export.summary.{key}", language, **values) for key in keys]


def comparison_lines(compared: ComparedStudy, language: Language) -> list[str]:
    """Return what each scenario changes, a line each, in the figures of the tables."""
    shown = compared.shown()
    total = shown[(shown["area_level"] == KOMMUNE_LEVEL) & (shown["area_id"] == ALL_AREAS)]
    persons = total.set_index(["variant", "figure"])["after"]
    comparison, level = compared.comparison, compared.reference.assessment.designation_level
    signals = comparison.signals[comparison.signals["area_level"] == level]
    lines = []
    for name in comparison.variants:
        changes = signals.loc[signals["variant"] == name, "change"]
        own = comparison.skal[comparison.skal["variant"] == name]
        counts = {
            "gain": float(persons[name, "persons_gain_choice"]),
            "lose": float(persons[name, "persons_lose_choice"]),
            "appears": float((changes == "appears").sum()),
            "goes": float((changes == "goes").sum()),
            "broken": float(own["is_broken"].sum()),
        }
        values = {key: number_text(count, 0, language) for key, count in counts.items()}
        lines.append(say("comparison.changes_line", language, scenario=name, **values))
    return lines


def rule_lines(compared: ComparedStudy, language: Language) -> list[str]:
    """Return every rule that a scenario touches, with its clause, or that it touches none."""
    rules = compared.reference.assessment.rules
    lines = []
    for account in compared.stamp.scenarios:
        name = account.scenario.name
        found = [f"! {name}: {line}" for line in finding_lines(account, rules, language)]
        lines += found or [f"{name}: {say('comparison.no_findings', language)}"]
    return lines
