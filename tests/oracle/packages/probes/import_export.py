"""django-import-export: its admin classes are admin classes, its forms are forms."""

APPS = ["import_export"]
