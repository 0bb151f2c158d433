"""In which order a framework calls the methods of an object, and how it tells what an object is."""

from __future__ import annotations

#: Methods that run before any other method of the object that matters, once per object.
BEFORE_IN_ORDER = ("__init__", "setup", "dispatch", "initialize_request", "initial")
BEFORE = frozenset(BEFORE_IN_ORDER)

#: Attributes of API views that nobody may evaluate: a guard raises.
GUARDED = frozenset({"queryset"})

#: Who makes the instances of a class that inherits from nothing we know: by name of a method.
MIDDLEWARE_METHODS = frozenset({"__call__", "process_view", "process_request"})

#: Kind of a class -> the setting that names the classes of the kind that are used.
NAMED_IN: dict[str, str] = {"middleware": "MIDDLEWARE"}

#: Attributes of views that the framework reads in one of its methods only, and that method.
READ_IN: dict[str, str] = {"queryset": "get_queryset"}

#: Settings that choose for all views of Django REST framework: the setting, and the key in it.
PAGINATION = ("REST_FRAMEWORK", "DEFAULT_PAGINATION_CLASS")
FILTER_BACKENDS = ("REST_FRAMEWORK", "DEFAULT_FILTER_BACKENDS")
