"""What a run was: inputs with digests, rules, version, row counts, timings, scenarios."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from coverage.scenario.actions import Scenario
from coverage.scenario.checks import Finding
from coverage.sources.provenance import Provenance


@dataclass(frozen=True)
class ScenarioAccount:
    """A scenario that went into outputs, and the rules that it touches.

    Attributes
    ----------
    scenario
        As it was carried out; its ``register_sha256`` is that of the study's register.
    findings
        The rules it touches; a scenario with a forbidden one is never carried out.
    file_name, sha256
        Of the scenario's file; without a file the digest is of the text that would be saved.
    carried_over
        It was made for another register, and taken over by ydernummer.
    """

    scenario: Scenario
    findings: tuple[Finding, ...]
    file_name: str
    sha256: str
    carried_over: bool = False


@dataclass(frozen=True)
class TrialAccount:
    """What chance was asked for, and what came of it.

    Attributes
    ----------
    runs_asked, runs
        Runs asked for, and done.
    seed, spread
        As of ``pathway.monte_carlo.Trial``.
    """

    runs_asked: int
    runs: int
    seed: int
    spread: float

    @property
    def interrupted(self) -> bool:
        """Whether somebody stopped the runs."""
        return self.runs < self.runs_asked


@dataclass(frozen=True)
class RunStamp:
    """The account of one run, for ``run.json`` and the sheet "Grundlag".

    Attributes
    ----------
    study_title, study_file
        As the study names itself, and its file's name.
    as_of
        The day whose rules apply.
    ruleset_id
        With overrides, the derived id.
    version
        Of this software.
    resolution
        ``cell``, ``250m`` or ``address``: where people are measured from.
    inputs
        One account a file.
    row_counts
        Table -> rows: practices, origins, pairs, areas …
    timings_s
        Stage -> seconds; in ``run.json`` only, so that tables do not change with the clock.
    scenarios
        What the outputs are of beside the register as it was read; none of a plain run.
    trial
        Of outputs that chance went into.
    results
        What a command found beside the assessment, as JSON has it: further keys of ``run.json``.
    """

    study_title: str
    study_file: str
    as_of: date
    ruleset_id: str
    version: str
    resolution: str
    inputs: tuple[Provenance, ...]
    row_counts: Mapping[str, int]
    timings_s: Mapping[str, float]
    scenarios: tuple[ScenarioAccount, ...] = ()
    trial: TrialAccount | None = None
    results: Mapping[str, object] = field(default_factory=dict)
