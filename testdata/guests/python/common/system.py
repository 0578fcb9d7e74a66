"""Files and sockets, through Python's standard library."""

import os
import shutil
import socket

from rust import Log, kind_of


async def read(target):
    return logged("read", lambda: read_text(target.text("path")))


def logged(what, call):
    log = Log()
    log.system(what, call)
    return log.text


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


async def size(target):
    path = target.text("path")
    log = Log()
    log.system("size", lambda: len(read_bytes(path)))
    log.system("metadata", lambda: os.stat(path).st_size)
    return log.text


def names(path):
    with os.scandir(path) as entries:
        return sorted(entry.name + ("/" if entry.is_dir(follow_symlinks=False) else "") for entry in entries)


async def listing(target):
    return logged("list", lambda: names(target.text("path")))


async def tour(target):
    """Changes what is in a folder, which must be empty, in every way that the library has."""
    folder, log = target.text("path"), Log()

    def at(name):
        return os.path.join(folder, name)

    log.system("write", lambda: write("w", at("a.txt"), "hello"))
    log.system("create new", lambda: write("x", at("a.txt"), ""))
    log.system("append", lambda: write("a", at("a.txt"), ", world"))
    log.system("read", lambda: read_text(at("a.txt")))
    log.system("patch", lambda: patch(at("a.txt")))
    log.system("read", lambda: read_text(at("a.txt")))
    log.system("mkdir", lambda: os.makedirs(at("sub/deep")))
    log.system("rename", lambda: os.rename(at("a.txt"), at("sub/deep/b.txt")))
    log.system("link", lambda: os.link(at("sub/deep/b.txt"), at("c.txt")))
    log.system("copy", lambda: copy(at("c.txt"), at("d.txt")))
    log.system("list", lambda: names(folder))
    log.system("times", lambda: times(at("d.txt")))
    log.system("remove", lambda: os.remove(at("c.txt")))
    log.system("rmdir of a full one", lambda: os.rmdir(at("sub")))
    log.system("remove all", lambda: shutil.rmtree(at("sub")))
    log.system("outside", lambda: len(read_bytes(at("../../etc/passwd"))))
    log.system("list", lambda: names(folder))
    return log.text


def write(mode, path, text):
    with open(path, mode, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def patch(path):
    """Writes into the middle, reads back, and cuts."""
    with open(path, "r+b") as file:
        file.seek(7)
        file.write(b"W")
        file.seek(-5, os.SEEK_END)
        text = file.read().decode()
        file.truncate(8)
        return text, os.fstat(file.fileno()).st_size


def copy(source, target):
    shutil.copyfile(source, target)
    return os.stat(target).st_size


def times(path):
    os.utime(path, (1_000_000_000, 1_000_000_000))
    return int(os.stat(path).st_mtime)


def address(target):
    host, _, port = target.text("address").rpartition(":")
    return host, int(port)


async def tcp(target):
    """What a server sends back to a text and the end."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
            connection.connect(address(target))
            connection.sendall(target.text("text").encode())
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    except OSError as error:
        return f"error: {kind_of(error)}"


async def udp(target):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
            endpoint.sendto(target.text("text").encode(), address(target))
            text, (host, port) = endpoint.recvfrom(4096)
            return f"{text.decode()} from {host}:{port}"
    except OSError as error:
        return f"error: {kind_of(error)}"


ROUTES = {
    "/std/read": read,
    "/std/size": size,
    "/std/list": listing,
    "/std/tour": tour,
    "/tcp": tcp,
    "/udp": udp,
}
