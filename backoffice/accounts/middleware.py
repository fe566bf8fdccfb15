"""What stands between a signed-in person and the page they ask for."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from backoffice.accounts import door, selectors, services
from backoffice.accounts.models import StaffSession

Answer = Callable[[HttpRequest], HttpResponse]
EACH = 60  # seconds between two looks at a session


class StaffSessions:
    """Keeps the list of sessions true, and tells whoever was put out why (AMB-30, AMB-60).

    Once a minute each session is looked at: its shift, the second factor that a role asks for, when it was last used.
    Between looks a request costs no query more.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        if request.user.is_authenticated:
            if not self._may_stay(request):
                door.go_out(request, StaffSession.Ended.SHIFT)
                messages.warning(request, door.WHY_CLOSED[StaffSession.Ended.SHIFT])
                return again(request)
        else:
            self._tell_why(request)
            if request.headers.get("HX-Request") and request.path.startswith(reverse("admin:index")):
                return again(request)
        return self.get_response(request)

    @staticmethod
    def _may_stay(request: HttpRequest) -> bool:
        number = request.session.get(door.SESSION)
        if number is None:
            return True
        if cache.add(f"staff-session-{number}", True, EACH):
            if selectors.off_shift(request.user, entered=True):  # type: ignore[arg-type] # only staff have sessions
                return False
            door.ask_for_factor(request, request.user)  # type: ignore[arg-type]
        if is_use(request) and cache.add(f"staff-session-{number}-used", True, EACH):
            session = StaffSession(pk=number)
            services.touch_session(session=session, key=str(request.session.session_key))
            door.stay(request)
        return True

    @staticmethod
    def _tell_why(request: HttpRequest) -> None:
        """A browser that still shows the key of a session that was closed is told why; once, since it forgets it."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not key or "\x00" in key or request.session.session_key:
            return
        ended = StaffSession.objects.filter(key=key[:40]).values_list("ended_by", flat=True).first()
        if ended in door.WHY_CLOSED:
            messages.warning(request, door.WHY_CLOSED[StaffSession.Ended(ended)])


class ForcedPasswordChange:
    """Answers every URL with the change page while `must_change_password` is set (AMB-01).

    Only signing out, static files and the change itself go through. After it, the same with the second factor that
    the person's role asks for.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from backoffice.accounts import views

        user = request.user if not request.path.startswith(settings.STATIC_URL) else None
        if user is None or not user.is_authenticated or request.path == reverse("admin:logout"):
            return self.get_response(request)
        if user.must_change_password:
            if request.path == reverse("admin:forced_password_change"):
                return self.get_response(request)
            return views.ask_for_password(request)
        if request.session.get(door.NEEDS_FACTOR) and request.path != reverse("admin:forced_second_factor"):
            return views.ask_for_second_factor(request)
        return self.get_response(request)


def is_use(request: HttpRequest) -> bool:
    """Whether a person did something, and not a page that asks by itself for what is new."""
    if request.method not in ("GET", "HEAD"):
        return True
    asked_by_itself = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not asked_by_itself


def again(request: HttpRequest) -> HttpResponse:
    """To the login; a piece of a page that asks by itself has the whole page asked for again."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})
    return redirect("admin:login")
