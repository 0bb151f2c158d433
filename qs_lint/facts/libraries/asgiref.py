"""asgiref, which Django's asynchronous half stands on."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, of

LIBRARY = Library(
    "asgiref",
    callables={
        "asgiref.sync.sync_to_async": Callee(returns="first"),
        "asgiref.sync.async_to_sync": Callee(behaves="to-sync"),
    },
    classes={"asgiref.local.Local": of("local")},
)
