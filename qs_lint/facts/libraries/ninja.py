"""django-ninja."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Class, Library, Method, each, every, of

_OPERATIONS = Class(methods=every("get post put patch delete api_operation", Method("answers")))

LIBRARY = Library(
    "django-ninja",
    callables={"ninja.pagination.paginate": Callee(behaves="pages")},
    classes={
        **each("ninja", "NinjaAPI Router", _OPERATIONS),
        **each(
            "ninja",
            "Schema ModelSchema FilterSchema",
            of("schema annotated annotated-text", "request"),
        ),
    },
    aliases={
        "ninja.main.NinjaAPI": "ninja.NinjaAPI",
        "ninja.router.Router": "ninja.Router",
        "ninja.schema.Schema": "ninja.Schema",
        "ninja.orm.ModelSchema": "ninja.ModelSchema",
    },
)
