"""What is wrong with a page is seen when the tests take it apart, and what is right is read as a browser reads it."""

import pytest

from tests.client import Page

HEAD = '<!doctype html><html lang="vi"><head><title>Hồ sơ</title></head><body><h1>Hồ sơ</h1>'
END = "</body></html>"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>a", "</body> closes ['p']"),
        ("<p>a</b></p>", "</b> closes ['p']"),
        ('<p class="a" class="b">a</p>', "<p> says ['class'] twice"),
        ("<p>a < b</p>", "no mark begins so: < b"),
        ("<p class=a>a</p>", "no mark begins so: <p class=a>a"),
        ("<p class='a>a</p>", "no mark begins so: <p class='a>a"),
        ("<h1>b</h1>", "2 h1"),
        ('<p id="a">a</p><p id="a">b</p>', "the id 'a' stands 2 times"),
        ('<a href="#b">b</a>', "#b leads nowhere"),
        ('<form><input name="a"></form>', "no label: {'name': 'a'}"),
        ("<form><form></form></form>", "a form inside a form"),
    ],
)
def test_a_fault_is_seen(body: str, fault: str) -> None:
    assert fault in Page("/", f"{HEAD}{body}{END}").faults


def test_a_page_that_is_never_closed_or_called_otherwise_is_seen() -> None:
    assert Page("/", HEAD).faults == ["never closed: ['html', 'body']"]
    assert Page("/", f"{HEAD}{END}".replace("<h1>Hồ sơ", "<h1>Xã")).faults == [
        "the title 'Hồ sơ' does not begin with 'Xã'"
    ]


def test_what_stands_on_a_page_is_read() -> None:
    form = """<form action="/a?b=1&amp;c=2" method="post"><label for="t">T</label><textarea id="t" name="t">
  &lt;b&gt; &amp;</textarea><select name="s" aria-label="S"><option value="1">a</option><option value="2" selected>b
</option></select><input type='hidden' name="h" value='"'/><button name="go" value="yes">Gửi</button></form>"""
    page = Page("/", f"{HEAD}<!-- <p> --><script>if (1 < 2) {{ '<p>' }}</script><br>{form}<svg/>{END}")
    (sent,) = page.forms
    assert page.faults == []
    assert (sent.action, sent.method, sent.buttons) == ("/a?b=1&c=2", "post", [("go", "yes")])
    assert sent.values == [("t", "  <b> &"), ("s", "2"), ("h", '"')]
    assert page.links == []
