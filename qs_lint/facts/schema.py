"""The form of a fact: what a library does that cannot be read in the checked project.

One form for all: the tables of :mod:`qs_lint.facts.libraries` and the facts file of a project.
Rows are named by the dotted name of what they describe.  A fact is measured, never guessed: it
says what happens, and the engine works out what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast

Row = TypeVar("Row")

#: An argument of a call: by position, from 0, or by keyword.
Argument = int | str

#: What a class is for Django: who makes its instances, and what is done with its attributes.
Kind = Literal[
    "admin",
    "admin-site",
    "app-config",
    "authentication",
    "backend",
    "block",
    "annotated",  # reads its annotations while it is made, and keeps what they say
    "annotated-text",  # the same, and evaluates those that are texts
    "choice-field",
    "choice-widget",
    "choices",
    "command",
    "consumer",
    "context",
    "date",
    "drf",
    "drf-generic",
    "drf-list",
    "drf-retrieve",
    "drf-single",
    "enum",
    "expiring",  # a container whose items end by themselves
    "factory",  # makes rows for tests
    "feed",
    "filter",
    "filter-backend",
    "filterset",
    "form",
    "form-field",
    "form-view",
    "formset",
    "inline",
    "lazy-object",
    "list",
    "list-filter",
    "local",
    "manager",
    "middleware",
    "migration",
    "model",
    "model-field",
    "model-form",
    "model-formset",
    "multiple",
    "paginator",
    "pagination",
    "permission",
    "q",
    "queryset",
    "queryset-field",  # a form field that makes its choices of a queryset
    "resolvers",
    "schema",
    "refusal",  # raised by an object that does not want to be used
    "rows-field",  # a form field that iterates its initial value
    "serializer",
    "serializer-field",
    "single",
    "sitemap",
    "table",
    "task",
    "template",
    "template-node",
    "test",
    "throttle",
    "view",
    "viewset",
    "widget",
]

#: How long an instance of a class lives: as long as the process, or no longer than one request.
Lifetime = Literal["", "process", "request"]

#: Why the result of a call is right only at that moment; ``context`` is the request's language,
#: tenant, user or site, or a setting that can be changed while the process runs.
Volatility = Literal["", "clock", "date", "random", "context"]

#: What a call returns.
Returns = Literal[
    "",  # unknown
    "clone",  # a new queryset, for one that is given
    "copy",  # the same rows again
    "derived",  # something that may hold its arguments
    "dict",
    "first",  # its first argument
    "instance",
    "iterator",
    "list",
    "none",  # nothing that has to do with its arguments
    "result",  # what comes out of the argument that it runs
    "scalar",
    "second",  # its second argument
    "set",
    "tuple",
]

#: What is so particular that the engine has a model of it.
Behaviour = Literal[
    "",
    "app-getter",
    "brings-manager",
    "annotation-reader",
    "answers",
    "attribute-getter",
    "applies",
    "calls",
    "calls-awaited",
    "calls-for-each",
    "cache-read",  # what a cache holds now: mostly rows, of whatever model
    "default-factory",  # its first argument makes what is missing
    "item-getter",
    "identity",  # tells one process, run or row from all others
    "cached-property",
    "callable",
    "class-getter",
    "class-property",
    "classmethod",
    "context",
    "context-manager",
    "coroutine-runner",
    "enters",
    "getattr",
    "hasattr",
    "lazy-function",
    "lazy-object",
    "memoiser",
    "method-caller",
    "model-getter",
    "namespace",
    "pages",
    "partial",
    "process-wide",
    "promise",
    "property",
    "registered",
    "registers",
    "relation",
    "route",
    "setattr",
    "setup",
    "staticmethod",
    "template-loader",
    "thread",
    "to-sync",
    "type",
]

#: What a method of a manager, queryset or model does with the database.
Does = Literal[
    "lazy",  # returns a new queryset, asks nothing
    "evaluates",  # asks at once
    "writes",  # asks at once, and writes
    "deferred",  # asks when the result is consumed
    "by-design",  # keeps what it asked for the lifetime of the process, and renews it itself
    "answers",  # a decorator: what its function returns is iterated to answer a request
    "self",  # returns its receiver
    "nothing",  # neither asks nor returns a queryset
]

#: What a method returns that asks at once.
MethodReturns = Literal["scalar", "instance", "list", "dict", "pair", "queryset"]


@dataclass(frozen=True, slots=True)
class Callee:
    """What calling something does with the querysets that it is given.

    Arguments are named by position, from 0, or by keyword.
    """

    #: arguments iterated during the call: their result cache is filled
    iterates: tuple[Argument, ...] = ()
    #: arguments that run a query during the call, without filling a cache
    peeks: tuple[Argument, ...] = ()
    #: arguments iterated when the result is consumed, which is an iterator
    later: tuple[Argument, ...] = ()
    #: arguments called during the call
    invokes: tuple[Argument, ...] = ()
    #: arguments iterated when a response is rendered or serialised
    shows: tuple[Argument, ...] = ()
    returns: Returns = ""
    #: the dotted name of the class that it returns
    gives: str = ""
    #: what it evaluates is copied before every use, so nothing stale is served
    fresh: bool = False
    #: nothing lasting is done with the arguments: they are printed, or logged
    silent: bool = False
    #: what it is given is kept, and served later
    keeps: bool = False
    #: position of the function that it calls with the arguments that follow
    function: int = 0
    #: a raw queryset is iterated as any other
    raw: bool = True
    #: the items of the result are what the argument that is called returns
    maps: bool = False
    #: a model or a manager does as well as a queryset
    models: bool = False
    #: lazy text among the arguments stays lazy
    lazy_text: bool = False
    #: its arguments but the first select rows, as those of ``filter()``
    filters: bool = False
    #: the argument that names the template
    template: Argument | None = None
    volatile: Volatility = ""
    #: with an argument, the result depends on it alone
    fixed: bool = False
    #: a decorator that keeps results: for the lifetime of the process, or for a while
    memoises: Literal["", "process", "while"] = ""
    behaves: Behaviour = ""
    #: for ``brings-manager``: the argument that names the attribute, and its default
    attribute: tuple[str, str] = ("", "")
    #: the package below which a ``class-getter`` finds its modules
    below: str = ""
    #: do as this one does, which the tables know
    like: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of a manager, a queryset or a model class does."""

    does: Does
    returns: MethodReturns = "scalar"
    #: its arguments select or compute rows: a stale one gives wrong rows
    filters: bool = False
    #: arguments iterated during the call
    iterates: tuple[Argument, ...] = ()
    #: the answer depends on more than the database and the arguments
    volatile: Volatility = ""


