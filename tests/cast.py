"""The people of every story: who they are and by which phone they write."""

from dataclasses import dataclass

COMPANY = "FibraSur"


@dataclass(frozen=True, slots=True)
class Person:
    """`phone` is how WhatsApp names it: 549 and ten digits."""

    name: str
    phone: str

    @property
    def key(self) -> str:
        return self.phone.removeprefix("549")


MARIA = Person("María González", "5492612345678")
JUAN = Person("Juan Pérez", "5492615550101")
ANA = Person("Ana Ruiz", "5492615550102")
ELENA = Person("Elena Soto", "5492615550103")
LUCIA = Person("Lucía Paz", "5492617778899")  # nobody's customer
