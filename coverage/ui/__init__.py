"""The app: pages that each ask one question, on top of a prepared study."""

from coverage.ui.server import launch

__all__ = ["launch"]
