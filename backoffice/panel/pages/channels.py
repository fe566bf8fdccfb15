"""What staff do with a number from its page, besides its form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.channels import services
from backoffice.channels.models import Channel
from backoffice.panel.pages.base import page, person


@page("channels.change_channel")
@require_POST
def resume_notices(request: HttpRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=pk)
    services.resume_notices(channel=channel, by=person(request))
    messages.success(request, f"Los avisos de «{channel}» vuelven a salir. Si WhatsApp se queja de nuevo, frenan más.")
    return redirect("admin:channels_channel_change", channel.pk)
