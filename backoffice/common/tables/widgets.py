"""A cell as people write it, and a value as they read it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from import_export import widgets

from backoffice.common.dates import parse_date
from backoffice.common.errors import DomainError
from integrations.understanding.money import parse_human_amount
from integrations.understanding.places import Point, parse_point
from integrations.understanding.words import fold


class PesosWidget(widgets.Widget):
    """An amount as people write it: 18.500, $ 18.500,50, 18500."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        if isinstance(value, int | float | Decimal):
            return Decimal(str(value)).quantize(Decimal("0.01"))
        if (amount := parse_human_amount(str(value))) is None:
            raise ValueError(f"«{value}» no es un importe.")
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value:.2f}".replace(".", ",")


class YesNoWidget(widgets.Widget):
    """sí or no, or two other words; an empty cell is yes, as a new row of the panel is."""

    _WORDS = {
        "si": True,
        "s": True,
        "1": True,
        "true": True,
        "": True,
        "no": False,
        "n": False,
        "0": False,
        "false": False,
    }

    def __init__(self, yes: str = "sí", no: str = "no") -> None:
        super().__init__()
        self.words = {True: yes, False: no}
        self._known = self._WORDS | {fold(yes): True, fold(no): False}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        said = fold(str("" if value is None else value))
        if said not in self._known:
            raise ValueError(f"«{value}» tiene que ser {self.words[True]} o {self.words[False]}.")
        return self._known[said]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.words[bool(value)]


class ChoiceWidget(widgets.Widget):
    """One of a model's choices by its label; an empty cell is `default`, if there is one."""

    def __init__(
        self, choices: type[models.TextChoices] | type[models.IntegerChoices], default: str | None = None
    ) -> None:
        super().__init__()
        self.choices, self.default = choices, default

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        said = fold(str("" if value is None else value))
        if not said and self.default is not None:
            return self.default
        for key, label in self.choices.choices:
            if said and said in (fold(str(label)), str(label).lower(), key):
                return str(key)
        if str(value) in self.choices.labels:  # «%» and «$» fold to nothing
            return str(self.choices.values[self.choices.labels.index(str(value))])
        raise ValueError(
            f"«{value or ''}» no es una opción: poné {' o '.join(str(one) for one in self.choices.labels)}."
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(self.choices(value).label) if value else ""


class NamesWidget(widgets.ManyToManyWidget):
    """Rows of another table by their names, separated by commas. A name that is not there is an error."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model, separator=",", field="name")
        self._by_name: dict[str, models.Model] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[models.Model]:
        names = [part.strip() for part in str(value or "").split(",") if part.strip()]
        if self._by_name is None:  # the widget is copied for each file
            self._by_name = {fold(str(one)): one for one in self.model._default_manager.all()}
        if unknown := [name for name in names if fold(name) not in self._by_name]:
            raise ValueError(f"No existe «{unknown[0]}» en {self.model._meta.verbose_name_plural}.")
        return [self._by_name[fold(name)] for name in names]

    def render(self, value: Iterable[models.Model] | None, obj: Any = None, **kwargs: Any) -> str:
        rows = value.all() if isinstance(value, models.Manager) else (value or ())
        return ", ".join(str(one) for one in rows)


class DayWidget(widgets.Widget):
    """A date as people type it, or as a spreadsheet keeps it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if value in (None, "") or isinstance(value, date):
            return value or None
        try:
            return parse_date(str(value))
        except DomainError as error:
            raise ValueError(error.message) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


class MomentWidget(widgets.Widget):
    """When something happened, on the company's clock. It only leaves."""

    def __init__(self, *, seconds: bool = False) -> None:
        super().__init__()
        self.seconds = seconds
        self.format = "%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return timezone.localtime(value).strftime(self.format) if value else ""


class PointWidget(widgets.Widget):
    """Coordinates as Google Maps gives them; an empty cell is none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Point | None:
        typed = str(value or "").strip()
        point = parse_point(typed) if typed else None
        if typed and point is None:
            raise ValueError(f"«{typed}» no son coordenadas: poné, por ejemplo, -32.8908, -68.8272.")
        return point

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class OneByName(widgets.Widget):
    """A row of another table by what people call it; an empty cell is none. For tables of which there are few."""

    path = "name"

    def __init__(self, model: type[models.Model], related: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.model, self.related = model, related
        self._by_name: dict[str, Any] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not str(value or "").strip():
            return None
        if self._by_name is None:  # the widget is copied for each file
            rows = self.model._default_manager.select_related(*self.related)
            self._by_name = {fold(str(one)): one for one in rows}
        found = self._by_name.get(fold(str(value)))
        if found is None:
            raise ValueError(f"No existe «{value}» en {self.model._meta.verbose_name_plural}.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class OneByKey(widgets.Widget):
    """A row of another table, of which there may be many, by a field that tells it from the others; it must exist."""

    def __init__(self, model: type[models.Model], path: str) -> None:
        super().__init__()
        self.model, self.path = model, path
        self._found: dict[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        key = str(value if value is not None else "").strip()
        if not key:
            return None
        if key not in self._found:
            self.prime({key})
        if self._found[key] is None:
            raise ValueError(f"No existe «{key}» en {self.model._meta.verbose_name_plural}.")
        return self._found[key]

    def forms(self, key: str) -> tuple[str, ...]:
        """The ways a key may be stored, the likeliest first."""
        return (key,)

    def prime(self, keys: set[str]) -> None:
        """Look these up together, in one query: whoever reads many cells calls it first."""
        forms = {key: self.forms(key) for key in keys if key}
        wanted = {form for of_key in forms.values() for form in of_key}
        rows = self.model._default_manager.filter(**{f"{self.path}__in": wanted})
        stored = {getattr(row, self.path): row for row in rows}
        for key, of_key in forms.items():
            self._found[key] = next((stored[form] for form in of_key if form in stored), None)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(getattr(value, self.path)) if value else ""
