"""How each method of QuerySet and its relatives is called, to see what it does."""

# pylint: disable=import-error,eval-used

from __future__ import annotations

import inspect
from typing import Any

from fact_world import SENTINEL, attempt, counted, queryset, undone

#: Arguments, where the method needs any; ``q`` another queryset, ``row`` an order, ``S`` a value
#: that is looked for in the SQL.
ARGUMENTS: dict[str, str] = {
    "aggregate": "top=Max('number') + Value(S)",
    "alias": "x=Value(S)",
    "annotate": "x=Value(S)",
    "bulk_create": "[Order(number=S, buyer_id=1)]",
    "bulk_update": "[Order(pk=1, number=S)], ['number']",
    "complex_filter": "Q(number=S)",
    "contains": "Order(pk=S)",
    "create": "number=S, buyer_id=1",
    "dates": "'day', 'year'",
    "datetimes": "'published_at', 'year'",
    "defer": "'number'",
    "difference": "q",
    "distinct": "",
    "earliest": "'pk'",
    "exclude": "number=S",
    "extra": "where=['number = %s'], params=[S]",
    "fetch_mode": "FETCH_PEERS",
    "filter": "number=S",
    "get": "Q(pk=1) | Q(pk=S)",
    "get_or_create": "number=S, defaults={'buyer_id': 1}",
    "in_bulk": "[1, S]",
    "intersection": "q",
    "latest": "'pk'",
    "only": "'number'",
    "order_by": "F('number') + S",
    "prefetch_related": "'lines'",
    "raw": "'SELECT * FROM shop_order WHERE number > %s', [-S]",
    "select_related": "'buyer'",
    "union": "q",
    "update": "number=S",
    "update_or_create": "number=S, defaults={'buyer_id': 1}",
    "using": "'default'",
    "values": "x=Value(S)",
    "values_list": "Value(S)",
}
#: Methods that are asked of another model's queryset.
OF_POSTS = frozenset({"dates", "datetimes"})
#: Methods whose parts may not be ordered.
COMPOUND = frozenset({"union", "intersection", "difference"})
#: Methods of a related manager, tried on the groups of a user.
RELATED_ARGUMENTS: dict[str, str] = {
    "add": "other",
    "remove": "group",
    "clear": "",
    "set": "[other]",
}
#: Public, yet no part of the interface: what Django itself uses to load related rows.
RELATED_INTERNAL = frozenset(
    "get_prefetch_cache get_prefetch_querysets get_prefetch_queryset set_base "
    "do_not_call_in_templates".split()
)


def namespace() -> dict[str, Any]:
    """The names that argument texts use."""
    from django.db import models
    from shop.models import Order

    return {
        "F": models.F,
        "Max": models.Max,
        "Q": models.Q,
        "Value": models.Value,
        "FETCH_PEERS": getattr(models, "FETCH_PEERS", None),
        "Order": Order,
        "S": SENTINEL,
        "q": Order.objects.filter(number__lt=SENTINEL),
    }


def public(thing: Any) -> list[str]:
    """The public names of a class or an object."""
    return sorted(name for name in dir(thing) if not name.startswith("_"))


def finish(result: Any) -> Any:
    """Await what is awaitable."""
    from asgiref.sync import async_to_sync

    if not inspect.isawaitable(result):
        return result

    async def wait() -> Any:
        return await result

    return async_to_sync(wait)()


def consume(result: Any) -> Any:
    """Iterate over what is iterable, asynchronously if need be."""
    from asgiref.sync import async_to_sync

    if hasattr(result, "__aiter__") and not hasattr(result, "__iter__"):

        async def run() -> list[Any]:
            return [item async for item in result]

        return async_to_sync(run)()
    return list(result)


def receiver(kind: str, name: str) -> Any:
    """A new object that has the method."""
    from shop.models import Order, Post

    model = Post if name in OF_POSTS else Order
    rows = model._base_manager.all()
    return {
        "QuerySet": lambda: rows if name in COMPOUND else rows.order_by("pk"),
        "Manager": lambda: model._base_manager,
        "RawQuerySet": lambda: model._base_manager.raw(f"SELECT * FROM {model._meta.db_table}"),
    }[kind]()


