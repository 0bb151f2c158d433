"""The standard library."""

from __future__ import annotations

from qs_lint.facts.schema import Argument, Callee, Library, each, of

#: Positions that no call exceeds.
ALL: tuple[Argument, ...] = tuple(range(12))
REST: tuple[Argument, ...] = ALL[1:]

_ITERATES_ALL_AS_ITERATOR = Callee(ALL, returns="iterator")
_ITERATOR = Callee((0,), returns="iterator")
_LIST = Callee((0,), returns="list")
_DICT = Callee((0,), returns="dict")
_SCALAR = Callee((0,), returns="scalar")
_NOTHING = Callee(returns="none")
_SHOWN = Callee(peeks=(0,), returns="scalar")
_PRINTED = Callee(peeks=(0,), returns="none", silent=True)
_CLOCK = Callee(volatile="clock")
_FIXABLE_CLOCK = Callee(volatile="clock", fixed=True)
_DICE = Callee(volatile="random")
_IDENTITY = Callee(volatile="random", behaves="identity")

LIBRARY = Library(
    "Python's standard library",
    callables={
        "builtins.list": _LIST,
        "builtins.tuple": Callee((0,), returns="tuple"),
        "builtins.sorted": Callee((0,), invokes=("key",), returns="list"),
        "builtins.reversed": _ITERATOR,
        **each("builtins", "set frozenset", Callee((0,), returns="set")),
        **each("builtins", "min max", Callee((0,), invokes=("key",), returns="scalar")),
        **each("builtins", "sum any all len bool bytearray bytes next", _SCALAR),
        **each("builtins", "iter enumerate", _ITERATOR),
        "builtins.map": Callee(REST, invokes=(0,), returns="iterator", maps=True),
        "builtins.filter": Callee((1,), invokes=(0,), returns="iterator"),
        "builtins.zip": _ITERATES_ALL_AS_ITERATOR,
        **each("builtins", "dict dict.fromkeys", _DICT),
        **each("builtins", "str repr ascii format", _SHOWN),
        "builtins.print": Callee(peeks=ALL, returns="none", silent=True),
        **each("builtins", "id isinstance issubclass hash", _NOTHING),
        "builtins.callable": Callee(returns="none", behaves="callable"),
        "builtins.hasattr": Callee(returns="none", behaves="hasattr"),
        "builtins.type": Callee(returns="none", behaves="type"),
        "builtins.getattr": Callee(behaves="getattr"),
        "builtins.setattr": Callee(behaves="setattr"),
        "builtins.property": Callee(behaves="property"),
        "builtins.staticmethod": Callee(behaves="staticmethod"),
        "builtins.classmethod": Callee(behaves="classmethod"),
        "abc.abstractproperty": Callee(behaves="property"),
        "functools.cached_property": Callee(behaves="cached-property"),
        **each("functools", "partial partialmethod", Callee(behaves="partial")),
        **each("functools", "lru_cache cache", Callee(memoises="process", behaves="memoiser")),
        "functools.reduce": Callee((1,), invokes=(0,), returns="scalar"),
        **each("operator", "contains countOf indexOf truth not_ length_hint", _SCALAR),
        **each("collections", "Counter OrderedDict UserDict", _DICT),
        **each("collections", "deque UserList", _LIST),
        "collections.defaultdict": Callee((1,), returns="dict", behaves="default-factory"),
        "operator.attrgetter": Callee(behaves="attribute-getter"),
        "operator.itemgetter": Callee(behaves="item-getter"),
        "operator.methodcaller": Callee(behaves="method-caller"),
        "collections.ChainMap": Callee(returns="derived"),
        "itertools.chain": Callee(later=ALL, returns="iterator"),
        "itertools.chain.from_iterable": Callee((0,), later=("items",), returns="iterator"),
        "itertools.repeat": Callee(returns="derived"),
        **each(
            "itertools",
            "accumulate combinations combinations_with_replacement cycle groupby islice pairwise "
            "permutations tee batched",
            _ITERATOR,
        ),
        **each("itertools", "product zip_longest", _ITERATES_ALL_AS_ITERATOR),
        "itertools.compress": Callee((0, 1), returns="iterator"),
        **each(
            "itertools",
            "dropwhile filterfalse starmap takewhile",
            Callee((1,), invokes=(0,), returns="iterator"),
        ),
        **each("heapq", "nlargest nsmallest", Callee((1,), returns="list")),
        "heapq.merge": Callee(later=ALL, returns="iterator"),
        "array.array": Callee((1,), returns="list"),
        **each("bisect", "bisect bisect_left bisect_right", _SCALAR),
        **each("math", "fsum prod", _SCALAR),
        **each(
            "statistics",
            "mean fmean median median_low median_high mode multimode stdev pstdev variance",
            _SCALAR,
        ),
        "json.dumps": Callee((0,), returns="scalar", raw=False),
        "json.dump": Callee((0,), returns="none", raw=False),
        "pickle.dumps": Callee((0,), returns="scalar", raw=False),
        "pickle.dump": Callee((0,), returns="none", raw=False),
        "copy.copy": Callee((0,), returns="copy", raw=False),
        "copy.deepcopy": Callee(returns="clone"),
        "pprint.pformat": _SHOWN,
        "pprint.pprint": _PRINTED,
        "warnings.warn": _PRINTED,
        **each("logging", "debug info log", _NOTHING),
        **each(
            "logging",
            "warning error critical exception",
            Callee(peeks=ALL, returns="none", silent=True),
        ),
        "typing.cast": Callee(returns="second"),
        "asyncio.run": Callee((0,), returns="result"),
        "types.MappingProxyType": Callee(returns="first"),
        "types.SimpleNamespace": Callee(behaves="namespace"),
        **each(
            "contextlib",
            "contextmanager asynccontextmanager",
            Callee(behaves="context-manager"),
        ),
        **each("contextlib", "nullcontext closing aclosing", Callee(behaves="enters")),
        "dataclasses.dataclass": Callee(behaves="annotation-reader"),
        **each("typing", "get_type_hints", Callee(behaves="annotation-reader")),
        **each("inspect", "get_annotations signature", Callee(behaves="annotation-reader")),
        "annotationlib.get_annotations": Callee(behaves="annotation-reader"),
        **each("datetime.datetime", "now today utcnow", _CLOCK),
        "datetime.date.today": Callee(volatile="date"),
        **each("time", "time time_ns monotonic strftime", _CLOCK),
        **each("time", "localtime gmtime ctime", _FIXABLE_CLOCK),
        **each("random", "random randint randrange uniform getrandbits", _DICE),
        "random.choice": Callee((0,), returns="instance", volatile="random"),
        **each("random", "choices sample", Callee((0,), returns="list", volatile="random")),
        "random.shuffle": Callee((0,), returns="none", volatile="random"),
        **each("secrets", "choice randbelow", _DICE),
        **each("secrets", "token_hex token_urlsafe token_bytes", _IDENTITY),
        **each("uuid", "uuid1 uuid4 uuid7", _IDENTITY),
        "os.getpid": Callee(volatile="context", behaves="identity"),
        "threading.get_ident": Callee(volatile="context", behaves="identity"),
    },
    classes={
        **each("typing", "NamedTuple TypedDict", of("annotated")),
        **each("typing_extensions", "NamedTuple TypedDict", of("annotated")),
        **each("enum", "Enum IntEnum StrEnum Flag IntFlag", of("enum")),
        "unittest.TestCase": of("test"),
        "unittest.case.TestCase": of("test"),
        "threading.local": of("local"),
        "contextvars.ContextVar": of("local"),
    },
    aliases={
        "collections.abc.Iterable": "typing.Iterable",
        "typing_extensions.TYPE_CHECKING": "typing.TYPE_CHECKING",
    },
    unproven={
        "logging.log": "what it does depends on the level",
        "typing.NamedTuple": "it is a function that makes a class",
        "typing.TypedDict": "it is a function that makes a class",
        "typing_extensions.NamedTuple": "it is a function that makes a class",
        "typing_extensions.TypedDict": "it is a function that makes a class",
    },
    endings={"TestCase": of("test")},
)
