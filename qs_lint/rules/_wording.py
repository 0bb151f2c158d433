"""The words that several rules share: who keeps a value, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain import Fate, Place
from qs_lint.rules._uses import told

if TYPE_CHECKING:
    from qs_lint.domain import Hop
    from qs_lint.domain.observations import Context, ImportQuery

#: What a kind is called in messages, most telling first.
NAMES: tuple[tuple[str, str], ...] = (
    ("factory", "factory"),
    ("test", "test case"),
    ("viewset", "viewset"),
    ("drf", "API view"),
    ("view", "view"),
    ("multiple", "view mixin"),
    ("single", "view mixin"),
    ("filterset", "filter set"),
    ("formset", "formset"),
    ("form", "form"),
    ("form-field", "form field"),
    ("widget", "widget"),
    ("serializer", "serializer"),
    ("serializer-field", "serializer field"),
    ("permission", "permission"),
    ("pagination", "pagination"),
    ("filter-backend", "filter backend"),
    ("admin", "ModelAdmin"),
    ("inline", "admin inline"),
    ("list-filter", "admin filter"),
    ("sitemap", "sitemap"),
    ("feed", "feed"),
    ("app-config", "AppConfig"),
    ("middleware", "middleware"),
    ("template-node", "template tag"),
    ("command", "management command"),
    ("task", "task"),
    ("consumer", "consumer"),
    ("table", "table"),
    ("schema", "schema"),
    ("block", "block"),
    ("model", "model"),
    ("manager", "manager"),
    ("queryset", "queryset class"),
    ("enum", "enumeration"),
)
#: What a value is called that was right only at one moment.
MOMENTS = {
    "clock": "the time of the import",
    "date": "the day of the import",
    "part": "a value derived from the time of the import",
    "random": "a random value drawn once, at import",
    "context": "the context (language, tenant, user or site) at import",
}
_QUERYSET_VIEWS = frozenset({"list", "drf", "multiple", "single", "view"})
_ROUTES = frozenset({"path", "re_path", "url", "include"})
_CHOICES = frozenset(
    "ChoiceField MultipleChoiceField TypedChoiceField TypedMultipleChoiceField ChoiceFilter "
    "MultipleChoiceFilter Select SelectMultiple RadioSelect CheckboxSelectMultiple".split()
)


def kind_name(context: Context) -> str:
    """What a class is, in words: "view", "form", ..."""
    for kind, name in NAMES:
        if kind in context.kinds:
            return name
    return "class"


def chain(hops: tuple[Hop, ...]) -> str:
    """The way down to the step that evaluates: ``load() → shop/helpers.py:8 list()``."""
    steps = told(hops)
    if len(steps) < 2:
        return ""
    return " → ".join([steps[0].text, *(str(step) for step in steps[1:])])


def place_of(hops: tuple[Hop, ...]) -> str:
    """Where the way ends, if that is elsewhere: `` (shop/helpers.py:8)``."""
    return f" ({hops[-1].path}:{hops[-1].line})" if len(hops) > 1 else ""


def rows_of(model: str) -> str:
    """``Order rows``, or ``rows``."""
    return f"{model} rows" if model else "rows"


def relations(observation: ImportQuery) -> str:
    """What is frozen with the rows, and what is not."""
    run = observation.run
    if not run.selected and not run.prefetched:
        return ""
    parts = []
    if run.selected:
        parts.append(f"the select_related() relations ({', '.join(run.selected)})")
    if run.prefetched:
        parts.append(f"the prefetch_related() relations ({', '.join(run.prefetched)})")
    return (
        f" Frozen with them: {' and '.join(parts)}. Reverse relations that are not prefetched are "
        "fetched again, so removing these calls makes related data look fresh while the list "
        "stays frozen."
    )


def others(observation: ImportQuery) -> str:
    """How many other places of the file do the same."""
    more = observation.places - 1
    if not more:
        return ""
    lines, do = ("line", "does") if more == 1 else ("lines", "do")
    return f"; {more} other {lines} of this file {do} the same"


def cure_for(observation: ImportQuery) -> str:
    """What to write instead of a query at import, in this place."""
    context, run = observation.context, observation.run
    if run.cached:
        return "Read the cache where the value is used: in a method or a function."
    if run.writes:
        return "Write rows in a data migration, a management command or a post_migrate handler."
    if run.inherited:
        return "Keep the manager's get_queryset() lazy: every query of the manager calls it first."
    return (
        _at(observation.place)
        or _assigned(context)
        or _passed(context)
        or _in_class(context.kinds)
        or _elsewhere(observation)
    )


def _at(place: Place) -> str:
    """The cure for a default or a decorator."""
    if place is Place.DEFAULT:
        return "Use None as the default and run the query inside the function."
    if place is Place.DECORATOR:
        return "Pass the decorator a callable and call it per request."
    return ""


def _assigned(context: Context) -> str:
    """The cure for certain names that are assigned to."""
    if context.target == "__annotations__":
        return (
            "An annotation is evaluated once: validate the value against the database when it "
            "arrives (a validator, a clean method)."
        )
    if context.target == "formfield_overrides":
        return "Override formfield_for_dbfield(), which is called for every form."
    return ""


def _passed(context: Context) -> str:
    """The cure for an argument of certain calls, and for certain attributes of views."""
    last = context.callee.rpartition(".")[2]
    if last == "HiddenField":
        return "Pass a callable as `default`: it is called for every request."
    if "factory" in context.kinds:
        return "Use LazyFunction, which asks for each object that is made, or a SubFactory."
    if "test" in context.kinds:
        return "Run the query in setUp() or setUpTestData(), or in the test itself."
    if last in _CHOICES:
        return (
            "Pass a callable as `choices` (called for every form), or use a ModelChoiceField with "
            "a lazy queryset."
        )
    if last == "as_view":
        return "Pass a lazy queryset, or subclass the view and override get_queryset()."
    if context.target == "queryset" and context.kinds & _QUERYSET_VIEWS:
        return (
            "Keep `queryset` lazy (order_by() in place of sorted(), no list()), or do the work "
            "in get_queryset()."
        )
    if "extra_context" in context.target:
        return "Use a callable or a bound method as the value, or override get_context_data()."
    return ""


def _in_class(kinds: frozenset[str]) -> str:
    """The cure in the body of a class of certain kinds."""
    if kinds & {"form", "formset"}:
        return "Run the query in the form's __init__(), or pass the field a callable."
    if "filterset" in kinds:
        return "Use a ModelChoiceFilter with a lazy queryset, or pass a callable as `choices`."
    if "serializer" in kinds:
        return "Run the query in a method, or use a related field with a lazy queryset."
    if kinds & {"view", "drf", "multiple", "single"}:
        return "Run the query in a method of the view (get_queryset(), get_context_data() ...)."
    if "fields" in kinds:
        return "Give the field a default_factory, which is called for every object."
    return ""


def _elsewhere(observation: ImportQuery) -> str:
    """The cure where nothing special is known."""
    context = observation.context
    if context.class_name:
        return "Run the query in a method or a property."
    if context.callee.rpartition(".")[2] in _ROUTES or context.target == "urlpatterns":
        return "Use one parametrised URL pattern and run the query in the view."
    if observation.sink is Fate.BRANCH:
        return "Move the condition into a function that is called per request."
    return "Move the query into a function that is called per request."


def popular(observation: ImportQuery) -> str:
    """Warnings about cures that keep the bug, where this code suggests them."""
    if observation.run.guarded:
        return (
            " The try/except only hides the error of an empty database: when the query succeeds, "
            "its rows are frozen."
        )
    return ""
