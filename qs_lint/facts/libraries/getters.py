"""Packages that find models and classes by name: django-oscar, swapper."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library

_ABSENT = "not installed for the tests"

LIBRARY = Library(
    "django-oscar, swapper",
    callables={
        "oscar.core.loading.get_model": Callee(behaves="model-getter"),
        "oscar.core.loading.get_class": Callee(behaves="class-getter", below="oscar.apps"),
        "swapper.load_model": Callee(behaves="model-getter"),
    },
    unproven={"oscar.*": _ABSENT, "swapper.*": _ABSENT},
)
