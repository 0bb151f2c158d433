"""Channels."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each, of

_CONSUMER = of("consumer", "request")

LIBRARY = Library(
    "Channels",
    callables={"channels.db.database_sync_to_async": Callee(returns="first")},
    classes={
        **each("channels.consumer", "SyncConsumer AsyncConsumer", _CONSUMER),
        **each(
            "channels.generic.websocket",
            "WebsocketConsumer JsonWebsocketConsumer AsyncWebsocketConsumer "
            "AsyncJsonWebsocketConsumer",
            _CONSUMER,
        ),
        "channels.generic.http.AsyncHttpConsumer": _CONSUMER,
    },
)