def measure_method(kind: str, name: str, *, full: bool = False) -> dict[str, Any]:
    """Call a method, then consume what came back, and note the SQL and the caches."""
    from django.db.models import QuerySet
    from django.db.models.manager import BaseManager
    from django.db.models.query import RawQuerySet

    thing = receiver(kind, name)
    if full:
        len(thing)
    base = name[1:] if name.startswith("a") and name[1:] in ARGUMENTS else name
    arguments = ARGUMENTS.get(base, "")
    with undone(), counted() as at_call:
        attribute, error = attempt(lambda: getattr(thing, name))
        if error or not callable(attribute) or inspect.isclass(attribute):
            return {"callable": False, "queries": len(at_call), "error": error}
        names = {**namespace(), "call": attribute}
        result, error = attempt(lambda: eval(f"call({arguments})", names))  # noqa: S307
        outcome: dict[str, Any] = {
            "callable": True,
            "coroutine": inspect.iscoroutine(result),
            "queries": len(at_call),
        }
        if inspect.iscoroutine(result):
            with counted() as later:
                result, error = attempt(lambda: finish(result))
            outcome["awaited"] = len(later)
        if kind != "Manager":
            outcome["filled"] = thing._result_cache is not None
        outcome["returns"] = returned(result)
        outcome["lazy"] = isinstance(result, (QuerySet, RawQuerySet))
        outcome["manager"] = isinstance(result, BaseManager)
        outcome["new"] = result is not thing
        if error is None and hasattr(type(result), "__iter__") | hasattr(result, "__aiter__"):
            with counted() as consumed:
                rows, _ = attempt(lambda: consume(result))
            outcome["consumed"] = len(consumed)
            outcome["values"] = bool(rows) and not hasattr(rows[0], "pk")
            outcome["again"] = kind != "Manager" and thing._result_cache is not None
        outcome["writes"] = at_call.writes
        outcome["tells"] = at_call.tell
        outcome["error"] = error
    return outcome


def returned(result: Any) -> str:
    """What a method returned, in the words of the tables."""
    from django.db.models import Model

    if isinstance(result, tuple):
        if len(result) == 2 and isinstance(result[0], Model):
            return "pair"
        return "scalar"
    for types, kind in (
        ((bool, int, str, type(None)), "scalar"),
        (dict, "dict"),
        (list, "list"),
        (Model, "instance"),
    ):
        if isinstance(result, types):
            return kind
    return "other"


def measure_related() -> dict[str, Any]:
    """Call what related managers have beyond managers."""
    from django.contrib.auth.models import Group, User
    from django.db.models import Manager
    from shop.models import Buyer

    user = User.objects.create(username="ada")
    group = Group.objects.create(name="staff")
    other = Group.objects.create(name="others")
    user.groups.add(group)
    known = {*public(Manager), *public(Group.objects), *RELATED_INTERNAL}
    found: dict[str, Any] = {}
    buyer = Buyer.objects.get()
    known |= set(public(type(buyer).orders.rel.related_model._default_manager))
    for manager in (user.groups, buyer.orders):
        for name in set(public(manager)) - known:
            if not inspect.isroutine(getattr(manager, name)):
                continue
            found.setdefault(name, {"writes": False})
    for name, outcome in found.items():
        base = name[1:] if name.startswith("a") and name[1:] in RELATED_ARGUMENTS else name
        if base not in RELATED_ARGUMENTS:
            continue
        names = {"other": other, "group": group, "call": getattr(user.groups, name)}
        with undone(), counted() as statements:
            _, outcome["error"] = attempt(
                lambda names=names, base=base: finish(
                    eval(f"call({RELATED_ARGUMENTS[base]})", names)  # noqa: S307
                )
            )
        outcome["writes"] = statements.writes
    return found


def measure_methods() -> dict[str, Any]:
    """Try every public name of QuerySet, Manager, RawQuerySet and related managers."""
    from django.db.models import Manager, Model, QuerySet

    found: dict[str, Any] = {
        kind: {name: measure_method(kind, name) for name in public(receiver(kind, ""))}
        for kind in ("QuerySet", "Manager", "RawQuerySet")
    }
    found["full"] = {name: measure_method("QuerySet", name, full=True) for name in public(QuerySet)}
    found["related"] = measure_related()
    bare = type("Bare", (Model,), {"__module__": "shop.models"})
    found["manager_names"] = sorted(
        name
        for name in {*dir(bare), *dir(type(bare))}
        if isinstance(attempt(lambda name=name: getattr(bare, name))[0], Manager)
    )
    found["fills"] = protocol()
    return found


#: Expressions of Python itself; ``{}`` is the queryset.
PROTOCOL: dict[str, str] = {
    "[row for row in {}]": "fills",
    "[*{}]": "fills",
    "(lambda *rows: rows)(*{})": "fills",
    "(row for row in {})": "fills",
    "1 in {}": "fills",
    "not {}": "fills",
    "{} or 1": "fills",
    "{} and 1": "fills",
    "1 if {} else 2": "fills",
    "[1, *{}]": "fills",
    "{row.pk: row for row in {}}": "fills",
    "{}[0]": "asks",
    "{}[::2]": "asks",
    "{}[0:2:1]": "asks",
    "f'{{}}'": "asks",
    "'%s' % {}": "asks",
    "{}[1:3]": "nothing",
    "{}[:2]": "nothing",
    "{} | {}": "nothing",
    "{} & {}": "nothing",
    "{} ^ {}": "nothing",
    "{} is None": "nothing",
    "{} == 1": "nothing",
    "str({}.query)": "nothing",
    "lambda: list({})": "nothing",
}


def protocol() -> dict[str, str]:
    """What Python's own use of a queryset does: fills its cache, only asks, or nothing."""
    found = {}
    for text in PROTOCOL:
        target = queryset()
        with counted() as statements:
            attempt(lambda text=text, q=target: eval(text.replace("{}", "q"), {"q": q}))  # noqa: S307
        filled = target._result_cache is not None
        found[text] = "fills" if filled else "asks" if len(statements) else "nothing"
    return found
