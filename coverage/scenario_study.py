"""Scenarios on a study that was run: whose register they are for, what they do and touch."""

from collections.abc import Sequence
from dataclasses import dataclass

from coverage.assessment import Assessment
from coverage.comparison import Comparison, Variant, compare_variants
from coverage.errors import ScenarioError
from coverage.scenario.actions import Scenario
from coverage.scenario.apply import apply_resolved
from coverage.scenario.checks import Finding, check_scenario
from coverage.scenario.resolve import Resolved, resolve_scenario
from coverage.scenario_files import for_register
from coverage.study import StudyResult

_REGISTER_ROLE = "practices"


@dataclass(frozen=True)
class AppliedScenario:
    """A scenario on a study: the register it leaves, what it touches, and the assessment.

    Attributes
    ----------
    resolved
        The register after it.
    findings
        The rules it touches; none of them forbids it.
    assessment
        Of the register after it.
    """

    resolved: Resolved
    findings: tuple[Finding, ...]
    assessment: Assessment

    @property
    def scenario(self) -> Scenario:
        """What was carried out."""
        return self.resolved.scenario


def register_sha256(result: StudyResult) -> str:
    """Return the digest of the study's register."""
    return next(one.sha256 for one in result.stamp.inputs if one.role == _REGISTER_ROLE)


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
    ours = for_register(scenario, register_sha256(result), by_ydernummer=by_ydernummer)
    resolved = resolve_scenario(result.assessment, ours)
    findings = check_scenario(result.assessment, resolved)
    refuse_forbidden(ours, findings)
    return AppliedScenario(resolved, findings, apply_resolved(result.assessment, resolved))


def refuse_forbidden(scenario: Scenario, findings: Sequence[Finding]) -> None:
    """Raise ScenarioError if a rule forbids an action."""
    forbidden = [finding for finding in findings if finding.forbidden]
    if forbidden:
        raise ScenarioError(
            f"The ruleset forbids actions of the scenario '{scenario.name}'",
            problems=[
                f"action {finding.action} ({finding.subject}): rule {finding.rule_key}"
                for finding in forbidden
            ],
            hint="Change these actions, or set the rule to a warning in [rules.overrides].",
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
    names = [baseline_name, *(one.scenario.name for one in applied)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(
            "Scenarios that are compared need names of their own",
            problems=[f"'{name}' is used {names.count(name)} times" for name in twice],
            hint="Rename them and try again.",
        )
    return compare_variants(
        Variant(baseline_name, result.assessment),
        [Variant(one.scenario.name, one.assessment) for one in applied],
    )
