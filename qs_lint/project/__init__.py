"""Files, import resolution, dependencies; knows no engine."""
