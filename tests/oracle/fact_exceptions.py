"""The one place for rows of the fact tables that are not measured, or not as the tables say."""

from __future__ import annotations

#: Methods that are not in every supported Django, with the first version that has them.
SINCE: dict[str, tuple[int, int]] = {
    "bases.BASES: django.db.models.GeneratedField": (5, 0),
    "bases.BASES: django.forms.ColorInput": (5, 2),
    "bases.BASES: django.forms.SearchInput": (5, 2),
    "bases.BASES: django.forms.TelInput": (5, 2),
    "querysets.LAZY: fetch_mode": (6, 1),
    "querysets.NO_SQL: totally_ordered": (6, 1),
    "querysets.NOT_ON_MANAGER: totally_ordered": (6, 1),
    "callables.CALLEES: django.shortcuts.aget_object_or_404": (5, 0),
    "callables.CALLEES: django.shortcuts.aget_list_or_404": (5, 0),
}

SAME = "changes no name in any supported version"
ABSENT = "its package is not installed for the tests"
#: Rows that nothing measures, each with its reason. The name may end in ``*``.
UNMEASURED: dict[str, str] = {
    "callables.CALLEES: asyncio.create_task": "it is given a coroutine, not a queryset",
    "callables.CALLEES: asyncio.ensure_future": "it is given a coroutine, not a queryset",
    "callables.CALLEES: asyncio.gather": "it is given a coroutine, not a queryset",
    "callables.CALLEES: asyncio.run": "it is given a coroutine, not a queryset",
    "callables.CALLEES: asyncio.shield": "it is given a coroutine, not a queryset",
    "callables.CALLEES: asyncio.wait_for": "it is given a coroutine, not a queryset",
    "bases.BASES: django.views.generic.TemplateResponseMixin": "says that it is nothing special",
    "callables.MEMOISERS: cachetools.*": ABSENT,
    "callables.MEMOISERS: methodtools.lru_cache": ABSENT,
    "callables.MEMOISERS: memoize.mproperty": ABSENT,
    "callables.MEMOISERS: django.utils.lru_cache.lru_cache": "gone since Django 3.0",
    "callables.PROPERTIES: django.utils.decorators.classproperty": "gone since Django 3.1",
    "clocks.VOLATILE: arrow.*": ABSENT,
    "clocks.VOLATILE: pendulum.*": ABSENT,
    "clocks.VOLATILE: crum.*": ABSENT,
    "clocks.VOLATILE: django_currentuser.*": ABSENT,
    "clocks.VOLATILE: django_tenants.*": ABSENT,
    "clocks.VOLATILE: django_scopes.*": ABSENT,
    "clocks.VOLATILE: django.db.connection.get_tenant": ABSENT,
    "clocks.VOLATILE: django.utils.translation.ugettext": "gone since Django 4.0",
    "clocks.VOLATILE_ATTRIBUTES: *": ABSENT,
    "clocks.LOCALS: werkzeug.local.Local": ABSENT,
    "clocks.LOCALS: gevent.local.local": ABSENT,
    "models.MODEL_GETTERS: oscar.core.loading.get_model": ABSENT,
    "models.MODEL_GETTERS: swapper.load_model": ABSENT,
    "models.NOT_DJANGO: *": ABSENT,
    "names.COLLAPSE: django.contrib.auth.models": SAME,
    "names.COLLAPSE: django.contrib.sitemaps": SAME,
    "names.COLLAPSE: django.core.paginator": SAME,
    "names.COLLAPSE: django.utils.functional": SAME,
    "names.EXACT: typing_extensions.TYPE_CHECKING": "false while a program runs, as others are",
    "names.EXACT: collections.abc.Iterable": "in annotations only",
    "names.EXACT: six.moves.*": ABSENT,
    "names.EXACT: cached_property.cached_property": ABSENT,
    "names.PREFIXES: django.contrib.gis.*": "needs the libraries GDAL and GEOS",
}

