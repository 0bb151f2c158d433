"""The Django project in which a fixture is played: settings, tables, rows, and the write."""

# pylint: disable=import-error

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ROOTS = (FIXTURES, FIXTURES / "multifile", FIXTURES / "original")
CONTRIB = (
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.sites",
)
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shop.tenants.TenantMiddleware",
)
PROCESSORS = (
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.request",
)


def installed(name: str) -> bool:
    """Say whether a top-level package can be imported."""
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def has_models(app: Path) -> bool:
    """Say whether a package brings models."""
    return app.joinpath("models.py").exists() or app.joinpath("models", "__init__.py").exists()


def mini_apps() -> list[str]:
    """Name the fixture packages that bring models of their own."""
    return sorted(app.name for root in ROOTS[1:] for app in root.glob("*/") if has_models(app))


def configure(database: str, **settings: Any) -> None:
    """Set Django up on the given SQLite file."""
    import django
    from django.conf import settings as django_settings

    sys.path[:0] = [str(root) for root in ROOTS]
    third = [
        app
        for app, package in (("rest_framework", "rest_framework"), ("django_filters",) * 2)
        if installed(package)
    ]
    defaults: dict[str, Any] = {
        "SECRET_KEY": "oracle",
        "DEBUG": False,
        "ALLOWED_HOSTS": ["*"],
        "USE_TZ": True,
        "INSTALLED_APPS": [*CONTRIB, *third, "shop", *mini_apps()],
        "MIDDLEWARE": list(MIDDLEWARE),
        "SITE_ID": 1,
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "TEMPLATES": templates(),
    }
    django_settings.configure(**{**defaults, **settings})
    django.setup()


def templates(processors: Iterable[str] = (), libraries: dict[str, str] | None = None) -> list[Any]:
    """Build the TEMPLATES setting."""
    options = {
        "context_processors": [*PROCESSORS, *processors],
        "libraries": libraries or {},
    }
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "DIRS": [],
            "OPTIONS": options,
        }
    ]


def create_tables() -> None:
    """Create the tables of all installed apps."""
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)


def fill(start: datetime) -> None:
    """Put in the rows that are there when the process starts."""
    from django.contrib.auth import get_user_model
    from shop.models import Buyer, Category, Order, Post

    get_user_model().objects.create(username="boss", is_staff=True, is_superuser=True)
    for name in ("Books", "Games", "Music"):
        Category.objects.create(name=name, slug=name.lower())
    for name in ("Ada", "Ben", "Cleo"):
        Buyer.objects.create(name=name)
    for index, status in enumerate(("open", "open", "open", "paid"), start=1):
        order = Order.objects.create(
            number=1000 + index,
            total=100 * index,
            status=status,
            region="south" if index == 2 else "north",
            buyer_id=1 + index % 3,
            category_id=1 + index % 3,
        )
        order.lines.create(product="lamp", quantity=index)
    for title, hours in (("Hello", -90), ("Opening", -60), ("Scheduled", 24), ("Someday", 9000)):
        post(title, start + timedelta(hours=hours))
    Post.objects.filter(title="Opening").update(expires_at=start + timedelta(hours=30))
    for model in own_models():
        populate(model, 1, 3)


def write(start: datetime) -> None:
    """Insert two, rename one, delete one of each; publish one post meanwhile."""
    from django.contrib.auth import get_user_model
    from django.contrib.sites.models import Site
    from shop.models import Buyer, Category, Order, OrderLine, Post

    get_user_model().objects.create(username="clerk", is_staff=True)
    site = Site.objects.get()
    site.name = "The other shop"
    site.save()
    Category.objects.filter(pk=1).update(name="Novels")
    Category.objects.create(name="Garden", slug="garden")
    Category.objects.create(name="Sale", slug="sale")
    Category.objects.get(slug="music").delete()
    Buyer.objects.filter(pk=1).update(name="Ada Lovelace")
    Buyer.objects.create(name="Dora")
    Order.objects.filter(number=1001).update(number=999, total=5000)
    for number, status, category in ((1005, "open", 1), (1006, "returned", 2)):
        order = Order.objects.create(
            number=number, total=number, status=status, buyer_id=4, category_id=category
        )
        order.lines.create(product="chair")
    Order.objects.get(number=1004).delete()
    OrderLine.objects.filter(order__number=999).update(product="desk")
    OrderLine.objects.create(order=Order.objects.get(number=1002), product="vase")
    Post.objects.filter(title="Hello").update(title="Hello again")
    post("Second day", start + timedelta(hours=12))
    post("Third day", start + timedelta(hours=36))
    rewrite(own_models())


def post(title: str, moment: datetime) -> None:
    """Write one post of that moment."""
    from shop.models import Post

    Post.objects.create(title=title, published_at=moment, day=moment.date(), category_id=1)


def own_models() -> list[Any]:
    """List the models of the mini-apps, those without foreign keys first."""
    from django.apps import apps

    own = set(mini_apps())
    configs = [config for config in apps.get_app_configs() if config.name in own]
    models = [model for config in configs for model in config.get_models()]
    return sorted(models, key=lambda model: len(foreign_keys(model)))


def foreign_keys(model: Any) -> list[Any]:
    """List the foreign keys of a model."""
    return [field for field in model._meta.concrete_fields if field.many_to_one]


def populate(model: Any, first: int, last: int) -> None:
    """Create rows numbered from first to last, each field filled by its kind."""
    manager = model._base_manager
    for number in range(first, last + 1):
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            kind = field.get_internal_type()
            if field.primary_key:
                continue
            if field.many_to_one:
                targets = field.remote_field.model._base_manager.order_by("pk")
                if target := targets.filter(pk__gte=number).first() or targets.first():
                    values[field.attname] = target.pk
            elif kind in ("CharField", "TextField", "SlugField"):
                values[field.name] = f"{field.name}-{number}"
            elif kind.endswith("IntegerField"):
                values[field.name] = number
        manager.create(**values)


def rewrite(models: Iterable[Any]) -> None:
    """Insert two, change one, delete one of each model."""
    for model in models:
        populate(model, 4, 5)
        row = model._base_manager.order_by("pk").first()
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in ("CharField", "TextField", "SlugField"):
                setattr(row, field.name, f"{field.name}-changed")
        row.save()
    for model in reversed(list(models)):
        model._base_manager.filter(pk=3).delete()


def start(app: str) -> None:
    """Let an app that is played do what it does when Django starts, now that there are tables."""
    from django.apps import apps

    for config in apps.get_app_configs():
        if config.name == app:
            config.ready()


def complete(module: Any, *, after_write: bool) -> None:
    """Create tables and rows for models that the fixture itself defines."""
    from django.apps import apps
    from django.db import connection

    existing = set(connection.introspection.table_names())
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in existing
    ]
    models.sort(key=lambda model: len(foreign_keys(model)))
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    # what a package writes of its own (simple_history) is its business
    models = [m for m in models if not (m._meta.auto_created or hasattr(m, "instance_type"))]
    for model in models:
        populate(model, 1, 3)
    if after_write:
        rewrite(models)
    module.__oracle_models__ = models
