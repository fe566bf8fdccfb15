"""How a private chat is led, in small pure pieces. `bot/engine.py` puts them in order."""
