"""RuleSet: the thresholds, each with unit, range, source, date and status.

The figures live in ``rulesets/*.toml`` and nowhere else. Each has one or more
dated entries, of which the latest that is valid on the day applies. An unknown
key, a value of another type and a value outside its range are refused.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from importlib import resources
from typing import Any

from coverage.errors import RuleError
from coverage.rule_groups import (
    GROUPS,
    AccessRules,
    CapacityRules,
    ChoiceRules,
    DesignationRules,
    PathwayRules,
    PlacementRules,
    PublicationRules,
    ScenarioRules,
    SkalRules,
    TravelRules,
    WorkforceRules,
)
from coverage.sentences import sentence

STATUSES = ("law", "agreement", "regional-decision", "assumption")
RULESETS = ("default", "syddanmark", "hovedstaden")

Value = float | bool | tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One figure and what backs it."""

    key: str
    value: Value
    unit: str
    min: float | None
    max: float | None
    title_da: str
    title_en: str
    source: str
    valid_from: date
    status: str
    overridden: bool = False


@dataclass(frozen=True)
class RuleSet:
    """The rules of one analysis.

    Attributes
    ----------
    id
        The ruleset's name; with overrides also a digest of them, so that two
        analyses with one id used the same figures.
    """

    id: str
    title_da: str
    title_en: str
    valid_on: date
    rules: Mapping[str, Rule]

    @property
    def choice(self) -> ChoiceRules:
        """The rules of lægevalg."""
        return ChoiceRules(**self._group("choice"))

    @property
    def travel(self) -> TravelRules:
        """The rules of measuring."""
        return TravelRules(**self._group("travel"))

    @property
    def capacity(self) -> CapacityRules:
        """The rules of lists and capacities."""
        return CapacityRules(**self._group("capacity"))

    @property
    def workforce(self) -> WorkforceRules:
        """The rules of doctors' ages."""
        return WorkforceRules(**self._group("workforce"))

    @property
    def access(self) -> AccessRules:
        """The rules of floating catchments."""
        return AccessRules(**self._group("access"))

    @property
    def designation(self) -> DesignationRules:
        """The criteria of a lægedækningstruet area."""
        return DesignationRules(**self._group("designation"))

    @property
    def skal(self) -> SkalRules:
        """The rules of places that must keep a practice."""
        return SkalRules(**self._group("skal"))

    @property
    def pathway(self) -> PathwayRules:
        """The rules of the years to the national target."""
        return PathwayRules(**self._group("pathway"))

    @property
    def placement(self) -> PlacementRules:
        """The rules of placing practices."""
        return PlacementRules(**self._group("placement"))

    @property
    def publication(self) -> PublicationRules:
        """The rules of what is withheld."""
        return PublicationRules(**self._group("publication"))

    @property
    def scenario(self) -> ScenarioRules:
        """The rules of what a scenario may do."""
        return ScenarioRules(**self._group("scenario"))

    def override(self, values: Mapping[str, object]) -> "RuleSet":
        """Return a derived ruleset with these values and an id of its own.

        Raises
        ------
        RuleError
            For an unknown key, another type, or a value outside the range.
        """
        if not values:
            return self
        rules = dict(self.rules)
        for key, value in values.items():
            if key not in rules:
                raise RuleError(
                    sentence("There is no rule called '{key}'", key=key),
                    where=sentence("ruleset {ruleset}", ruleset=self.id),
                    hint=_near_names(key, rules),
                )
            rules[key] = replace(rules[key], value=_checked(rules[key], value), overridden=True)
        changed = {key: rule.value for key, rule in sorted(rules.items()) if rule.overridden}
        digest = hashlib.sha256(json.dumps(changed).encode()).hexdigest()[:8]
        return replace(self, id=f"{self.id.split('+')[0]}+{digest}", rules=rules)

    def _group(self, prefix: str) -> dict[str, Any]:
        names = (field.name for field in fields(GROUPS[prefix]))
        return {name: self.rules[f"{prefix}.{name}"].value for name in names}


def load_ruleset(name: str, valid_on: date) -> RuleSet:
    """Return the named ruleset as it stands on a day.

    Raises
    ------
    RuleError
        For an unknown name, or a day before a rule's first date.
    """
    return parse_ruleset(ruleset_text(name), valid_on)


