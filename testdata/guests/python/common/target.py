"""What the request target asks for: a path and the query's parameters."""

from urllib.parse import parse_qsl, urlsplit


class Target:
    def __init__(self, path_with_query):
        parts = urlsplit(path_with_query)
        self.path = parts.path
        self.parameters = dict(parse_qsl(parts.query, keep_blank_values=True))

    def text(self, name):
        return self.parameters.get(name, "")

    def number(self, name):
        text = self.text(name)
        return int(text) if text.isdecimal() else 0
