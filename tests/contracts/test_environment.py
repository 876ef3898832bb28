"""The package is called coverage: what else claims that name cannot be installed beside it."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import coverage

ROOT = Path(__file__).parents[2]
OWN_ENVIRONMENT = "Use a virtual environment of its own: make setup (docs/decisions/0001)."
WHY_NOT = {
    "coverage": "coverage.py has the name of this project's package; slipcover measures instead",
    "pytest-cov": "it needs coverage.py",
    "numba": "it imports coverage and fails",
    "libpysal": "it imports numba",
    "spopt": "it imports numba",
}


def test_coverage_is_this_repository():
    found = Path(coverage.__file__).resolve()
    assert found == ROOT / "coverage" / "__init__.py", OWN_ENVIRONMENT


@pytest.mark.parametrize("distribution", WHY_NOT)
def test_nothing_that_fights_over_the_name_is_installed(distribution):
    try:
        found = version(distribution)
    except PackageNotFoundError:
        return
    pytest.fail(f"{distribution} {found} is installed: {WHY_NOT[distribution]}. {OWN_ENVIRONMENT}")


def test_the_distribution_carries_the_version_of_the_package():
    assert version("laegedaekning") == coverage.__version__
