"""The evaluator of Python: names, classes, expressions, statements and calls."""
