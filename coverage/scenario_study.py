"""Scenarios on a study that was run: whose register they are for, what they do and touch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coverage.assessment import Assessment
from coverage.comparison import Comparison, Variant, compare_variants
from coverage.errors import ScenarioError
from coverage.exports.scenario_outputs import ComparedStudy
from coverage.exports.scenario_words import clause_text, finding_text
from coverage.exports.stamp import RunStamp, ScenarioAccount
from coverage.rules import RuleSet
from coverage.scenario.actions import Scenario
from coverage.scenario.apply import apply_resolved
from coverage.scenario.checks import Finding, check_scenario
from coverage.scenario.resolve import Resolved, resolve_scenario
from coverage.scenario_files import ScenarioFile, for_register, unsaved_file
from coverage.sentences import said, sentence
from coverage.study import StudyResult, count_rows
from coverage.wording import Language, Notice, say

_REGISTER_ROLE = "practices"


@dataclass(frozen=True)
class CheckedScenario:
    """A scenario that can be carried out on a study, and is not yet measured.

    Attributes
    ----------
    resolved
        The register after it.
    findings
        The rules it touches; none of them forbids it.
    """

    resolved: Resolved
    findings: tuple[Finding, ...]

    @property
    def scenario(self) -> Scenario:
        """What would be carried out."""
        return self.resolved.scenario


@dataclass(frozen=True)
class AppliedScenario(CheckedScenario):
    """A scenario on a study: the register it leaves, what it touches, and the assessment.

    Attributes
    ----------
    assessment
        Of the register after it.
    """

    assessment: Assessment


def register_sha256(result: StudyResult) -> str:
    """Return the digest of the study's register."""
    return next(one.sha256 for one in result.stamp.inputs if one.role == _REGISTER_ROLE)


def check_in_study(
    result: StudyResult, scenario: Scenario, *, by_ydernummer: bool = False
) -> CheckedScenario:
    """Return a scenario that can be carried out on a study; nothing is measured.

    Parameters
    ----------
    by_ydernummer
        Carry it over from another register.

    Raises
    ------
    ScenarioError
        Another register; actions that cannot be carried out; actions that a rule forbids.
    """
    ours = for_register(scenario, register_sha256(result), by_ydernummer=by_ydernummer)
    resolved = resolve_scenario(result.assessment, ours)
    findings = check_scenario(result.assessment, resolved)
    refuse_forbidden(ours, findings, result.assessment.rules)
    return CheckedScenario(resolved, findings)


def apply_checked(result: StudyResult, checked: CheckedScenario) -> AppliedScenario:
    """Return a checked scenario carried out and measured."""
    assessment = apply_resolved(result.assessment, checked.resolved)
    return AppliedScenario(checked.resolved, checked.findings, assessment)


def apply_to_study(
    result: StudyResult, scenario: Scenario, *, by_ydernummer: bool = False
) -> AppliedScenario:
    """Return a scenario carried out on a study.

    Parameters
    ----------
    by_ydernummer
        Carry it over from another register.

    Raises
    ------
    ScenarioError
        Another register; actions that cannot be carried out; actions that a rule forbids.
    """
    return apply_checked(result, check_in_study(result, scenario, by_ydernummer=by_ydernummer))


def refuse_forbidden(scenario: Scenario, findings: Sequence[Finding], rules: RuleSet) -> None:
    """Raise ScenarioError if a rule forbids an action, with what was found and its clause."""
    forbidden = [finding for finding in findings if finding.forbidden]
    if forbidden:
        raise ScenarioError(
            sentence("The ruleset forbids actions of the scenario '{name}'", name=scenario.name),
            problems=[_forbids(finding, rules) for finding in forbidden],
            hint="Change these actions, or set the rule to a warning in [rules.overrides].",
        )


def _forbids(finding: Finding, rules: RuleSet) -> str:
    """Return which rule forbids an action, what was found, and the rule's clause."""

    def told(language: Language) -> str:
        return f"{finding_text(finding, language)} {clause_text(finding, rules, language)}"

    return sentence(
        "action {number} ({subject}): rule {rule}: {found}",
        number=finding.action,
        subject=finding.subject,
        rule=finding.rule_key,
        found=said(told("en"), told("da")),
    )


def refuse_shared_names(names: Sequence[str]) -> None:
    """Raise ScenarioError if two of the names are one.

    Parameters
    ----------
    names
        Of the baseline and of all scenarios.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(
            "Scenarios that are compared need names of their own",
            problems=[
                sentence("'{name}' is used {count} times", name=name, count=names.count(name))
                for name in twice
            ],
            hint="Rename them and try again.",
        )


def compare_in_study(
    result: StudyResult, applied: Sequence[AppliedScenario], *, baseline_name: str
) -> Comparison:
    """Return the comparison of scenarios with the study's baseline and each other.

    Raises
    ------
    ScenarioError
        Two scenarios of one name, or one that is called as the baseline.
    """
    refuse_shared_names([baseline_name, *(one.scenario.name for one in applied)])
    return compare_variants(
        Variant(baseline_name, result.assessment),
        [Variant(one.scenario.name, one.assessment) for one in applied],
    )


def compared_study(
    result: StudyResult,
    applied: Sequence[AppliedScenario],
    files: Sequence[ScenarioFile] = (),
    *,
    baseline_name: str,
) -> ComparedStudy:
    """Return the comparison with all that its tables and files say of it.

    Parameters
    ----------
    files
        Where the scenarios are from, in their order; without them, what they would be saved as.

    Raises
    ------
    ScenarioError
        As ``compare_in_study``.
    """
    comparison = compare_in_study(result, applied, baseline_name=baseline_name)
    own = files or [unsaved_file(one.scenario) for one in applied]
    accounts = tuple(scenario_account(*pair) for pair in zip(applied, own, strict=True))
    return ComparedStudy(
        comparison=comparison,
        reference=Variant(baseline_name, result.assessment),
        others=tuple(Variant(one.scenario.name, one.assessment) for one in applied),
        stamp=replace(result.stamp, scenarios=accounts),
    )


def interrupted_study(
    result: StudyResult, left_out: Sequence[str], language: Language
) -> StudyResult:
    """Return a study whose title, notices and account say which scenarios are not compared.

    Parameters
    ----------
    left_out
        Their names: what was not measured when somebody stopped the command.
    """
    title = say("comparison.interrupted", language, title=result.assessment.title)
    notice = Notice("comparison_interrupted", (("names", ", ".join(left_out)),))
    assessment = replace(
        result.assessment, title=title, notices=(notice, *result.assessment.notices)
    )
    results = {**result.stamp.results, "not_compared": list(left_out)}
    stamp = replace(result.stamp, study_title=title, results=results)
    return replace(result, assessment=assessment, stamp=stamp)


def scenario_account(checked: CheckedScenario, file: ScenarioFile) -> ScenarioAccount:
    """Return the account of a scenario for the outputs that it goes into."""
    made_for = file.scenario.register_sha256
    return ScenarioAccount(
        scenario=checked.scenario,
        findings=checked.findings,
        file_name=file.file_name,
        sha256=file.sha256,
        carried_over=bool(made_for) and made_for != checked.scenario.register_sha256,
    )


def stamp_after(result: StudyResult, applied: AppliedScenario, file: ScenarioFile) -> RunStamp:
    """Return the account of a study after a scenario: its row counts, and whose they are."""
    return replace(
        result.stamp,
        row_counts=count_rows(applied.assessment),
        scenarios=(scenario_account(applied, file),),
    )
