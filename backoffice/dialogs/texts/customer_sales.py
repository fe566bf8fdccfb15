"""What the bot says about plans, promotions and coverage."""

from .sentence import Sentence

SENTENCES: tuple[Sentence, ...] = (
    Sentence("plans.title", "Estos son nuestros planes 🚀", "Antes de la lista de planes."),
    Sentence(
        "plans.line",
        "• *{plan}*: {velocidad} Mbps por {precio} al mes",
        "Cada plan de la lista.",
        ("plan", "velocidad", "precio"),
    ),
    Sentence(
        "plans.line_promo",
        ". Con la promo, *{precio}* durante {meses}",
        "Cada plan con descuento, a continuación.",
        ("precio", "meses"),
    ),
    Sentence("plans.line_ideal", ". Ideal para {para}", "Cada plan que dice para qué es ideal.", ("para",)),
    Sentence("plans.promo", "🎁 *{nombre}*", "Una promoción vigente.", ("nombre",)),
    Sentence("plans.until", " (hasta el {hasta})", "Una promoción que vence, a continuación del nombre.", ("hasta",)),
    Sentence("plans.installation", "La instalación cuesta {precio}.", "Al contar los planes.", ("precio",)),
    Sentence(
        "plans.installation_promo",
        "La instalación te queda en {precio} (antes {normal}).",
        "Al contar los planes, si hay descuento en la instalación.",
        ("precio", "normal"),
    ),
    Sentence(
        "plans.installation_free",
        "¡La instalación es gratis! (antes {normal})",
        "Al contar los planes, si la promoción la bonifica entera.",
        ("normal",),
    ),
    Sentence(
        "plans.where",
        "Según tu zona puede haber otras promociones. ¿Dónde lo querés?",
        "Al contar los planes sin saber la zona.",
    ),
    Sentence("plans.none", "Los planes y precios te los pasa alguien de Ventas.", "Si no hay planes cargados."),
    Sentence("coverage.ask", "¿En qué barrio o localidad lo querés? 📍", "Al consultar la cobertura."),
    Sentence(
        "coverage.again",
        "No ubico ese lugar 🤔. ¿Cómo se llama el barrio o la localidad?",
        "Si no reconoce la zona.",
    ),
    Sentence("coverage.yes", "¡Sí, llegamos a {zona}! 🎉", "Zona con cobertura.", ("zona",)),
    Sentence(
        "coverage.check",
        "En {zona} tenemos que confirmar la factibilidad en tu domicilio. Si querés, lo vemos sin compromiso.",
        "Zona con cobertura a confirmar.",
        ("zona",),
    ),
    Sentence(
        "coverage.unknown",
        "Eso te lo confirma alguien de Ventas con tu dirección exacta.",
        "Si no se sabe si hay cobertura.",
    ),
)
