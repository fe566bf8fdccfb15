"""Filters of the lists."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter


class DayRangeFilter(RangeDateFilter):
    """From one day to another, both whole, as they are written here: 24/11/2026. What is no date filters nothing.

    Unfold's own reads 05/09 as the ninth of May, and of the last day takes only its first second.
    """

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        since, until = self._day("from"), self._day("to")
        if since is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": _begins(since)})
        if until is not None and until < date.max:
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": _begins(until + timedelta(days=1))})
        return queryset

    def _day(self, end: str) -> date | None:
        try:
            return forms.DateField(required=False).clean(self.used_parameters.get(f"{self.parameter_name}_{end}"))
        except ValidationError:
            return None


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
