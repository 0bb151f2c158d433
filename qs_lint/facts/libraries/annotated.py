"""Packages whose classes read their own annotations while they are made."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each, of

_READER = Callee(behaves="annotation-reader")
_ANNOTATED = of("annotated annotated-text")
_WHY = "the package is not among those of the tests"

LIBRARY = Library(
    "attrs, pydantic and others",
    callables={
        **each("attr", "s attrs define dataclass", _READER),
        **each("attrs", "define frozen mutable", _READER),
        "pydantic.dataclasses.dataclass": _READER,
        "pydantic.validate_call": _READER,
        **each("strawberry", "type input interface", _READER),
    },
    classes={
        "msgspec.Struct": _ANNOTATED,
        **each("pydantic", "BaseModel RootModel", _ANNOTATED),
        "pydantic_settings.BaseSettings": _ANNOTATED,
        "sqlmodel.SQLModel": _ANNOTATED,
    },
    unproven=dict.fromkeys(
        [
            "attr.s",
            "attr.attrs",
            "attr.define",
            "attr.dataclass",
            "attrs.define",
            "attrs.frozen",
            "attrs.mutable",
            "msgspec.Struct",
            "pydantic.BaseModel",
            "pydantic.RootModel",
            "pydantic.dataclasses.dataclass",
            "pydantic.validate_call",
            "pydantic_settings.BaseSettings",
            "sqlmodel.SQLModel",
            "strawberry.input",
            "strawberry.interface",
            "strawberry.type",
        ],
        _WHY,
    ),
)
