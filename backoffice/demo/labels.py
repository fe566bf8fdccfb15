"""Words and notes that the desk put on some people of the past."""

from backoffice.common.bulk import bulk_create_with_history
from backoffice.conversations.models import Contact, Label

TONES = Label.Tone
LABELS = (("VIP", TONES.WARN), ("Obra nueva", TONES.INFO), ("Llamar de tarde", TONES.PLAIN), ("Moroso", TONES.BAD))
ON = ((0, 0), (1, 2), (4, 1), (4, 2), (7, 3), (9, 0), (12, 1))  # whose place, which label
NOTES = {0: "Dueña del kiosco: si se cae, llamarla.", 4: "Le falta el reflector en la entrada. Timbre roto, golpear."}


def load_labels() -> None:
    """On the first contacts, by their place; nothing where there are fewer."""
    labels = bulk_create_with_history([Label(name=name, tone=tone) for name, tone in LABELS])
    people = list(Contact.objects.filter(agent__isnull=True).order_by("pk")[:13])
    through = Contact.labels.through
    through.objects.bulk_create(
        [through(contact=people[who], label=labels[which]) for who, which in ON if who < len(people)]
    )
    for who, text in NOTES.items():
        if who < len(people):
            people[who].notes = text
            people[who].save(update_fields=["notes"])
