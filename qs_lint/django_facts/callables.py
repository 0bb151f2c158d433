"""What a callable does with the querysets that it is given.

Arguments are named by position (from 0) or by keyword.  Source: measured (``tests/oracle``).
"""

from __future__ import annotations

from dataclasses import dataclass

Argument = int | str


@dataclass(frozen=True, slots=True)
class Callee:
    """The effects of calling something.

    iterates: arguments iterated during the call (their result cache is filled);
    peeks: arguments that run a query during the call, without filling a cache;
    later: arguments iterated when the result is consumed (an iterator);
    invokes: arguments called during the call;
    returns: list, set, tuple, dict, scalar, instance, iterator, none, same (the first argument),
    clone, copy, derived;
    fresh: what it evaluates is copied before every use, so nothing stale is served;
    silent: nothing lasting is done with the arguments (printing, logging).
    """

    iterates: tuple[Argument, ...] = ()
    peeks: tuple[Argument, ...] = ()
    later: tuple[Argument, ...] = ()
    invokes: tuple[Argument, ...] = ()
    returns: str = "derived"
    fresh: bool = False
    silent: bool = False


ALL: tuple[Argument, ...] = tuple(range(12))
REST: tuple[Argument, ...] = tuple(range(1, 12))


def _builtins() -> dict[str, Callee]:
    rows = {
        "list": Callee((0,), returns="list"),
        "tuple": Callee((0,), returns="tuple"),
        "set": Callee((0,), returns="set"),
        "frozenset": Callee((0,), returns="set"),
        "sorted": Callee((0,), invokes=("key",), returns="list"),
        "reversed": Callee((0,), returns="iterator"),
        "min": Callee((0,), invokes=("key",), returns="scalar"),
        "max": Callee((0,), invokes=("key",), returns="scalar"),
        "sum": Callee((0,), returns="scalar"),
        "any": Callee((0,), returns="scalar"),
        "all": Callee((0,), returns="scalar"),
        "len": Callee((0,), returns="scalar"),
        "bool": Callee((0,), returns="scalar"),
        "iter": Callee((0,), returns="iterator"),
        "enumerate": Callee((0,), returns="iterator"),
        "map": Callee(REST, invokes=(0,), returns="iterator"),
        "filter": Callee((1,), invokes=(0,), returns="iterator"),
        "zip": Callee(ALL, returns="iterator"),
        "dict": Callee((0,), returns="dict"),
        "bytearray": Callee((0,), returns="scalar"),
        "bytes": Callee((0,), returns="scalar"),
        "next": Callee((0,), returns="scalar"),
        "str": Callee(peeks=(0,), returns="scalar"),
        "repr": Callee(peeks=(0,), returns="scalar"),
        "ascii": Callee(peeks=(0,), returns="scalar"),
        "format": Callee(peeks=(0,), returns="scalar"),
        "print": Callee(peeks=ALL, returns="none", silent=True),
        "id": Callee(returns="none"),
        "type": Callee(returns="none"),
        "isinstance": Callee(returns="none"),
        "issubclass": Callee(returns="none"),
        "hasattr": Callee(returns="none"),
        "callable": Callee(returns="none"),
        "hash": Callee(returns="none"),
        "dict.fromkeys": Callee((0,), returns="dict"),
    }
    return {f"builtins.{name}": callee for name, callee in rows.items()}


