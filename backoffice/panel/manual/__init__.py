"""The manual of `docs/manual/` inside the panel: its pages, its pictures and what finds a word in them."""
