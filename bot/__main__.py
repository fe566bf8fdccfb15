"""`python -m bot` runs the whole bot; `dispatcher N` and `channel ID` are the processes it starts.

`actions` writes the menu actions to their table, and `chat` talks to the bot in the terminal.
"""

import argparse
import gc
import logging
import os
import signal
import sys
import threading

import django

from backoffice.common.logs import name_process

NAMES = {"all": "bot", "dispatcher": "despachador", "channel": "canal"}  # as the logs and the panel call them


def main(arguments: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    django.setup()
    options = _parser().parse_args(arguments)
    name_process(" ".join([NAMES.get(options.role, options.role), *options.rest[:1]]))
    if options.role == "actions":
        return _actions()
    if options.role == "chat":
        from bot.chat import main as chat

        return chat(options.rest)
    stop = _stopper(options.parent)
    _collect_less_often()
    if options.role == "dispatcher":
        return _dispatcher(stop, options.rest[0] if options.rest else "1")
    if options.role == "channel":
        return _channel(stop, int(options.rest[0]))
    from bot.supervisor import Supervisor

    Supervisor().run(stop)
    return 0


def _collect_less_often() -> None:
    """A batch of turns makes tens of thousands of objects that go at its end; looking for cycles among them again and
    again, and in all that was imported, was a tenth of its time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="El bot de WhatsApp de Mostrador.")
    roles = ["all", "dispatcher", "channel", "actions", "chat"]
    parser.add_argument("role", nargs="?", default="all", choices=roles)
    parser.add_argument("--parent", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    return parser


def _dispatcher(stop: threading.Event, number: str) -> int:
    from bot.dispatcher import Dispatcher
    from bot.heart import Heart

    heart = Heart(f"despachador {number}")
    threading.Thread(target=heart.keep_beating, args=(stop,), daemon=True).start()
    Dispatcher().loop(stop)
    heart.tell_counters()
    return 0


def _channel(stop: threading.Event, channel_id: int) -> int:
    from bot.channel import AlreadyRunning, run

    try:
        run(channel_id, stop)
    except AlreadyRunning as error:
        logging.getLogger("bot").error("%s", error)
        return 75  # EX_TEMPFAIL: the supervisor tries again later
    return 0


def _actions() -> int:
    from backoffice.dialogs.services import synchronise_actions
    from bot.actions import listed_actions

    synchronise_actions(listed_actions())
    return 0


def _stopper(parent: int) -> threading.Event:
    """Set by SIGTERM or Ctrl-C, or when the supervisor is gone: no orphan goes on sending."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        threading.Thread(target=_watch_parent, args=(parent, stop), daemon=True).start()
    return stop


def _watch_parent(parent: int, stop: threading.Event) -> None:
    while not stop.wait(1.0):
        if os.getppid() != parent:
            stop.set()


if __name__ == "__main__":
    sys.exit(main())
