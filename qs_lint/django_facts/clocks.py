"""Callables whose result is right only at the moment of the call."""

from __future__ import annotations

#: canonical name -> kind of value: clock, random, context (request, tenant, user, language)
VOLATILE: dict[str, str] = {
    "django.utils.timezone.now": "clock",
    "django.utils.timezone.localtime": "clock",
    "django.utils.timezone.localdate": "clock",
    "django.utils.timezone.get_current_timezone": "context",
    "django.utils.timezone.get_current_timezone_name": "context",
    "datetime.datetime.now": "clock",
    "datetime.datetime.today": "clock",
    "datetime.datetime.utcnow": "clock",
    "datetime.date.today": "clock",
    "time.time": "clock",
    "time.time_ns": "clock",
    "time.localtime": "clock",
    "time.gmtime": "clock",
    "time.monotonic": "clock",
    "time.strftime": "clock",
    "time.ctime": "clock",
    "arrow.now": "clock",
    "arrow.utcnow": "clock",
    "pendulum.now": "clock",
    "pendulum.today": "clock",
    "random.random": "random",
    "random.randint": "random",
    "random.randrange": "random",
    "random.choice": "random",
    "random.choices": "random",
    "random.sample": "random",
    "random.uniform": "random",
    "random.getrandbits": "random",
    "random.shuffle": "random",
    "secrets.token_hex": "random",
    "secrets.token_urlsafe": "random",
    "secrets.token_bytes": "random",
    "secrets.choice": "random",
    "secrets.randbelow": "random",
    "uuid.uuid1": "random",
    "uuid.uuid4": "random",
    "uuid.uuid7": "random",
    "os.getpid": "context",
    "threading.get_ident": "context",
    "django.contrib.sites.shortcuts.get_current_site": "context",
    "django.utils.crypto.get_random_string": "random",
    "django.utils.translation.get_language": "context",
    "django.utils.translation.gettext": "context",
    "django.utils.translation.ugettext": "context",
    "django.utils.translation.pgettext": "context",
    "django.utils.translation.ngettext": "context",
    "django.db.connection.get_tenant": "context",
    "crum.get_current_user": "context",
    "crum.get_current_request": "context",
    "django_currentuser.middleware.get_current_user": "context",
    "django_currentuser.middleware.get_current_authenticated_user": "context",
    "django_tenants.utils.get_tenant": "context",
    "django_scopes.get_scope": "context",
}

#: Attributes whose value is right only at the moment of the access.
VOLATILE_ATTRIBUTES: dict[str, str] = {
    "django.db.connection.tenant": "context",
    "django.db.connection.schema_name": "context",
}

#: Objects whose attributes (or ``get()``) belong to the current thread, task or request.
LOCALS = frozenset(
    {
        "threading.local",
        "asgiref.local.Local",
        "contextvars.ContextVar",
        "werkzeug.local.Local",
        "gevent.local.local",
    }
)

#: Calls that depend on nothing but their arguments, although a receiver looks like a clock.
#: A clock called with an argument that fixes it is no clock (``localtime(value)``).
FIXED_BY_ARGUMENT = frozenset(
    {
        "django.utils.timezone.localtime",
        "django.utils.timezone.localdate",
        "time.localtime",
        "time.gmtime",
        "time.ctime",
    }
)

#: What such a value is called in messages.
KINDS: dict[str, str] = {
    "clock": "the time of import",
    "random": "a value drawn once, at import",
    "context": "the context (language, tenant, user, site) of import",
}

#: Lazy wrappers around a callable: evaluated once, or whenever the object is used.
LAZY_WRAPPERS = frozenset(
    {"django.utils.functional.lazy", "django.utils.functional.SimpleLazyObject"}
)
