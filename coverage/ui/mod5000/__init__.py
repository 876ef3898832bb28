"""The parts of the page Mod 5.000, on the years to the national target."""
