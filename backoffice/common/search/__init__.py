"""What is found of every table, from one index of words that all lists and Ctrl-K share (ADR 0019).

`words.py` is what a word is (pure), `kinds.py` what the apps declare, `triggers.py` what marks a change,
`entries.py` what makes it findable, `matching.py` what finds it.
"""

from .kinds import Card, Child, Kind, Parent, in_places, kind_of, kinds, register

__all__ = ["Card", "Child", "Kind", "Parent", "in_places", "kind_of", "kinds", "register"]