def ruleset_text(name: str) -> str:
    """Return the TOML text of a named ruleset.

    Raises
    ------
    RuleError
        For an unknown name.
    """
    if name not in RULESETS:
        raise RuleError(
            sentence("There is no ruleset '{ruleset}'", ruleset=name),
            hint=sentence("Rulesets: {rulesets}", rulesets=tuple(RULESETS)),
        )
    return resources.files("coverage").joinpath("rulesets", f"{name}.toml").read_text("utf-8")


def parse_ruleset(text: str, valid_on: date) -> RuleSet:
    """Return a ruleset from TOML text: ``id``, ``title_da``, ``title_en``, ``[[rule]]`` entries.

    With ``base`` it departs from that named ruleset: an entry of its own, once
    valid, replaces the base's.
    """
    raw = tomllib.loads(text)
    entries = [_rule(entry, raw["id"]) for entry in raw["rule"]]
    known = _known_keys()
    unknown = sorted({entry.key for entry in entries} - known)
    if unknown:
        raise RuleError(
            sentence("Unknown rules: {rules}", rules=tuple(unknown)),
            where=sentence("ruleset {ruleset}", ruleset=raw["id"]),
        )
    valid: dict[str, Rule] = {}
    if "base" in raw:
        valid.update(load_ruleset(raw["base"], valid_on).rules)
    for entry in sorted(entries, key=lambda rule: rule.valid_from):
        if entry.valid_from <= valid_on:
            valid[entry.key] = entry
    missing = sorted(known - set(valid))
    if missing:
        raise RuleError(
            sentence(
                "No value valid on {day} for: {rules}",
                day=valid_on.isoformat(),
                rules=tuple(missing),
            ),
            where=sentence("ruleset {ruleset}", ruleset=raw["id"]),
            hint="Choose a later as-of date.",
        )
    return RuleSet(raw["id"], raw["title_da"], raw["title_en"], valid_on, valid)


def _near_names(key: str, known: Iterable[str]) -> str:
    """Return what to do about a key that no rule has: the keys most like it."""
    names = sorted(known)
    near = get_close_matches(key, names, cutoff=0.8) or [
        name for name in names if name.startswith(key.split(".", maxsplit=1)[0])
    ]
    if not near:
        return sentence("docs/rules.md lists them all.")
    return sentence("Did you mean {rules}? docs/rules.md lists them all.", rules=tuple(near))


def _known_keys() -> set[str]:
    return {f"{prefix}.{field.name}" for prefix, group in GROUPS.items() for field in fields(group)}


def _rule(entry: Mapping[str, Any], ruleset_id: str) -> Rule:
    allowed = {field.name for field in fields(Rule)} - {"overridden"}
    unknown = sorted(set(entry) - allowed)
    missing = sorted(allowed - set(entry) - {"min", "max"})
    if unknown or missing:
        raise RuleError(
            sentence(
                "Rule '{key}': unknown {unknown}, missing {missing}",
                key=entry.get("key", "?"),
                unknown=str(unknown),
                missing=str(missing),
            ),
            where=sentence("ruleset {ruleset}", ruleset=ruleset_id),
        )
    rule = Rule(**{"min": None, "max": None, **entry})
    if rule.status not in STATUSES:
        raise RuleError(
            sentence("Rule '{key}' has the status '{status}'", key=rule.key, status=rule.status),
            hint=sentence("Statuses: {statuses}", statuses=tuple(STATUSES)),
        )
    return replace(rule, value=_checked(rule, entry["value"]))


def _checked(rule: Rule, value: object) -> Value:
    key = rule.key
    if isinstance(rule.value, list | tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise RuleError(
                sentence("Rule '{key}' takes a list of codes, not {value!r}", key=key, value=value)
            )
        return tuple(value)
    if isinstance(rule.value, bool):
        if not isinstance(value, bool):
            raise RuleError(
                sentence("Rule '{key}' takes true or false, not {value!r}", key=key, value=value)
            )
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(
            sentence(
                "Rule '{key}' takes a number of {unit}, not {value!r}",
                key=key,
                unit=rule.unit,
                value=value,
            )
        )
    low = -float("inf") if rule.min is None else rule.min
    high = float("inf") if rule.max is None else rule.max
    if not low <= value <= high:
        raise RuleError(
            sentence(
                "Rule '{key}' is {value:g} {unit}, outside {low:g} to {high:g}",
                key=key,
                value=value,
                unit=rule.unit,
                low=low,
                high=high,
            ),
            hint="Choose a value in the range.",
        )
    return float(value)
