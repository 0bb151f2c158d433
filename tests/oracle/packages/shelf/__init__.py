"""The application that has the models of a probe."""
