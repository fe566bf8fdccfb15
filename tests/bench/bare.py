"""What the gateway is measured against: a Django view that checks a key, inserts one row, and nothing else.

`granian … tests.bench.bare:application`, on the same database and with the same settings but for the middleware: none.
"""

import hashlib
import hmac
import os
import uuid

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []

from tests.bench.anchors import Line  # noqa: E402 - a model needs Django set up

KEY_HASH = hashlib.sha256(os.environ["BENCH_KEY"].encode()).hexdigest()


@csrf_exempt
def send(request: HttpRequest) -> HttpResponse:
    told = request.POST if request.method == "POST" else request.GET
    if not hmac.compare_digest(hashlib.sha256(told.get("token", "").encode()).hexdigest(), KEY_HASH):
        return JsonResponse({"status": "error"}, status=401)
    Line.objects.create(chat=1, external_id=uuid.uuid4().hex, direction="in", status="received", text=told["message"])
    answer = JsonResponse({"status": "success"})
    answer["Content-Length"] = str(len(answer.content))  # as the middleware that is not here would say
    return answer


def live(_: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("send", send), path("health/live", live)]
application = WSGIHandler()
