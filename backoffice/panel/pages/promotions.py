"""What customers pay with a promotion, also while it is being typed. A fragment under the form (AMB-23)."""

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from backoffice.catalog.models import Promotion
from backoffice.catalog.selectors import installation_cost, priced
from backoffice.panel.pages.base import page


class TypedPromotion(ModelForm):
    """The form as it stands on the screen."""

    class Meta:
        model = Promotion
        fields = (
            "installation_discount", "installation_unit", "monthly_discount", "monthly_unit", "months",
            "zones", "plans", "starts_on", "ends_on",
        )  # fmt: skip


@page("catalog.view_promotion")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Each plan it covers with its prices, to the cent; or what is missing. Nothing is saved."""
    form = TypedPromotion(request.POST)
    if not form.is_valid():
        return render(request, "panel/promotion_prices.html", {"form": form})
    promo = form.save(commit=False).promo_for(form.cleaned_data["zones"], form.cleaned_data["plans"])
    context = {"rows": priced(promo), "installation": installation_cost(), "promo": promo}
    return render(request, "panel/promotion_prices.html", context)
