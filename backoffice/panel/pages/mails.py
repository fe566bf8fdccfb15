"""What goes with «Correos enviados» and is no list: one that did not leave is sent again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

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
