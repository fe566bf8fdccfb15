"""A cell as people write it, and a value as they read it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from import_export import widgets

from integrations.understanding.money import parse_human_amount
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
    """sí or no; an empty cell is yes, as a new row of the panel is."""

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

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        said = fold(str("" if value is None else value))
        if said not in self._WORDS:
            raise ValueError(f"«{value}» tiene que ser sí o no.")
        return self._WORDS[said]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "sí" if value else "no"


class ChoiceWidget(widgets.Widget):
    """One of a model's choices by its label; an empty cell is `default`, if there is one."""

    def __init__(self, choices: type[models.TextChoices], default: str | None = None) -> None:
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
