"""The examples of the rule pages, played under Django like the fixtures.

python tests/oracle/examples.py     one JSON object a line: {"case", "queries", "stale", "error"}
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

PAGE = """

from django.http import HttpResponse
from django.urls import path


def page(request):
    return HttpResponse(str({value}))


urlpatterns = [path("", page)]
"""
VIEW = """

from django.urls import path

{name}.template_name = "{template}"
urlpatterns = [path("", {name}.as_view())]
"""
#: What makes a page of an example: it shows what the example keeps.
SERVED: dict[str, str] = {
    "frozen-class-queryset": VIEW.format(name="OrderList", template="shop/order_list.html"),
    "frozen-module-queryset": PAGE.format(value='globals().get("CHOICES") or choices()'),
    "frozen-default-queryset": PAGE.format(value="names()"),
    # the row that the example writes is newer in one play than in the other: it is left out
    "import-time-query": PAGE.format(
        value='sorted(Category.objects.exclude(name="default").values_list("name"))'
    ),
    "shared-queryset-cache": PAGE.format(value="OrderList().numbers()"),
    "shared-context-queryset": VIEW.format(name="Home", template="shop/categories.html"),
    "frozen-queryset-argument": VIEW.format(name="PostList", template="shop/post_list.html"),
    "memoized-queryset": PAGE.format(value="category_names()"),
    "leaked-request-queryset": VIEW.format(name="OrderList", template="shop/order_list.html"),
    "leaked-request-state": PAGE.format(
        value="[f(request) for f in (shown.get_queryset, shown.get_list_filter)]"
    ).replace("    return", "    shown = admin.site._registry[Order]\n    return"),
}


def main() -> None:
    """Ask Django."""
    import oracle_cases
    import run_case

    from qs_lint.rules import all_rules

    start = datetime.now(timezone.utc).replace(microsecond=0) - run_case.TWO_DAYS
    with tempfile.TemporaryDirectory() as folder:
        template = run_case.build(folder, start)
        for rule in all_rules():
            for kind, text in (("bad", rule.bad), ("good", rule.good)):
                file = Path(folder) / f"example_{rule.symbol.replace('-', '_')}_{kind}.py"
                file.write_text(text + SERVED[rule.symbol], encoding="utf-8")
                case = oracle_cases.Case(f"{rule.symbol}/{kind}", file.parent, file.stem, (file,))
                run, control = (
                    run_case.fork(case, start, template, role) for role in run_case.ROLES[:2]
                )
                verdict = run_case.judge(run, control)
                seen = verdict["paths"].get("/", {})
                report = {
                    "case": f"{rule.symbol} {kind}",
                    "queries": verdict["queries_at_import"],
                    "stale": seen.get("stale"),
                    "sensitive": seen.get("sensitive"),
                    "error": verdict["import_error"] or seen.get("raises"),
                }
                if case.has_visitors:
                    visitors = run_case.fork(case, start, template, run_case.ROLES[4])
                    report["visitors"] = run_case.judge_visitors(visitors)
                print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
