"""The ISP itself: who it is, when people attend, when they do not."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from simple_history.models import HistoricalRecords

from backoffice.common.models import ConfigModel, Singleton, single_row
from backoffice.common.text import check_blanks
from integrations.understanding.documents import is_alias, is_valid_cbu, is_valid_cuit

TIMEZONES: list[tuple[str, str]] = [
    ("America/Argentina/Buenos_Aires", "Argentina (Buenos Aires)"),
    ("America/Argentina/Mendoza", "Argentina (Mendoza)"),
    ("America/Montevideo", "Uruguay"),
    ("America/Santiago", "Chile"),
    ("America/Asuncion", "Paraguay"),
    ("America/La_Paz", "Bolivia"),
    ("America/Sao_Paulo", "Brasil (San Pablo)"),
]


class Company(Singleton):
    """Datos Empresa (ISPBOT-CO-01…06, HRS-09), what the tax office knows (WIS-FISC) and how to pay by transfer."""

    class TaxCondition(models.TextChoices):
        REGISTERED = "registered", "Responsable Inscripto"
        MONOTAX = "monotax", "Monotributo"
        EXEMPT = "exempt", "IVA Exento"

    name = models.CharField(
        "nombre de la empresa", max_length=80, default="Mi empresa", help_text="Como aparece en los mensajes del bot."
    )
    phone = models.CharField("teléfono", max_length=30, blank=True, help_text="Número de contacto principal.")
    address = models.CharField("dirección", max_length=160, blank=True)
    logo = models.ImageField("logo", upload_to="empresa/", blank=True, help_text="PNG o JPG, máximo 5MB.")
    closed_message = models.TextField(
        "informar horario laboral",
        blank=True,
        help_text="Lo que responde el bot a quien pide una persona fuera del horario. "
        "Podés usar {apertura} para decir cuándo abren.",
        default="En este momento no estamos atendiendo. Volvemos {apertura}. "
        "Tu pedido ya quedó anotado y un agente te responde apenas abramos.",
    )
    holiday_message = models.TextField(
        "mensaje de feriado",
        blank=True,
        help_text="Podés usar {feriado} y {apertura}.",
        default="Hoy es feriado ({feriado}) y no hay agentes. Volvemos {apertura}. "
        "Mientras tanto podés consultar tu cuenta y pedir tu factura por acá.",
    )
    timezone = models.CharField(
        "zona horaria", max_length=60, choices=TIMEZONES, default="America/Argentina/Buenos_Aires"
    )
    default_area_code = models.CharField(
        "característica",
        max_length=4,
        blank=True,
        validators=[
            RegexValidator(r"^\d{2,4}$", "Poné solo los números de la característica, sin el 0. Por ejemplo: 261.")
        ],
        help_text="La de tu ciudad, sin el 0: completa los teléfonos cargados sin característica.",
    )
    email = models.EmailField("correo electrónico", blank=True)
    website = models.CharField("sitio web", max_length=200, blank=True)
    legal_name = models.CharField(
        "razón social", max_length=120, blank=True, help_text="Como figura en ARCA (ex AFIP)."
    )
    cuit = models.CharField("CUIT", max_length=13, blank=True, help_text="Con o sin guiones.")
    tax_condition = models.CharField("condición ante el IVA", max_length=20, choices=TaxCondition.choices, blank=True)
    gross_income = models.CharField(
        "Ingresos Brutos",
        max_length=30,
        blank=True,
        help_text="Número de inscripción, de convenio multilateral o «Exento».",
    )
    activity_started_on = models.DateField("inicio de actividades", null=True, blank=True)
    fiscal_address = models.CharField("domicilio fiscal", max_length=160, blank=True)
    bank_alias = models.CharField("alias", max_length=20, blank=True)
    bank_cbu = models.CharField("CBU o CVU", max_length=30, blank=True, help_text="22 números, con o sin espacios.")
    bank_holder = models.CharField("titular de la cuenta", max_length=80, blank=True)
    message_quota = models.PositiveIntegerField(
        "mensajes por mes",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Los que incluye tu plan de mensajes: el tablero dice cuántos quedan. Vacío si no tiene límite.",
    )
    always_open = models.BooleanField(
        "atendemos las 24 horas", default=False, help_text="Ignora los horarios por día, no los feriados."
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "empresa"
        verbose_name_plural = "empresa"
        constraints = [single_row("company_single")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What crosses the fields, and what is kept in one form: CUIT and CBU as bare digits."""
        wrong: dict[str, str] = {}
        self.cuit = "".join(char for char in self.cuit if char not in " .-/")
        self.bank_cbu = "".join(self.bank_cbu.split())
        self.bank_alias = self.bank_alias.strip()
        if self.cuit and not is_valid_cuit(self.cuit):
            wrong["cuit"] = "Ese CUIT no es válido: revisá los números, el último verifica a los demás."
        if self.bank_cbu and not is_valid_cbu(self.bank_cbu):
            wrong["bank_cbu"] = "Ese CBU o CVU no es válido: tiene 22 números, y dos verifican a los demás."
        if self.bank_alias and not is_alias(self.bank_alias):
            wrong["bank_alias"] = "Un alias tiene de 6 a 20 letras sin acento, números, puntos o guiones."
        if self.website:
            self.website = self.website if "://" in self.website else f"https://{self.website}"
            try:
                URLValidator(("http", "https"))(self.website)
            except ValidationError:
                wrong["website"] = "No es la dirección de un sitio. Por ejemplo: www.fibrasur.com.ar."
        if wrong:
            raise ValidationError(wrong)
        check_blanks(
            {
                "closed_message": (self.closed_message, ("apertura", "empresa")),
                "holiday_message": (self.holiday_message, ("feriado", "apertura", "empresa")),
            }
        )


