"""django-import-export."""

from __future__ import annotations

from qs_lint.facts.schema import Library, each, of

LIBRARY = Library(
    "django-import-export",
    classes={
        **each(
            "import_export.admin",
            "ImportExportModelAdmin ImportExportActionModelAdmin ExportActionModelAdmin",
            of("admin", "process"),
        ),
        **each("import_export.forms", "ImportForm ExportForm", of("form", "request")),
    },
)
