"""A guest of many routes; testdata/guests/README.md lists them.

The routes here are written on the SDK's buffered handler. Those that stream, or that need what it hides, are in streamed.py. What
the component has been granted is used in stores.py and system.py.
"""

import os
import time
from asyncio import gather, get_running_loop

from componentize_py_async_support import spawn
from componentize_py_types import Err
from spin_sdk import http, wit

import stores
import streamed
import system
from binding import GUEST, clock, environment
from target import Target


class HttpHandler(http.Handler):
    async def handle(self, request):
        target = Target(request.get_path_with_query() or "/")
        route = streamed.ROUTES.get(target.path)
        if route:
            return await route(request, target)
        return await super().handle(request)

    async def handle_request(self, request):
        target = Target(request.uri)
        text = stores.ROUTES.get(target.path) or system.ROUTES.get(target.path)
        if text:
            return plain(200, await text(target))
        route = ROUTES.get(target.path)
        return await route(target) if route else plain(404, "no such route")


def plain(status, text):
    return http.Response(status, {"content-type": "text/plain", "x-guest": GUEST}, text.encode())


async def hello(target):
    return plain(200, f"Hello, {GUEST}!")


async def env(target):
    # Not os.environ: Python reads that when the component is built.
    return plain(200, "".join(sorted(f"{key}={value}\n" for key, value in environment.get_environment())))


async def crash(target):
    os.abort()


async def loop(target):
    while True:
        pass


async def loop_host(target):
    while True:
        time.monotonic()


async def sleep(target):
    await clock.wait_for(target.number("ms") * 1_000_000)
    return plain(200, "slept")


async def timers(target):
    """Timers that run at once: the time of each, as they end."""
    ended = []

    async def run(ms):
        await clock.wait_for(ms * 1_000_000)
        ended.append(str(ms))

    await gather(*(run(i * target.number("ms")) for i in reversed(range(target.number("n")))))
    return plain(200, " ".join(ended))


async def never(target):
    _writer, reader = wit.byte_stream()
    await reader.read(1)


async def random(target):
    return plain(200, os.urandom(16).hex())


async def now(target):
    return plain(200, str(int(time.time())))


requests = 0


async def count(target):
    global requests
    requests += 1
    return plain(200, str(requests))


def get(url):
    return http.send(http.Request("GET", url, {}, None))


async def fanout(target):
    async def fetch():
        try:
            response = await get(target.text("url"))
        except Err as error:
            return streamed.describe_error(error)
        return "" if response.status == 200 else f"status {response.status}"

    n = target.number("n")
    errors = filter(None, await gather(*(fetch() for _ in range(n))))
    for error in errors:
        return plain(502, error)
    return plain(200, f"ok {n}")


async def race(target):
    """The first answer wins. The bindings cannot cancel a call, so the other request runs to its end."""
    winner = get_running_loop().create_future()

    async def run(url):
        try:
            result = await get(url)
        except Err as error:
            result = error
        if not winner.done():
            winner.set_result(result)

    spawn(run(target.text("a")))
    spawn(run(target.text("b")))
    result = await winner
    if isinstance(result, Err):
        return plain(502, streamed.describe_error(result))
    headers = {"content-type": result.headers.get("content-type", "application/octet-stream"), "x-guest": GUEST}
    return http.Response(result.status, headers, result.body)


async def background(target):
    """Answers, and goes on working when the response has ended."""

    async def work():
        await clock.wait_for(target.number("ms") * 1_000_000)
        try:
            response = await get(target.text("url"))
            print(f"background: {response.status}", flush=True)
        except Err as error:
            print(f"background: {streamed.describe_error(error)}", flush=True)

    spawn(work())
    return plain(200, "started")


waiting = []


async def barrier(target):
    """Waits until n requests are here. Each reads a stream of its own, into which the last one writes."""
    n = target.number("n")
    if len(waiting) + 1 < n:
        writer, reader = wit.byte_stream()
        waiting.append(writer)
        await reader.read(1)
    else:
        released = waiting[:]
        waiting.clear()
        for writer in released:
            await writer.write_all(b"!")
    return plain(200, f"met {n}")


ROUTES = {
    "/hello": hello,
    "/env": env,
    "/panic": crash,
    "/loop": loop,
    "/loop-host": loop_host,
    "/sleep": sleep,
    "/timers": timers,
    "/never": never,
    "/random": random,
    "/now": now,
    "/count": count,
    "/fanout": fanout,
    "/race": race,
    "/background": background,
    "/barrier": barrier,
}
