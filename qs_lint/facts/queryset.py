"""The methods of QuerySet, RawQuerySet and Manager.

Source: measured with counted SQL on Django 4.2, 5.2, 6.0 and 6.1 (``tests/oracle``).
"""

from __future__ import annotations

from qs_lint.facts.schema import Method, MethodReturns

#: Return a new queryset; no SQL.
LAZY = frozenset(
    "alias all annotate complex_filter dates datetimes defer difference distinct exclude extra "
    "fetch_mode filter intersection none only order_by prefetch_related raw reverse "
    "select_for_update select_related union using values values_list".split()
)
#: SQL at once; the receiver's cache is read if it is full, but never filled.
EVALUATING: dict[str, MethodReturns] = {
    "aggregate": "dict",
    "contains": "scalar",
    "count": "scalar",
    "earliest": "instance",
    "exists": "scalar",
    "explain": "scalar",
    "first": "instance",
    "get": "instance",
    "in_bulk": "dict",
    "last": "instance",
    "latest": "instance",
}
#: SQL at once, and it writes.
WRITING: dict[str, MethodReturns] = {
    "bulk_create": "list",
    "bulk_update": "scalar",
    "create": "instance",
    "delete": "scalar",
    "get_or_create": "pair",
    "update": "scalar",
    "update_or_create": "pair",
}
#: SQL when the result is consumed.
DEFERRED = frozenset({"iterator", "aiterator"})
#: Coroutine functions: SQL when awaited.
ASYNC: dict[str, MethodReturns] = {
    f"a{name}": kind for name, kind in {**EVALUATING, **WRITING}.items()
}
#: On a receiver whose cache is full, these answer from the cache.
FROM_FULL_CACHE = frozenset({"count", "exists", "contains", "first"})
#: Attributes that run nothing.
NO_SQL = frozenset(
    "as_manager db model ordered query resolve_expression totally_ordered deconstruct "
    "contribute_to_class check name auto_created creation_counter use_in_migrations "
    "db_manager get_queryset from_queryset".split()
)
#: Lazy methods whose rows are no model instances.
VALUE_ROWS = frozenset({"values", "values_list", "dates", "datetimes"})
#: Not on a manager.
NOT_ON_MANAGER = frozenset(
    {"delete", "adelete", "as_manager", "query", "ordered", "totally_ordered"}
)
#: Methods of a RawQuerySet that return a clone.
RAW_LAZY = frozenset({"using", "prefetch_related"})
#: Methods of related managers that write.
RELATED_WRITES = frozenset({"add", "remove", "clear", "set", "aadd", "aremove", "aclear", "aset"})
#: Keyword and positional values of these are written into rows, or only name fields.
WRITES_VALUES = frozenset(
    "create acreate bulk_create abulk_create update aupdate bulk_update abulk_update "
    "get_or_create aget_or_create update_or_create aupdate_or_create".split()
)
#: Attributes of a model class that hold a manager by convention of Django itself.
MANAGER_NAMES = frozenset({"objects", "_default_manager", "_base_manager"})
#: Methods that tell a related manager from any other attribute of a row.
RELATED = frozenset(
    "all filter exclude order_by values_list select_related prefetch_related annotate exists "
    "first last aggregate iterator only defer distinct count".split()
)
#: Methods whose arguments select or compute rows: a stale value there gives wrong rows.
FILTERING = frozenset(
    "filter exclude get aget annotate alias aggregate complex_filter extra raw in_bulk first last "
    "order_by".split()
)


def _methods() -> dict[str, Method]:
    rows: dict[str, Method] = {}
    for name in LAZY:
        rows[name] = Method("lazy", filters=name in FILTERING)
    for name, kind in {**EVALUATING, **ASYNC}.items():
        rows[name] = Method("evaluates", kind, name in FILTERING)
    for name, kind in WRITING.items():
        rows[name] = rows[f"a{name}"] = Method("writes", kind)
    for name in DEFERRED:
        rows[name] = Method("deferred")
    for name in NO_SQL:
        rows[name] = Method("nothing")
    return rows


#: The same, in the form that the tables of all libraries have.
METHODS = _methods()
