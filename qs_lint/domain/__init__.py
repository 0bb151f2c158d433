"""The terms that all packages share, as data."""
