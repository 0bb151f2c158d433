"""How each callable of the tables is called with a queryset.

A recipe is an expression. ``F`` is the callable of the row; a queryset is one of

    Q   rows        QI  ids        QS  words        QP  pairs        IT  an iterator over rows
"""

# pylint: disable=import-error,eval-used

from __future__ import annotations

import importlib
import inspect
import types
from typing import Any
from unittest.mock import Mock

from fact_world import attempt, counted, kind_of, queryset, undone

#: Rows that are called as ``F(Q)`` and nothing else.
PLAIN = (
    """
    builtins.list builtins.tuple builtins.set builtins.frozenset builtins.reversed builtins.any
    builtins.all builtins.len builtins.bool builtins.iter builtins.enumerate builtins.str
    builtins.repr builtins.ascii builtins.format builtins.id builtins.type builtins.callable
    builtins.hash builtins.dict.fromkeys operator.truth operator.not_ operator.length_hint
    collections.Counter collections.deque collections.UserList
    collections.ChainMap random.choice random.shuffle pickle.dumps copy.copy
    copy.deepcopy pprint.pformat pprint.pprint warnings.warn types.MappingProxyType
    itertools.cycle itertools.groupby itertools.pairwise itertools.permutations itertools.tee
    itertools.chain.from_iterable itertools.accumulate itertools.repeat
    statistics.mode statistics.multimode
    django.utils.html.escape django.utils.html.conditional_escape
    django.utils.safestring.mark_safe django.utils.encoding.force_str
    django.utils.encoding.smart_str django.http.StreamingHttpResponse django.http.HttpResponse
    """
).split()
#: The same with numbers.
NUMBERS = (
    """
    builtins.min builtins.max builtins.sum builtins.bytearray builtins.bytes
    math.fsum math.prod statistics.mean statistics.fmean
    statistics.median statistics.median_low statistics.median_high statistics.stdev
    statistics.pstdev statistics.variance
    """
).split()
#: The same with pairs.
PAIRS = "builtins.dict collections.OrderedDict collections.UserDict".split()


def logged(place: int) -> str:
    """A call of a function of ``logging`` with the queryset at one place."""
    if not place:
        return "F(Q)"
    return f"F({'%s ' * 11!r}, {', '.join('Q' if each == place else '0' for each in range(1, 12))})"


