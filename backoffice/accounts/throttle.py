"""Slows down whoever guesses passwords: five failures and the pair user + address waits."""

from hashlib import sha256

from django.core.cache import cache

FAILURES = 5
WAIT_MINUTES = 5


def blocked(username: str, address: str) -> bool:
    return int(cache.get(_key(username, address), 0)) >= FAILURES


def failed(username: str, address: str) -> None:
    key = _key(username, address)
    cache.add(key, 0, timeout=WAIT_MINUTES * 60)
    try:
        cache.incr(key)
    except ValueError:  # it expired in between
        cache.set(key, 1, timeout=WAIT_MINUTES * 60)


def forget(username: str, address: str) -> None:
    cache.delete(_key(username, address))


def _key(username: str, address: str) -> str:
    return "login-" + sha256(f"{username.lower()}|{address}".encode()).hexdigest()
