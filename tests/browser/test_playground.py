"""The page "Try it" in a real browser: ``nox -s browser``.

``QS_LINT_SITE`` is the built site with the playground, ``QS_LINT_CHROMIUM`` a browser to use in
place of Playwright's own.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect, sync_playwright

POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
POLICY += "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
BUG = """\
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = sorted(Order.objects.all(), key=lambda order: order.number)
"""
LONG = 90_000  # ms: a machine with little to spare


class Handler(http.server.SimpleHTTPRequestHandler):
    """The site's files under a strict policy."""

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The site, served from this machine."""
    handler = functools.partial(Handler, directory=os.environ["QS_LINT_SITE"])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    """The page, loaded, and nothing asked of another host, and no network since."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("QS_LINT_CHROMIUM"), args=["--no-sandbox"]
        )
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        errors: list[str] = []

        def note(request: Request) -> None:
            asked.append(request.url)

        context.on("request", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/try/")
        button = page.get_by_role("button", name="Load the linter")
        expect(button).to_be_visible()
        assert not [url for url in asked if "pyodide" in url]
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Python code")).to_be_visible(timeout=LONG)
        expect(page.locator(".try-status")).to_contain_text("Found 1 problem", timeout=LONG)
        assert [url for url in asked if url.endswith("pyodide.asm.wasm")]
        assert not [url for url in asked if not url.startswith((address, "blob:", "data:"))]
        context.set_offline(True)
        yield page
        assert not errors
        browser.close()


def test_the_story(page: Page) -> None:
    """Type the bug, see E5801, apply the fix, see nothing."""
    page.get_by_role("tab", name="example.py").click()
    page.get_by_label("Python code").fill("")
    expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
    page.keyboard.insert_text(BUG)
    expect(page.locator("article h3 a")).to_contain_text("E5801", timeout=LONG)
    assert "^^^" in page.locator("article pre").inner_text()
    expect(page.locator("article ol li").first).to_be_visible()
    page.get_by_role("button", name="Apply fix").press("Enter")
    expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
    assert "def get_queryset(self)" in page.get_by_label("Python code").input_value()


def test_a_link_carries_the_text(page: Page) -> None:
    """What the address says is shown in another tab, too."""
    page.get_by_label("Python code").fill(BUG)
    page.get_by_role("button", name="Link to this text").click()
    expect(page.locator(".try-status")).to_contain_text("carries the text")
    carried = page.evaluate("location.hash")
    assert carried.startswith("#code=")
    page.get_by_label("Python code").fill("x = 1\n")
    expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
    page.evaluate("location.hash = ''")
    page.evaluate("text => { location.hash = text; }", carried)
    expect(page.get_by_label("Python code")).to_have_value(BUG, timeout=LONG)
    expect(page.locator("article h3 a")).to_contain_text("E5801", timeout=LONG)


def test_files(page: Page) -> None:
    """A file of one's own, tabs by keyboard."""
    page.get_by_label("New file").fill("app/views.py")
    page.get_by_label("New file").press("Enter")
    tab = page.get_by_role("tab", name="app/views.py")
    expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_label("Python code").fill(
        "from shop.models import Order\n\nROWS = list(Order.objects.all())\n"
    )
    expect(
        page.locator("article").get_by_role("button", name="app/views.py:3").first
    ).to_be_visible(timeout=LONG)
    tab.press("ArrowRight")
    expect(tab).to_have_attribute("aria-selected", "false")


def test_every_example(page: Page) -> None:
    """Each rule finds its bad example, and says nothing of the good one."""
    data = json.loads(
        Path(os.environ["QS_LINT_SITE"], "assets/playground/data.json").read_text("utf-8")
    )
    for number, example in enumerate(data["examples"]):
        page.get_by_label("Example").select_option(str(number))
        expect(page.get_by_label("Python code")).to_have_value(example["text"])
        if "instead" in example["name"]:
            expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
        else:
            named = example["name"].split()[0] if number else "E5801"
            expect(page.locator("article h3", has_text=named).first).to_be_visible(timeout=LONG)