#: Rows that the standard library has in some versions of Python only.
PYTHON: dict[str, tuple[int, int]] = {
    "bases.BASES: enum.StrEnum": (3, 11),
    "callables.CALLEES: itertools.batched": (3, 12),
    "clocks.VOLATILE: uuid.uuid7": (3, 14),
}

#: Classes that the table does not name, although their family is known.
NOT_LISTED: frozenset[str] = frozenset(
    f"bases.BASES: {module}.{name}"
    for module, names in {
        "django.contrib.admin": (
            "AllValuesFieldListFilter BooleanFieldListFilter ChoicesFieldListFilter "
            "DateFieldListFilter EmptyFieldListFilter "
            "RelatedOnlyFieldListFilter ActionLocation ShowFacets"
        ),
        "django.contrib.auth.backends": "AllowAllUsersModelBackend AllowAllUsersRemoteUserBackend",
        "django.contrib.auth.models": "EmptyManager GroupManager PermissionManager",
        "django.contrib.auth.views": (""),
        "django.db.models": "OnConflict Deferrable WindowFrameExclusion",
        "django.forms": "ChoiceWidget",
        "django.views.generic": ("DateMixin "),
        "django_filters": "UnknownFieldBehavior",
        "enum": "EnumCheck FlagBoundary ReprEnum",
        "rest_framework.authentication": ("CSRFCheck "),
        "rest_framework.filters": "UnaccentedSearchFilter",
        "rest_framework.permissions": (""),
        "rest_framework.test": "URLPatternsTestCase",
        "rest_framework.throttling": (""),
        "unittest": "FunctionTestCase",
    }.items()
    for name in names.split()
)

DEAD = "never looked up: the row under the canonical name is the one that counts"
#: Rows that the measurement contradicts, and why that does no harm for now. A row that is put
#: right must leave this table: the test says so.
DISPUTED: dict[str, str] = {
    "callables.CALLEES: statistics.multimode": "returns a list",
    "callables.CALLEES: itertools.tee": "returns a tuple of iterators",
    "callables.CALLEES: django.core.cache.cache.get_or_set": "returns a copy",
    "callables.CALLEES: rest_framework.serializers.MultipleChoiceField": "no positional arguments",
    "names: django.contrib.admin.action": "nobody imports it from elsewhere",
    "names: django.contrib.admin.display": "nobody imports it from elsewhere",
    "names: django.contrib.admin.register": "nobody imports it from elsewhere",
}

#: Disputed because the row is missing.
MISSING: frozenset[str] = frozenset()

#: Lookups that hold no facts of their own, or facts that something else proves, and why.
OTHER_LOOKUPS: dict[str, str] = {
    "callables": "the rows that the other lookups are made from",
    "classes": "the rows that the other lookups are made from",
    "answering": "which names are asked at all",
    "clone_names": "which names are asked at all",
    "manager_names": "which names are asked at all",
    "method_names": "which names are asked at all",
    "endings": "conventions for classes without a row",
    "libraries": "the tables themselves",
    "origins": "where a row comes from",
    "plain": "of Django's own managers and models",
    "telling": "the attributes that django-filter's backend reads",
}
#: Constants that are no facts to measure, and why.
OTHER_CONSTANTS: dict[str, str] = {
    "ALL": "an abbreviation",
    "GUARDED": "of which bad_drf_guarded shows that the framework raises",
    "FILTER_BACKENDS": "the name of a setting; the fixtures show what it does",
    "PAGINATION": "the name of a setting; the fixtures show what it does",
    "NAMED_IN": "the names of settings; the fixture porters shows what they do",
    "READ_IN": "of which the fixtures show that an attribute nobody reads does no harm",
    "BEFORE": "BEFORE_IN_ORDER as a set",
    "FILTERING": "the methods of which the fixtures show that a stale argument gives wrong rows",
    "RELATED": "what tells a related manager from another attribute",
}
