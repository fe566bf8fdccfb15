"""Who is in the demo company: the cast of the manual first, then neighbours whose data is made up by their place."""

from dataclasses import dataclass

from integrations.understanding.documents import is_valid_cuit

ZONES = ("Ciudad de Mendoza", "Godoy Cruz", "Guaymallén", "Las Heras", "Maipú", "Luján de Cuyo")

PLANS = (  # name, price, download, upload, ideal for
    ("Fibra 50MB", 14_900, 50, 25, "Una o dos personas: redes, series y videollamadas."),
    ("Fibra 100MB", 18_500, 100, 50, "Una familia: varias pantallas a la vez y teletrabajo."),
    ("Fibra 300MB", 24_900, 300, 150, "Juegos en línea, 4K y muchos equipos conectados."),
    ("Fibra 600MB", 32_900, 600, 300, "Comercios y casas donde todos usan Internet todo el día."),
)

_NAMES = (
    "Carlos Quiroga", "Sofía Fernández", "Martín Sosa", "Valentina Romero", "Jorge Aguirre", "Lucía Giménez",
    "Diego Molina", "Camila Rojas", "Ricardo Funes", "Julieta Navarro", "Hernán Videla", "Florencia Ponce",
    "Roberto Ledesma", "Agustina Herrera", "Gustavo Páez", "Micaela Ortiz", "Nicolás Domínguez", "Antonella Vega",
    "Raúl Echegaray", "Daniela Cabrera", "Sergio Moyano", "Rocío Lucero", "Fabián Arce", "Milagros Peralta",
    "Oscar Villegas", "Natalia Bustos", "Emiliano Correa", "Gabriela Sánchez", "Pablo Ibáñez", "Carolina Nievas",
    "Matías Guzmán", "Silvina Olivera", "Leandro Barroso", "Graciela Toledo", "Ezequiel Luna", "Marta Escudero",
    "Cristian Ferreyra", "Paula Morales",
)  # fmt: skip
_BUSINESSES = ("Panadería La Espiga SRL", "Estudio Contable Riveros SA")

_STREETS = (
    "San Martín", "Belgrano", "Las Heras", "Sarmiento", "Perú", "Colón", "Mitre", "Rivadavia", "Paso de los Andes",
    "Emilio Civit", "Boulogne Sur Mer", "Beltrán", "Rodríguez Peña", "Carrodilla",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A customer to load. `unpaid` is how many of the last invoices are owed."""

    name: str
    document: str
    phone: str
    address: str
    plan: str
    zone: str
    unpaid: int = 0
    suspended: bool = False
    months: int = 6


MARIA = Person(
    "María González", "30111222", "+5492612345678", "San Martín 450, Godoy Cruz", "Fibra 100MB", "Godoy Cruz", unpaid=1
)


def customers() -> list[Person]:
    """María, one who is suspended for what he owes, neighbours and two businesses: always the same ones."""
    neighbours = [_neighbour(place, name) for place, name in enumerate(_NAMES)]
    businesses = [_business(place, name) for place, name in enumerate(_BUSINESSES)]
    return [MARIA, *neighbours, *businesses]


def _neighbour(place: int, name: str) -> Person:
    zone = ZONES[place % len(ZONES)]
    suspended = place == 0
    return Person(
        name=name,
        document=str(24_318_407 + place * 431_977),
        phone=f"+549261{4_120_385 + place * 13_457}",
        address=f"{_STREETS[place % len(_STREETS)]} {120 + place * 73}, {zone}",
        plan=PLANS[(0, 1, 1, 2, 1, 3)[place % 6]][0],
        zone=zone,
        unpaid=3 if suspended else (1, 0, 1, 2, 0)[place % 5],
        suspended=suspended,
        months=3 + place % 4,
    )


def _business(place: int, name: str) -> Person:
    zone = ZONES[place]
    stem = f"307{1_045_238 + place * 7_919:07d}"
    return Person(
        name=name,
        document=next(f"{stem}{check}" for check in range(10) if is_valid_cuit(f"{stem}{check}")),
        phone=f"+549261{4_900_210 + place * 17}",
        address=f"{_STREETS[place]} {1_000 + place * 250}, {zone}",
        plan="Fibra 600MB",
        zone=zone,
        unpaid=place,
    )
