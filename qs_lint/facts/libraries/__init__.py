"""One library, one file: each module here has a ``LIBRARY`` and is found by walking the package."""
