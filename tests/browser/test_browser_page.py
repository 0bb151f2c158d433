"""The page "Try it" in a real browser: ``nox -s browser``.

``QS_LINT_SITE`` is the built site with the playground, ``QS_LINT_CHROMIUM`` a browser to use in
place of Playwright's own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("playwright", reason="pip install '.[browser]'")

from playwright.sync_api import Browser, Page, Request, Route, expect

pytestmark = pytest.mark.skipif(
    "QS_LINT_SITE" not in os.environ, reason="nox -s browser builds the site for it"
)

BUG = """\
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = sorted(Order.objects.all(), key=lambda order: order.number)
"""
LONG = 200_000  # ms: a machine with little to spare


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, loaded, and nothing asked of another host, and no network since."""
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
    for name in ("pyodide.asm.wasm", "python_stdlib.zip", "qs_lint.zip"):
        assert len([url for url in asked if url.endswith(name)]) == 1
    assert not [url for url in asked if not url.startswith((address, "blob:", "data:"))]
    context.set_offline(True)
    yield page
    assert not errors
    context.close()


def test_the_story(page: Page) -> None:
    """Type the bug, see E5801, apply the fix, see nothing."""
    page.get_by_role("tab", name="example.py").click()
    page.get_by_label("Python code").fill("")
    expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
    page.keyboard.insert_text(BUG)
    expect(page.locator("article h2 a")).to_contain_text("E5801", timeout=LONG)
    assert "^^^" in page.locator("article pre").inner_text()
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
    expect(page.locator("article h2 a")).to_contain_text("E5801", timeout=LONG)


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


def test_every_example(page: Page, data: dict[str, Any]) -> None:
    """Each rule finds its bad example, and says nothing of the good one."""
    for number, example in enumerate(data["examples"]):
        page.get_by_label("Example", exact=True).select_option(str(number))
        expect(page.get_by_label("Python code")).to_have_value(example["files"]["example.py"])
        if "instead" in example["name"]:
            expect(page.locator(".try-status")).to_have_text("No problems found.", timeout=LONG)
        else:
            named = example["name"].split()[0] if number > 1 else "E5801"
            expect(page.locator("article h2", has_text=named).first).to_be_visible(timeout=LONG)


def test_steps(page: Page, data: dict[str, Any]) -> None:
    """The way to the query is a list of places; one leads into the other file."""
    page.get_by_label("Example", exact=True).select_option("1")
    step = page.locator("article ol li").last
    expect(step).to_be_visible(timeout=LONG)
    step.get_by_role("button").press("Enter")
    expect(page.get_by_role("tab", name="listing.py")).to_have_attribute("aria-selected", "true")
    code = page.get_by_label("Python code")
    expect(code).to_be_focused()
    expect(code).to_have_value(data["examples"][1]["files"]["listing.py"])
    page.get_by_role("button", name="Remove this file").press("Enter")
    expect(page.get_by_role("tab", name="listing.py")).to_have_count(0)


def test_syntax_error(page: Page) -> None:
    """It is told with its line."""
    page.get_by_label("Python code").fill("import a\nx = (\n")
    expect(page.locator(".try-status")).to_contain_text("example.py:2: '(' was never closed")


def test_a_broken_link(page: Page) -> None:
    """What is no link of the page says so, and changes nothing."""
    before = page.get_by_label("Python code").input_value()
    page.evaluate("location.hash = '#code=abc'")
    expect(page.locator(".try-status")).to_contain_text("cannot be read")
    assert page.get_by_label("Python code").input_value() == before


def test_a_stack_that_ends(page: Page) -> None:
    """What is too deep for the browser ends the linter, which is loaded again."""
    page.context.set_offline(False)
    page.get_by_label("Python code").fill(
        "from shop.models import Order\n\nROWS = list(Order.objects" + ".all()" * 5_000 + ")\n"
    )
    expect(page.locator(".try-status")).to_contain_text("Not checked: the linter", timeout=LONG)
    page.get_by_label("Python code").fill(BUG)
    expect(page.locator("article h2 a")).to_contain_text("E5801", timeout=LONG)
    page.context.set_offline(True)


def test_names(page: Page) -> None:
    """Whoever does not see the page is told what everything is."""
    assert page.locator("#qs-lint-try").aria_snapshot().splitlines()
    for control in page.locator("#qs-lint-try :is(button, input, select, textarea)").all():
        name = control.evaluate(
            "e => e.ariaLabel || e.textContent || [...e.labels].map(l => l.textContent).join()"
        )
        assert name.strip()
    selected = page.get_by_role("tab", selected=True)
    expect(page.get_by_role("tabpanel", name=selected.inner_text(), exact=True)).to_be_visible()


def abort(route: Route) -> None:
    """As without a network."""
    route.abort()


def absent(route: Route) -> None:
    """As where the page was built without what it loads."""
    route.fulfill(status=404)


@pytest.mark.parametrize(
    ("what", "answer", "said"),
    [
        ("pyodide.asm.wasm", abort, "pyodide.asm.wasm cannot be loaded: is there a network?"),
        ("pyodide.asm.wasm", absent, "pyodide.asm.wasm cannot be loaded: the server says 404"),
        ("pyodide.mjs", abort, "pyodide.mjs cannot be loaded: is there a network?"),
        ("qs_lint.zip", abort, "qs_lint.zip cannot be loaded: is there a network?"),
        ("data.json", abort, "data.json cannot be fetched; is there a network?"),
        ("data.json", absent, "this copy of the documentation was built without the linter"),
        ("", None, "this browser has no WebAssembly"),
    ],
    ids=["wasm", "no-wasm", "script", "wheel", "data", "not-built", "no-webassembly"],
)
def test_refused(
    browser: Browser,
    address: str,
    what: str,
    answer: Callable[[Route], None] | None,
    said: str,
) -> None:
    """The page says why it cannot start, and can be asked again."""
    context = browser.new_context()
    try:
        page = context.new_page()
        if answer is None:
            page.add_init_script("delete globalThis.WebAssembly")
        else:
            context.route(f"**/{what}", answer)
        page.goto(f"{address}/try/")
        page.get_by_role("button", name="Load the linter").click()
        expect(page.locator(".try-status")).to_contain_text(f"Not loaded: {said}", timeout=LONG)
        again = page.get_by_role("button", name="Try again")
        expect(again).to_be_focused()
    finally:
        context.close()