#: (row, argument) -> expression.
RECIPES: dict[tuple[str, int | str], str] = {
    **{(name, 0): "F(Q)" for name in PLAIN},
    **{(name, 0): "F(QI)" for name in NUMBERS},
    **{(name, 0): "F(QP)" for name in PAIRS},
    ("builtins.sorted", 0): "F(QI)",
    ("builtins.next", 0): "F(IT)",
    ("builtins.isinstance", 0): "F(Q, list)",
    ("builtins.issubclass", 0): "F(type(Q), list)",
    ("builtins.hasattr", 0): "F(Q, 'pk')",
    ("builtins.filter", 1): "F(None, Q)",
    ("functools.reduce", 1): "F(min, QI)",
    ("operator.contains", 0): "F(Q, 1)",
    ("operator.countOf", 0): "F(Q, 1)",
    ("operator.indexOf", 0): "F(QI, 1)",
    ("collections.defaultdict", 1): "F(int, QP)",
    ("heapq.nlargest", 1): "F(2, QI)",
    ("heapq.nsmallest", 1): "F(2, QI)",
    ("array.array", 1): "F('l', QI)",
    ("bisect.bisect", 0): "F(QI, 3)",
    ("bisect.bisect_left", 0): "F(QI, 3)",
    ("bisect.bisect_right", 0): "F(QI, 3)",
    ("random.choices", 0): "F(Q, k=2)",
    ("random.sample", 0): "F(SEQ, 2)",
    ("json.dumps", 0): "F(QI, default=list)",
    ("json.dump", 0): "F(QI, io.StringIO(), default=list)",
    ("pickle.dump", 0): "F(Q, io.BytesIO())",
    ("typing.cast", 1): "F(list, Q)",
    ("asgiref.sync.sync_to_async", 0): "F(Q.count)",
    ("itertools.combinations", 0): "F(Q, 2)",
    ("itertools.combinations_with_replacement", 0): "F(Q, 2)",
    ("itertools.islice", 0): "F(Q, 2)",
    ("itertools.batched", 0): "F(Q, 2)",
    ("itertools.compress", 0): "F(Q, [1, 1])",
    ("itertools.compress", 1): "F([1, 1], Q)",
    ("itertools.dropwhile", 1): "F(str, Q)",
    ("itertools.filterfalse", 1): "F(str, Q)",
    ("itertools.takewhile", 1): "F(str, Q)",
    ("itertools.starmap", 1): "F(max, QP)",
    ("itertools.chain.from_iterable", "items"): "F([Q])",
    ("statistics.mode", 0): "F(QI)",
    ("django.shortcuts.get_object_or_404", 0): "F(Q, pk=1)",
    ("django.shortcuts.get_object_or_404", "klass"): "F(klass=Q, pk=1)",
    ("django.shortcuts.get_list_or_404", 0): "F(Q, pk=1)",
    ("django.shortcuts.get_list_or_404", "klass"): "F(klass=Q, pk=1)",
    ("django.shortcuts.aget_object_or_404", 0): "F(Q, pk=1)",
    ("django.shortcuts.aget_list_or_404", 0): "F(Q, pk=1)",
    ("rest_framework.generics.get_object_or_404", 0): "F(Q, pk=1)",
    ("rest_framework.generics.get_object_or_404", "queryset"): "F(queryset=Q, pk=1)",
    ("django.db.models.prefetch_related_objects", 0): "F(Q, 'lines')",
    ("django.core.serializers.serialize", 1): "F('json', Q)",
    ("django.core.serializers.serialize", "queryset"): "F('json', queryset=Q)",
    ("django.http.HttpResponse", "content"): "F(content=Q)",
    ("django.http.StreamingHttpResponse", "streaming_content"): "F(streaming_content=Q)",
    ("django.http.JsonResponse", 0): "F(QI, safe=False, json_dumps_params={'default': list})",
    ("django.http.JsonResponse", "data"): (
        "F(data=QI, safe=False, json_dumps_params={'default': list})"
    ),
    ("django.utils.html.format_html_join", 2): "F('', '{}{}', QP)",
    ("django.utils.html.format_html_join", "args_generator"): "F('', '{}{}', args_generator=QP)",
    ("django.forms.model_to_dict", 0): "F(row)",
    ("django.core.cache.cache.set", 1): "F('key', Q)",
    ("django.core.cache.cache.set", "value"): "F('key', value=Q)",
    ("django.core.cache.cache.add", "value"): "F('other key', value=Q)",
    **{
        (f"logging.{level}", place): logged(place)
        for level in ("warning", "error", "critical", "exception")
        for place in range(12)
    },
    ("logging.debug", 1): "F('%s', Q)",
    ("logging.info", 1): "F('%s', Q)",
    ("django.core.cache.cache.get_or_set", 1): "F('other', Q)",
    ("django.core.cache.cache.add", 1): "F('third', Q)",
}
for _name in "ChoiceField MultipleChoiceField TypedChoiceField TypedMultipleChoiceField".split():
    RECIPES[f"django.forms.{_name}", "choices"] = "F(choices=QP)"
for _name in ("django.forms.ChoiceField", "django.forms.MultipleChoiceField"):
    RECIPES[_name, 0] = "F(choices=QP)"
for _name in "Select SelectMultiple RadioSelect CheckboxSelectMultiple ChoiceWidget".split():
    RECIPES[f"django.forms.{_name}", "choices"] = "F(choices=QP)"
    RECIPES[f"django.forms.{_name}", 1] = "F(None, QP)"
for _name in ("ChoiceField", "MultipleChoiceField"):
    RECIPES[f"rest_framework.serializers.{_name}", "choices"] = "F(choices=QP)"
    RECIPES[f"rest_framework.serializers.{_name}", 0] = "F(QP)"
