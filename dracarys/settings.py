"""Settings, in reading order. Every switch is an environment variable; nothing exists only in production.

Importing this module needs no URL and starts nothing: linters and build steps import it too.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ

from dracarys import storage
from dracarys.db import patience

# Makes ModelAdmin[…] and its like subscriptable, as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- What this process is -------------------------------------------------------------------------
# ZERO_SETUP is set by `make run`: plain http on loopback, mail kept in a folder, readable in the browser.
ZERO_SETUP = env.bool("DRACARYS_ZERO_SETUP", default=False)
DEBUG = env.bool("DEBUG", default=False)
# Linters and build steps need no key; a web process does not start without one.
NO_SECRET_KEY = "unset"  # noqa: S105
SECRET_KEY = env.str("SECRET_KEY", default=NO_SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand in front: their number of X-Forwarded-For entries is believed, no more.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- Apps -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "dracarys.db",
    "dracarys",
    "accounts",
    "billing",
    "gamification",
    "learning",
    "community",
    "sessions",
    "dracarys.admin_site.DracarysAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
]
MIDDLEWARE = [
    "dracarys.request_id.RequestIdMiddleware",
    # Headers stand around everything that answers by itself: a redirect to https, a file, an error page.
    "dracarys.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dracarys.legible.LegibleMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dracarys.health.HealthMiddleware",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dracarys.db.middleware.ActorMiddleware",
    "dracarys.headers.SignOutMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "accounts.middleware.WelcomeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dracarys.errors.WrongMethodMiddleware",
]
ROOT_URLCONF = "dracarys.urls"
WSGI_APPLICATION = "dracarys.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["dracarys.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dracarys.context.site",
            ],
        },
    }
]

# --- Database -------------------------------------------------------------------------------------
# Our backend is Django's for PostgreSQL plus names, ON DELETE in the database and the acting user in BEGIN.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default="postgres://localhost/dracarys")
}
PGBOUNCER = env.bool("PGBOUNCER", default=False)
# For jobs and commands; `dracarys.wsgi` sets shorter ones, because a person waits.
_PATIENCE = patience.options(env.str("STATEMENT_TIMEOUT", "30s"), env.str("LOCK_TIMEOUT", "10s"), PGBOUNCER)
DATABASES["default"] |= {
    "ENGINE": "dracarys.db.backend",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=240),
    "CONN_HEALTH_CHECKS": True,
    # Behind PgBouncer in transaction mode a server-side cursor outlives its connection.
    "DISABLE_SERVER_SIDE_CURSORS": PGBOUNCER,
    # What the address itself asks for comes last and counts: sslmode=require, say.
    "OPTIONS": _PATIENCE | DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and queue ------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "dracarys.cache.DegradingRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = REDIS_URL or "memory://"

# --- Who you are ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.authentication.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "home"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.LoginForm",
    "signup": "accounts.sign_in_forms.SignupForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {
    "login": "20/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/h/ip",
    "reset_password": "10/h/ip,3/h/key",
    "confirm_email": "3/10m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_SAVE_EVERY_REQUEST = False

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail -----------------------------------------------------------------------------------------
# Views only write to the outbox; the worker sends. In the zero-setup run it "sends" into a folder.
MAILBOX_PATH = env.str("MAILBOX_PATH", default="")
if MAILBOX_PATH:
    EMAIL_BACKEND = "dracarys.mailbox.FolderBackend"
    EMAIL_FILE_PATH = MAILBOX_PATH
else:
    _mail = env.email_url("EMAIL_URL", default="consolemail://")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
    EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
    EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
    EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Dracarys <hello@dracarys.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
# Hashed, compressed and cached for good once `collectstatic` ran; straight from the folder before, looked at
# at each request, so that an edited file is served whole.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ZERO_SETUP or DEBUG
# Nothing of ours is for the pages of others.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Uploaded files -------------------------------------------------------------------------------
# A folder, unless STORAGE_URL names a bucket.
MEDIA_ROOT = env.str("FILES_PATH", default=str(BASE_DIR / "media"))
STORAGES = storage.storages(env.str("STORAGE_URL", default=""), hashed=not (ZERO_SETUP or DEBUG))

# --- Security -------------------------------------------------------------------------------------
# The zero-setup run and DEBUG speak plain http on loopback; everywhere else https only.
HTTPS = not (ZERO_SETUP or DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Every cookie has its name here. With the prefix a browser refuses one that is not bound to this host.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}language"
MESSAGES_COOKIE_NAME = f"{_HOST}messages"
THEME_COOKIE_NAME = f"{_HOST}theme"
MESSAGE_STORAGE = "dracarys.notices.NoticeStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dracarys.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
_IN_MEMORY = "django.core.files.uploadhandler.MemoryFileUploadHandler"
FILE_UPLOAD_HANDLERS = [_IN_MEMORY, "dracarys.storage.OnTheWay"]
_NOTHING = ("default-src", "base-uri", "frame-ancestors", "object-src")
_OURS = ("script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{name: ["'none'"] for name in _NOTHING},
        **{name: ["'self'"] for name in _OURS},
        "img-src": ["'self'", "data:"],
    }
}

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "dracarys.request_id.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"dracarys": {"level": "INFO"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
