"""What was understood, as plain data. Standard library only: the bot's pure core imports only this file."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Sentiment(StrEnum):
    """The four moods stored with a message (three in the charts, where frustrado counts as enojado)."""

    CONTENTO = "contento"
    NEUTRO = "neutro"
    FRUSTRADO = "frustrado"
    ENOJADO = "enojado"

    @property
    def is_urgent(self) -> bool:
        """Whether a person should look at it before the others."""
        return self in (Sentiment.FRUSTRADO, Sentiment.ENOJADO)


class Intent(StrEnum):
    """What the customer wants, in the words of the menu's actions."""

    GREETING = "greeting"
    MENU = "menu"
    BACK = "back"
    HUMAN = "human"
    NO_INTERNET = "no_internet"
    SLOW_INTERNET = "slow_internet"  # slow or unstable: the same checks serve both
    PROBLEM = "problem"  # some trouble, not said which
    STILL_SAME = "still_same"  # "sigue igual", after a suggestion
    FIXED = "fixed"  # "ya anda"
    WIFI_PASSWORD = "wifi_password"  # noqa: S105
    BALANCE = "balance"
    INVOICE = "invoice"
    PAY = "pay"
    ALREADY_PAID = "already_paid"
    PROMISE = "promise"  # "¿me esperás hasta el viernes?"
    STATUS = "status"  # how a complaint, an order or a ticket is going
    VISIT = "visit"  # when the technician comes, or moving that date
    SALES = "sales"  # wants the service, asks for prices or coverage
    PLAN_CHANGE = "plan_change"
    MOVE = "move"  # moves house
    CANCEL_SERVICE = "cancel_service"  # ends the contract; never confuse it with OPT_OUT
    OPT_OUT = "opt_out"  # "BAJA": no more campaigns
    OPT_IN = "opt_in"  # "ALTA"
    THANKS = "thanks"
    BYE = "bye"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Understood:
    """One text (or one burst of texts), read once.

    Attributes:
        text: what was written, cut at 4,000 characters.
        folded: lowercase, without accents, punctuation or emoji.
        intent_score, faq_score: confidence from 0 to 1; 0 where there is none.
        phone_key: the comparable key of a phone written in the text (10 digits for an Argentine one).
        number: the option the customer names, as 2 for "2", "2️⃣", "la dos" or "opción 2".
        is_digit_choice: the whole message is that number in digits, as in "2" or "2️⃣".
        month: 1 to 12 when a month is named ("la factura de octubre").
    """

    text: str
    folded: str
    sentiment: Sentiment = Sentiment.NEUTRO
    sentiment_is_urgent: bool = False
    intent: Intent | None = None
    intent_score: float = 0.0
    faq_key: str | None = None
    faq_score: float = 0.0
    dni: str | None = None
    phone_key: str | None = None
    amount: Decimal | None = None
    number: int | None = None
    is_digit_choice: bool = False
    tokens: tuple[str, ...] = ()
    month: int | None = None
