"""Verbs of what every app uses."""
