"""The web server's way in: `granian --interface wsgi backoffice.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from backoffice.common.logs import name_process

name_process("panel")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")

application = get_wsgi_application()
