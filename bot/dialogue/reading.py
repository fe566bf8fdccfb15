"""What the burst says: the intent, the option it picks, and which of its words are the customer's story."""

from collections.abc import Sequence
from dataclasses import replace

from bot.turn import Line, MediaKind, Turn
from integrations.understanding.base import Intent, Sentiment, Understood
from integrations.understanding.intents import intent as read_intent
from integrations.understanding.titles import Pick, pick
from integrations.understanding.words import fold, only_emoji

SURE = 0.85
LIKELY = 0.6
COURTESIES = frozenset(
    (Intent.GREETING, Intent.THANKS, Intent.BYE, Intent.YES, Intent.NO, Intent.MENU, Intent.BACK, Intent.FIXED)
)
TROUBLE = frozenset((Intent.NO_INTERNET, Intent.SLOW_INTERNET, Intent.PROBLEM, Intent.STILL_SAME))
SELF_SERVICE = frozenset((Intent.BALANCE, Intent.INVOICE, Intent.PAY, Intent.WIFI_PASSWORD, Intent.MENU, Intent.BACK))

_SAYS_LITTLE = SELF_SERVICE | {Intent.HUMAN, Intent.STILL_SAME}
_STORY_LIMIT = 600
_FILES = frozenset((MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT))
_NOTHING = Understood("", "")


def understood(turn: Turn) -> Understood:
    """What the burst's text says; nothing when there is no text."""
    return turn.understood or _NOTHING


def intent(turn: Turn, at_least: float = LIKELY) -> Intent | None:
    """The intent, when it is sure enough."""
    read = understood(turn)
    return read.intent if read.intent_score >= at_least else None


def wants(turn: Turn, which: Intent, at_least: float = LIKELY) -> bool:
    return intent(turn, at_least) is which


def is_angry(turn: Turn) -> bool:
    return understood(turn).sentiment is Sentiment.ENOJADO


def files(turn: Turn) -> list[Line]:
    """The lines that bring an image, a video or a document."""
    return [line for line in turn.lines if line.media_kind in _FILES]


def has_audio(turn: Turn) -> bool:
    return any(line.media_kind is MediaKind.AUDIO for line in turn.lines)


def is_wordless(turn: Turn) -> bool:
    """Nothing was written, or only emoji."""
    return not turn.text.strip() or only_emoji(turn.text)


def read_lines(turn: Turn) -> None:
    """In a burst, let a line that says what is wanted win over the courtesies around it."""
    read = understood(turn)
    if len(turn.lines) < 2 or (read.intent_score >= SURE and read.intent not in COURTESIES):
        return
    for line in reversed(turn.lines):
        which, score = read_intent(line.text)
        if which is not None and which not in COURTESIES and score > read.intent_score - 0.3:
            turn.understood = replace(read, intent=which, intent_score=score)
            return


def picked(turn: Turn, options: Sequence[Sequence[str]] | None = None) -> Pick:
    """The option that the burst names among those last offered: by button, number, title or near-title."""
    for line in reversed(turn.lines):
        if line.choice:
            return Pick(line.choice, "title")
    offered = [(str(key), str(title)) for key, title in (turn.state.options if options is None else options)]
    if not offered:
        return Pick(None, "none")
    whole = pick(turn.text, offered)
    if whole.how != "none" or len(turn.lines) < 2:
        return whole
    for line in reversed(turn.lines):
        if line.text.strip() and (found := pick(line.text, offered)).how in ("number", "title"):
            return found
    return whole


def picks_exactly(turn: Turn) -> bool:
    """Whether it names an option beyond doubt, so it is nothing else."""
    return picked(turn).how in ("number", "title")


def remember_story(turn: Turn) -> None:
    """Keep the customer's own words and worst mood, for the person who takes the case."""
    read = understood(turn)
    memory = turn.state.memory
    if read.sentiment.is_urgent and memory.get("mood") != Sentiment.ENOJADO:
        memory["mood"] = read.sentiment.value
    if not tells_something(turn):
        return
    story = [part for part in str(memory.get("story") or "").split("\n") if part]
    if turn.text not in story:
        story.append(turn.text)
    memory["story"] = "\n".join(story)[-_STORY_LIMIT:]


def tells_something(turn: Turn) -> bool:
    """Whether the text is worth an agent's reading: no choice, no courtesy, nothing that the bot answers itself."""
    if is_wordless(turn) or picks_exactly(turn) or understood(turn).is_digit_choice:
        return False
    which = intent(turn, SURE)
    if which in COURTESIES:
        return False
    return which not in _SAYS_LITTLE or len(fold(turn.text).split()) > 6


def mood(turn: Turn) -> str:
    """The mood to store with a case: today's, or the worse one of this dialogue."""
    now = understood(turn).sentiment
    before = str(turn.state.memory.get("mood") or "")
    if now is Sentiment.ENOJADO or before not in set(Sentiment):
        return now.value
    return before
