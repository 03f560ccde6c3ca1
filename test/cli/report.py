"""Whether a page stands by itself: every tag closed, nothing that runs or is loaded, the policy first, its level first."""
import html.parser
import sys

EMPTY = {"meta", "br"}
FORBIDDEN = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.policy = [], [], ""

    def handle_starttag(self, tag, attributes):
        assert tag not in FORBIDDEN, tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name not in ("style", "src", "action", "srcset"), name
            if name in ("href", "xlink:href"):
                assert value.startswith("#"), value
        named = dict(attributes)
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        whole = file.read()
    page = Page()
    page.feed(whole)
    page.close()
    assert not page.open, page.open
    assert page.policy.startswith("default-src 'none'; style-src 'unsafe-inline'"), page.policy
    assert whole.startswith("<!doctype html>\n<html lang=\"")
    for turns in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f":
        assert turns not in whole
    print(" ".join(" ".join(page.text).split()))
