"""The parts of the page Metode."""
