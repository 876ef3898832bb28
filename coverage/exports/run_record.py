"""``run.json``: what the run was, and the digests of what it wrote."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from coverage.assessment import Assessment
from coverage.exports.stamp import RunStamp
from coverage.wording import LANGUAGES


def write_run_record(
    path: Path, assessment: Assessment, stamp: RunStamp, outputs: Sequence[Path]
) -> None:
    """Write the stamp, the rules' values, the notices and each output's SHA-256 as JSON."""
    record = {
        **asdict(stamp),
        "illustrative": assessment.illustrative,
        "rules": {
            key: {"value": rule.value, "unit": rule.unit, "status": rule.status}
            | {"overridden": rule.overridden}
            for key, rule in sorted(assessment.rules.rules.items())
        },
        "notices": [
            {language: notice.say(language) for language in LANGUAGES}
            for notice in assessment.notices
        ],
        "outputs": {
            output.name: {
                "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
                "size_bytes": output.stat().st_size,
            }
            for output in outputs
        },
    }
    text = json.dumps(record, ensure_ascii=False, indent=2, default=_as_text)
    path.write_bytes(f"{text}\n".encode())


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    message = f"{type(value).__name__} in a run's record"
    raise TypeError(message)
