"""What belongs to a request, what all requests share, and in which order a request runs methods.

Source: measured on Django 4.2, 5.2 and 6.1, DRF and django-filter
(``tests/oracle/fact_lifetimes.py``).
"""

from __future__ import annotations

#: Kinds whose methods get what belongs to a request as arguments.
SERVING = frozenset(
    "view drf admin inline form formset serializer filterset permission throttle authentication "
    "filter-backend pagination middleware feed template-node list-filter context backend "
    "url-converter password-validator admin-site widget form-field serializer-field filter".split()
)
#: Kinds whose classes are no part of a server's work.
NOT_SERVING = frozenset({"command", "test", "migration"})

#: Parameters that hold a request wherever they occur.
REQUEST_NAMES = frozenset({"request"})
#: Calls that say what holds for the request that runs, though nothing of it is given to them.
ASKS_FOR_REQUEST = frozenset(
    {"django.utils.translation.get_language", "django.utils.timezone.get_current_timezone"}
)
#: Kinds of which one object does one job at a time, in a process of its own.
ONE_AT_A_TIME = frozenset({"task"})
#: Parameters that belong to a request by Django's own naming.
CONVENTIONAL_NAMES = frozenset({"user", "session"})
#: Parameters that are the same for all requests, whoever hands them out: models, fields, compilers.
NEUTRAL_NAMES = frozenset(
    "db_field formfield model model_admin parser token sender get_response app_config "
    "schema_editor form_class".split()
)
#: kind -> attributes of what its methods get that are the same for all requests
NEUTRAL_ATTRIBUTES: dict[str, frozenset[str]] = {
    "template-node": frozenset({"template", "template_name", "autoescape", "render_context"}),
}
#: Methods of querysets whose argument says where to ask, not what for.
WHERE_TO_ASK = frozenset({"using", "db_manager"})
#: The last part of the annotations that say so.
REQUEST_TYPES = frozenset({"HttpRequest", "WSGIRequest", "ASGIRequest", "Request"})
#: Decorators whose functions get what belongs to a request, by the last part of their name.
ENTRY_DECORATORS = frozenset({"receiver", "api_view", "require_http_methods", "login_required"})

#: Decorators whose functions are called while a template is rendered.
TAG_DECORATORS = frozenset({"simple_tag", "inclusion_tag", "simple_block_tag"})

#: kind -> attributes of its objects that hold what belongs to the request
REQUEST_ATTRIBUTES: dict[str, frozenset[str]] = {
    "view": frozenset({"request", "args", "kwargs", "object"}),
    "drf": frozenset({"request", "args", "kwargs", "format"}),
    "context": frozenset({"request", "kwargs"}),
    "form": frozenset({"data", "files", "cleaned_data", "instance"}),
    "formset": frozenset({"data", "files", "instance"}),
    "serializer": frozenset({"context", "initial_data", "validated_data", "instance"}),
    "filterset": frozenset({"request", "data"}),
}
#: kind -> attributes of its class that all objects start from -> the attribute of each one's own
SHARED_FIELDS: dict[str, dict[str, str]] = {
    "form": {"base_fields": "fields", "declared_fields": "fields"},
    "serializer": {"_declared_fields": "fields"},
    "filterset": {"base_filters": "filters", "declared_filters": "filters"},
}
#: kind of a class with a ``Meta`` -> options of that which each request reads again
META_READ: dict[str, frozenset[str]] = {
    "serializer": frozenset(
        "fields exclude read_only_fields extra_kwargs depth model list_serializer_class".split()
    ),
}
_VIEW_OPTIONS = frozenset(
    "queryset model template_name extra_context form_class success_url paginate_by ordering "
    "context_object_name initial fields prefix http_method_names slug_field pk_url_kwarg "
    "login_url permission_required paginator_class page_kwarg template_name_suffix "
    "content_type response_class allow_empty raise_exception url pattern_name permanent".split()
)
_DRF_OPTIONS = frozenset(
    "queryset serializer_class permission_classes authentication_classes throttle_classes "
    "pagination_class filter_backends filterset_fields filterset_class search_fields "
    "ordering_fields ordering lookup_field renderer_classes parser_classes throttle_scope".split()
)
#: ModelAdmin option -> the method that hands it out, the very object
ADMIN_OPTIONS: dict[str, str] = {
    "list_display": "get_list_display",
    "list_display_links": "get_list_display_links",
    "list_filter": "get_list_filter",
    "list_select_related": "get_list_select_related",
    "search_fields": "get_search_fields",
    "readonly_fields": "get_readonly_fields",
    "exclude": "get_exclude",
    "fields": "get_fields",
    "fieldsets": "get_fieldsets",
    "ordering": "get_ordering",
    "autocomplete_fields": "get_autocomplete_fields",
    "prepopulated_fields": "get_prepopulated_fields",
    "inlines": "get_inlines",
    "sortable_by": "get_sortable_by",
}
#: ModelAdmin options that are read without a method.
_ADMIN_READ = frozenset(
    "list_per_page list_max_show_all list_editable date_hierarchy save_as save_on_top actions "
    "form change_list_template change_form_template raw_id_fields radio_fields filter_horizontal "
    "filter_vertical show_full_result_count view_on_site empty_value_display paginator "
    "list_display_links actions_on_top actions_on_bottom formfield_overrides".split()
)
#: kind -> class attributes that the framework itself reads while it serves a request
READ_BY_FRAMEWORK: dict[str, frozenset[str]] = {
    "view": _VIEW_OPTIONS,
    "context": _VIEW_OPTIONS,
    "multiple": _VIEW_OPTIONS,
    "single": _VIEW_OPTIONS,
    "drf": _DRF_OPTIONS,
    "admin": frozenset(ADMIN_OPTIONS) | _ADMIN_READ,
    "inline": frozenset(
        "fields fieldsets exclude readonly_fields ordering autocomplete_fields "
        "prepopulated_fields raw_id_fields extra max_num min_num form".split()
    ),
    "feed": frozenset({"title", "link", "description", "language", "ttl", "feed_type"}),
    "sitemap": frozenset({"limit", "protocol", "changefreq", "priority"}),
    "pagination": frozenset({"page_size", "max_page_size", "default_limit"}),
    "throttle": frozenset({"rate", "scope"}),
    "admin-site": frozenset(
        "site_header site_title index_title site_url index_template login_form".split()
    ),
}
#: Methods of the admin that return a class made for the request: its fields that come from the
#: model are new, those that the form declares are not.
MADE_PER_REQUEST = frozenset(
    {"get_form", "get_formset", "get_changelist_form", "get_changelist_formset"}
)
#: Methods of views that return the very class of an option.
HANDING_OUT: dict[str, str] = {
    "get_form_class": "form_class",
    "get_serializer_class": "serializer_class",
}
#: Methods of frameworks that return a queryset, and those that return a row.
RETURNS_QUERYSET = frozenset({"get_queryset", "filter_queryset", "get_search_results"})
RETURNS_ROW = frozenset({"get_object"})
#: Calls that return one row, or raise: what they return is true.
FINDING = frozenset(
    "get aget create acreate latest alatest earliest aearliest get_object_or_404 "
    "aget_object_or_404".split()
)

