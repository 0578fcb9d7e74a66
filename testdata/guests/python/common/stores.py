"""Variables, key-value stores and SQLite databases, through the SDK."""

from componentize_py_types import Err, Ok
from spin_sdk import key_value, sqlite, variables

from rust import Log, Option, Unit, case_of, debug


async def variable(target):
    try:
        return "ok: " + await variables.get(target.text("name"))
    except Err as error:
        return f"{case_of(error.value)}: {error.value.value}"


def unit(_value):
    return Unit()


async def tour(_target):
    """Calls every function, and leaves the store "default" as it was if that was empty."""
    log = Log()
    await log.host("open unlisted", key_value.open("unlisted"), unit)
    try:
        store = await key_value.open_default()
    except Err as error:
        log.error("open default", debug(case_of(error.value)))
        return log.text

    async def keys():
        stream, result = await store.get_keys()
        found = await collect(stream)
        outcome = await result.read()
        if isinstance(outcome, Err):
            raise outcome
        return sorted(found)

    with store:
        await log.host("delete a", store.delete("a"), unit)
        await log.host("exists a", store.exists("a"))
        await log.host("get a", store.get("a"), Option)
        await log.host("keys", keys())
        await log.host("set a", store.set("a", b"one"), unit)
        await log.host("keys", keys())
        await log.host("exists a", store.exists("a"))
        await log.host("get a", store.get("a"), Option)
        await log.host("set a", store.set("a", bytes([0, 255])), unit)
        await log.host("get a", store.get("a"), Option)
        await log.host("set empty", store.set("", b""), unit)
        await log.host("get empty", store.get(""), Option)
        large = bytes([7]) * (1 << 20)
        await log.host("set large", store.set("large", large), unit)
        await log.host("get large", store.get("large"), lambda value: value == large)
        await log.host("keys", keys())
        for key in ["a", "a", "", "large"]:
            await log.host("delete", store.delete(key), unit)
        await log.host("keys", keys())
    await log.host("open second", key_value.open("second"), unit)
    return log.text


async def collect(stream):
    """All items of a stream."""
    items = []
    with stream:
        while not stream.writer_dropped:
            items += await stream.read(64)
    return items


async def get(target):
    try:
        with await key_value.open(target.text("store")) as store:
            value = await store.get(target.text("key"))
    except Err as error:
        return f"error {debug(getattr(error.value, 'value', case_of(error.value)))}"
    return "none" if value is None else value.decode()


async def set(target):
    try:
        with await key_value.open(target.text("store")) as store:
            await store.set(target.text("key"), target.text("value").encode())
    except Err as error:
        return f"error {debug(getattr(error.value, 'value', case_of(error.value)))}"
    return "set"


def show_error(error):
    """An error of SQLite as Rust shows it."""
    case = type(error).__name__.partition("_")[2]
    text = getattr(error, "value", None)
    return f"Error::{case}" if text is None else f"Error::{case}({debug(text)})"


def show_value(value):
    case = type(value).__name__.partition("_")[2]
    return f"Value::{case}({debug(value.value)})" if hasattr(value, "value") else f"Value::{case}"


async def run(target):
    """Runs statements one after the other."""
    try:
        with await sqlite.Connection.open(target.text("db")) as db:
            text = "".join([await execute(db, sql) for sql in target.text("sql").splitlines()])
            return f"{text}rowid {await db.last_insert_rowid()} changes {await db.changes()}\n"
    except Err as error:
        return show_error(error.value) + "\n"


async def execute(db, sql):
    columns, stream, result = await db.execute(sql, [])
    text = debug(columns)
    for row in await collect(stream):
        text += " [" + ", ".join(map(show_value, row.values)) + "]"
    outcome = await result.read()
    end = "Ok(())" if isinstance(outcome, Ok) else f"Err({show_error(outcome.value)})"
    return f"{text} {end}\n"


ROUTES = {"/v3": variable, "/3/tour": tour, "/3/get": get, "/3/set": set, "/run": run}
