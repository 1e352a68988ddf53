"""Settings, read from the environment. Safe by default; what can be deployed wrongly has a system check.

Every variable is described in `.env.example`.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from metacity import env

BASE_DIR = Path(__file__).resolve().parent.parent

# `demo` seeds a fictional district, fills in a phone that checks identities, and listens on loopback only.
MODE = env.choice("METACITY_MODE", ("production", "demo", "test"), "production")
DEBUG = env.flag("DEBUG")
VAR_DIR = env.path("METACITY_VAR", BASE_DIR / "var")

# --- Address ---
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise ImproperlyConfigured(f"PUBLIC_URL={PUBLIC_URL!r} is not an http or https address.")
IS_HTTPS = _public.scheme == "https"

_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [_public.hostname, *(_LOOPBACK if MODE != "production" else [])]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # the proxy redirects; see the deployment notes
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and MODE != "production":
    SECRET_KEY = "metacity-" + MODE + "-key-which-protects-nothing-and-is-refused-in-production"
# Keys of their own, so that one can be changed without the others. See `accounts.identity`.
IDENTITY_HMAC_KEY = env.text("IDENTITY_HMAC_KEY") or (SECRET_KEY if MODE != "production" else "")

# --- Applications ---
INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "metacity.commons",
    "metacity.accounts",
    "twin.mirror",
    "twin.simulation",
    "participation.processes",
    "participation.proposals",
    "participation.worlds",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "metacity.urls"
ASGI_APPLICATION = "metacity.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "metacity.commons.context.page",
            ],
        },
    },
]

# --- Database ---


def database(url: str) -> dict[str, object]:
    """A Django database from `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)
            if parts.path.startswith("//")
            else str(BASE_DIR / unquote(parts.path).lstrip("/")),
            "OPTIONS": {
                # Writers queue instead of failing: with DEFERRED, two transactions that read first cannot both go on.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            "CONN_MAX_AGE": 0,
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
        }
    raise ImproperlyConfigured(f"DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgresql.")


DATABASES = {
    "default": database(env.text("DATABASE_URL", f"sqlite:////{str(VAR_DIR / 'metacity.sqlite3').lstrip('/')}"))
}
if MODE == "test" and DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Sockets, workers and browsers meet the tests' rows in a file; memory belongs to one connection.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: one address for layer, broker and cache ---
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379")


def redis_urls(url: str, database_number: int) -> dict[str, str]:
    """The same Redis database as redis-py and Celery each want to be told it.

    For a Unix socket channels_redis and redis-py take `unix://`, Celery takes `redis+socket://`.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return {
            "redis": f"unix://{parts.path}?db={database_number}",
            "celery": f"redis+socket://{parts.path}?virtual_host={database_number}",
        }
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured(f"REDIS_URL: {parts.scheme!r} is none of redis, rediss, unix.")
    plain = f"{parts.scheme}://{parts.netloc}/{database_number}"
    return {"redis": plain, "celery": plain}


# Separate database numbers, counted from the first; each test worker has its own three.
REDIS_FIRST_DATABASE = env.integer("REDIS_FIRST_DATABASE", 0)
_layer, _broker, _cache = (redis_urls(REDIS_URL, REDIS_FIRST_DATABASE + i) for i in range(3))

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [{"address": _layer["redis"], "max_connections": 1000}], "capacity": 1500, "expiry": 30},
    },
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache["redis"],
        "OPTIONS": {"max_connections": 1000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = _broker["celery"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

# --- People ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language and time ---
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
# One catalogue a room; message ids are English, Korean is in the catalogues.
LOCALE_PATHS = sorted(p for p in (BASE_DIR / "metacity" / "locale").iterdir() if p.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- Files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [p for p in (BASE_DIR / "static" / "dist", BASE_DIR / "static" / "public") if p.is_dir()]
MEDIA_ROOT = VAR_DIR / "media"
# Publications of cities: 3D tiles, vector tiles, height grids. Immutable, each under its own id.
PUBLICATIONS_ROOT = VAR_DIR / "publications"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- The service, as its citizens know it ---
SERVICE = {
    "name_ko": env.text("SERVICE_NAME_KO", "가온구 참여지도"),
    "name_en": env.text("SERVICE_NAME_EN", "Gaon-gu Participation Map"),
    "mark": env.text("SERVICE_MARK", ""),
    "colour": env.text("SERVICE_COLOUR", "#256ef4"),
    "office_ko": env.text("OFFICE_NAME_KO", "가온구청 도시참여과"),
    "office_en": env.text("OFFICE_NAME_EN", "Gaon-gu Office, Civic Participation Division"),
    "phone": env.text("OFFICE_PHONE", "02-0000-0000"),
    "email": env.text("OFFICE_EMAIL", "help@example.org"),
    "address_ko": env.text("OFFICE_ADDRESS_KO", "가온구 가온로 1"),
    "address_en": env.text("OFFICE_ADDRESS_EN", "1 Gaon-ro, Gaon-gu"),
}
# The line of official government sites on top of every page. Only a site of the government may claim it.
SERVICE_IS_OFFICIAL = env.flag("SERVICE_IS_OFFICIAL") and MODE != "demo"
# Page names, labels and icons. A page whose room is not installed is left out.
MAIN_MENU = [
    ("proposals:list", _("Ideas"), "idea"),
    ("processes:list", _("Projects"), "calendar"),
]
WAYS = [
    ("worlds:city", _("3D city"), "cube"),
    ("worlds:map", _("Map"), "map"),
    ("worlds:places", _("List"), "list"),
]
DEFAULT_FROM_EMAIL = SERVICE["email"]
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min", "user": "1200/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MetaCity",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