def _library() -> dict[str, Callee]:
    rows = {
        "functools.reduce": Callee((1,), invokes=(0,), returns="scalar"),
        "operator.contains": Callee((0,), returns="scalar"),
        "operator.countOf": Callee((0,), returns="scalar"),
        "operator.indexOf": Callee((0,), returns="scalar"),
        "operator.truth": Callee((0,), returns="scalar"),
        "operator.not_": Callee((0,), returns="scalar"),
        "operator.length_hint": Callee((0,), returns="scalar"),
        "collections.Counter": Callee((0,), returns="dict"),
        "collections.deque": Callee((0,), returns="list"),
        "collections.OrderedDict": Callee((0,), returns="dict"),
        "collections.defaultdict": Callee((1,), returns="dict"),
        "collections.UserList": Callee((0,), returns="list"),
        "collections.UserDict": Callee((0,), returns="dict"),
        "collections.ChainMap": Callee(returns="derived"),
        "itertools.chain": Callee(later=ALL, returns="iterator"),
        "itertools.repeat": Callee(returns="derived"),
        "heapq.nlargest": Callee((1,), returns="list"),
        "heapq.nsmallest": Callee((1,), returns="list"),
        "array.array": Callee((1,), returns="list"),
        "bisect.bisect": Callee((0,), returns="scalar"),
        "bisect.bisect_left": Callee((0,), returns="scalar"),
        "bisect.bisect_right": Callee((0,), returns="scalar"),
        "heapq.merge": Callee(later=ALL, returns="iterator"),
        "random.choice": Callee((0,), returns="instance"),
        "random.choices": Callee((0,), returns="list"),
        "random.shuffle": Callee((0,), returns="none"),
        "random.sample": Callee((0,), returns="list"),
        "math.fsum": Callee((0,), returns="scalar"),
        "math.prod": Callee((0,), returns="scalar"),
        "json.dumps": Callee((0,), returns="scalar"),
        "json.dump": Callee((0,), returns="none"),
        "pickle.dumps": Callee((0,), returns="scalar"),
        "pickle.dump": Callee((0,), returns="none"),
        "copy.copy": Callee((0,), returns="copy"),
        "copy.deepcopy": Callee(returns="clone"),
        "pprint.pformat": Callee(peeks=(0,), returns="scalar"),
        "pprint.pprint": Callee(peeks=(0,), returns="none", silent=True),
        "typing.cast": Callee(returns="second"),
        "warnings.warn": Callee(peeks=(0,), returns="none", silent=True),
        "asyncio.run": Callee((0,), returns="result"),
        "asgiref.sync.sync_to_async": Callee(returns="first"),
        "types.MappingProxyType": Callee(returns="first"),
    }
    for name in (
        "accumulate combinations combinations_with_replacement cycle groupby islice "
        "pairwise permutations product tee zip_longest batched"
    ).split():
        positions = ALL if name in ("product", "zip_longest") else (0,)
        rows[f"itertools.{name}"] = Callee(positions, returns="iterator")
    for name in "compress".split():
        rows[f"itertools.{name}"] = Callee((0, 1), returns="iterator")
    for name in "dropwhile filterfalse starmap takewhile".split():
        rows[f"itertools.{name}"] = Callee((1,), invokes=(0,), returns="iterator")
    rows["itertools.chain.from_iterable"] = Callee((0,), later=("items",), returns="iterator")
    for (
        name
    ) in "mean fmean median median_low median_high mode multimode stdev pstdev variance".split():
        rows[f"statistics.{name}"] = Callee((0,), returns="scalar")
    return rows


def _django() -> dict[str, Callee]:
    choices = Callee(("choices", 0), returns="derived")
    rows = {
        "django.shortcuts.get_object_or_404": Callee(peeks=(0, "klass"), returns="instance"),
        "django.shortcuts.get_list_or_404": Callee(peeks=(0, "klass"), returns="list"),
        "django.shortcuts.aget_object_or_404": Callee(returns="derived"),
        "django.shortcuts.aget_list_or_404": Callee(returns="derived"),
        "rest_framework.generics.get_object_or_404": Callee(
            peeks=(0, "queryset"), returns="instance"
        ),
        "django.db.models.prefetch_related_objects": Callee((0,), returns="none"),
        "django.core.serializers.serialize": Callee((1, "queryset"), returns="scalar"),
        "django.http.HttpResponse": Callee((0, "content"), returns="derived"),
        "django.http.StreamingHttpResponse": Callee((0, "streaming_content"), returns="derived"),
        "django.http.JsonResponse": Callee((0, "data"), returns="derived"),
        "django.utils.html.format_html_join": Callee((2, "args_generator"), returns="scalar"),
        "django.utils.html.format_html": Callee(peeks=REST, returns="scalar"),
        "django.utils.html.escape": Callee(peeks=(0,), returns="scalar"),
        "django.utils.html.conditional_escape": Callee(peeks=(0,), returns="scalar"),
        "django.utils.safestring.mark_safe": Callee(peeks=(0,), returns="scalar"),
        "django.utils.encoding.force_str": Callee(peeks=(0,), returns="scalar"),
        "django.utils.encoding.smart_str": Callee(peeks=(0,), returns="scalar"),
        "django.forms.model_to_dict": Callee(returns="dict"),
        "django.forms.ChoiceField": choices,
        "django.forms.MultipleChoiceField": choices,
        "django.forms.TypedChoiceField": Callee(("choices",)),
        "django.forms.TypedMultipleChoiceField": Callee(("choices",)),
        "django.forms.Select": Callee(("choices", 1)),
        "django.forms.SelectMultiple": Callee(("choices", 1)),
        "django.forms.RadioSelect": Callee(("choices", 1)),
        "django.forms.CheckboxSelectMultiple": Callee(("choices", 1)),
        "django.forms.ChoiceWidget": Callee(("choices", 1)),
        "rest_framework.serializers.ChoiceField": Callee(("choices", 0), fresh=True),
        "rest_framework.serializers.MultipleChoiceField": Callee(("choices", 0), fresh=True),
        "django.core.cache.cache.set": Callee((1,), returns="none"),
        "django.core.cache.cache.get_or_set": Callee((1,), returns="scalar"),
        "django.core.cache.cache.add": Callee((1,), returns="none"),
    }
    for name in (
        "CharField TextField IntegerField SmallIntegerField BigIntegerField PositiveIntegerField "
        "PositiveSmallIntegerField SlugField BooleanField DateField DateTimeField DecimalField "
        "FloatField EmailField URLField UUIDField"
    ).split():
        # since Django 5.0 at definition, in 4.2 on first use: frozen in both
        rows[f"django.db.models.{name}"] = Callee(("choices",))
    return rows


