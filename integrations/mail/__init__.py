"""E-mail that leaves: the port, and whoever carries it."""
