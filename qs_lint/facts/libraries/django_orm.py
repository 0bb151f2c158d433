"""Django: models, managers, querysets."""

from __future__ import annotations

from dataclasses import replace

from qs_lint.facts.queryset import METHODS
from qs_lint.facts.schema import Callee, Class, Library, each, of

_CHOICES = Callee(("choices",), returns="derived", lazy_text=True)
_MANAGER = replace(of("manager", "process"), plain=True)

LIBRARY = Library(
    "Django",
    callables={
        # since Django 5.0 at definition, in 4.2 on first use: frozen in both
        **each(
            "django.db.models",
            "CharField TextField IntegerField SmallIntegerField BigIntegerField "
            "PositiveIntegerField PositiveSmallIntegerField SlugField BooleanField DateField "
            "DateTimeField DecimalField FloatField EmailField URLField UUIDField",
            _CHOICES,
        ),
        **each(
            "django.db.models",
            "ForeignKey OneToOneField ManyToManyField",
            Callee(behaves="relation"),
        ),
        "django.db.models.prefetch_related_objects": Callee((0,), returns="none"),
        "django.core.serializers.serialize": Callee((1, "queryset"), returns="scalar"),
        "django.apps.apps.get_model": Callee(behaves="model-getter"),
        "django.apps.apps.get_app_config": Callee(
            behaves="app-getter", gives="django.apps.AppConfig"
        ),
    },
    classes={
        "django.db.models.Model": replace(of("model"), plain=True),
        **each("django.db.models", "Manager BaseManager", _MANAGER),
        "django.db.models.QuerySet": Class(frozenset({"queryset"}), methods=METHODS, plain=True),
        "django.db.models.Q": of("q"),
        **each("django.db.models", "TextChoices IntegerChoices Choices", of("enum choices")),
        **each(
            "django.db.models",
            "Field AutoField BigAutoField BigIntegerField BinaryField BooleanField CharField "
            "CommaSeparatedIntegerField DateField DateTimeField DecimalField DurationField "
            "EmailField FileField FilePathField FloatField ForeignKey GeneratedField "
            "GenericIPAddressField ImageField IntegerField JSONField ManyToManyField "
            "NullBooleanField OneToOneField PositiveBigIntegerField PositiveIntegerField "
            "PositiveSmallIntegerField SlugField SmallAutoField SmallIntegerField TextField "
            "TimeField URLField UUIDField",
            of("model-field"),
        ),
        "django.db.migrations.Migration": of("migration"),
        "django.db.migrations.migration.Migration": of("migration"),
    },
    volatile={
        "django.db.connection.tenant": "context",
        "django.db.connection.schema_name": "context",
    },
    aliases={"django.apps.registry.apps": "django.apps.apps"},
    moved={"django.contrib.gis.db.models.": "django.db.models."},
    flat=("django.db.models",),
    flat_modules={"django.db.models": frozenset({"query", "query_utils", "deletion", "fields"})},
    endings={"Manager": of("manager", "process"), "QuerySet": of("queryset")},
    unproven={
        "django.db.connection.tenant": "set by packages for tenants",
        "django.db.connection.schema_name": "set by packages for tenants",
    },
)
