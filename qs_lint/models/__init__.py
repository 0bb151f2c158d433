"""What libraries do that no table can tell: the ORM, views, templates, callables."""
