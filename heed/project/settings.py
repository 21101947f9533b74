"""Django's settings, made from heed.kernel.config. Nothing but wiring."""

import sys
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote, urlsplit

try:
    import pysqlite3
    import pysqlite3.dbapi2
except ImportError:  # no wheel for this platform: the check below names the two ways out
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

import sqlite3

import django_prose_editor
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from heed.kernel import catalogues, lean
from heed.kernel.config import WrongSetting, config

lean.install()  # before the rooms are loaded: they have the dataclasses

BASE_DIR = Path(__file__).resolve().parents[2]
SAFE_SQLITE = (
    3,
    51,
    3,
)  # before it, several processes can corrupt a WAL database (sqlite.org/wal.html#walresetbug)


def check_sqlite(version: tuple[int, ...], journal: str) -> None:
    """Raise WrongSetting for a SQLite whose WAL can be corrupted, unless another journal is set."""
    if version < SAFE_SQLITE and journal == "wal":
        found = ".".join(map(str, version))
        raise WrongSetting(
            f"SQLite {found} can corrupt a database that several processes write (fixed in 3.51.3). Two ways out: "
            "HEED_DATABASE_URL=postgresql://… for PostgreSQL, or HEED_SQLITE_JOURNAL=delete, slower but safe."
        )


def check_language(code: str, known: Collection[str]) -> None:
    """Raise WrongSetting for a language that has no catalogue."""
    if code not in known:
        raise WrongSetting(f"HEED_LANGUAGE must be one of {', '.join(known)}, not {code!r}.")


def database(url: str) -> dict[str, object]:
    """Django's settings of the database that a URL names."""
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "heed.kernel.postgres",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "")
            or dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # Values apart from the statement, and one plan whatever they are, so that the server plans a page's reads
            # once a connection: planning them anew took a third of a conversation's page.
            "OPTIONS": {
                "prepare_threshold": 3,
                "server_side_binding": True,
                "options": "-c plan_cache_mode=force_generic_plan",
            },
        }
    check_sqlite(sqlite3.sqlite_version_info, config.sqlite_journal)
    path = unquote(parts.path)[1:] if url else str(config.folder / "heed.sqlite3")
    pragmas = f"PRAGMA journal_mode={config.sqlite_journal}; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
    }


SECRET_KEY = config.secret_bytes().decode()
DEBUG = bool(config.debug)
PUBLIC = urlsplit(config.public_url)
ALLOWED_HOSTS = (
    ["*"] if DEBUG else sorted({PUBLIC.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
)
CSRF_TRUSTED_ORIGINS = [config.public_url]
ROOT_URLCONF = "heed.project.urls"
ASGI_APPLICATION = "heed.project.asgi.application"
AUTH_USER_MODEL = "people.Agent"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(config.database_url)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "heed.eventlog",
    "heed.brands",
    "heed.people",
    "heed.conversations",
    "heed.triage",
    "heed.lists",
    "heed.intake",
    "heed.answering",
    "heed.promises",
    "heed.delivery",
    "heed.mailboxes",
    "heed.connecting",
    "heed.notifications",
    "heed.ui",
]

MIDDLEWARE = [
    "heed.project.compression.CompressPages",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "heed.web.speaking.Speak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(BASE_DIR.glob("heed/web/*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

AUTHENTICATION_BACKENDS = ["heed.web.accounts.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "heed.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
# Guessing is slow: each wrong password counts for its address and for its sender; see also Argon2 above.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
    "reset_password_from_key": "10/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the form writes to agents only, whatever a stranger enters
MFA_ADAPTER = "heed.web.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Heed"
MFA_TOTP_TOLERANCE = 1  # steps of half a minute: telephones are a little early or late
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin gave the address
EMAIL_BACKEND = "heed.web.accounts.mail.AccountMail"
DEFAULT_FROM_EMAIL = f"Heed <heed@{PUBLIC.hostname or 'localhost'}>"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/inbox/my-turn/"

# Only limits of tries use it, so that they hold across processes; a page that is read writes nothing there.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_tries",
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # a guesser fills fewer by the minute; then the oldest go
    }
}
SESSION_ENGINE = "heed.people.session_engine"
SESSION_COOKIE_AGE = 14 * 86_400  # seconds; without "stay logged in" it ends with the browser
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC.scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC.scheme == "https" else 0
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

STATIC_URL = "/static/"
# The editor's script alone is used of this package, so it is no app of ours.
STATICFILES_DIRS = [Path(django_prose_editor.__file__).parent / "static"]
MEDIA_ROOT = str(config.folder / "blobs")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "heed.ui.staticfiles.StaticFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = None

LANGUAGE_CODE = config.language
LANGUAGE_COOKIE_NAME = "heed_language"
FOUND = list(catalogues.catalogues())
catalogues.compile_missing(FOUND, own=config.folder / "locale")
LOCALE_PATHS = [config.folder / "locale", catalogues.LOCALE]
for one in FOUND:  # a language that Django has never heard of is one all the same
    known = LANG_INFO.setdefault(
        one.code, {"bidi": one.is_rtl, "code": one.code, "name": one.name or one.code}
    )
    known.setdefault("name_local", one.name or one.code)
LANGUAGES = [
    catalogues.SOURCE,
    *((one.code, one.name or LANG_INFO[one.code]["name_local"]) for one in FOUND),
]
check_language(LANGUAGE_CODE, dict(LANGUAGES))
LANGUAGES_BIDI = [one.code for one in FOUND if LANG_INFO[one.code].get("bidi")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # It calls each sender's missing or wrong key an error of ours; the message itself says how sure the desk is.
    "loggers": {"dkimpy": {"level": "CRITICAL"}},
}
