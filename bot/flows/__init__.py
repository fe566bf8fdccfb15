"""Guided talks: one file each, found by itself."""
