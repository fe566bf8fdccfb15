"""Every page speaks in the company's hours."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.company.models import Company

# Nobody reads an hour there: the gateway's fast path costs one INSERT and no query more, and health is told also
# while the database is away.
MACHINES = ("/gateway/", "/health/")


class CompanyTimezone:
    """Activates `Company.timezone` for the request; what is stored stays in UTC.

    The same statement brings the company's name, which every page of the panel shows (`request.company_name`), and its
    area code (`request.company_area`), without which half of the phones that people type cannot be read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.default = str(Company._meta.get_field("timezone").default)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith((settings.STATIC_URL, *MACHINES)):
            return self.get_response(request)
        row = Company.objects.values_list("timezone", "name", "default_area_code").filter(pk=1).first()
        here, request.company_name, request.company_area = row or (self.default, "", "")  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(here)):
            return self.get_response(request)
