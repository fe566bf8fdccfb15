"""Copies of the whole installation: one file each, of one moment, verified, put back whole or not at all (ADR 21)."""
