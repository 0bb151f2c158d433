"""Channels: each connection has a consumer of its own."""

import asyncio

from channels.consumer import AsyncConsumer, SyncConsumer

APPS = ["channels"]


def served(cls):
    """How many consumers two connections are given by one application."""
    seen = []

    async def call(self, scope, receive, send):
        seen.append(self)

    application = type("Echo", (cls,), {"__call__": call}).as_asgi()
    for _ in range(2):
        asyncio.run(application({"type": "websocket"}, None, None))
    return len({id(each) for each in seen})


_NAMES = (
    "channels.consumer.SyncConsumer",
    "channels.consumer.AsyncConsumer",
    "channels.generic.websocket.WebsocketConsumer",
    "channels.generic.websocket.JsonWebsocketConsumer",
    "channels.generic.websocket.AsyncWebsocketConsumer",
    "channels.generic.websocket.AsyncJsonWebsocketConsumer",
    "channels.generic.http.AsyncHttpConsumer",
)
LIVES = {name: f"served(at({name!r}))" for name in _NAMES}
KINDS = dict.fromkeys(
    _NAMES, lambda cls: "consumer" if issubclass(cls, (SyncConsumer, AsyncConsumer)) else ""
)
BEHAVES = {"channels.db.database_sync_to_async": "asyncio.run(F(lambda: 1)()) == 1"}