@dataclass(frozen=True, slots=True)
class Class:
    """What a class is for those who inherit from it or make instances of it."""

    kinds: frozenset[Kind] = frozenset()
    #: how long an instance lives
    lifetime: Lifetime = ""
    #: attributes that hold managers, and the class of each
    managers: Mapping[str, str] = field(default_factory=dict)
    #: methods of a manager or a queryset, class methods of a model
    methods: Mapping[str, Method] = field(default_factory=dict)
    #: methods that return a clone of an attribute: the name of the method, and of the attribute
    clones: Mapping[str, str] = field(default_factory=dict)
    #: it has no methods but those that every class of its kind has
    plain: bool = False
    #: a manager whose rows are not those of the model that it stands on
    foreign_rows: bool = False
    #: arguments of the constructor select rows, as those of ``filter()``
    filters: bool = False
    #: for a filter backend: the attributes of the view without which it hands on the very
    #: queryset that it is given; ``None`` if it always makes a new one
    filters_by: tuple[str, ...] | None = None
    #: a view with one of those attributes has this backend, even where the settings choose
    told_by_attributes: bool = False
    #: be what this one is, which the tables know
    like: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of one library.

    ``name``: what it is called, or the path of a project's own file.
    """

    name: str
    callables: Mapping[str, Callee] = field(default_factory=dict)
    classes: Mapping[str, Class] = field(default_factory=dict)
    #: objects and attributes whose value is right only at the moment of the access
    volatile: Mapping[str, Volatility] = field(default_factory=dict)
    #: other names of what has a row
    aliases: Mapping[str, str] = field(default_factory=dict)
    #: beginnings of names that stand for other beginnings
    moved: Mapping[str, str] = field(default_factory=dict)
    #: packages in which a class is known by its own name alone
    flat: tuple[str, ...] = ()
    #: packages, and the modules in them whose functions are known by their own names, too
    flat_modules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: what a class of an unread package is by the end of its name, where no row says it
    endings: Mapping[str, Class] = field(default_factory=dict)
    #: top-level packages whose classes have an ``objects`` of their own, or are no models at all
    not_django: frozenset[str] = frozenset()
    #: rows that no test proves against the library, and why
    unproven: Mapping[str, str] = field(default_factory=dict)


def of(kinds: str, lifetime: Lifetime = "") -> Class:
    """A class of these kinds."""
    return Class(frozenset(cast("list[Kind]", kinds.split())), lifetime)


def names(prefix: str, words: str) -> list[str]:
    """The dotted names of what stands under one prefix."""
    return [f"{prefix}.{name}" for name in words.split()]


def each(prefix: str, words: str, row: Row) -> dict[str, Row]:
    """The same row for several names under one prefix."""
    return dict.fromkeys(names(prefix, words), row)


def every(words: str, row: Row) -> dict[str, Row]:
    """The same row for several names."""
    return dict.fromkeys(words.split(), row)
