"""Which lines were one turn, as the timeline shows it.

A turn stores its lines first and what comes of them after, so between two lines of one turn there is never an
answer, nor a relay of either; and a turn has one writer. Where nothing came of a line (a queue, a case attended in
the panel) nobody can tell more.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tests.chaos.history import History, Line


@dataclass(frozen=True, slots=True)
class Seen:
    """Lines in the order they were applied. `is_one` when they are surely one turn; `answers` of the bot after them."""

    lines: list[Line]
    answers: int
    is_one: bool


def turns_of(history: History) -> dict[str, list[Seen]]:
    """The turns of each chat, oldest first."""
    marks: dict[str, list[int]] = defaultdict(list)
    answers: dict[str, list[int]] = defaultdict(list)
    chats = {line.id: line.chat for line in history.incoming()}
    for line in history.outgoing():
        if line.relay_of in chats:
            marks[chats[line.relay_of]].append(line.id)
        elif line.author == "bot" and line.chat.startswith("p:"):
            marks[line.chat].append(line.id)
            answers[line.chat].append(line.id)
    sender = {one.id: one.sender for one in history.written}
    written: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(history.incoming(), key=lambda line: line.id):
        written[line.chat].append(line)
    return {chat: _split(lines, sender, sorted(marks[chat]), sorted(answers[chat])) for chat, lines in written.items()}


def _split(lines: list[Line], sender: Mapping[str, str], marks: list[int], answers: list[int]) -> list[Seen]:
    groups: list[list[Line]] = []
    for line in lines:
        before = groups[-1][-1] if groups else None
        one_writer = before is not None and sender.get(before.wire_id) == sender.get(line.wire_id)
        if before is not None and one_writer and not _between(marks, before.id, line.id):
            groups[-1].append(line)
        else:
            groups.append([line])
    ends = [group[0].id for group in groups[1:]] + [max([*marks, lines[-1].id]) + 1]
    return [
        Seen(group, _between(answers, group[-1].id, end), is_one=_between(marks, group[-1].id, end) > 0)
        for group, end in zip(groups, ends, strict=True)
    ]


def _between(ids: list[int], first: int, last: int) -> int:
    return bisect_left(ids, last) - bisect_left(ids, first)
