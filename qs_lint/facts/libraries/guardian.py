"""django-guardian."""

from __future__ import annotations

from qs_lint.facts.schema import Library, each, of

_MANAGER = of("manager", "process")

LIBRARY = Library(
    "django-guardian",
    classes={
        **each("guardian.models", "UserObjectPermission GroupObjectPermission", of("model")),
        **each(
            "guardian.models",
            "UserObjectPermissionBase GroupObjectPermissionBase BaseObjectPermission",
            of("model"),
        ),
        **each(
            "guardian.managers",
            "UserObjectPermissionManager GroupObjectPermissionManager",
            _MANAGER,
        ),
        "guardian.admin.GuardedModelAdmin": of("admin", "process"),
    },
)
