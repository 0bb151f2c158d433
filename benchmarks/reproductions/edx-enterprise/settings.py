"""The package's own test settings, with a database of the scenario's."""

from enterprise.settings.test import *  # noqa: F403 - the package's settings are meant to be read so
from two_requests import NoMigrations, database

DATABASES = database()
MIGRATION_MODULES = NoMigrations()
ALLOWED_HOSTS = ["testserver"]
