"""Settings for NEMO, reduced to what its timed services need; no plug-ins, no identity service."""

from pathlib import Path

from two_requests import NoMigrations, database

DATABASES = database()
MIGRATION_MODULES = NoMigrations()
SECRET_KEY = "for this scenario only"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "NEMO.urls"
AUTH_USER_MODEL = "NEMO.User"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
STATIC_URL = "/static/"
MEDIA_ROOT = str(Path(DATABASES["default"]["NAME"]).parent / "media")
LOGIN_URL = "login"
ALLOW_CONDITIONAL_URLS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = """
django.contrib.auth django.contrib.contenttypes django.contrib.sessions django.contrib.messages
django.contrib.staticfiles django.contrib.admin django.contrib.humanize
NEMO.apps.kiosk NEMO.apps.area_access NEMO rest_framework rest_framework.authtoken django_filters
mptt auditlog
""".split()
MIDDLEWARE = """
django.contrib.sessions.middleware.SessionMiddleware
django.contrib.auth.middleware.AuthenticationMiddleware
django.contrib.messages.middleware.MessageMiddleware
""".split()
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": """
                django.template.context_processors.request
                django.contrib.auth.context_processors.auth
                django.contrib.messages.context_processors.messages
                """.split()
        },
    }
]