for _name in (
    "CharField TextField IntegerField SmallIntegerField BigIntegerField PositiveIntegerField "
    "PositiveSmallIntegerField SlugField BooleanField DateField DateTimeField DecimalField "
    "FloatField EmailField URLField UUIDField"
).split():
    RECIPES[f"django.db.models.{_name}", "choices"] = "read(F(choices=QP))"

#: Rows that take any number of querysets: expression by position.
ANY_NUMBER: dict[str, str] = {
    "builtins.map": "F(max, *[[1, 2]] * {before}, Q, *[[1, 2]] * {after})",
    "builtins.zip": "F(*[[1, 2]] * {before}, Q, *[[1, 2]] * {after})",
    "builtins.print": "F(*[1] * {before}, Q, *[1] * {after}, file=io.StringIO())",
    "itertools.chain": "F(*[[1, 2]] * {before}, Q, *[[1, 2]] * {after})",
    "itertools.product": "F(*[[1]] * {before}, Q, *[[1]] * {after})",
    "itertools.zip_longest": "F(*[[1, 2]] * {before}, Q, *[[1, 2]] * {after})",
    "heapq.merge": "F(*[[1, 2]] * {before}, QI, *[[1, 2]] * {after})",
    "django.utils.html.format_html": "F('{{}}' * 11, *[1] * {before}, Q, *[1] * {after})",
}
#: Where a callable comes first, the querysets start at 1.
FIRST = {"builtins.map": 1, "django.utils.html.format_html": 1}
LAST = 11
for _name, _text in ANY_NUMBER.items():
    _first = FIRST.get(_name, 0)
    for _position in range(_first, LAST + 1):
        RECIPES[_name, _position] = _text.format(before=_position - _first, after=LAST - _position)

#: Functions that a row calls: (row, argument) -> expression, ``call`` notes that it was called.
INVOKED: dict[tuple[str, int | str], str] = {
    ("builtins.sorted", "key"): "F([1, 2], key=call)",
    ("builtins.min", "key"): "F([1, 2], key=call)",
    ("builtins.max", "key"): "F([1, 2], key=call)",
    ("builtins.map", 0): "list(F(call, [1]))",
    ("builtins.filter", 0): "list(F(call, [1]))",
    ("functools.reduce", 0): "F(call, [1, 2])",
    ("itertools.dropwhile", 0): "list(F(call, [1]))",
    ("itertools.filterfalse", 0): "list(F(call, [1]))",
    ("itertools.takewhile", 0): "list(F(call, [1]))",
    ("itertools.starmap", 0): "list(F(call, [(1, 2)]))",
}

#: Methods of built-in types, by name and position.
METHOD_RECIPES: dict[tuple[str, int], str] = {
    ("join", 0): "', '.join(QS)",
    ("extend", 0): "[].extend(Q)",
    ("update", 0): "{}.update(QP)",
    ("symmetric_difference", 0): "set().symmetric_difference(Q)",
    ("issubset", 0): "{1}.issubset(QI)",
    ("issuperset", 0): "{1}.issuperset(QI)",
    ("isdisjoint", 0): "{99}.isdisjoint(QI)",
    ("fromkeys", 0): "dict.fromkeys(QI)",
    ("writerows", 0): "csv.writer(io.StringIO()).writerows(QP)",
    ("writelines", 0): "io.StringIO().writelines(QS)",
    ("bulk_create", 0): "Order.objects.bulk_create(Q, ignore_conflicts=True)",
}
for _position in range(LAST + 1):
    _call = f"(*[[1]] * {_position}, QI, *[[1]] * {LAST - _position})"
    for _name in "union intersection difference intersection_update difference_update".split():
        METHOD_RECIPES[_name, _position] = f"{{1}}.{_name}{_call}"
    METHOD_RECIPES["format", _position] = (
        f"('{{}}' * 12).format(*[1] * {_position}, Q, *[1] * {LAST - _position})"
    )

