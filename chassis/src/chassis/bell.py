"""A loop that polls and may be woken: whoever has made work rings."""

import asyncio


class Bell:
    """One listener; a ring while nobody listens is heard the next time."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is work; look now."""
        self._rung.set()

    async def wait(self, pause: float) -> None:
        """Rest for `pause` seconds of real time, or until somebody rings."""
        try:
            await asyncio.wait_for(self._rung.wait(), pause)
        except TimeoutError:
            return
        self._rung.clear()
