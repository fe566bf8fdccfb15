"""«Herramientas del bot → Control de Estados de Operación» (ISPBOT-MODE-01…07)."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice.catalog.models import Zone
from backoffice.common.choices import ManyField
from backoffice.common.errors import DomainError
from backoffice.operations import services
from backoffice.operations.models import BotControl, Heartbeat
from backoffice.panel.pages.base import back, page, person, show

TOOLS = "operations.use_bot_tools"
ALIVE = timedelta(seconds=30)
CHANGES = 8


@dataclass(frozen=True)
class ModeCard:
    """A mode as it is explained to whoever chooses it."""

    value: str
    icon: str
    title: str
    effect: str
    when: str
    warning: str


MODES = [
    ModeCard(
        BotControl.Mode.FULL,
        "✅",
        "Modo Completo",
        "El estado normal: el bot conversa con los clientes, responde, crea tickets y envía los avisos de tu sistema.",
        "Siempre que no haya un motivo para otra cosa.",
        "",
    ),
    ModeCard(
        BotControl.Mode.GATEWAY,
        "📣",
        "Modo Solo Gateway",
        "Los mensajes de los clientes se guardan pero el bot no los responde. Solo salen los avisos.",
        "Mientras hacés mantenimiento del bot y no querés que hable con clientes.",
        "Los clientes que escriban no van a recibir respuesta. Los vas a encontrar en «Sin responder».",
    ),
    ModeCard(
        BotControl.Mode.EMERGENCY,
        "🚨",
        "Modo Emergencia",
        "Quien escribe recibe el mensaje de emergencia. Los avisos y los casos con un agente siguen.",
        "Cuando hay una caída general, para avisar a todos sin atender uno por uno.",
        "Todos los clientes que escriban van a recibir el mensaje de emergencia.",
    ),
    ModeCard(
        BotControl.Mode.STOPPED,
        "⛔",
        "Modo Parado",
        "El bot se detiene: ni responde ni envía avisos, que quedan retenidos. Los agentes atienden a mano.",
        "Cuando algo anda mal y preferís manejar todo a mano.",
        "El bot deja de responder y de enviar avisos hasta que vuelvas a otro modo.",
    ),
]


class EmergencyForm(forms.Form):
    emergency_text = forms.CharField(max_length=1500, error_messages={"required": "Escribí el mensaje de emergencia."})
    every = forms.IntegerField(
        error_messages={"required": "Poné cada cuántos minutos.", "invalid": "Poné un número de minutos."}
    )
    zones = ManyField(Zone.objects.all(), required=False)


@page(TOOLS)
def tools(request: HttpRequest) -> HttpResponse:
    """The modes and the emergency message; a POST here saves the message."""
    form = EmergencyForm(request.POST or None)
    control = BotControl.load()
    if request.method == "POST" and form.is_valid() and _saved(request, control.mode, form):
        messages.success(request, "Mensaje de emergencia guardado.")
        return redirect("admin:panel_tools")
    typed = form.data if form.is_bound else {}
    return show(
        request,
        "panel/tools.html",
        "Herramientas del bot",
        control=control,
        modes=MODES,
        errors=form.errors,
        text=typed.get("emergency_text", control.emergency_text),
        every=typed.get("every", control.emergency_every),
        zones=Zone.objects.all(),
        chosen=set(control.emergency_zones.values_list("pk", flat=True)),
        processes=_processes(),
        changes=control.history.select_related("history_user")[:CHANGES],
    )


def _saved(request: HttpRequest, mode: str, form: EmergencyForm) -> bool:
    try:
        services.change_mode(mode=mode, by=person(request), **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _processes() -> list[dict[str, object]]:
    limit = timezone.now() - ALIVE
    return [{"row": row, "alive": row.seen_at >= limit} for row in Heartbeat.objects.order_by("name")]


@page(TOOLS)
@require_POST
def change_mode(request: HttpRequest) -> HttpResponse:
    control = services.change_mode(mode=request.POST.get("modo", ""), by=person(request))
    messages.success(request, f"El bot está en {control.get_mode_display()}.")
    return redirect("admin:panel_tools")


@page(TOOLS)
@require_POST
def restart(request: HttpRequest) -> HttpResponse:
    services.ask_restart(by=person(request))
    messages.success(request, "Se pidió el reinicio. En unos segundos el bot vuelve a estar en marcha.")
    return back(request, "admin:panel_tools")
