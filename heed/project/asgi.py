"""The ASGI application: who answers which address."""

import os
from typing import cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - needs the apps to be ready, as all below
from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: E402 - as above

from heed.live.events import Events  # noqa: E402 - as above
from heed.live.static import Static  # noqa: E402 - as above
from heed.project.pages import Message, Pages, Receive, Send  # noqa: E402 - as above
from heed.ui.staticfiles import StaticFiles  # noqa: E402 - as above


class Desk:
    """`/events` is the live stream, `/static/` are files, the rest are Django's pages."""

    def __init__(self) -> None:
        self._events = Events()
        self._files = Static(cast(StaticFiles, staticfiles_storage).handed_over())
        self._pages = Pages()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"nothing here speaks {scope['type']}")
        elif scope["path"] == "/events":
            await self._events(scope, receive, send)
        elif scope["path"].startswith(settings.STATIC_URL):
            await self._files(scope["path"].removeprefix(settings.STATIC_URL), scope, send)
        else:
            await self._pages(scope, receive, send)

    async def close_streams(self) -> None:
        """End every event stream: browsers come back to the next process."""
        await self._events.close_streams()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._events.start()
            else:
                await self._events.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


application = Desk()
