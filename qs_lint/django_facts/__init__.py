"""What is known of Django, DRF, django-filter and the standard library, as plain data.

Every row was measured on real installations (``tests/oracle``); nothing here is computed from
what happens to be installed.
"""
