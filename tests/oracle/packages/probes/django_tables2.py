"""django-tables2: a table and a view that shows it."""

import django_tables2

APPS = ["django_tables2"]


def served():
    """How many tables two requests of one view are shown."""
    from django.contrib.auth.models import User
    from django.test import RequestFactory

    class UserTable(django_tables2.Table):
        class Meta:
            model = User

    class Users(django_tables2.SingleTableView):
        model = User
        table_class = UserTable
        template_name = "none.html"

    view = Users.as_view()
    request = RequestFactory().get("/")
    tables = [view(request).context_data["table"] for _ in range(2)]
    return len({id(table) for table in tables})


LIVES = {"django_tables2.Table": "served()"}
KINDS = {"django_tables2.Table": lambda cls: "table"}
