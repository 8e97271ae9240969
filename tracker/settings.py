"""Django's settings, in one file. They read the environment and start nothing."""

from datetime import timedelta
from pathlib import Path

from tracker import env

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.secret("DJANGO_SECRET_KEY")
DEBUG = env.flag("DJANGO_DEBUG", False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")
HTTPS = env.flag("HTTPS", False)
PROXIES = int(env.number("PROXIES", 0, least=0, most=5))

INSTALLED_APPS = [
    "tracker.desk.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "clinics.apps.ClinicsConfig",
]

MIDDLEWARE = [
    "tracker.powers.forbid_powers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinics.directory.publisher.publisher",
            ],
            "libraries": {
                "languages": "clinics.directory.language_tags",
                "understanding": "clinics.directory.understanding_tags",
            },
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", "postgresql://localhost/clinics")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", "redis://localhost:6379/0")
TICK_SECONDS = env.number("TICK_SECONDS", 60, least=1, most=3600)

# Django takes a server on this machine for granted; here no mail leaves unless one is named.
_MAIL = env.mail("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"], _MAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"], _MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL["EMAIL_USE_TLS"], _MAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "clinic-directory@localhost")

FETCH_TEST_SERVERS = env.text("FETCH_TEST_SERVERS", "")
FETCH_HOST_DELAY = env.number("FETCH_HOST_DELAY", 5, least=0, most=3600)
FETCH_CONTACT = env.text("FETCH_CONTACT", f"{PUBLIC_URL}/about/our-reader/")
PROPOSALS_PER_CLINIC = int(env.number("PROPOSALS_PER_CLINIC", 50, least=0, most=1000))
REGISTRY_CONNECTORS = env.names("REGISTRY_CONNECTORS", [])
SECOND_READER = env.text("SECOND_READER", "")
BROWSER_ENABLED = env.flag("BROWSER_ENABLED", False)
BROWSER_SANDBOX = env.flag("BROWSER_SANDBOX", True)
EVIDENCE_FOLDER = Path(env.text("EVIDENCE_FOLDER", str(Path(env.text("EMBEDDED_HOME", ".local")) / "evidence")))

DUMP_FOLDER = Path(env.text("DUMP_FOLDER", str(Path(env.text("EMBEDDED_HOME", ".local")) / "dumps")))
DATA_LICENCE = env.text("DATA_LICENCE", "")
PUBLISHER_NAME = env.text("PUBLISHER_NAME", "")
PUBLISHER_CONTACT = env.contact("PUBLISHER_CONTACT")
DEMONSTRATION = env.flag("DEMONSTRATION", False)

EVIDENCE_BUCKET = env.bucket("EVIDENCE_BUCKET", "")
EVIDENCE_BUCKET_ENDPOINT = env.text("EVIDENCE_BUCKET_ENDPOINT", "")
TIMESTAMP_URL = env.text("TIMESTAMP_URL", "")
TIMESTAMP_ROOTS = env.text("TIMESTAMP_ROOTS", "")
EVIDENCE_BUDGET_GB = env.number("EVIDENCE_BUDGET_GB", 50, least=0, most=1_000_000)
PUBLICATION_DELAY_MINUTES = env.number("PUBLICATION_DELAY_MINUTES", 15, least=0, most=1440)
CLAIMS_NEED_COUNSEL = env.flag("CLAIMS_NEED_COUNSEL", False)
RETENTION_DAYS = int(env.number("RETENTION_DAYS", 0, least=0, most=36500))

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Clinic directory",
    "DESCRIPTION": "Clinics, what they say, and what was checked: quoted, dated, sourced.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

PGHISTORY_APPEND_ONLY = True
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"])},
}
