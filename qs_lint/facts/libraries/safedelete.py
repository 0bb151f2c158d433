"""django-safedelete."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

_MANAGER = Class(
    frozenset({"manager"}),
    "process",
    methods=every("all_with_deleted deleted_only", Method("lazy")),
)
_MANAGERS = {
    "objects": "safedelete.managers.SafeDeleteManager",
    "all_objects": "safedelete.managers.SafeDeleteAllManager",
    "deleted_objects": "safedelete.managers.SafeDeleteDeletedManager",
}

LIBRARY = Library(
    "django-safedelete",
    classes={
        "safedelete.models.SafeDeleteModel": Class(frozenset({"model"}), managers=_MANAGERS),
        **each(
            "safedelete.managers",
            "SafeDeleteManager SafeDeleteAllManager SafeDeleteDeletedManager",
            _MANAGER,
        ),
        "safedelete.queryset.SafeDeleteQueryset": Class(
            frozenset({"queryset"}), methods={"undelete": Method("writes")}
        ),
        "safedelete.admin.SafeDeleteAdmin": of("admin", "process"),
    },
    aliases={
        "safedelete.models.SafeDeleteManager": "safedelete.managers.SafeDeleteManager",
        "safedelete.models.SafeDeleteAllManager": "safedelete.managers.SafeDeleteAllManager",
        "safedelete.models.SafeDeleteDeletedManager": (
            "safedelete.managers.SafeDeleteDeletedManager"
        ),
        "safedelete.managers.SafeDeleteQueryset": "safedelete.queryset.SafeDeleteQueryset",
    },
)
