"""Django REST framework."""

from __future__ import annotations

from dataclasses import replace

from qs_lint.facts.schema import Callee, Library, each, of

_VIEW = of("drf", "request")
_PERMISSION = of("permission", "request")
_BACKEND = of("filter-backend", "request")
_SERIALIZER = of("serializer", "request")

LIBRARY = Library(
    "Django REST framework",
    callables={
        "rest_framework.generics.get_object_or_404": Callee(
            peeks=(0, "queryset"), returns="instance", models=True, filters=True
        ),
        "rest_framework.response.Response": Callee(shows=(0, "data")),
        **each(
            "rest_framework.serializers",
            "ChoiceField MultipleChoiceField",
            Callee(("choices", 0), returns="derived", fresh=True),
        ),
    },
    classes={
        "rest_framework.views.APIView": _VIEW,
        "rest_framework.generics.GenericAPIView": of("drf drf-generic", "request"),
        **each(
            "rest_framework.generics",
            "ListAPIView ListCreateAPIView",
            of("drf drf-generic drf-list", "request"),
        ),
        **each(
            "rest_framework.generics",
            "CreateAPIView RetrieveAPIView DestroyAPIView UpdateAPIView RetrieveUpdateAPIView "
            "RetrieveDestroyAPIView RetrieveUpdateDestroyAPIView",
            of("drf drf-generic drf-single", "request"),
        ),
        "rest_framework.viewsets.ViewSetMixin": of("viewset"),
        "rest_framework.viewsets.ViewSet": of("drf viewset", "request"),
        "rest_framework.viewsets.GenericViewSet": of("drf drf-generic viewset", "request"),
        **each(
            "rest_framework.viewsets",
            "ReadOnlyModelViewSet ModelViewSet",
            of("drf drf-generic viewset drf-list", "request"),
        ),
        "rest_framework.mixins.ListModelMixin": of("drf-list"),
        "rest_framework.mixins.RetrieveModelMixin": of("drf-retrieve"),
        **each(
            "rest_framework.serializers",
            "BaseSerializer Serializer ModelSerializer HyperlinkedModelSerializer ListSerializer",
            _SERIALIZER,
        ),
        **each(
            "rest_framework.serializers",
            "Field ChoiceField MultipleChoiceField BigIntegerField BooleanField CharField "
            "DateField DateTimeField DecimalField DictField DurationField EmailField FileField "
            "FilePathField FloatField HiddenField HStoreField IPAddressField ImageField "
            "IntegerField JSONField ListField ModelField ReadOnlyField RegexField "
            "SerializerMethodField SlugField TimeField URLField UUIDField "
            "HyperlinkedIdentityField HyperlinkedRelatedField ManyRelatedField "
            "PrimaryKeyRelatedField RelatedField SlugRelatedField StringRelatedField",
            of("serializer-field", "request"),
        ),
        **each(
            "rest_framework.permissions",
            "BasePermission IsAuthenticated AllowAny IsAdminUser IsAuthenticatedOrReadOnly "
            "DjangoModelPermissions DjangoModelPermissionsOrAnonReadOnly DjangoObjectPermissions",
            _PERMISSION,
        ),
        "rest_framework.filters.BaseFilterBackend": replace(_BACKEND, filters_by=()),
        "rest_framework.filters.SearchFilter": replace(_BACKEND, filters_by=()),
        "rest_framework.filters.OrderingFilter": replace(_BACKEND, filters_by=("ordering",)),
        **each(
            "rest_framework.pagination",
            "BasePagination PageNumberPagination LimitOffsetPagination CursorPagination",
            of("pagination", "request"),
        ),
        **each(
            "rest_framework.throttling",
            "BaseThrottle SimpleRateThrottle AnonRateThrottle UserRateThrottle ScopedRateThrottle",
            of("throttle", "request"),
        ),
        **each(
            "rest_framework.authentication",
            "BaseAuthentication BasicAuthentication SessionAuthentication TokenAuthentication "
            "RemoteUserAuthentication",
            of("authentication", "request"),
        ),
        "rest_framework.authtoken.models.Token": of("model"),
        **each(
            "rest_framework.test",
            "APITestCase APITransactionTestCase APISimpleTestCase APILiveServerTestCase",
            of("test"),
        ),
    },
    moved={
        "rest_framework.fields.": "rest_framework.serializers.",
        "rest_framework.relations.": "rest_framework.serializers.",
    },
    endings={
        "APIView": _VIEW,
        "ViewSet": of("drf viewset", "request"),
        "Serializer": _SERIALIZER,
    },
)
