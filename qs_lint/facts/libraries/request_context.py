"""Packages that keep the current user, tenant or request where everybody can ask for it."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each, of

_ABSENT = "not installed for the tests"
_CONTEXT = Callee(volatile="context")

LIBRARY = Library(
    "django-crum, django-currentuser, django-tenants, django-scopes, werkzeug, gevent",
    callables={
        **each("crum", "get_current_user get_current_request", _CONTEXT),
        **each(
            "django_currentuser.middleware",
            "get_current_user get_current_authenticated_user",
            _CONTEXT,
        ),
        "django.db.connection.get_tenant": _CONTEXT,
        "django_tenants.utils.get_tenant": _CONTEXT,
        "django_scopes.get_scope": _CONTEXT,
    },
    classes={"werkzeug.local.Local": of("local"), "gevent.local.local": of("local")},
    unproven={
        "crum.*": _ABSENT,
        "django_currentuser.*": _ABSENT,
        "django.db.connection.get_tenant": _ABSENT,
        "django_tenants.*": _ABSENT,
        "django_scopes.*": _ABSENT,
        "werkzeug.*": _ABSENT,
        "gevent.*": _ABSENT,
    },
)
