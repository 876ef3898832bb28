"""The parts of the page on lægedækningstruede areas."""
