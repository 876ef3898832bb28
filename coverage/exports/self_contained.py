"""The last look at a page before it is written: would it fetch from another host."""

import re
from html.parser import HTMLParser

# Attributes that make a browser fetch something as soon as the page opens.
_FETCHING = frozenset({"src", "href", "srcset", "data", "poster", "background", "xlink:href"})
_LINKS = frozenset({"a", "area"})
_FORBIDDEN_TAGS = frozenset({"iframe", "frame", "object", "embed", "base", "link", "form"})
_STYLE_FETCH = re.compile(r"""@import|url\(\s*["']?(?!data:|#)[^)]*\)""", re.IGNORECASE)


def refuse_outside_hosts(page: str) -> None:
    """Raise RuntimeError, naming the spots, where HTML would make a browser fetch something.

    Looked at are elements, their attributes and all styles. Texts are not: a
    web address as plain text in a name or in a source's name fetches nothing.
    """
    finder = _Finder()
    finder.feed(page)
    finder.close()
    if finder.found:
        message = f"the page would fetch from outside: {'; '.join(finder.found[:5])}"
        raise RuntimeError(message)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in _FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._look_at_attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._look_at_style(data)

    def _look_at_attribute(self, tag: str, name: str, value: str) -> None:
        stays_here = value.startswith(("data:", "#"))
        if name in _FETCHING and tag not in _LINKS and not stays_here:
            self.found.append(f"<{tag} {name}={value[:80]!r}>")
        if name == "style":
            self._look_at_style(value)
        if name == "http-equiv" and value.lower() == "refresh":
            self.found.append("<meta refresh>")

    def _look_at_style(self, css: str) -> None:
        self.found += [match.group(0)[:80] for match in _STYLE_FETCH.finditer(css)]
