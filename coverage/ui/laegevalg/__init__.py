"""The parts of the page on lægevalg."""
