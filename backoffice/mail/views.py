"""«¿Olvidaste tu contraseña?», which is a door: who asks is nobody yet."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from backoffice.accounts.forms import ForgottenForm
from backoffice.accounts.links import HOURS
from backoffice.common.addresses import client_address
from backoffice.mail import services
from backoffice.mail.selectors import mail_is_connected


@csrf_protect
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says the same whether somebody has that address or not, and does the same; the worker finds out."""
    if not mail_is_connected():
        return redirect("admin:login")
    form = ForgottenForm(request, request.POST if request.method == "POST" else None)
    asked = form.is_valid()
    if asked:
        services.ask_forgotten(email=form.cleaned_data["email"], address=client_address(request))
    context = {"title": "¿Olvidaste tu contraseña?", "form": form, "asked": asked, "hours": HOURS}
    return render(request, "registration/forgotten_password.html", {**admin.site.each_context(request), **context})
