"""How a served portal answers while slow clients hold on to it: ``python -m bench.slow_clients ADDRESS``.

Each kind of slow client sends one byte a second, as slowhttptest does; meanwhile ``/healthz`` is asked over and over.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

SECONDS = 10.0
PROBES_A_SECOND = 20
GIVING_UP_SECONDS = 5.0
HEADERS = b"GET /healthz HTTP/1.1\r\nHost: portal.example\r\nX-Slow: "
UPLOAD = (
    b"POST /desk/login HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 1000000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nusername="
)
DOWNLOAD = b"GET /static/vendor/echarts/echarts.js HTTP/1.1\r\nHost: portal.example\r\n\r\n"


@dataclass(frozen=True)
class Answers:
    """What ``/healthz`` answered: times of the good ones in milliseconds, and how many failed."""

    milliseconds: list[float]
    failed: int

    def percentile(self, share: float) -> float:
        """The time within which ``share`` of all probes were answered; a failed one counts as the time given up."""
        times = sorted([*self.milliseconds, *[GIVING_UP_SECONDS * 1000] * self.failed])
        return times[min(len(times) - 1, int(share * len(times)))]


class Site:
    """An address to open connections to."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port

    async def probe(self) -> float:
        """Ask ``/healthz`` on a fresh connection and say how many milliseconds the answer took."""
        begun = time.perf_counter()
        async with asyncio.timeout(GIVING_UP_SECONDS):
            reader, writer = await asyncio.open_connection(self.host, self.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
        writer.close()
        if b" 200 " not in answer[:20]:
            raise ConnectionError(answer[:80])
        return (time.perf_counter() - begun) * 1000

    async def trickle(self, opening: bytes) -> None:
        """Send an opening and then a byte a second, until cancelled; come back when thrown out."""
        while True:
            try:
                _reader, writer = await asyncio.open_connection(self.host, self.port)
                writer.write(opening)
                while True:
                    await writer.drain()
                    await asyncio.sleep(1)
                    writer.write(b"a")
            except OSError:
                await asyncio.sleep(1)

    async def sip(self) -> None:
        """Ask for a large file and read it a few bytes a second."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(self.host, self.port, limit=1024)
                writer.write(DOWNLOAD)
                while await reader.read(16):
                    await asyncio.sleep(1)
            except OSError:
                await asyncio.sleep(1)


async def answers(site: Site, seconds: float = SECONDS) -> Answers:
    """Ask ``/healthz`` at a steady pace."""

    async def one(after: float) -> float | None:
        await asyncio.sleep(after)
        try:
            return await site.probe()
        except (OSError, TimeoutError):
            return None

    count = int(seconds * PROBES_A_SECOND)
    times = await asyncio.gather(*(one(number / PROBES_A_SECOND) for number in range(count)))
    good = [one for one in times if one is not None]
    return Answers(good, count - len(good))


async def under(site: Site, clients: int, slow: Callable[[], asyncio.Future[None]]) -> Answers:
    """Measure while ``clients`` slow ones are connected."""
    tasks = [slow() for _ in range(clients)]
    await asyncio.sleep(3)
    measured = await answers(site)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(1)
    return measured


async def throughput(site: Site, clients: int = 8, seconds: float = 5.0) -> float:
    """Answers a second to ``clients`` who ask without a pause, each time on a fresh connection."""
    until = time.perf_counter() + seconds

    async def ask() -> int:
        count = 0
        while time.perf_counter() < until:
            await site.probe()
            count += 1
        return count

    return sum(await asyncio.gather(*(ask() for _ in range(clients)))) / seconds


async def bare_throughput() -> float:
    """The same against a server that says the same bytes to everybody: what the clients themselves can do."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\nConnection: close\r\n\r\n" + b'{"status":"ok"}\n'
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        return await throughput(Site("127.0.0.1", port), seconds=2.0)


async def measure(site: Site) -> dict[str, float]:
    """Every figure of one server, and of the same undisturbed."""
    figures: dict[str, float] = {
        "answers_a_second": round(await throughput(site)),
        "bare_answers_a_second": round(await bare_throughput()),
        "undisturbed_p99_ms": round((await answers(site)).percentile(0.99), 1),
    }
    cases: dict[str, tuple[int, Callable[[], asyncio.Future[None]]]] = {
        "slow_headers": (200, lambda: asyncio.ensure_future(site.trickle(HEADERS))),
        "half_sent_uploads": (500, lambda: asyncio.ensure_future(site.trickle(UPLOAD))),
        "slow_readers": (200, lambda: asyncio.ensure_future(site.sip())),
    }
    for name, (clients, slow) in cases.items():
        measured = await under(site, clients, slow)
        middle = statistics.median(measured.milliseconds) if measured.milliseconds else float("nan")
        figures[f"{name}_median_ms"] = round(middle, 1)
        figures[f"{name}_p99_ms"] = round(measured.percentile(0.99), 1)
        figures[f"{name}_failed"] = measured.failed
    return figures


def main() -> None:
    """Measure the site at an address such as ``127.0.0.1:8000``."""
    host, _, port = sys.argv[1].partition(":")
    print(json.dumps(asyncio.run(measure(Site(host, int(port))))))


if __name__ == "__main__":
    main()