class PointOfSale(ConfigModel):
    """A point of sale as the tax office knows it: what invoices begin with (WIS-FISC)."""

    number = models.PositiveIntegerField(
        "número",
        unique=True,
        validators=[MinValueValidator(1), MaxValueValidator(99999)],
        error_messages={"unique": "Ese punto de venta ya está cargado."},
    )
    name = models.CharField(
        "nombre", max_length=60, blank=True, help_text="Por ejemplo: Casa central, Facturación web."
    )
    active = models.BooleanField("activo", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "punto de venta"
        verbose_name_plural = "puntos de venta"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=99999),
                name="point_of_sale_number",
                violation_error_message="Va del 1 al 99999.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number:05d}" + (f" {self.name}" if self.name else "")


class OpeningHours(ConfigModel):
    """One slot of one weekday (HRS-02…05). A day with none is closed."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Lunes"
        TUESDAY = 1, "Martes"
        WEDNESDAY = 2, "Miércoles"
        THURSDAY = 3, "Jueves"
        FRIDAY = 4, "Viernes"
        SATURDAY = 5, "Sábado"
        SUNDAY = 6, "Domingo"

    weekday = models.PositiveSmallIntegerField("día", choices=Weekday.choices)
    opens = models.TimeField("abre", help_text="HH:MM, por ejemplo 08:00.")
    closes = models.TimeField("cierra", help_text="HH:MM, por ejemplo 18:30.")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "horario de atención"
        verbose_name_plural = "horarios de atención"
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")),
                name="opening_hours_forward",
                violation_error_message="La hora de cierre tiene que ser posterior a la de apertura.",
            ),
            models.UniqueConstraint(fields=["weekday", "opens"], name="opening_hours_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"

    def clean(self) -> None:
        if self.opens is None or self.closes is None or self.weekday is None:
            return
        clash = OpeningHours.objects.filter(weekday=self.weekday, opens__lt=self.closes, closes__gt=self.opens)
        other = clash.exclude(pk=self.pk).first()
        if other:
            raise ValidationError({"opens": f"Se superpone con {other}."})


class Holiday(ConfigModel):
    """Feriados y días especiales (HRS-06…08): nobody attends."""

    date = models.DateField("fecha", unique=True, help_text="AAAA-MM-DD, por ejemplo 2026-12-25.")
    name = models.CharField("motivo", max_length=80)
    message = models.TextField(
        "mensaje propio",
        blank=True,
        help_text="Si lo dejás vacío se usa el mensaje de feriado de la empresa. Podés usar {feriado} y {apertura}.",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "feriado"
        verbose_name_plural = "feriados"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"

    def clean(self) -> None:
        check_blanks({"message": (self.message, ("feriado", "apertura", "empresa"))})
