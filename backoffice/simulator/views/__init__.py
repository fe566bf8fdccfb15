"""`phones.py` is the public API, `wire.py` the bot's side, `page.py` what a person sees."""
