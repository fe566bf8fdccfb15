"""Forms of these pages. Each only reads what was typed: the service says whether it can be."""

from collections.abc import Iterable
from typing import Any

from django import forms

from backoffice.accounts.models import User
from backoffice.common.errors import DomainError
from backoffice.customers.models import Service
from backoffice.network.models import Deposit, Item, NapBox, NapPort, Whereabouts
from backoffice.network.selectors.plant import find_services
from backoffice.network.selectors.stock import technicians

BIG = 1_000_000


class PanelForm(forms.Form):
    """Our look on Django's widgets, and a `DomainError` at the field it names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "mo-input")

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.messages)


class ServiceForm(PanelForm):
    """Whoever is asked for a service: `customer` is how one calls them; with several, `service` is the chosen one.

    `found` are the services to choose from, when more than one answers to what was typed.
    """

    customer = forms.CharField(
        label="Cliente",
        required=False,
        max_length=80,
        help_text="Nombre, número de cliente, DNI o dirección.",
        widget=forms.TextInput(attrs={"placeholder": "María González", "autocomplete": "off"}),
    )
    service = forms.ModelChoiceField(Service.objects.none(), required=False)

    found: Iterable[Service] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = Service.objects.exclude(status=Service.Status.CANCELLED)
        self.fields["service"].queryset = live.select_related("customer", "plan")  # type: ignore[attr-defined]

    def choose_service(self, data: dict[str, Any], *, needed: bool) -> None:
        """Fill `service` from what was typed, or ask which one."""
        term = str(data.get("customer") or "")
        if data.get("service") or not (term or needed):
            return
        if not term:
            self.add_error("customer", "Escribí qué cliente es.")
            return
        found = find_services(term)
        if len(found) == 1:
            data["service"] = found[0]
        elif found:
            self.found = found
            self.add_error("customer", "Hay más de uno: elegí cuál de estos es.")
        else:
            self.add_error("customer", "No hay ningún cliente activo con ese nombre, número, DNI o dirección.")


class ConnectForm(ServiceForm):
    note = forms.CharField(label="Nota", required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.choose_service(data, needed=True)
        return data


class PortStateForm(PanelForm):
    state = forms.ChoiceField(
        choices=[choice for choice in NapPort.State.choices if choice[0] != NapPort.State.OCCUPIED]
    )
    note = forms.CharField(label="Nota", required=False, max_length=120)


class MoveUnitsForm(ServiceForm):
    serials = forms.CharField(
        label="Números de serie",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="Escanealos o pegalos, uno por línea. También sirve la MAC.",
    )
    state = forms.ChoiceField(label="A dónde van", choices=Whereabouts.State.choices)
    deposit = forms.ModelChoiceField(Deposit.objects.all(), label="Depósito", required=False, empty_label="Elegí uno")
    technician = forms.ModelChoiceField(User.objects.none(), label="Técnico", required=False, empty_label="Elegí quién")
    reason = forms.CharField(
        label="Motivo", required=False, max_length=120, help_text="Obligatorio si van a reparar o de baja."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].queryset = technicians()  # type: ignore[attr-defined]
        self.fields["state"].widget.attrs["data-shows"] = "destination"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == Whereabouts.State.INSTALLED:
            self.choose_service(data, needed=True)
        return data


class MoveSuppliesForm(PanelForm):
    IN, OUT, TO = "in", "out", "to"

    what = forms.ChoiceField(
        label="Qué pasó", choices=[(IN, "Entró"), (OUT, "Salió o se usó"), (TO, "Pasó a otro depósito")]
    )
    item = forms.ModelChoiceField(
        Item.objects.exclude(measure=Item.Measure.SERIAL), label="Artículo", empty_label="Elegí uno"
    )
    deposit = forms.ModelChoiceField(Deposit.objects.all(), label="Depósito", empty_label="Elegí uno")
    quantity = forms.IntegerField(
        label="Cuánto", min_value=1, max_value=BIG, help_text="En unidades o metros, según el artículo."
    )
    other = forms.ModelChoiceField(
        Deposit.objects.all(), label="A qué depósito", required=False, empty_label="Elegí uno"
    )
    reason = forms.CharField(
        label="Motivo", required=False, max_length=120, help_text="Compra, instalación, rotura, conteo…"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].widget.attrs["data-shows"] = "other"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") == self.TO and not data.get("other"):
            self.add_error("other", "Elegí a qué depósito va.")
        return data


class RangeForm(PanelForm):
    """Several seals: from one code to another; without the second, one alone."""

    first = forms.CharField(
        label="Desde", max_length=24, widget=forms.TextInput(attrs={"placeholder": "FS001001", "autocomplete": "off"})
    )
    last = forms.CharField(
        label="Hasta",
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "FS001500", "autocomplete": "off"}),
    )


class ReceiveSealsForm(RangeForm):
    note = forms.CharField(label="Nota", required=False, max_length=120, help_text="Proveedor, remito o color.")


class HandSealsForm(RangeForm):
    technician = forms.ModelChoiceField(User.objects.none(), label="Técnico", required=False, empty_label="Elegí quién")
    returned = forms.BooleanField(
        label="Vuelven a la oficina", required=False, widget=forms.CheckboxInput(attrs={"class": ""})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].queryset = technicians()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """To somebody, or back; never both, nor nobody by oversight."""
        data = super().clean() or {}
        if bool(data.get("technician")) == bool(data.get("returned")):
            self.add_error("technician", "Elegí a quién se los das, o marcá que vuelven a la oficina.")
        return data


class VoidSealsForm(RangeForm):
    reason = forms.CharField(label="Motivo", max_length=120, help_text="Se rompió, se perdió, vino mal…")


class UseSealForm(ServiceForm):
    code = forms.CharField(
        label="Precinto",
        max_length=24,
        widget=forms.TextInput(attrs={"placeholder": "FS001001", "autocomplete": "off"}),
    )
    box = forms.ModelChoiceField(
        NapBox.objects.all(),
        to_field_name="name",
        label="o caja NAP",
        required=False,
        help_text="Si no fue en un cliente.",
        error_messages={"invalid_choice": "No hay ninguna caja con ese nombre."},
        widget=forms.TextInput(attrs={"placeholder": "NAP-GC-014", "autocomplete": "off"}),
    )
    technician = forms.ModelChoiceField(
        User.objects.none(), label="Quién lo puso", required=False, empty_label="Quien lo tenía"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].queryset = technicians()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.choose_service(data, needed="box" in data and data["box"] is None)
        return data
