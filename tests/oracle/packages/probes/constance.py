"""django-constance: a setting that an editor changes while the process runs."""

from constance import config

APPS = ["constance"]
SETTINGS = {
    "CONSTANCE_CONFIG": {"LIMIT": (1, "how many")},
    "CONSTANCE_BACKEND": "constance.backends.memory.MemoryBackend",
}


def before(number):
    """What happens before each of two accesses."""
    config.LIMIT = number


CONTEXTS = {"constance.config": "config.LIMIT"}
