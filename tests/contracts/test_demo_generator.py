"""The committed demo is what its script makes, to the byte."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo"


@pytest.mark.slow
def test_the_generator_writes_the_same_bytes_again(tmp_path):
    command = [sys.executable, "-m", "data.make_demo", "--quiet", "--out", str(tmp_path)]
    subprocess.run(  # noqa: S603 - our own generator
        command, cwd=ROOT, check=True, timeout=180
    )
    generated = sorted(path.name for path in tmp_path.iterdir())
    assert generated == sorted(path.name for path in DEMO.iterdir() if path.name != "study.toml")
    for name in generated:
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), name
