"""Django: views, URLs, responses, templates."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Class, Library, each, of

_VIEW = of("view", "request")
_CONTEXT = of("view context", "request")
_DATES = of("view context multiple date", "request")
_SINGLE = of("view context single", "request")

LIBRARY = Library(
    "Django",
    callables={
        **each(
            "django.shortcuts",
            "get_object_or_404",
            Callee(peeks=(0, "klass"), returns="instance", models=True, filters=True),
        ),
        "django.shortcuts.get_list_or_404": Callee(
            peeks=(0, "klass"), returns="list", models=True, filters=True
        ),
        **each(
            "django.shortcuts",
            "aget_object_or_404 aget_list_or_404",
            Callee(returns="derived", filters=True),
        ),
        "django.shortcuts.render": Callee(shows=(2, "context"), template=1),
        "django.template.loader.render_to_string": Callee(shows=(1, "context"), template=0),
        "django.template.TemplateResponse": Callee(shows=(2, "context"), template=1),
        "django.template.SimpleTemplateResponse": Callee(shows=(1, "context"), template=0),
        **each("django.template", "Context RequestContext", Callee(behaves="context")),
        **each(
            "django.template.loader",
            "get_template select_template",
            Callee(behaves="template-loader", gives="django.template.Template"),
        ),
        "django.http.HttpResponse": Callee((0, "content"), returns="derived"),
        "django.http.StreamingHttpResponse": Callee((0, "streaming_content"), returns="derived"),
        "django.http.JsonResponse": Callee((0, "data"), returns="derived"),
        **each("django.urls", "path re_path", Callee(behaves="route")),
        "django.urls.register_converter": Callee(behaves="process-wide"),
    },
    classes={
        **each("django.views.generic", "View RedirectView ProcessFormView", _VIEW),
        "django.views.generic.ContextMixin": of("context"),
        "django.views.generic.FormMixin": of("context form-view"),
        "django.views.generic.TemplateResponseMixin": Class(),
        "django.views.generic.TemplateView": _CONTEXT,
        **each(
            "django.views.generic",
            "FormView BaseFormView",
            of("view context form-view", "request"),
        ),
        **each(
            "django.views.generic",
            "ListView BaseListView",
            of("view context multiple list", "request"),
        ),
        "django.views.generic.MultipleObjectMixin": of("context multiple list"),
        **each(
            "django.views.generic",
            "DetailView BaseDetailView",
            _SINGLE,
        ),
        **each(
            "django.views.generic",
            "CreateView UpdateView DeleteView BaseCreateView BaseUpdateView BaseDeleteView",
            of("view context single form-view", "request"),
        ),
        "django.views.generic.SingleObjectMixin": of("context single"),
        "django.views.generic.ModelFormMixin": of("context single form-view"),
        **each(
            "django.views.generic",
            "ArchiveIndexView YearArchiveView MonthArchiveView WeekArchiveView DayArchiveView "
            "TodayArchiveView BaseArchiveIndexView BaseYearArchiveView BaseMonthArchiveView "
            "BaseWeekArchiveView BaseDayArchiveView BaseTodayArchiveView BaseDateListView",
            _DATES,
        ),
        **each(
            "django.views.generic",
            "DateDetailView BaseDateDetailView",
            of("view context single date", "request"),
        ),
        **each(
            "django.contrib.auth.views",
            "LogoutView PasswordChangeDoneView PasswordResetDoneView PasswordResetCompleteView",
            _CONTEXT,
        ),
        **each(
            "django.contrib.auth.views",
            "LoginView PasswordChangeView PasswordResetView PasswordResetConfirmView",
            of("view context form-view", "request"),
        ),
        "django.core.paginator.Paginator": of("paginator"),
        "django.template.Template": of("template"),
        "django.template.Node": of("template-node", "process"),
        "django.core.exceptions.MiddlewareNotUsed": of("refusal"),
        "django.utils.deprecation.MiddlewareMixin": of("middleware", "process"),
    },
    aliases={
        "django.urls.conf.path": "django.urls.path",
        "django.urls.conf.re_path": "django.urls.re_path",
        "django.views.View": "django.views.generic.View",
    },
    flat=(
        "django.core.paginator",
        "django.http",
        "django.template",
        "django.views.generic",
    ),
    endings={"View": _VIEW},
    unproven={
        "django.views.generic.TemplateResponseMixin": "says that it is nothing special",
    },
)
