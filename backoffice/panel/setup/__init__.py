"""The set-up assistant: what an installation needs before customers write, each step worked out from its rows.

Another step is a class (`steps.py`) and its place in `STEPS` (`registry.py`); what the bot can do then, `abilities.py`.
"""
