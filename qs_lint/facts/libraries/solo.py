"""django-solo."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, of

LIBRARY = Library(
    "django-solo",
    classes={
        "solo.models.SingletonModel": Class(
            frozenset({"model"}), methods={"get_solo": Method("evaluates", "instance")}
        ),
        "solo.admin.SingletonModelAdmin": of("admin", "process"),
    },
)
