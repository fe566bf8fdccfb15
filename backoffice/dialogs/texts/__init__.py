"""Every sentence of the bot. The defaults live here; `BotText` rows hold only what staff changed.

The core reads them through `Rules.texts`, services through `render`.
"""

from typing import Any

from backoffice.common import text as blanks
from backoffice.company.models import Company
from backoffice.dialogs.models import BotText
from integrations.understanding.blanks import fill

from . import customer, desk, prompts, shell
from .sentence import Sentence

ALWAYS = "empresa"

SENTENCES: dict[str, Sentence] = {
    one.key: one for one in (*customer.SENTENCES, *desk.SENTENCES, *shell.SENTENCES, *prompts.SENTENCES)
}

__all__ = ["SENTENCES", "Sentence", "all_texts", "defaults", "render", "unknown_blanks"]


def defaults() -> dict[str, str]:
    """Every sentence as it comes with the product."""
    return {key: sentence.default for key, sentence in SENTENCES.items()}


def all_texts() -> dict[str, str]:
    """Every sentence as the bot says it today (one query). Rows of sentences that are gone are left out."""
    changed = dict(BotText.objects.filter(key__in=SENTENCES).values_list("key", "text"))
    return {**defaults(), **changed}


def render(key: str, /, **values: Any) -> str:
    """One sentence with its blanks filled, for services (two queries). An unknown key raises KeyError."""
    default = SENTENCES[key].default
    text = BotText.objects.filter(key=key).values_list("text", flat=True).first() or default
    company = Company.objects.filter(pk=1).values_list("name", flat=True).first() or ""
    return fill(text, {ALWAYS: company, **values})


def unknown_blanks(key: str, text: str) -> list[str]:
    """The {blanks} of a staff's text that this sentence cannot fill, in order and once each; none when it is right."""
    return blanks.unknown_blanks(text, {ALWAYS, *SENTENCES[key].variables})
