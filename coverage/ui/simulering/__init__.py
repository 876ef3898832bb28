"""The parts of the page on scenarios: what would happen if."""
