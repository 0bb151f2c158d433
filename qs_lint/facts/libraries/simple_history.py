"""django-simple-history."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Class, Library, Method, every, of

_METHODS = every("as_instances latest_of_each", Method("lazy"))

LIBRARY = Library(
    "django-simple-history",
    callables={
        "simple_history.register": Callee(
            behaves="brings-manager",
            gives="simple_history.models.HistoricalRecords",
            attribute=("manager_name", "history"),
        )
    },
    classes={
        # on the class of a model, what stands there is a manager of the historical rows
        "simple_history.models.HistoricalRecords": Class(
            frozenset({"manager"}),
            "process",
            foreign_rows=True,
            methods={
                **_METHODS,
                "as_of": Method("lazy", filters=True),
            },
        ),
        "simple_history.manager.HistoryManager": Class(
            frozenset({"manager"}), "process", foreign_rows=True, methods=_METHODS
        ),
        "simple_history.manager.HistoricalQuerySet": Class(
            frozenset({"queryset"}), methods=_METHODS
        ),
        "simple_history.models.HistoricForeignKey": of("model-field"),
        "simple_history.admin.SimpleHistoryAdmin": of("admin", "process"),
    },
)
