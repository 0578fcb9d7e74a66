"""The routes that stream, and those that need what the SDK's buffered handler hides."""

import sys
from urllib.parse import urlsplit

from componentize_py_async_support import spawn
from componentize_py_types import Err, Ok
from spin_sdk import wit

from binding import GUEST, client, clock, result_future, trailers_future, types

CHUNK = 64 * 1024


def describe_error(error):
    """The case of the error code that a call failed with. Setters fail without one."""
    return "the host refuses the URL" if error.value is None else repr(error.value)


def no_trailers():
    return trailers_future(lambda: Ok(None))[1]


def consume(message):
    """The body and the trailers of a request or a response."""
    return type(message).consume_body(message, result_future(lambda: Ok(None))[1])


def respond(status, body, trailers, content_type="text/plain", more_headers=()):
    headers = [("content-type", content_type.encode()), ("x-guest", GUEST.encode()), *more_headers]
    response, _sent = types.Response.new(types.Fields.from_list(headers), body, trailers)
    response.set_status_code(status)
    return response


def plain(status, text):
    return streaming(lambda body: body.write_all(text.encode()), status)


def streaming(write, status=200):
    """Answers at once with a body that `write` goes on writing after the handler returned."""
    writer, reader = wit.byte_stream()

    async def run():
        with writer:
            await write(writer)

    spawn(run())
    return respond(status, reader, no_trailers())


def content_type(message):
    values = message.get_headers().get("content-type")
    return values[0].decode() if values else "application/octet-stream"


async def echo(request, target):
    """Copies the body piece by piece, then the trailers."""
    kind = content_type(request)
    announced = [("trailer", value) for value in request.get_headers().get("trailer")]
    source, source_trailers = consume(request)
    writer, reader = wit.byte_stream()
    trailers_writer, trailers = trailers_future(lambda: Ok(None))

    async def copy():
        with source, writer:
            while not source.writer_dropped and not writer.reader_dropped:
                await writer.write_all(await source.read(16 * 1024))
        await trailers_writer.write(await source_trailers.read())

    spawn(copy())
    return respond(200, reader, trailers, kind, announced)


METHODS = {
    types.Method_Get: "GET",
    types.Method_Head: "HEAD",
    types.Method_Post: "POST",
    types.Method_Put: "PUT",
    types.Method_Delete: "DELETE",
    types.Method_Connect: "CONNECT",
    types.Method_Options: "OPTIONS",
    types.Method_Trace: "TRACE",
    types.Method_Patch: "PATCH",
}


async def headers(request, target):
    method, scheme = request.get_method(), request.get_scheme()
    pseudo = {
        ":method": method.value if isinstance(method, types.Method_Other) else METHODS[type(method)],
        ":path": request.get_path_with_query(),
        ":scheme": scheme.value
        if isinstance(scheme, types.Scheme_Other)
        else {types.Scheme_Http: "http", types.Scheme_Https: "https"}.get(type(scheme)),
        ":authority": request.get_authority(),
    }
    lines = [f"{name}: {value}\n" for name, value in pseudo.items() if value is not None]
    fields = request.get_headers().copy_all()
    lines += sorted(f"{name}: {value.decode(errors='replace')}\n" for name, value in fields)
    return plain(200, "".join(lines))


async def outbound(request, target):
    """Hands the ends of the host's own streams on, so that no byte of a body passes through Python."""
    url = urlsplit(target.text("url"))
    fields, body, trailers = types.Fields(), None, no_trailers()
    post = isinstance(request.get_method(), types.Method_Post)
    if post:
        fields.append("content-type", content_type(request).encode())
        body, trailers = consume(request)
    forward, _sent = types.Request.new(fields, body, trailers, None)
    try:
        forward.set_method(types.Method_Post() if post else types.Method_Get())
        forward.set_scheme(types.Scheme_Https() if url.scheme == "https" else types.Scheme_Http())
        forward.set_authority(url.netloc or ":80")
        forward.set_path_with_query((url.path or "/") + (f"?{url.query}" if url.query else ""))
        response = await client.send(forward)
    except Err as error:
        return plain(502, describe_error(error))
    status, kind = response.get_status_code(), content_type(response)
    return respond(status, *consume(response), kind)


async def slow_body(request, target):
    chunks, ms = target.number("chunks"), target.number("ms")

    async def write(body):
        for i in range(chunks):
            if i > 0:
                await clock.wait_for(ms * 1_000_000)
            await body.write_all(f"chunk {i}\n".encode())
            if body.reader_dropped:
                print("client left", file=sys.stderr, flush=True)
                return

    return streaming(write)


async def send_bytes(request, target):
    total = target.number("n")
    # Any chunk is a slice of this: the pattern repeats every 251 bytes.
    pattern = bytes(range(251)) * (CHUNK // 251 + 2)

    async def write(body):
        for offset in range(0, total, CHUNK):
            start = offset % 251
            await body.write_all(pattern[start : start + min(CHUNK, total - offset)])
            if body.reader_dropped:
                return

    return streaming(write)


async def no_read(request, target):
    return plain(200, "ignored")


async def no_response(request, target):
    raise Err(types.ErrorCode_InternalError("the request asked for no response"))


async def bad_header(request, target):
    """What the host says to headers that no response may carry."""
    attempts = {
        "name": lambda: types.Fields.from_list([("bad header\n", b"x")]),
        "value": lambda: types.Fields.from_list([("x-bad", b"bad\nvalue")]),
        "forbidden": lambda: types.Fields.from_list([("connection", b"close")]),
        "immutable": lambda: request.get_headers().append("x-more", b"x"),
    }
    answers = {
        types.HeaderError_InvalidSyntax: "invalid-syntax",
        types.HeaderError_Forbidden: "forbidden",
        types.HeaderError_Immutable: "immutable",
        types.HeaderError_SizeExceeded: "size-exceeded",
        types.HeaderError_Other: "other",
    }
    lines = []
    for what, attempt in attempts.items():
        try:
            attempt()
            answer = "ok"
        except Err as error:
            answer = answers[type(error.value)]
        lines.append(f"{what}: {answer}\n")
    return plain(200, "".join(lines))


def empty(status):
    """An answer without a body. Fails if the host refuses the status."""
    response, _sent = types.Response.new(types.Fields.from_list([("x-guest", GUEST.encode())]), None, no_trailers())
    response.set_status_code(status)
    return response


async def status(request, target):
    code = target.number("code")
    try:
        return empty(min(code, 0xFFFF))
    except Err:
        return plain(400, f"the host refuses status {code}")


async def stdout(request, target):
    print(target.text("text"), flush=True)
    print("err:" + target.text("text"), file=sys.stderr, flush=True)
    return empty(204)


ROUTES = {
    "/echo": echo,
    "/headers": headers,
    "/outbound": outbound,
    "/slow-body": slow_body,
    "/spawn": slow_body,
    "/bytes": send_bytes,
    "/no-read": no_read,
    "/no-response": no_response,
    "/bad-header": bad_header,
    "/status": status,
    "/stdout": stdout,
}
