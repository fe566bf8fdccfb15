"""How the plant is found: boxes by their name or address, equipment by serial or MAC, seals by number.

Their lists also look for customers, which not everybody who sees the plant may know: those keep their own search.
"""

from backoffice.common.search import Card, Kind, Parent, register
from backoffice.common.search.words import number_words, words_of
from backoffice.network.models import NapBox, Olt, Seal, Unit

register(
    Kind(
        number=11,
        model=NapBox,
        card=lambda box: Card(box.name, words_of(box.name, box.address), box.address),
        fields=("name", "address"),
        permission="network.view_napbox",
        label="Caja NAP",
        icon="hub",
        place=10,
        serves_list=False,
    )
)
register(
    Kind(
        number=12,
        model=Unit,
        card=lambda unit: Card(str(unit), words_of(unit.serial, unit.mac, unit.item.name), unit.mac_shown),
        fields=("serial", "mac"),
        parents=(Parent("item", ("name",)),),
        related=("item",),
        permission="network.view_unit",
        label="Equipo",
        icon="router",
        place=11,
        serves_list=False,
    )
)
register(
    Kind(
        number=13,
        model=Seal,
        card=lambda seal: Card(
            f"Precinto {seal.code}", [*number_words(seal.code), str(seal.number)], str(seal.get_state_display())
        ),
        fields=("code", "state"),
        permission="network.view_seal",
        label="Precinto",
        icon="lock",
        place=12,
        serves_list=False,
    )
)
register(
    Kind(
        number=14,
        model=Olt,
        card=lambda olt: Card(
            olt.name,
            words_of(olt.name, olt.brand, olt.model, olt.address, olt.place),
            f"{olt.brand} {olt.model}".strip(),
        ),
        fields=("name", "brand", "model", "address", "place"),
        permission="network.view_olt",
        label="OLT",
        icon="dns",
        place=13,
    )
)
