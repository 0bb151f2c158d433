"""Django: the models and classes of ``django.contrib``, but for the admin."""

from __future__ import annotations

from dataclasses import replace

from qs_lint.facts.schema import Callee, Class, Library, Method, each, every, of

_MANAGER = replace(of("manager", "process"), plain=True)
_BACKEND = of("backend", "request")
_KEPT = Method("by-design")

LIBRARY = Library(
    "Django",
    callables={
        "django.contrib.auth.get_user_model": Callee(
            behaves="model-getter", gives="django.contrib.auth.models.User"
        ),
        "django.contrib.sites.shortcuts.get_current_site": Callee(volatile="context"),
    },
    classes={
        **each(
            "django.contrib.auth.models",
            "User Group Permission AbstractUser AbstractBaseUser PermissionsMixin",
            of("model"),
        ),
        **each("django.contrib.auth.models", "UserManager BaseUserManager", _MANAGER),
        "django.contrib.sessions.models.Session": of("model"),
        "django.contrib.flatpages.models.FlatPage": of("model"),
        "django.contrib.redirects.models.Redirect": of("model"),
        "django.contrib.sites.models.Site": Class(
            frozenset({"model"}), managers={"objects": "django.contrib.sites.models.SiteManager"}
        ),
        "django.contrib.sites.models.SiteManager": Class(
            frozenset({"manager"}),
            "process",
            methods={"get_current": Method("by-design", "instance")},
        ),
        "django.contrib.contenttypes.models.ContentType": Class(
            frozenset({"model"}),
            managers={"objects": "django.contrib.contenttypes.models.ContentTypeManager"},
        ),
        "django.contrib.contenttypes.models.ContentTypeManager": Class(
            frozenset({"manager"}),
            "process",
            methods=every("get_for_model get_for_models get_for_id get_by_natural_key", _KEPT),
        ),
        "django.contrib.sites.managers.CurrentSiteManager": _MANAGER,
        **each("django.contrib.sitemaps", "Sitemap GenericSitemap", of("sitemap")),
        "django.contrib.syndication.Feed": of("feed", "process"),
        **each(
            "django.contrib.auth.backends", "BaseBackend ModelBackend RemoteUserBackend", _BACKEND
        ),
    },
    aliases={
        "django.contrib.auth.base_user.AbstractBaseUser": (
            "django.contrib.auth.models.AbstractBaseUser"
        ),
        "django.contrib.auth.base_user.BaseUserManager": (
            "django.contrib.auth.models.BaseUserManager"
        ),
    },
    flat=("django.contrib.auth.models", "django.contrib.sitemaps", "django.contrib.syndication"),
)