#: Methods in the order in which one request of the admin's change list runs them.
CHANGE_LIST = (
    "changelist_view",
    "get_list_display",
    "get_list_display_links",
    "get_changelist",
    "get_list_filter",
    "get_search_fields",
    "get_list_select_related",
    "get_queryset",
    "get_ordering",
    "<column>",
)
_CHANGING = (
    "change_view",
    "changeform_view",
    "get_object",
    "get_queryset",
    "get_ordering",
    "get_fieldsets",
    "get_fields",
    "get_form",
    "get_exclude",
    "get_readonly_fields",
    "formfield_for_dbfield",
    "formfield_for_foreignkey",
    "formfield_for_manytomany",
    "formfield_for_choice_field",
    "get_formsets_with_inlines",
    "get_inlines",
)
#: The same for its page of one object ...
CHANGE_FORM = (*_CHANGING, "get_prepopulated_fields", "render_change_form")
#: ... and for saving that.
SAVING = (
    *_CHANGING,
    "save_form",
    "save_model",
    "save_related",
    "save_formset",
    "construct_change_message",
    "response_change",
)
#: Methods that only the page of a new object runs, at the place of others.
ADDING_VIEWS = {"add_view": "change_view", "response_add": "response_change"}
#: Methods that no other class has: who defines one is an admin, or a mixin for admins.
ADMIN_ONLY = frozenset(
    "changelist_view changeform_view add_view change_view get_list_display get_list_filter "
    "get_list_display_links get_search_results get_changelist get_changelist_form save_model "
    "save_related response_add response_change response_action".split()
)
#: Where methods of the project run that the admin calls: columns of lists, fields of pages.
COLUMN = "<column>"
#: kind -> its methods that run before all others of a request
FIRST: dict[str, frozenset[str]] = {
    "middleware": frozenset({"__call__", "__acall__", "process_request"}),
    "view": frozenset({"setup", "dispatch"}),
    "drf": frozenset({"setup", "dispatch", "initialize_request", "initial", "as_view"}),
    "feed": frozenset({"__call__", "get_object"}),
    "form": frozenset({"__init__"}),
    "formset": frozenset({"__init__"}),
    "serializer": frozenset({"__init__", "__new__"}),
    "filterset": frozenset({"__init__"}),
    "permission": frozenset({"has_permission"}),
    "url-converter": frozenset({"to_python"}),
}
#: Methods of views of which one answers a request, and calls most others.
HANDLERS = frozenset(
    "get post put patch delete head options list retrieve create update partial_update "
    "destroy".split()
)
#: Classes that inherit nothing are known by these members.
DUCKS: tuple[tuple[frozenset[str], tuple[str, str]], ...] = (
    (frozenset({"regex", "to_python", "to_url"}), ("url-converter", "singleton")),
    (frozenset({"validate", "get_help_text"}), ("password-validator", "singleton")),
)

#: Objects of packages that there is one of in a process, and that requests read.
SHARED_OBJECTS = frozenset({"django.conf.settings", "django.contrib.admin.site"})
#: Callables that make an empty or a filled container.
CONTAINER_MAKERS = frozenset(
    "builtins.list builtins.dict builtins.set collections.defaultdict collections.OrderedDict "
    "collections.deque".split()
)
#: Callables that return a copy, or something new made of the items.
COPIERS = frozenset(
    "builtins.list builtins.dict builtins.set builtins.tuple builtins.frozenset builtins.sorted "
    "copy.copy copy.deepcopy collections.OrderedDict collections.deque".split()
)
#: Methods that change a list, dict or set: what they add stays with it ...
ADDING = frozenset({"append", "extend", "add", "insert", "appendleft", "extendleft"})
#: ... at a key ...
SETTING = frozenset({"update", "setdefault"})
#: ... or is taken away from it.
REMOVING = frozenset({"remove", "pop", "discard"})
EMPTYING = frozenset({"clear"})
