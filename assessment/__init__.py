"""Scores and outcomes to grade, alerts, measures and evidence."""
