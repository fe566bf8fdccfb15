"""What goes with «Correos enviados» and is no list: one that did not leave is sent again, and one to try it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.mail import services
from backoffice.mail.models import OutgoingMail
from backoffice.panel.pages.base import back, page, person


@page("mail.retry_outgoingmail")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail, pk=pk)
    services.retry_mail(mail=mail, by=person(request))
    messages.success(request, f"El correo a {mail.to} sale de nuevo en un momento.")
    return back(request, "admin:mail_outgoingmail_changelist")


@page("mail.retry_outgoingmail")
@require_POST
def send_trial(request: HttpRequest) -> HttpResponse:
    """To oneself: only a mail that arrives proves that the server takes the sender."""
    user = person(request)
    if not user.email:
        raise DomainError("Para probar, primero cargá tu correo en «Mi cuenta».")
    text = f"Hola {user.get_short_name() or user.username}:\n\nSi leés esto, el correo de Mostrador anda.\n"
    services.send_mail(
        kind=OutgoingMail.Kind.TRIAL, to=user.email, subject="Prueba de Mostrador", text=text, person=user, by=user
    )
    messages.success(request, f"Te mandamos una prueba a {user.email}. Acá se ve si salió.")
    return redirect("admin:mail_outgoingmail_changelist")
