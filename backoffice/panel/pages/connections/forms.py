"""A provider's fields as a form. A kept secret never comes back to the browser: it is told by its last letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from backoffice.connections.adapters import has_moved, hint_of, missing, secrets_of
from backoffice.connections.models import Connection
from backoffice.panel.pages.network.forms import PanelForm
from integrations.addresses import WrongValue
from integrations.fields import Field, FieldKind
from integrations.registry import Provider

FORGET = "forget_"
LONGEST_SECRET = 1000
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


@dataclass(frozen=True)
class Row:
    """A field on the screen. `hint` tells the secret that is kept, if one is, and `forget` is the box that drops it."""

    box: BoundField
    field: Field
    hint: str = ""
    forget: BoundField | None = None


class ConnectionForm(PanelForm):
    """Name, switch and the provider's own fields. Once valid, `settings` and `secrets` are the connection's values,
    and `changes` the secrets that differ from what is kept (None forgets one)."""

    name = forms.CharField(label="Nombre", max_length=60, help_text="Para reconocerla si tenés más de una.")
    enabled = forms.BooleanField(label="Habilitada", required=False, widget=forms.CheckboxInput(attrs={"class": ""}))

    def __init__(self, data: Mapping[str, Any] | None, *, connection: Connection, provider: Provider) -> None:
        self.connection, self.provider = connection, provider
        self.kept = secrets_of(connection)
        self.settings: dict[str, Any] = {}
        self.changes: dict[str, str | None] = {}
        initial = {"name": connection.name, "enabled": connection.enabled}
        super().__init__(data, initial=initial)
        for field in provider.fields:
            self.fields[field.name] = _control(field, connection, hint_of(self.kept.get(field.name, "")))
            if self.kept.get(field.name):
                self.fields[FORGET + field.name] = forms.BooleanField(label="Borrar la guardada", required=False)

    @property
    def secrets(self) -> dict[str, str]:
        """All of them, in clear, as they would be kept."""
        return {name: value for name, value in {**self.kept, **self.changes}.items() if value}

    @property
    def is_as_kept(self) -> bool:
        """Whether saving it would change none of the connection's values."""
        return self.connection.pk is not None and not self.changes and self.settings == self.connection.settings

    def rows(self) -> list[Row]:
        return [self._row(field) for field in self.provider.fields if not field.advanced]

    def advanced_rows(self) -> list[Row]:
        return [self._row(field) for field in self.provider.fields if field.advanced]

    def advanced_is_wrong(self) -> bool:
        return any(row.box.errors for row in self.advanced_rows())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for field in self.provider.fields:
            if field.name not in self.errors:
                self._take(field, data)
        self._needs_its_secrets(data)
        self._same_place_or_secrets_again()
        return data

    def _take(self, field: Field, data: dict[str, Any]) -> None:
        value = data.get(field.name)
        try:
            if field.kind in (FieldKind.NUMBER, FieldKind.FLAG):
                self.settings[field.name] = field.default if value is None else value
            elif field.is_secret:
                self._take_secret(field, str(value or ""), forget=bool(data.get(FORGET + field.name)))
            else:
                self.settings[field.name] = field.clean(str(value)) if value else str(field.default)
        except WrongValue as error:
            self.add_error(field.name, str(error))

    def _take_secret(self, field: Field, typed: str, *, forget: bool) -> None:
        typed = field.clean(typed) if typed else ""
        if typed and typed != self.kept.get(field.name):
            self.changes[field.name] = typed
        elif forget and not typed:
            self.changes[field.name] = None

    def _needs_its_secrets(self, data: dict[str, Any]) -> None:
        """A required one may be absent only where it was dropped on purpose and nothing uses the connection."""
        for field in missing(self.provider, {}, self.secrets):
            if not field.is_secret or field.name in self.errors:
                continue
            if field.name not in self.changes:
                self.add_error(field.name, "Falta. Pegala acá.")
            elif data.get("enabled"):
                self.add_error(field.name, "Sin ella no puede quedar habilitada: apagala, o pegá otra.")

    def _same_place_or_secrets_again(self) -> None:
        """A kept secret goes only where it was meant to go: otherwise an address would be a way to read it."""
        if self.connection.pk is None or not has_moved(self.provider, self.connection.settings, self.settings):
            return
        for field in self.provider.secrets:
            if self.secrets.get(field.name) and not self.cleaned_data.get(field.name):
                self.add_error(field.name, "Cambiaste la dirección: por seguridad, pegá de nuevo la clave.")

    def _row(self, field: Field) -> Row:
        hint = hint_of(self.kept.get(field.name, ""))
        return Row(self[field.name], field, hint, self[FORGET + field.name] if hint else None)


def _control(field: Field, connection: Connection, hint: str) -> forms.Field:
    shared: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help_text,
        "required": field.required and not field.advanced,
        "initial": connection.settings.get(field.name, field.default),
    }
    if field.kind is FieldKind.FLAG:
        return forms.BooleanField(**shared | {"required": False})
    if field.kind is FieldKind.CHOICE:
        return forms.ChoiceField(**shared, choices=field.choices, widget=forms.Select(attrs={"class": "mo-input"}))
    if field.kind is FieldKind.NUMBER:
        widget: forms.Widget = forms.NumberInput(attrs={"class": "mo-input", "inputmode": "numeric"})
        return forms.IntegerField(**shared, min_value=field.least, max_value=field.most, widget=widget)
    if field.is_secret:
        return forms.CharField(
            **shared | {"required": False, "initial": ""}, max_length=LONGEST_SECRET, widget=_secret_box(hint)
        )
    address = {"inputmode": "url"} if field.kind is FieldKind.URL else {}
    widget = forms.TextInput(attrs={"class": "mo-input", "placeholder": field.example} | PLAIN | address)
    return forms.CharField(**shared, max_length=field.max_length, widget=widget)


def _secret_box(hint: str) -> forms.PasswordInput:
    """What somebody just typed comes back with the errors of their form, and nothing else does."""
    attrs = {"class": "mo-input", "autocomplete": "new-password", "spellcheck": "false"}
    if hint:
        attrs["placeholder"] = f"Guardada {hint}"
    return forms.PasswordInput(render_value=True, attrs=attrs)
