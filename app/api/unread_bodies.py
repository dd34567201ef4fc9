"""Takes in what is left of a refused body, within bounds, so that its sender can read the answer."""

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.body_limits import announces_body, declared_length


class UnreadBodies:
    """ASGI middleware that takes in a little of a body nobody read before its answer goes out.

    A client that is still sending would otherwise lose the answer when the connection is cut; one that
    goes on sending without end is cut off all the same.

    Parameters
    ----------
    app : ASGIApp
        What stands behind.
    most_bytes : int
        What is read and dropped at most.
    time_s, pause_s : float
        How long it may take, in all and until more comes.
    """

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = 64 * 1024 * 1024, time_s: float = 5.0, pause_s: float = 0.5
    ) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.time_s = time_s
        self.pause_s = pause_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and drop what it left unread."""
        if scope["type"] != "http" or not announces_body(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        unread = True

        async def receive_noting() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread and message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def send_after_reading(message: Message) -> None:
            nonlocal unread
            if message["type"] == "http.response.start" and unread:
                if not await self._drop(scope, receive_noting):
                    message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
                unread = False
            await send(message)

        await self.app(scope, receive_noting, send_after_reading)

    async def _drop(self, scope: Scope, receive: Receive) -> bool:
        """Read and drop what is left of a body; False when it goes on for too long."""
        headers = Headers(scope=scope)
        # Who waits for 100 Continue has sent nothing yet.
        if "expect" in headers or (declared_length(headers) or 0) > self.most_bytes:
            return False
        n_bytes = 0
        with anyio.move_on_after(self.time_s):
            while n_bytes <= self.most_bytes:
                with anyio.move_on_after(self.pause_s) as pause:
                    message = await receive()
                if pause.cancelled_caught:
                    return False
                n_bytes += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return True
        return False
