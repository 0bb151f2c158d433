"""Packages whose classes have an ``objects`` of their own, or that have no models at all."""

from __future__ import annotations

from qs_lint.facts.schema import Library

LIBRARY = Library(
    "packages for other databases",
    not_django=frozenset(
        "mongoengine mongomotor boto3 botocore sqlalchemy flask_sqlalchemy peewee pony tortoise "
        "ormar gino odmantic beanie pynamodb haystack elasticsearch_dsl elasticsearch "
        "django_elasticsearch_dsl cassandra redis_om rethinkdb pymodm umongo edgedb piccolo "
        "sqlmodel google stripe kubernetes docker pandas numpy".split()
    ),
)
