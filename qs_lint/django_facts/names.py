"""Canonical dotted names: one name for each thing, however it is imported."""

from __future__ import annotations

#: Longest prefix first: modules whose public names are re-exported by a shorter one.
PREFIXES: tuple[tuple[str, str], ...] = (
    ("django.contrib.gis.db.models.", "django.db.models."),
    ("django.contrib.gis.forms.", "django.forms."),
    ("django.contrib.gis.admin.", "django.contrib.admin."),
    ("rest_framework.fields.", "rest_framework.serializers."),
    ("rest_framework.relations.", "rest_framework.serializers."),
    ("rest_framework.viewsets.", "rest_framework.viewsets."),
    ("asgiref.sync.", "asgiref.sync."),
)

#: Below these modules, a class is known by its own name alone.
COLLAPSE: tuple[str, ...] = (
    "django.db.models",
    "django.views.generic",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth.models",
    "django.contrib.sitemaps",
    "django.contrib.syndication",
    "django.test",
    "django.core.paginator",
    "django.template",
    "django.http",
    "django.apps",
    "django.utils.functional",
    "django_filters",
)

EXACT: dict[str, str] = {
    "django.views.View": "django.views.generic.View",
    "django.contrib.gis.db.models": "django.db.models",
    "django.contrib.gis.forms": "django.forms",
    "django.contrib.gis.admin": "django.contrib.admin",
    "django.urls.conf.path": "django.urls.path",
    "django.urls.conf.re_path": "django.urls.re_path",
    "django.apps.registry.apps": "django.apps.apps",
    "django.contrib.auth.base_user.AbstractBaseUser": "django.contrib.auth.models.AbstractBaseUser",
    "django.contrib.auth.base_user.BaseUserManager": "django.contrib.auth.models.BaseUserManager",
    "django.template.loader.render_to_string": "django.template.loader.render_to_string",
    "six.moves.map": "builtins.map",
    "six.moves.filter": "builtins.filter",
    "six.moves.zip": "builtins.zip",
    "typing_extensions.TYPE_CHECKING": "typing.TYPE_CHECKING",
    "collections.abc.Iterable": "typing.Iterable",
    "cached_property.cached_property": "functools.cached_property",
    "django.utils.functional.cached_property": "functools.cached_property",
    "datetime.datetime.utcnow": "datetime.datetime.utcnow",
    "django.utils.timezone.datetime": "datetime.datetime",
    "django.utils.timezone.timedelta": "datetime.timedelta",
}


_KNOWN: dict[str, str] = {}


def canonical(dotted: str) -> str:
    """The canonical name of ``dotted``; unknown names are their own."""
    known = _KNOWN.get(dotted)
    if known is None:
        known = _KNOWN[dotted] = _canonical(dotted)
    return known


def _canonical(dotted: str) -> str:
    if dotted in EXACT:
        return EXACT[dotted]
    for prefix, short in PREFIXES:
        if dotted.startswith(prefix):
            dotted = short + dotted[len(prefix) :]
            break
    for package in COLLAPSE:
        if dotted.startswith(package + "."):
            rest = dotted[len(package) + 1 :].split(".")
            for index, part in enumerate(rest):
                if part[:1].isupper():
                    return ".".join([package, *rest[index:]])
            if package in ("django.db.models", "django.forms", "django.test") and len(rest) == 2:
                if rest[0] in _PLAIN_MODULES:
                    return f"{package}.{rest[1]}"
            break
    return EXACT.get(dotted, dotted)


#: Modules below a collapsed package whose functions are re-exported by it.
_PLAIN_MODULES = frozenset(
    {"query", "query_utils", "models", "formsets", "fields", "widgets", "forms", "deletion"}
)
