"""What holds for the pages in Streamlit's test harness."""

import sys

import pytest


@pytest.fixture(autouse=True)
def own_main_module():
    """Give this process its main module back: the harness puts a page's script in its place.

    A process that a later test starts would run that script.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
