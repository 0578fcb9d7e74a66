"""Answers in the words of the Rust guests, so that one expectation holds for all languages."""

import errno
import json
import re

from componentize_py_types import Err


class Unit:
    """What a function returns that returns nothing."""


class Option:
    def __init__(self, value):
        self.value = value


def debug(value):
    """The value as Rust's {:?} shows it."""
    match value:
        case Unit():
            return "()"
        case Option(value=None):
            return "None"
        case Option(value=some):
            return f"Some({debug(some)})"
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            return "(" + ", ".join(map(debug, value)) + ")"
        case bytes() | list():
            return "[" + ", ".join(map(debug, value)) + "]"
    return str(value)


def case_of(error):
    """The name of a variant's case, as WIT writes it."""
    name = type(error).__name__.partition("_")[2]
    return re.sub(r"(?<=.)([A-Z])", r"-\1", name).lower()


KINDS = {
    errno.ENOENT: "NotFound",
    errno.EEXIST: "AlreadyExists",
    errno.EPERM: "PermissionDenied",
    errno.EACCES: "PermissionDenied",
    errno.ENOTCAPABLE: "PermissionDenied",
    errno.ENOTDIR: "NotADirectory",
}


def kind_of(error):
    """The kind of an operating system's error."""
    return KINDS.get(error.errno, "Uncategorized")


class Log:
    """A line for each call."""

    def __init__(self):
        self.text = ""

    def line(self, what, value):
        self.text += f"{what}: {debug(value)}\n"

    def error(self, what, name):
        self.text += f"{what}: error {name}\n"

    def system(self, what, call):
        """Calls a function of the standard library."""
        try:
            value = call()
        except OSError as error:
            self.error(what, kind_of(error))
        else:
            self.line(what, Unit() if value is None else value)

    async def host(self, what, call, convert=lambda value: value):
        """Awaits a call of a host function, whose errors are variants."""
        try:
            value = convert(await call)
        except Err as error:
            text = getattr(error.value, "value", None)
            self.error(what, debug(case_of(error.value) if text is None else text))
        else:
            self.line(what, value)