#: Who shows a queryset that is handed over: ``show`` renders the result.
TAKER_RECIPES: dict[tuple[str, int | str], str] = {
    ("django.shortcuts.render", 2): "F(request, 'fact.html', {'items': Q})",
    ("django.shortcuts.render", "context"): "F(request, 'fact.html', context={'items': Q})",
    ("django.template.loader.render_to_string", 1): "F('fact.html', {'items': Q})",
    ("django.template.loader.render_to_string", "context"): "F('fact.html', context={'items': Q})",
    ("rest_framework.response.Response", 0): "show(api(F(QI)))",
    ("rest_framework.response.Response", "data"): "show(api(F(data=QI)))",
}
for _name in ("django.template.TemplateResponse",):
    TAKER_RECIPES[_name, 2] = "show(F(request, 'fact.html', {'items': Q}))"
    TAKER_RECIPES[_name, "context"] = "show(F(request, 'fact.html', context={'items': Q}))"
for _name in ("django.template.SimpleTemplateResponse",):
    TAKER_RECIPES[_name, 1] = "show(F('fact.html', {'items': Q}))"
    TAKER_RECIPES[_name, "context"] = "show(F('fact.html', context={'items': Q}))"
#: Wrappers of a context.
CONTEXT_RECIPES: dict[str, str] = {
    "django.template.Context": "page.template.render(F({'items': Q}))",
    "django.template.RequestContext": "page.template.render(F(request, {'items': Q}))",
}
#: Functions that find a template.
LOADER_RECIPES: dict[str, str] = {
    "django.template.loader.get_template": "F('fact.html').render({'items': Q})",
    "django.template.loader.select_template": "F(['fact.html']).render({'items': Q})",
}

LOG_RECIPES: dict[str, str] = {
    "debug": "log.debug('%s', Q)",
    "info": "log.info('%s', Q)",
    "warning": "log.warning('%s', Q)",
    "error": "log.error('%s', Q)",
    "critical": "log.critical('%s', Q)",
    "exception": "log.exception('%s', Q)",
    "log": "log.log(40, '%s', Q)",
}


#: Canonical names under which nothing can be imported -> where it is.
PLACES = {
    "django.contrib.admin.LogEntry": "django.contrib.admin.models.LogEntry",
    "django.forms.ChoiceWidget": "django.forms.widgets.ChoiceWidget",
    "django.template.SimpleTemplateResponse": "django.template.response.SimpleTemplateResponse",
    "django.template.TemplateResponse": "django.template.response.TemplateResponse",
}


def resolve(name: str) -> Any:
    """The object of a dotted name."""
    parts = PLACES.get(name, name).split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise ImportError(name)


def arguments() -> dict[str, Any]:
    """The querysets that recipes name, all lazy and new."""
    rows = queryset()
    return {
        "Q": rows,
        "QI": queryset().values_list("pk", flat=True),
        "QS": queryset().values_list("status", flat=True),
        "QP": queryset().values_list("pk", "number"),
        "IT": (row.pk for source in [rows] for row in source),
    }


def helpers() -> dict[str, Any]:
    """Whatever else recipes name."""
    import csv
    import io
    import logging

    from django.template import engines
    from django.test import RequestFactory
    from shop.models import Order

    log = logging.getLogger("oracle.facts")
    log.setLevel(logging.DEBUG)
    log.propagate = False
    log.handlers[:] = [logging.StreamHandler(io.StringIO())]

    def read(field: Any) -> Any:
        list(field.flatchoices)
        return field

    def show(response: Any) -> Any:
        response.render()
        return response

    def api(response: Any) -> Any:
        from rest_framework.renderers import JSONRenderer

        response.accepted_renderer = JSONRenderer()
        response.accepted_media_type = "application/json"
        response.renderer_context = {}
        return response

    return {
        "api": api,
        "csv": csv,
        "io": io,
        "log": log,
        "Order": Order,
        "page": engines["django"].get_template("fact.html"),
        "request": RequestFactory().get("/"),
        "read": read,
        "show": show,
    }


def sequence(rows: Any) -> Any:
    """A sequence over a queryset, for those who refuse anything else."""
    from collections.abc import Sequence

    Sequence.register(type(rows))
    return rows


