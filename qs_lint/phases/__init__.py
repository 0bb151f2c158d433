"""What runs when: the import of a file, then what runs per request, and what becomes of results."""
