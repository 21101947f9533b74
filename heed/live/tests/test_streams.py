"""A browser that reads too slowly is told to start anew, and costs no more memory than that."""

import asyncio

from heed.live.streams import WAITING_PIECES, Message, Stream, beginning, change, reset


class Line:
    """A connection whose other end reads only when told to."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.sent: list[bytes] = []
        self.is_ended = False

    async def send(self, message: Message) -> None:
        await self.free.wait()
        self.sent.append(message.get("body", b""))
        self.is_ended = message.get("more_body") is False


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_comes_while_the_line_is_busy_is_sent_together() -> None:
    async def story() -> None:
        line = Line()
        line.free.set()
        stream = Stream("session", line.send)
        stream.put(change(1, "a", 5), up_to=1)
        await stream.open(beginning(0))
        stream.put(change(2, "b", 5), up_to=2)
        await settled()
        assert b"".join(line.sent) == beginning(0) + change(1, "a", 5) + change(2, "b", 5)

    asyncio.run(story())


def test_too_much_for_a_slow_reader_becomes_one_reset() -> None:
    async def story() -> None:
        line = Line()
        line.free.set()
        stream = Stream("session", line.send)
        await stream.open(beginning(0))
        await settled()
        line.free.clear()
        for number in range(1, 3 * WAITING_PIECES):
            stream.put(change(number, "a", 5), up_to=number)
            await settled()
        line.free.set()
        await settled()
        text = b"".join(line.sent).decode()
        assert text.count("event: reset") == 1
        last = 3 * WAITING_PIECES - 1
        told = [int(block.split("id: ")[1].split("\n")[0]) for block in text.split("\n\n") if "id: " in block]
        assert told == sorted(told)
        assert told[-1] == last
        assert len(told) < 2 * WAITING_PIECES
        assert reset(1).startswith(b"id: 1\nevent: reset\ndata: ")

    asyncio.run(story())


def test_a_stream_that_is_closed_says_what_it_has_to_say_and_no_more() -> None:
    async def story() -> None:
        line = Line()
        line.free.set()
        stream = Stream("session", line.send)
        await stream.open(beginning(0))
        stream.put(change(1, "a", 5), up_to=1)
        stream.close()
        stream.put(change(2, "b", 5), up_to=2)
        await settled()
        assert line.is_ended
        assert b"".join(line.sent) == beginning(0) + change(1, "a", 5)

    asyncio.run(story())
