"""Reads of the plant, the stock and the seals."""
