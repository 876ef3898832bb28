"""Scenarios: what a planner would do to the practices, and what it does to the people."""
