"""One settings file; all that differs between installations comes from the environment (`env.py`).

The defaults are the embedded product: one machine, SQLite, simulator, nothing else installed.
"""

import logging
from pathlib import Path
from typing import Any

import dj_database_url

from backoffice import env
from backoffice.look import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
VERSION = "0.1.0"  # also in pyproject.toml; copies say which one made them

# --- what kind of installation this is -------------------------------------------------------
DEBUG = env.flag("DEBUG", False)
PRODUCTION = env.choice("ENVIRONMENT", "embedded", ("embedded", "production")) == "production"
DEMO = env.flag("DEMO", not PRODUCTION)
SIMULATOR = env.flag("SIMULATOR", not PRODUCTION)
PORT = env.integer("PORT", 8000, least=1, most=65535)
HOST = env.text("HOST", "127.0.0.1")
PUBLIC_URL = env.url("PUBLIC_URL", f"http://127.0.0.1:{PORT}", ("http", "https")).rstrip("/")
SIMULATOR_URL = env.url("SIMULATOR_URL", f"http://127.0.0.1:{PORT}", ("http", "https")).rstrip("/")
SIMULATOR_REFUSES_REPEATS = env.flag("SIMULATOR_REFUSES_REPEATS", True)  # WhatsApp by QR does not (design 3, «doubt»)
REHEARSAL = "bot.rehearsal"  # who answers when staff try the menus (docs/adr/0014)

SECRET_KEY = env.secret("SECRET_KEY", VAR_DIR / "secret_key", required=PRODUCTION)
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS", [])  # those from before; they still open what they closed
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", HOST])
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL])
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.WrongSetting("ALLOWED_HOSTS", "", "la lista de dominios del panel (es obligatoria en producción)")

# --- what it is made of ----------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # our own site (PanelSite) takes the place of its default one
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.inlines",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "backoffice.admin_site.PanelConfig",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "simple_history",
    "django_q",
    # Ours, in the order of their imports: each may import those above it, none below.
    "backoffice.common",
    "backoffice.accounts",
    "backoffice.company",
    "backoffice.connections",
    "backoffice.mail",
    "backoffice.channels",
    "backoffice.catalog",
    "backoffice.customers",
    "backoffice.network",
    "backoffice.dialogs",
    "backoffice.conversations",
    "backoffice.agents",
    "backoffice.tickets",
    "backoffice.billing",
    "backoffice.sales",
    "backoffice.notices",
    "backoffice.operations",
    "backoffice.safekeeping",
    "backoffice.panel",
    "backoffice.simulator",
    "backoffice.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "backoffice.notices.middleware.GatewayShortcut",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backoffice.accounts.policy.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backoffice.company.middleware.CompanyTimezone",
    "backoffice.accounts.middleware.StaffSessions",
    "backoffice.accounts.middleware.ForcedPasswordChange",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Overrides of unfold's templates must be here: from an app listed after unfold they are ignored.
        "DIRS": [BASE_DIR / "backoffice" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database --------------------------------------------------------------------------------
_default_database = VAR_DIR / ("demo.sqlite3" if DEMO else "mostrador.sqlite3")
_database_url = env.url("DATABASE_URL", f"sqlite:///{_default_database}", ("sqlite", "postgres", "postgresql"))
_database: dict[str, Any] = dict(dj_database_url.parse(_database_url))
IS_SQLITE = _database["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # WAL and IMMEDIATE together end "database is locked" (reference/admin-stack.md 5).
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;"
        "PRAGMA wal_autocheckpoint=4000;",  # 16 MB: in a big database the pages of many chats are carried over together
    }
    _database["CONN_MAX_AGE"] = None
    if _database["NAME"] not in ("", ":memory:"):
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    _options = _database.setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", 5)  # a server that is gone says nothing
    _options.setdefault("options", "-c jit=off")  # compiling a plan takes 100 ms, which no query of ours pays back
DATABASES = {"default": _database}

BOT_DISPATCHERS = env.integer("BOT_DISPATCHERS", 1, least=1, most=16)
BURST_PERCENT = env.integer("BURST_PERCENT", 100, least=0, most=300)  # of the 2 to 6 s that gather a burst

REDIS_URL = env.text("REDIS_URL")
if REDIS_URL:
    env.url("REDIS_URL", "", ("redis", "rediss", "unix"))
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# `retry` must exceed `timeout` plus the wait in the queue, or a task runs twice (admin-stack.md 4).
Q_CLUSTER: dict[str, Any] = {
    "name": "mostrador",
    "label": "Tareas",
    "workers": env.integer("WORKERS", 1, least=1, most=32),
    "timeout": 3600,  # a copy of a big database in one piece; its job says how it goes
    "retry": 4200,
    "max_attempts": 3,
    "queue_limit": 10,
    "poll": 0.5,
    "catch_up": False,
    "ack_failures": True,
    "save_limit": 500,
} | ({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"})

# --- language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "es-ar"
LANGUAGES = [("es-ar", "Español")]  # with English in the list, English browsers would get an English panel
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "backoffice" / "locale"]
FORMAT_MODULE_PATH = ["backoffice.formats"]
USE_THOUSAND_SEPARATOR = False
USE_TZ = True
TIME_ZONE = "UTC"  # stored in UTC; Company.timezone is activated in middleware, bot and tasks

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "backoffice" / "static"]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR_DIR / "backups")))  # better on another disk
MEDIA_URL = "/archivos/"  # served by a view that checks permission, never as plain files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURES_DIR = BASE_DIR / "fixtures"
MANUAL_DIR = BASE_DIR / "docs" / "manual"  # what staff read; the panel shows it
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # the simulator's API carries media as base64

# --- security --------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 10 * 3600  # of no use; once inside, the hours that «Seguridad y acceso» says
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", PRODUCTION)
BEHIND_PROXY = env.flag("BEHIND_PROXY", PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000 if PRODUCTION else 0, least=0, most=63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
X_FRAME_OPTIONS = "SAMEORIGIN" if SIMULATOR else "DENY"  # the simulator's page shows chats beside each other

# --- live pages ------------------------------------------------------------------------------
PANEL_TICK = env.integer("PANEL_TICK", 2, least=0, most=60)  # seconds; see backoffice/panel/tick.py

# --- who watches this installation -----------------------------------------------------------
METRICS_TOKEN = env.text("METRICS_TOKEN")  # absent: /health/metrics is only for staff

# --- who helps the people of this installation (ISPBOT-END-02); what is empty is not shown -------
SUPPORT = {
    "whatsapp": env.phone("SUPPORT_WHATSAPP"),
    "email": env.text("SUPPORT_EMAIL"),
    "docs": env.url("SUPPORT_DOCS", "", ("http", "https")),
}

# --- logs ------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
logging.captureWarnings(True)  # Python's own warnings are lines like any other
LOG_FORMAT = env.choice("LOG_FORMAT", "json" if PRODUCTION else "text", ("json", "text"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "backoffice.common.logs.JsonLines"},
        "text": {"()": "backoffice.common.logs.TextLines"},
    },
    "filters": {"hide_keys": {"()": "backoffice.notices.logs.HideKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["hide_keys"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        "django": {"handlers": [], "level": LOG_LEVEL},  # its own console and its mails would write everything twice
        "django.request": {"filters": ["hide_keys"]},  # writes the address of what it refuses
    },
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
SIMPLE_HISTORY_REVERT_DISABLED = False