CALLEES: dict[str, Callee] = {**_builtins(), **_library(), **_django()}

#: Evaluate their argument when rendered, serialised or paginated: handing a shared queryset to
#: them at call time fills its cache.  name -> arguments; "context" marks a template context.
TAKERS: dict[str, tuple[Argument, ...]] = {
    "django.shortcuts.render": (2, "context"),
    "django.template.loader.render_to_string": (1, "context"),
    "django.template.TemplateResponse": (2, "context"),
    "django.template.SimpleTemplateResponse": (1, "context"),
    "rest_framework.response.Response": (0, "data"),
}

#: Where a taker is told the name of its template.
TEMPLATE_NAMES: dict[str, Argument] = {
    "django.shortcuts.render": 1,
    "django.template.loader.render_to_string": 0,
    "django.template.TemplateResponse": 1,
    "django.template.SimpleTemplateResponse": 0,
}
#: Wrappers of a context dict.
CONTEXTS = frozenset({"django.template.Context", "django.template.RequestContext"})
#: Template objects: made of a text, or found by name.
TEMPLATE = "django.template.Template"
TEMPLATE_LOADERS = frozenset(
    {"django.template.loader.get_template", "django.template.loader.select_template"}
)

#: Loggers: arguments are formatted (a query, LIMIT 21) if the level is enabled.
LOG_METHODS = frozenset("debug info warning error critical exception log".split())

#: Methods of str, list, set and dict that iterate an argument.
METHODS: dict[str, Callee] = {
    "join": Callee((0,), returns="scalar"),
    "format": Callee(peeks=ALL, returns="scalar"),
    "extend": Callee((0,), returns="none"),
    "update": Callee((0,), returns="none"),
    "union": Callee(ALL, returns="set"),
    "intersection": Callee(ALL, returns="set"),
    "difference": Callee(ALL, returns="set"),
    "symmetric_difference": Callee((0,), returns="set"),
    "issubset": Callee((0,), returns="scalar"),
    "issuperset": Callee((0,), returns="scalar"),
    "isdisjoint": Callee((0,), returns="scalar"),
    "intersection_update": Callee(ALL, returns="none"),
    "difference_update": Callee(ALL, returns="none"),
    "fromkeys": Callee((0,), returns="dict"),
    "writerows": Callee((0,), returns="none"),
    "writelines": Callee((0,), returns="none"),
    "bulk_create": Callee((0,), returns="list"),
}

#: Decorators that keep the results of the function for the life of the process.
MEMOISERS: dict[str, str] = {
    "functools.lru_cache": "lru_cache",
    "functools.cache": "cache",
    "django.utils.lru_cache.lru_cache": "lru_cache",
    "cachetools.cached": "cached",
    "cachetools.func.lru_cache": "lru_cache",
    "cachetools.func.ttl_cache": "",
    "methodtools.lru_cache": "lru_cache",
    "memoize.mproperty": "",
}
#: Descriptors that run their function when the attribute is read.
PROPERTIES: dict[str, str] = {
    "builtins.property": "property",
    "functools.cached_property": "cached_property",
    "django.utils.functional.classproperty": "property",
    "django.utils.decorators.classproperty": "property",
    "abc.abstractproperty": "property",
}
#: Decorators under which calling the function runs its body (and nothing is kept).
CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
