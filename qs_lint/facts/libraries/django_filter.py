"""django-filter."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, each, of

_FILTERSET = of("filterset", "request")

LIBRARY = Library(
    "django-filter",
    classes={
        **each("django_filters", "FilterSet BaseFilterSet", _FILTERSET),
        **each(
            "django_filters",
            "Filter AllValuesFilter AllValuesMultipleFilter BaseCSVFilter BaseInFilter "
            "BaseRangeFilter BooleanFilter CharFilter ChoiceFilter DateFilter "
            "DateFromToRangeFilter DateRangeFilter DateTimeFilter DateTimeFromToRangeFilter "
            "DurationFilter IsoDateTimeFilter IsoDateTimeFromToRangeFilter LookupChoiceFilter "
            "ModelChoiceFilter ModelMultipleChoiceFilter MultipleChoiceFilter NumberFilter "
            "NumericRangeFilter OrderingFilter RangeFilter TimeFilter TimeRangeFilter "
            "TypedChoiceFilter TypedMultipleChoiceFilter UUIDFilter",
            of("filter", "request"),
        ),
        "django_filters.DjangoFilterBackend": Class(
            frozenset({"filter-backend"}),
            "request",
            filters_by=("filterset_fields", "filterset_class", "filter_fields", "filter_class"),
            told_by_attributes=True,
        ),
    },
    flat=("django_filters",),
    endings={"FilterSet": _FILTERSET},
)
