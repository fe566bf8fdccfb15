"""Screens of the desk: the cases, and the people who write."""

from . import cases, contacts

__all__ = ["cases", "contacts"]
