"""Copies of the whole installation: one file each, made of a snapshot, verified, and put back whole or not at all (ADR 21)."""
