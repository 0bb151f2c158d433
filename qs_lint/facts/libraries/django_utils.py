"""Django: apps, commands, tests, the cache, ``django.utils``."""

from __future__ import annotations

from qs_lint.facts.libraries.python import REST
from qs_lint.facts.schema import Callee, Library, each, of

_SHOWN = Callee(peeks=(0,), returns="scalar")
_KEEPS = Callee((1, "value"), returns="none", keeps=True)
_CONTEXT = Callee(volatile="context")
_FIXABLE = Callee(volatile="clock", fixed=True)
_COMMAND = of("command")

LIBRARY = Library(
    "Django",
    callables={
        "django.setup": Callee(behaves="setup"),
        "django.core.cache.cache.set": _KEEPS,
        "django.core.cache.cache.add": _KEEPS,
        "django.core.cache.cache.get_or_set": Callee((1,), returns="scalar"),
        "django.utils.html.format_html_join": Callee((2, "args_generator"), returns="scalar"),
        "django.utils.html.format_html": Callee(peeks=REST, returns="scalar"),
        **each("django.utils.html", "escape conditional_escape", _SHOWN),
        "django.utils.safestring.mark_safe": _SHOWN,
        **each("django.utils.encoding", "force_str smart_str", _SHOWN),
        "django.utils.crypto.get_random_string": Callee(volatile="random", behaves="identity"),
        "django.utils.timezone.now": Callee(volatile="clock"),
        "django.utils.timezone.localtime": Callee(volatile="clock", fixed=True),
        "django.utils.timezone.localdate": Callee(volatile="date", fixed=True),
        **each("django.utils.timezone", "get_current_timezone get_current_timezone_name", _CONTEXT),
        **each(
            "django.utils.translation", "get_language gettext ugettext pgettext ngettext", _CONTEXT
        ),
        "django.utils.functional.SimpleLazyObject": Callee(behaves="lazy-object"),
        "django.utils.functional.lazy": Callee(behaves="lazy-function"),
        "django.utils.functional.classproperty": Callee(behaves="class-property"),
        "django.utils.decorators.classproperty": Callee(behaves="class-property"),
        "django.utils.lru_cache.lru_cache": Callee(memoises="process", behaves="memoiser"),
    },
    classes={
        "django.apps.AppConfig": of("app-config", "process"),
        **each("django.core.management.base", "BaseCommand AppCommand LabelCommand", _COMMAND),
        "django.core.management.BaseCommand": _COMMAND,
        **each(
            "django.test",
            "SimpleTestCase TestCase TransactionTestCase LiveServerTestCase",
            of("test"),
        ),
        "django.utils.functional.LazyObject": of("lazy-object", "process"),
    },
    aliases={
        "django.utils.functional.cached_property": "functools.cached_property",
        "django.utils.timezone.datetime": "datetime.datetime",
        "django.utils.timezone.timedelta": "datetime.timedelta",
    },
    flat=("django.apps", "django.test", "django.utils.functional"),
    endings={"AppConfig": of("app-config", "process"), "Command": _COMMAND},
    unproven={
        "django.utils.lru_cache.lru_cache": "gone since Django 3.0",
        "django.utils.decorators.classproperty": "gone since Django 3.1",
        "django.utils.translation.ugettext": "gone since Django 4.0",
    },
)
