"""How long to wait: for the rest of a burst, before a reply that should look human, between notices. Pure.

Times are seconds as float; randomness comes from the caller's `random.Random`, so that tests repeat.
"""

from random import Random
from typing import Protocol

BURST_MIN, BURST_MAX = 2.0, 6.0
_SHORT_LINE = 4  # words: who writes a line this short is likely to go on


def burst_wait(text: str, *, is_choice: bool, is_staff: bool) -> float:
    """How long to gather after this line (design 3). Menu digits, buttons and groups are answered at once.

    A short line without an end («hola», «una consulta») is often followed by another; a question or a
    long text is usually whole.
    """
    if is_choice or is_staff:
        return 0.0
    words = len(text.split())
    if text.rstrip().endswith(("?", "!", ".")) or words > 2 * _SHORT_LINE:
        return BURST_MIN
    return 3.0 if words > _SHORT_LINE else 3.5


class Rhythm(Protocol):
    """What a pace asks of a channel's policy (`backoffice/channels/governor.py`), in seconds and notices."""

    @property
    def gap_min(self) -> float: ...
    @property
    def gap_max(self) -> float: ...
    @property
    def batch(self) -> int: ...
    @property
    def batch_pause(self) -> float: ...
    @property
    def human_pause(self) -> bool: ...


LIVELY = 0.25  # seconds after a line of a chat in which people are taken to be talking
PATIENT = 15.0  # seconds between notices while they make no pause


class Pace:
    """The rhythm of one channel's sender. Replies and agents are never held by notices.

    While people talk a notice leaves in a pause, and where they make none each `PATIENT`, whatever the policy: else
    whoever writes waits for the disk, the processor and the network that it takes.

    `next_notice` and `in_batch` are all that must outlive the process, or each restart would be a free batch.
    """

    def __init__(self, policy: Rhythm, random: Random, *, next_notice: float = 0.0, in_batch: int = 0) -> None:
        self.policy = policy
        self.next_notice = next_notice
        self.in_batch = in_batch
        self._random = random
        self._last_line = 0.0
        self._talk_since = 0.0

    def sent_line(self, now: float) -> None:
        """A reply or an agent's line left."""
        if not self._people_talk(now):
            self._talk_since = now
        self._last_line = now

    def may_send_notice(self, now: float) -> bool:
        """Whether a notice may leave, on the clock given to `sent_notice`.

        A wait longer than the policy has was written under another one, or by a clock that was ahead: it is over.
        """
        longest = max(self.policy.gap_min, self.policy.gap_max, self.policy.batch_pause)
        if now < self.next_notice and self.next_notice - now <= longest:
            return False
        return not self._people_talk(now) or now - self._talk_since >= PATIENT

    def sent_notice(self, now: float) -> None:
        policy = self.policy
        if now - self.next_notice >= policy.batch_pause:
            self.in_batch = 0  # nothing left for as long as the pause between batches: this is another one
        self.in_batch += 1
        wait = self._random.uniform(policy.gap_min, policy.gap_max)
        if self.in_batch >= policy.batch:
            self.in_batch, wait = 0, policy.batch_pause
        self.next_notice = now + wait
        self._talk_since = now

    def _people_talk(self, now: float) -> bool:
        return 0 <= now - self._last_line < LIVELY

    def typing_time(self, text: str) -> float:
        """The pause before a reply, as somebody who types it; zero where the policy has none."""
        if not self.policy.human_pause:
            return 0.0
        typed = min(len(text) * self._random.uniform(0.04, 0.06), 6.0)
        return self._random.uniform(1.2, 3.5) + typed


def retry_wait(attempts: int) -> float:
    """Back-off after the other side did not answer: 1, 2, 4… up to 60 s."""
    return float(min(2 ** max(attempts - 1, 0), 60))


def retried_for(attempts: int) -> float:
    """How long that many waits take together."""
    return sum(retry_wait(number) for number in range(1, min(attempts, 1000) + 1))
