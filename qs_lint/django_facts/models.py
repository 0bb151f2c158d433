"""Model classes of packages, and packages whose ``.objects`` is no Django manager."""

from __future__ import annotations

#: Models that ship with Django: a query on them is certain.
MODELS = frozenset(
    {
        "django.contrib.auth.models.User",
        "django.contrib.auth.models.Group",
        "django.contrib.auth.models.Permission",
        "django.contrib.auth.models.AbstractUser",
        "django.contrib.auth.models.AbstractBaseUser",
        "django.contrib.auth.models.PermissionsMixin",
        "django.contrib.contenttypes.models.ContentType",
        "django.contrib.sites.models.Site",
        "django.contrib.sessions.models.Session",
        "django.contrib.admin.LogEntry",
        "django.contrib.flatpages.models.FlatPage",
        "django.contrib.redirects.models.Redirect",
        "django.db.models.Model",
        "rest_framework.authtoken.models.Token",
    }
)
#: Functions that return a model class.
MODEL_GETTERS = frozenset(
    {
        "django.contrib.auth.get_user_model",
        "django.apps.apps.get_model",
        "oscar.core.loading.get_model",
        "swapper.load_model",
    }
)
#: Functions that return a class by module label and name, and the package the labels are below.
CLASS_GETTERS: dict[str, str] = {"oscar.core.loading.get_class": "oscar.apps"}
#: Methods of managers that ship with Django: name of the model -> method -> what it returns.
MANAGER_METHODS: dict[str, dict[str, str]] = {
    "django.contrib.contenttypes.models.ContentType": {
        "get_for_model": "by-design",
        "get_for_models": "by-design",
        "get_for_id": "by-design",
        "get_by_natural_key": "by-design",
    },
    "django.contrib.sites.models.Site": {"get_current": "by-design"},
}
#: Packages whose classes have an ``objects`` of their own, or that are no models at all.
NOT_DJANGO = frozenset(
    "mongoengine mongomotor boto3 botocore sqlalchemy flask_sqlalchemy peewee pony tortoise ormar "
    "gino odmantic beanie pynamodb haystack elasticsearch_dsl elasticsearch "
    "django_elasticsearch_dsl cassandra redis_om rethinkdb pymodm umongo edgedb piccolo sqlmodel "
    "google stripe kubernetes "
    "docker pandas numpy".split()
)
