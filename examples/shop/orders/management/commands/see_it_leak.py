"""Two visitors, one after the other, on each page, and what they are shown."""

import re

from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client

from orders import changes


class Command(BaseCommand):
    """Play it on a database in memory; the project's own is not touched."""

    help = __doc__
    # Checks import the URLconf and with it the views, one of which asks for a table.
    requires_system_checks = []

    def handle(self, *args, **options):
        """Print what Ada is shown, and what is shown to whoever comes next."""
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0)
        try:
            changes.begin()
            for page in ("/leaked/", "/own/"):
                self.show(f"{page}?buyer=Ada")
                self.show(page)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def show(self, path):
        """Ask for a page as somebody new, and print the list."""
        response = Client().get(path)
        items = re.findall(r"<li>(.*)</li>", response.content.decode())
        self.stdout.write(f"{path:<19} " + " | ".join(items))
