"""Understanding with nothing outside: rules, lexicon and frequent questions. Also the fallback when an AI is away."""

from collections.abc import Sequence

from integrations.understanding.base import Understood
from integrations.understanding.choices import choice_number, is_digit_choice
from integrations.understanding.dates import find_month
from integrations.understanding.documents import parse_dni
from integrations.understanding.faqs import FaqEntry, match_words
from integrations.understanding.intents import intent_of
from integrations.understanding.money import find_amount
from integrations.understanding.phones import find_phone
from integrations.understanding.sentiment import sentiment_of
from integrations.understanding.words import MAX_CHARS, fold, tokens_of_folded


def understand(text: str, *, faqs: Sequence[FaqEntry] = (), default_area: str = "") -> Understood:
    """Read one text, or a burst joined by line breaks, once. Never raises; reads at most 4,000 characters."""
    text = text[:MAX_CHARS]
    folded = fold(text)
    words = tokens_of_folded(folded)
    mood = sentiment_of(text, words)
    wanted, confidence = intent_of(words)
    faq = match_words(words, faqs) if faqs else None
    has_digits = any("0" <= char <= "9" for char in folded)
    phone = find_phone(text, default_area) if has_digits else None
    return Understood(
        text=text,
        folded=folded,
        sentiment=mood,
        sentiment_is_urgent=mood.is_urgent,
        intent=wanted,
        intent_score=confidence,
        faq_key=faq.key if faq else None,
        faq_score=faq.score if faq else 0.0,
        dni=parse_dni(text) if has_digits else None,
        phone_key=phone.key if phone else None,
        amount=find_amount(text) if has_digits else None,
        number=choice_number(text),
        is_digit_choice=is_digit_choice(text),
        tokens=tuple(words),
        month=find_month(words),
    )
