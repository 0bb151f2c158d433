"""Framework classes: where they are, and what they inherit."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from fact_world import attempt

MODULES = (
    """
    enum unittest unittest.case
    django.apps django.apps.config django.contrib.admin django.contrib.admin.filters
    django.contrib.admin.models django.contrib.admin.options django.contrib.admin.sites
    django.contrib.auth.admin django.contrib.auth.backends django.contrib.auth.base_user
    django.contrib.auth.models django.contrib.auth.views django.contrib.contenttypes.models
    django.contrib.flatpages.models django.contrib.redirects.models
    django.contrib.sessions.models django.contrib.sitemaps django.contrib.sites.managers
    django.contrib.sites.models django.contrib.syndication.views django.core.management
    django.core.exceptions django.core.paginator
    django.core.management.base django.db.migrations django.db.migrations.migration
    django.db.models django.db.models.base django.db.models.enums django.db.models.fields
    django.db.models.manager django.db.models.query django.forms django.forms.fields
    django.forms.forms django.forms.formsets django.forms.models django.forms.widgets
    django.http django.template django.template.base django.template.context
    django.template.response django.test django.test.testcases django.utils.deprecation
    django.utils.functional django.views.generic django.views.generic.base
    django.views.generic.dates django.views.generic.detail django.views.generic.edit
    django.views.generic.list
    rest_framework.authentication rest_framework.authtoken.models rest_framework.fields
    rest_framework.filters rest_framework.generics rest_framework.mixins
    rest_framework.pagination rest_framework.permissions rest_framework.relations
    rest_framework.response rest_framework.serializers rest_framework.test
    rest_framework.throttling rest_framework.views rest_framework.viewsets
    django_filters django_filters.filters django_filters.filterset django_filters.rest_framework
    """
).split()

#: Packages whose every public class and function has one canonical name.
EXPORTING = (
    """
    django.db.models django.forms django.views.generic django.contrib.admin
    rest_framework.serializers django_filters
    """
).split()

#: Modules from which projects import classes.
PUBLIC = (
    """
    enum unittest django.apps django.contrib.admin django.contrib.auth.admin
    django.contrib.auth.backends django.contrib.auth.base_user django.contrib.auth.models
    django.contrib.auth.views
    django.contrib.sitemaps django.contrib.sites.managers django.contrib.syndication.views
    django.core.management django.core.management.base django.db.migrations django.db.models
    django.db.models.query django.forms django.forms.models django.http django.template
    django.template.response django.test django.utils.deprecation django.views.generic
    django.views.generic.base django.views.generic.dates django.views.generic.detail
    django.views.generic.edit django.views.generic.list
    rest_framework.authentication rest_framework.filters rest_framework.generics
    rest_framework.mixins rest_framework.pagination rest_framework.permissions
    rest_framework.serializers rest_framework.test rest_framework.throttling rest_framework.views
    rest_framework.viewsets django_filters
    """
).split()

#: Modules that hand on the classes of their neighbours.
REEXPORTING = frozenset({"rest_framework.serializers", "django.contrib.auth.models"})

#: What inheriting from a class makes of a class; the words are those of the table.
ROOTS: dict[str, str] = {
    "django.db.models.base.Model": "model",
    "django.db.models.manager.BaseManager": "manager",
    "django.db.models.query.QuerySet": "queryset",
    "enum.Enum": "enum",
    "django.views.generic.base.View": "view",
    "django.views.generic.base.ContextMixin": "context",
    "django.views.generic.list.MultipleObjectMixin": "multiple list",
    "django.views.generic.detail.SingleObjectMixin": "single",
    "django.views.generic.dates.BaseDateListView": "date",
    "django.views.generic.dates.DateMixin": "date",
    "rest_framework.views.APIView": "drf",
    "rest_framework.generics.GenericAPIView": "drf-generic drf-single",
    "rest_framework.viewsets.ViewSetMixin": "viewset",
    "rest_framework.mixins.ListModelMixin": "drf-list",
    "rest_framework.mixins.RetrieveModelMixin": "drf-retrieve",
    "rest_framework.fields.Field": "serializer-field",
    "rest_framework.serializers.BaseSerializer": "serializer",
    "rest_framework.permissions.BasePermission": "permission",
    "rest_framework.filters.BaseFilterBackend": "filter-backend",
    "rest_framework.pagination.BasePagination": "pagination",
    "rest_framework.throttling.BaseThrottle": "throttle",
    "rest_framework.authentication.BaseAuthentication": "authentication",
    "django.forms.forms.BaseForm": "form",
    "django.forms.formsets.BaseFormSet": "formset",
    "django.forms.models.BaseModelFormSet": "model-formset",
    "django.forms.fields.Field": "form-field",
    "django.forms.fields.ChoiceField": "choice-field",
    "django.forms.widgets.Widget": "widget",
    "django.forms.widgets.ChoiceWidget": "choice-widget",
    "django.db.models.fields.Field": "model-field",
    "django.contrib.admin.options.BaseModelAdmin": "admin",
    "django.contrib.admin.options.InlineModelAdmin": "inline",
    "django.contrib.admin.sites.AdminSite": "admin-site",
    "django.contrib.admin.filters.ListFilter": "list-filter",
    "django_filters.filterset.BaseFilterSet": "filterset",
    "django_filters.filters.Filter": "filter",
    "django_filters.rest_framework.backends.DjangoFilterBackend": "filter-backend",
    "django.contrib.sitemaps.Sitemap": "sitemap",
    "django.contrib.syndication.views.Feed": "feed",
    "django.apps.config.AppConfig": "app-config",
    "django.utils.deprecation.MiddlewareMixin": "middleware",
    "django.template.base.Node": "template-node",
    "django.core.management.base.BaseCommand": "command",
    "django.contrib.auth.backends.BaseBackend": "backend",
    "unittest.case.TestCase": "test",
    "django.db.migrations.migration.Migration": "migration",
    "django.utils.functional.LazyObject": "lazy-object",
    "django.views.generic.edit.FormMixin": "form-view",
    "django.forms.models.BaseModelForm": "model-form",
    "django.forms.models.ModelChoiceField": "queryset-field",
    "django.forms.models.ModelMultipleChoiceField": "rows-field",
    "django.db.models.enums.Choices": "choices",
    "django.core.exceptions.MiddlewareNotUsed": "refusal",
    "django.core.paginator.BasePaginator": "paginator",
    "django.core.paginator.Paginator": "paginator",
    "django.db.models.query_utils.Q": "q",
    "django.template.base.Template": "template",
}
#: Members of large families that projects inherit from often: the table names them.
NEEDED = frozenset(
    {
        "django.forms.fields.CharField",
        "django.forms.models.ModelChoiceField",
        "django.forms.models.ModelMultipleChoiceField",
    }
)
#: A word that takes others away: a serializer is no field, a model choice field has no choices.
INSTEAD: dict[str, str] = {
    "serializer": "serializer-field",
    "drf": "view",
    "viewset": "drf-single",
    "drf-list": "drf-single drf-retrieve",
    "drf-generic": "drf-retrieve",
    "inline": "admin",
    "date": "list",
}
#: Classes to which a word of a root does not apply, with the reason.
EXCEPT: dict[str, tuple[str, str]] = {
    "django.forms.models.ModelChoiceField": ("choice-field", "its choices come from a queryset"),
    "django.forms.models.BaseInlineFormSet": ("model-formset", "its queryset is filtered anew"),
    "rest_framework.generics.GenericAPIView": ("drf-single", "it has no handler"),
}


#: Kinds of which the table need not name every class: they have a row for the family.
UNLISTED = frozenset(
    "model model-field form-field choice-field widget choice-widget filter serializer-field".split()
)


def roots_of(mro: list[str]) -> set[str]:
    """The words for a class with these ancestors, itself included."""
    words: set[str] = set()
    for ancestor in mro:
        words |= set(ROOTS.get(ancestor, "").split())
    for word in tuple(words):
        words -= set(INSTEAD.get(word, "").split())
    for name, (word, _) in EXCEPT.items():
        if name in mro and (name == mro[0] or word != "drf-single"):
            words.discard(word)
    return words


def path_of(thing: Any) -> str:
    """Where a class or function says it was defined."""
    return f"{thing.__module__}.{thing.__qualname__}"


def measure_classes() -> dict[str, Any]:
    """All classes of the modules: public paths, the real path, the ancestors."""
    found: dict[str, Any] = {}
    for module_name in MODULES:
        module, error = attempt(lambda name=module_name: importlib.import_module(name))
        if error:
            continue
        for name, thing in vars(module).items():
            if not inspect.isclass(thing) or name.startswith("_"):
                continue
            entry = found.setdefault(
                path_of(thing), {"public": [], "mro": [path_of(base) for base in thing.__mro__]}
            )
            entry["public"].append(f"{module_name}.{name}")
    return found


def measure_exports() -> dict[str, str]:
    """Public path -> real path, of all that the packages export."""
    found = {}
    for package in EXPORTING:
        module, error = attempt(lambda name=package: importlib.import_module(name))
        if error:
            continue
        names = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
        for name in names:
            thing = getattr(module, name)
            defined = getattr(thing, "__module__", None) or ""
            same_family = defined.startswith(package) or package == "django_filters"
            if (inspect.isclass(thing) or inspect.isfunction(thing)) and same_family:
                if defined.split(".")[0] == package.split(".")[0]:
                    found[f"{package}.{name}"] = path_of(thing)
    return found


#: Two names of one thing that is no class of the modules above.
ALIASES = (
    ("django.views.View", "django.views.generic.View"),
    ("django.urls.conf.path", "django.urls.path"),
    ("django.urls.conf.re_path", "django.urls.re_path"),
    ("django.apps.registry.apps", "django.apps.apps"),
    ("django.utils.timezone.datetime", "datetime.datetime"),
    ("django.utils.timezone.timedelta", "datetime.timedelta"),
    ("django.template.loader.render_to_string", "django.template.loader.render_to_string"),
    ("rest_framework.relations.PrimaryKeyRelatedField",)
    + ("rest_framework.serializers.PrimaryKeyRelatedField",),
    ("django.forms.models.model_to_dict", "django.forms.model_to_dict"),
    ("django.db.models.query.prefetch_related_objects",)
    + ("django.db.models.prefetch_related_objects",),
)


def measure_aliases() -> list[tuple[str, ...]]:
    """The pairs that are one thing in this installation."""
    from fact_calls import resolve

    found = []
    for pair in ALIASES:
        things = [attempt(lambda name=name: resolve(name)) for name in pair]
        if not any(error for _, error in things) and things[0][0] is things[1][0]:
            found.append(pair)
    return found
