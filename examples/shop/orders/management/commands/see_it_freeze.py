"""Two requests to each page with a write between them, and what they show."""

import re

from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders import changes


class Command(BaseCommand):
    """Play it on a database in memory; the project's own is not touched."""

    help = __doc__
    # Checks import the URLconf and with it the views: the query would run before there is a table.
    requires_system_checks = []

    def handle(self, *args, **options):
        """Print what is shown before and after the write."""
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0)
        try:
            changes.begin()
            self.show()
            changes.write()
            self.stdout.write("\nA third order comes in, Ada and the lamp get new names.\n\n")
            self.show()
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def show(self):
        """Ask for both pages, and print the list of each and the number of its queries."""
        for path in ("/frozen/", "/fresh/"):
            with CaptureQueriesContext(connection) as queries:
                response = Client().get(path)
            items = re.findall(r"<li>(.*)</li>", response.content.decode())
            self.stdout.write(f"{path:<9} {len(queries)} queries  " + " | ".join(items))
