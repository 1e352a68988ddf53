"""Settings, read from the environment. Safe by default; what can be deployed wrongly has a system check.

Every variable is described in `.env.example`.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from metacity import env
from metacity.commons import logs

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
SECURE_SSL_REDIRECT = False  # the proxy redirects
# Whether a proxy of ours stands in front and says, in headers that nobody else can set, who asks and how.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What Django would advise and does not apply: the proxy redirects to https (W008), and other sites of the city's domain
# are not ours to bind to it (W005) or to enter into the browsers' lists (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
# Origins that a form of ours may lead to by redirection: where people sign in elsewhere.
CSP_FORM_ACTION = env.words("CSP_FORM_ACTION") or [
    f"{origin.scheme}://{origin.netloc}" for origin in [urlsplit(env.text("OIDC_SERVER_URL"))] if origin.netloc
]

SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY and MODE != "production":
    SECRET_KEY = "metacity-" + MODE + "-key-which-protects-nothing-and-is-refused-in-production"
# Keys of their own, so that one can be changed without the others. See `accounts.identity`.
IDENTITY_HMAC_KEY = env.text("IDENTITY_HMAC_KEY") or (SECRET_KEY if MODE != "production" else "")

# --- Applications ---
INSTALLED_APPS = [
    "daphne",
    "metacity.accounts.admin_apps.AdminConfig",
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
    "participation.moderation",
    "participation.processes",
    "participation.proposals",
    "participation.deliberation",
    "participation.voting",
    "participation.worlds",
    "participation.presence",
    "participation.meetings",
]

MIDDLEWARE = [
    "metacity.commons.http.RequestId",
    "metacity.commons.http.SecurityHeaders",
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
    "metacity.commons.http.Refusals",
]
CSRF_FAILURE_VIEW = "metacity.commons.views.csrf_failure"

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
            # Four slashes for a path from the root, three for one in the project.
            "NAME": str((Path("/") if parts.path.startswith("//") else BASE_DIR) / unquote(parts.path).lstrip("/")),
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
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# A message that waits longer than to the next one is worth nothing.
CELERY_BEAT_SCHEDULE = {
    "requeue lost jobs": {"task": "commons.requeue_lost_jobs", "schedule": 15.0, "options": {"expires": 15}},
    "prune": {"task": "commons.prune", "schedule": 3600.0, "options": {"expires": 3600}},
    "remind of deadlines": {"task": "proposals.remind", "schedule": 3600.0, "options": {"expires": 3600}},
    "see off the silent": {"task": "meetings.see_off", "schedule": 30.0, "options": {"expires": 30}},
    "forget people": {"task": "accounts.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "end temporary measures": {"task": "moderation.end_measures", "schedule": 300.0, "options": {"expires": 300}},
    "forget city files": {"task": "mirror.forget_files", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget drafts": {"task": "proposals.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "votes": {"task": "voting.keep_time", "schedule": 15.0, "options": {"expires": 15}},
    # At fixed times, so that the moment at which turnout is told says nothing of the moment of a ballot.
    "turnout of votes": {
        "task": "voting.tell_turnouts",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 300},
    },
}
# A worker says every so often that it lives; work unheard of for longer goes to another.
JOBS_HEARTBEAT_S = 10.0
JOBS_LEASE_S = 45.0

# --- Events ---
EVENTS_HEARTBEAT_S = 5.0
EVENTS_RECHECK_S = 60.0
EVENTS_KEPT_DAYS = 7

# --- People in the city ---
PRESENCE_REDIS_URL = _layer["redis"]
# A school or a phone network may share one address.
PRESENCE_SOCKETS_AN_ADDRESS = env.integer("PRESENCE_SOCKETS_AN_ADDRESS", 200)

# --- People ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["metacity.accounts.backends.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if MODE == "test":  # hundreds of people are made; a slow hash for each would be most of the time
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# One proxy in front tells the visitor's address; otherwise nobody's word is taken for it.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_ADAPTER = "metacity.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "metacity.accounts.adapter.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "metacity.accounts.forms.EmailJoinFields"
ACCOUNT_FORMS = {
    "login": "metacity.accounts.entry_forms.LoginForm",
    "signup": "metacity.accounts.entry_forms.SignupForm",
    "add_email": "metacity.accounts.entry_forms.AddEmailForm",
    "change_password": "metacity.accounts.entry_forms.ChangePasswordForm",
    "set_password": "metacity.accounts.entry_forms.SetPasswordForm",
    "reset_password": "metacity.accounts.entry_forms.ResetPasswordForm",
    "reset_password_from_key": "metacity.accounts.entry_forms.ResetPasswordKeyForm",
    "reauthenticate": "metacity.accounts.entry_forms.ReauthenticateForm",
    "confirm_email_verification_code": "metacity.accounts.entry_forms.EmailCodeForm",
    "confirm_password_reset_code": "metacity.accounts.entry_forms.ResetCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True
# Six digits, as people know them from text messages; three wrong ones end the process.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _public.scheme
MFA_ADAPTER = "metacity.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "metacity.accounts.entry_forms.SecondFactorForm",
    "reauthenticate": "metacity.accounts.entry_forms.SecondFactorAgainForm",
    "activate_totp": "metacity.accounts.entry_forms.ActivateTotpForm",
    "deactivate_totp": "metacity.accounts.entry_forms.DeactivateTotpForm",
    "generate_recovery_codes": "metacity.accounts.entry_forms.RecoveryCodesForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.text("SERVICE_NAME_KO", "가온구 참여지도")
MFA_TOTP_TOLERANCE = 1
# How people identify ("본인확인하고 계속"), in the order in which they are offered it. See `accounts.identity.base`.
IDENTITY_PROVIDERS = env.words("IDENTITY_PROVIDERS") or [
    *(["metacity.accounts.identity.demo.DemoPhoneProvider"] if MODE != "production" else []),
    "metacity.accounts.identity.openid.OpenIdProvider",
    "metacity.accounts.identity.desk.DeskProvider",
]
SOCIALACCOUNT_ADAPTER = "metacity.accounts.identity.openid.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "identity",
                    "name": env.text("OIDC_NAME", "OpenID Connect"),
                    "client_id": env.text("OIDC_CLIENT_ID"),
                    "secret": env.text("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": env.text("OIDC_SERVER_URL")},
                }
            ],
        }
    }
    if env.text("OIDC_SERVER_URL")
    else {}
)
# Which claim says what: `ci=…, name=…, birth_date=…` (or `birth_year=…`), `district=…`; a dot goes into a nested claim.
IDENTITY_OPENID_CLAIMS = env.pairs("OIDC_CLAIMS", "ci=ci,name=name,birth_date=birthdate,district=address.locality")
# Turns name, birth date and a namesake's number into a CI: `module.function`. See `accounts.services.desk`.
DESK_CI_RESOLVER = env.text("DESK_CI_RESOLVER") or (
    "metacity.accounts.services.desk.identity_of_paper"
    if MODE == "production"
    else "metacity.accounts.identity.demo.demo_ci"
)
# An address that nobody confirmed is somebody else's until shown otherwise: such an account is forgotten.
UNCONFIRMED_ACCOUNT_DAYS = env.integer("UNCONFIRMED_ACCOUNT_DAYS", 3)
DESK_CODE_DAYS = env.integer("DESK_CODE_DAYS", 7)
GUARDIAN_LINK_DAYS = env.integer("GUARDIAN_LINK_DAYS", 7)
# Neighbourhoods, Korean name = English name.
DISTRICTS = env.pairs("DISTRICTS", "가온1동=Gaon 1-dong,가온2동=Gaon 2-dong,강변동=Gangbyeon-dong,뫼산동=Moesan-dong")
PRIVACY_POLICY_SINCE = env.text("PRIVACY_POLICY_SINCE", "2026-01-01")
PRIVACY_OFFICER = {
    "title_ko": env.text("PRIVACY_OFFICER_KO", "가온구청 도시참여과장"),
    "title_en": env.text("PRIVACY_OFFICER_EN", "Head of the Civic Participation Division, Gaon-gu Office"),
}

# --- The office's time: see `commons.workdays` and `proposals.clock` ---
# Beside weekends and public holidays: temporary holidays that the government declares, and the office's own days.
OFFICE_CLOSED_DAYS = env.dates("OFFICE_CLOSED_DAYS")
# Working days in which a proposal with enough supports is answered, unless its project says otherwise.
ANSWER_DAYS = env.integer("ANSWER_DAYS", 20)
EXTENSION_DAYS = env.integer("EXTENSION_DAYS", 10)
MOST_EXTENSIONS = env.integer("MOST_EXTENSIONS", 1)
# An interim answer promises the final one within so many working days.
INTERIM_DAYS = env.integer("INTERIM_DAYS", 60)
# How many working days before the end the office is reminded, the earliest first.
REMINDER_DAYS = (7, 3)

# --- Language and time ---
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
# One catalogue a room; message ids are English, Korean is in the catalogues.
LOCALE_PATHS = sorted(p for p in (BASE_DIR / "metacity" / "locale").iterdir() if p.is_dir())
FORMAT_MODULE_PATH = ["metacity.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

# --- Files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [p for p in (BASE_DIR / "static" / "dist", BASE_DIR / "static" / "public") if p.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# In production `collectstatic` gathers and compresses; elsewhere files are served from where they are built.
WHITENOISE_USE_FINDERS = MODE != "production"
WHITENOISE_AUTOREFRESH = DEBUG
# Built files carry a hash of their content in their name, fonts their version in their path.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(assets/.+-[\w-]{8}\.|fonts/[^/]+-\d)"
MEDIA_ROOT = VAR_DIR / "media"
# Publications of cities: 3D tiles, vector tiles, height grids. Immutable, each under its own id.
PUBLICATIONS_ROOT = VAR_DIR / "publications"
# City files that were handed in and wait to be read. Nobody but the workers of this installation reads them.
DELIVERIES_ROOT = env.path("CITY_DELIVERIES", VAR_DIR / "deliveries")
# How large the files of one delivery may be, all together. Larger cities come by the command `import_city`.
CITY_UPLOAD_MB = env.integer("CITY_UPLOAD_MB", 4096)
# What any other form may send.
UPLOAD_MB = 200
# Uploads are written to disk as they arrive; the first handler refuses those that are too large before that.
FILE_UPLOAD_HANDLERS = [
    "metacity.commons.uploads.Bound",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# --- Logs ---
LOGGING = logs.configuration(
    json=MODE == "production",
    level=env.choice(
        "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="WARNING" if MODE == "test" else "INFO"
    ),
)

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
    ("voting:list", _("Votes"), "vote"),
    ("meetings:list", _("Meetings"), "people"),
]
# The page with the search line that the header leads to.
SEARCH = [("proposals:list", _("Search"), "search")]
WAYS = [
    ("worlds:city", _("3D city"), "cube"),
    ("worlds:map", _("Map"), "map"),
    ("worlds:places", _("List"), "list"),
]
DEFAULT_FROM_EMAIL = SERVICE["email"]
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "metacity.accounts.demo_mail.DemoMailBackend"
    if MODE == "demo"
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["metacity.commons.api.SignedInBySession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["metacity.commons.api.CarefulJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "metacity.commons.api.NumberedPages",
    "PAGE_SIZE": 20,
    "EXCEPTION_HANDLER": "metacity.commons.api.exception_handler",
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
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
    # Fields of one name with different choices: what each is called in the description.
    "ENUM_NAME_OVERRIDES": {
        "PhaseKindEnum": "participation.processes.kinds.PhaseKind",
        "ProcessKindEnum": "participation.processes.kinds.ProcessKind",
        "PlaceKindEnum": "participation.proposals.models.proposals.PlaceKind",
        "ProposalStateEnum": "participation.proposals.states.State",
        "CityImportStateEnum": "twin.mirror.models.CityImport.State",
        "DeliveryStateEnum": "twin.mirror.deliveries.models.Delivery.State",
        "PublicationStateEnum": "twin.mirror.models.Publication.State",
        "SecurityEnum": "twin.mirror.models.Security",
        "RunStateEnum": "twin.simulation.models.Run.State",
        "CityObjectKindEnum": "twin.mirror.vocabulary.KIND_LABELS",
        "LevelEnum": "participation.processes.kinds.Level",
        "MeasureEnum": "participation.moderation.outcomes.Outcome",
        "CaseStateEnum": "participation.moderation.models.cases.Case.State",
        "AppealStateEnum": "participation.moderation.models.appeals.Appeal.State",
        "CommentStateEnum": "participation.deliberation.models.Comment.State",
        "AnswerStateEnum": "participation.proposals.models.answers.Answer.State",
        "PollStateEnum": "participation.voting.states.State",
        "PollOutcomeEnum": "participation.voting.outcome.Outcome",
        "LookEnum": "participation.presence.models.Look",
        "MeetingStateEnum": "participation.meetings.kinds.MeetingState",
        "SpeechKindEnum": "participation.meetings.kinds.SpeechKind",
        "RestrictionKindEnum": "participation.meetings.kinds.RestrictionKind",
    },
}

# --- Simulation: limits of one engine's process ---
SIMULATION_MEMORY_MB = env.integer("SIMULATION_MEMORY_MB", 4096)
SIMULATION_TIME_S = env.integer("SIMULATION_TIME_S", 600)

# --- Imports of cities: limits of the process that reads one delivery ---
CITY_IMPORT_MEMORY_MB = env.integer("CITY_IMPORT_MEMORY_MB", 8192)
CITY_IMPORT_TIME_S = env.integer("CITY_IMPORT_TIME_S", 14_400)