def measure_call(text: str, function: Any = None) -> dict[str, Any]:
    """Evaluate a recipe; say whether it iterates, only asks, does so later, or nothing."""
    given = arguments()
    names = {**helpers(), **given, "F": function, "SEQ": given["Q"]}
    if "SEQ" in text:
        sequence(given["Q"])
    if "row" in text:
        names["row"] = queryset().get(pk=1)
    used = next((given[key] for key in ("QI", "QS", "QP") if key in words(text)), given["Q"])
    with undone(), counted() as now:
        result, error = attempt(lambda: eval(text, names))  # noqa: S307
        outcome = {"queries": len(now), "error": error, "returns": kind_of(result, used)}
        filled = used._result_cache is not None
        if filled:
            outcome["effect"] = "iterates"
        elif len(now):
            outcome["effect"] = "peeks"
        else:
            outcome["effect"] = consumed(result, used)
        if inspect.iscoroutine(result):
            result.close()
    return outcome


def words(text: str) -> list[str]:
    """The names in an expression."""
    import re

    return re.findall(r"[A-Za-z_]+", text)


def consumed(result: Any, used: Any) -> str:
    """Say whether consuming the result, an iterator, evaluates the queryset."""
    if result is used or not hasattr(type(result), "__next__"):
        return "nothing"
    with counted() as later:
        for index, _ in enumerate(result):
            if index > 50:
                break
    del later
    return "later" if used._result_cache is not None else "nothing"


def template_position(name: str) -> int | None:
    """The position of the template's name among the arguments of a callable."""
    function, error = attempt(lambda: resolve(name))
    if error:
        return None
    names = list(inspect.signature(function).parameters)
    return next((names.index(key) for key in ("template", "template_name") if key in names), None)


def measure_calls() -> dict[str, Any]:
    """Try every recipe."""
    found: dict[str, Any] = {"callees": {}, "invokes": {}, "methods": {}, "takers": {}, "logs": {}}
    for key, recipes in (("callees", RECIPES), ("takers", TAKER_RECIPES)):
        for (name, argument), text in recipes.items():
            function, error = attempt(lambda name=name: resolve(name))
            if error is None:
                found[key].setdefault(name, {})[str(argument)] = measure_call(text, function)
    found["contexts"] = {
        name: measure_call(text, resolve(name))["effect"]
        for name, text in {**CONTEXT_RECIPES, **LOADER_RECIPES}.items()
    }
    found["names"] = {
        name: position
        for name in {name for name, _ in TAKER_RECIPES if name.startswith("django.")}
        if (position := template_position(name)) is not None
    }
    for (name, argument), text in INVOKED.items():
        call = Mock(side_effect=range(1, 9))
        eval(text, {"F": resolve(name), "call": call})  # noqa: S307
        found["invokes"].setdefault(name, {})[str(argument)] = call.called
    for (name, position), text in METHOD_RECIPES.items():
        found["methods"].setdefault(name, {})[str(position)] = measure_call(text)
    for name, text in LOG_RECIPES.items():
        found["logs"][name] = measure_call(text)
    return found


def measure_fresh() -> dict[str, bool]:
    """Whether an object that is made after a write offers the new row, by kind of field."""
    import importlib.util

    from django import forms

    families: list[tuple[str, Any, Any]] = [
        (f"django.forms.{name}", getattr(forms, name), forms.Form)
        for name in "ChoiceField MultipleChoiceField TypedChoiceField".split()
    ]
    if importlib.util.find_spec("rest_framework"):
        from rest_framework import serializers

        families += [
            (
                f"rest_framework.serializers.{name}",
                getattr(serializers, name),
                serializers.Serializer,
            )
            for name in "ChoiceField MultipleChoiceField".split()
        ]
    found = {}
    for name, field, base in families:
        with undone():
            rows = queryset().values_list("pk", "number")
            owner: Any = types.new_class(
                "Owner",
                (base,),
                exec_body=lambda body, f=field, r=rows: body.update(
                    {"field": f(choices=r), "__module__": __name__}
                ),
            )
            len(dict(owner().fields["field"].choices))
            new = queryset().first()
            new.pk = None
            new.save()
            found[name] = new.pk in dict(owner().fields["field"].choices)
    return found
