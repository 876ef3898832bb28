"""The parts of the page Overblik."""
