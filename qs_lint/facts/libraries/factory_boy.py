"""factory_boy: classes that make rows for tests."""

from __future__ import annotations

from qs_lint.facts.schema import Library, of

_FACTORY = of("test factory")

LIBRARY = Library(
    "factory_boy",
    classes={"factory.Factory": _FACTORY, "factory.django.DjangoModelFactory": _FACTORY},
    endings={"DjangoModelFactory": _FACTORY},
)
