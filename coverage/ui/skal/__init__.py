"""The parts of the page on skal-areas."""
