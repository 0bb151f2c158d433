"""The cases: which fixtures there are, what each claims, and what it needs to run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oracle_world import FIXTURES, MIDDLEWARE, installed, templates

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["installed"]

AT_IMPORT = frozenset(
    {"frozen-class-queryset", "frozen-module-queryset", "frozen-default-queryset"}
)
ARGUMENT = "frozen-queryset-argument"
SHARED = "shared-queryset-cache"
MEMOIZED = "memoized-queryset"
STALE = AT_IMPORT | {SHARED, "shared-context-queryset", ARGUMENT, MEMOIZED}
WASTED = "import-time-query"
LEAKED_QUERYSET = "leaked-request-queryset"
LEAKED_STATE = "leaked-request-state"
LEAKED = frozenset({LEAKED_QUERYSET, LEAKED_STATE})
SYMBOLS = STALE | {WASTED} | LEAKED

ANNOTATION = re.compile(r"#.*\[([a-z, -]+)\]\s*$")

#: Fixtures that Django cannot play, each with its reason. Keep this short.
NOT_RUN: dict[str, str] = {
    f"shared-queryset-cache/{kind}_handed_to_a_thread": (
        "the database in memory is another one in a thread; played with a file"
    )
    for kind in ("bad", "good")
}

#: Fixtures whose defect is not staleness but an exception, with the exception's name.
RAISES: dict[str, str] = {
    "shared-queryset-cache/bad_drf_guarded": "RuntimeError: Do not evaluate the `.queryset`",
}

#: Good and silent fixtures that do query at import on purpose, with the reason.
QUERIES_ANYWAY: dict[str, str] = {}

#: Fixtures whose page shows nothing of the database on purpose.
SHOWS_NO_ROWS: dict[str, str] = {}

#: Cases whose annotated attribute asks while its class is made: Python is at the class then.
WHILE_MADE = frozenset(
    {"frozen-class-queryset/bad_class_hooks", "frozen-class-queryset/bad_field_hooks"}
)
#: Fixtures whose annotated line hands a shared queryset on, with who evaluates it.
HANDED_ON: dict[str, str] = {
    "memoized-queryset/bad_lazy_service": "the caller",
    "shared-queryset-cache/bad_field_choices_assigned": "the form, when it is rendered",
    "memoized-queryset/bad_cache_called": "the function that is given",
    "memoized-queryset/bad_cache_lazy": "the caller",
    "memoized-queryset/bad_cached_bound_method": "the caller",
    "memoized-queryset/bad_cached_static_method": "the function that is given",
    "memoized-queryset/bad_get_and_add": "the line above",
    "memoized-queryset/bad_grouped_with_setdefault": "the loop around it",
    "memoized-queryset/bad_loaded_flag": "the loop around it",
    "memoized-queryset/bad_lru_cache_called": "the function that is given",
    "memoized-queryset/bad_object_in_new": "the line above",
    "multifile/boards": "the base class",
    "multifile/fronts": "the template",
    "memoized-queryset/bad_middleware_branches": "the loop around it",
    "multifile/inherited": "the base class",
    "multifile/pages": "the serializer, on the next line",
    "shared-queryset-cache/bad_as_view_raw": "ListView",
    "shared-queryset-cache/bad_async_for": "Django, in a thread",
    "shared-queryset-cache/bad_context_arguments": "the template",
    "shared-queryset-cache/bad_context_data": "the template",
    "shared-queryset-cache/bad_context_keywords": "the template",
    "shared-queryset-cache/bad_context_of_mixin": "the template",
    "shared-queryset-cache/bad_context_union": "the template",
    "shared-queryset-cache/bad_context_update": "the template",
    "shared-queryset-cache/bad_drf_guarded": "nobody: DRF refuses",
    "shared-queryset-cache/bad_drf_other_name": "the serializer, on the next line",
    "shared-queryset-cache/bad_feed_items": "the feed",
    "shared-queryset-cache/bad_inclusion_tag": "the template",
    "shared-queryset-cache/bad_inherited_api": "the serializer, on the next line",
    "shared-queryset-cache/bad_get_initial": "the form, when it is rendered",
    "shared-queryset-cache/bad_initial_dict": "the form, when it is rendered",
    "shared-queryset-cache/bad_initial_disabled": "the form, when it is validated",
    "shared-queryset-cache/bad_initial_field": "the form, when it is rendered",
    "shared-queryset-cache/bad_initial_form_view": "the form, when it is rendered",
    "shared-queryset-cache/bad_paginator": "the paginator",
    "shared-queryset-cache/bad_raw": "ListView",
    "shared-queryset-cache/bad_return_attribute": "ListView",
    "shared-queryset-cache/bad_return_else_path": "ListView",
    "shared-queryset-cache/bad_second_key": "the template",
    "shared-queryset-cache/bad_viewset_list": "the serializer, on the next line",
}


#: Third-party packages that fixtures import.
PACKAGES = frozenset({"rest_framework", "django_filters", "model_utils", "simple_history"})


@dataclass(frozen=True)
class Case:
    """One module to import as the URLconf, and the claim that its annotations make."""

    name: str
    folder: Path
    module: str
    files: tuple[Path, ...]

    @property
    def group(self) -> str:
        """The first part of the name: a message's symbol, or another folder."""
        return self.name.split("/", 1)[0]

    @cached_property
    def annotations(self) -> list[tuple[Path, int, str]]:
        """File, line and symbol of each annotation."""
        found = []
        for file in self.files:
            for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
                if match := ANNOTATION.search(line):
                    symbols = (symbol.strip() for symbol in match[1].split(","))
                    found += [(file, number, symbol) for symbol in symbols if symbol in SYMBOLS]
        return found

    @property
    def symbols(self) -> set[str]:
        """The symbols that the fixture claims."""
        return {symbol for _, _, symbol in self.annotations}

    @property
    def has_visitors(self) -> bool:
        """Whether the case is about what one request leaves behind: two visitors judge it."""
        return bool(
            self.group in LEAKED or self.symbols & LEAKED or self.module.startswith("two_visitors_")
        )

    @property
    def needs(self) -> list[str]:
        """Third-party packages that the fixture imports."""
        text = "".join(file.read_text("utf-8") for file in self.files)
        imported = set(re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE))
        return sorted(imported & PACKAGES)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of this case."""
        return SETTINGS.get(self.name, {})


def all_cases() -> list[Case]:
    """Find every fixture."""
    cases = []
    for folder in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        if folder.name in SYMBOLS or folder.name == "silent":
            cases += [
                Case(f"{folder.name}/{file.stem}", folder, file.stem, (file,))
                for file in sorted(folder.glob("*.py"))
            ]
        elif folder.name in ("multifile", "original"):
            cases += [
                Case(
                    f"{folder.name}/{urls.parent.name}",
                    folder,
                    f"{urls.parent.name}.urls",
                    tuple(sorted(urls.parent.rglob("*.py"))),
                )
                for urls in sorted(folder.glob("*/urls.py"))
            ]
    return cases


def unseen_cases() -> list[Case]:
    """The fixtures of ``docs/limits.md``: what they claim is a comment, see ``test_unseen.py``."""
    folder = FIXTURES / "unseen"
    return [
        Case(f"unseen/{file.stem}", folder, file.stem, (file,))
        for file in sorted(folder.glob("[!_]*.py"))
        if "\nurlpatterns = " in file.read_text("utf-8")
    ]


def middleware(*names: str) -> dict[str, Any]:
    """Install middleware of the fixture."""
    return {"MIDDLEWARE": [*MIDDLEWARE, *names]}


def processor(name: str) -> dict[str, Any]:
    """Install a context processor of the fixture."""
    return {"TEMPLATES": templates(processors=[name])}


def library(label: str, module: str) -> dict[str, Any]:
    """Install a template tag library of the fixture."""
    return {"TEMPLATES": templates(libraries={label: module})}


def both(topic: str, settings: Any) -> dict[str, dict[str, Any]]:
    """Give a bad fixture and its good twin the same kind of settings."""
    folder, name = topic.split("/")
    return {f"{folder}/{kind}_{name}": settings(f"{kind}_{name}") for kind in ("bad", "good")}


#: What a fixture needs in the settings, beside the usual.
SETTINGS: dict[str, dict[str, Any]] = {
    "multifile/pages": {
        "REST_FRAMEWORK": {
            "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
            "PAGE_SIZE": 50,
        }
    },
    "multifile/porters": middleware("porters.hall.HallMiddleware"),
    **both("frozen-module-queryset/simple_tag", lambda module: library("catalogue", module)),
    **both("frozen-module-queryset/context_processor", lambda module: processor(f"{module}.menu")),
    **both("shared-queryset-cache/inclusion_tag", lambda module: library("catalogue", module)),
    **both(
        "shared-queryset-cache/middleware", lambda module: middleware(f"{module}.MenuMiddleware")
    ),
    **both(
        "memoized-queryset/middleware_init", lambda module: middleware(f"{module}.MenuMiddleware")
    ),
    **both(
        "memoized-queryset/middleware_branches",
        lambda module: middleware(f"{module}.MenuMiddleware", f"{module}.SaleMiddleware"),
    ),
    **both(
        "memoized-queryset/made_by_middleware",
        lambda module: middleware(f"{module}.NamesMiddleware"),
    ),
    **both("shared-context-queryset/context_processor", lambda module: processor(f"{module}.menu")),
    **both(
        "leaked-request-queryset/middleware_allowed",
        lambda module: middleware(f"{module}.GateMiddleware"),
    ),
    **both(
        "leaked-request-queryset/middleware_instance",
        lambda module: middleware(f"{module}.BasketMiddleware"),
    ),
    **both(
        "leaked-request-state/middleware_flag",
        lambda module: middleware(f"{module}.GateMiddleware"),
    ),
    **both(
        "leaked-request-state/middleware_language",
        lambda module: middleware(f"{module}.LanguageMiddleware"),
    ),
    **both(
        "leaked-request-state/middleware_user",
        lambda module: middleware(f"{module}.GreetingMiddleware"),
    ),
    **both(
        "leaked-request-state/middleware_time_zone",
        lambda module: middleware(f"{module}.ZoneMiddleware"),
    ),
}
