"""django-guardian: its models are models, its managers are managers."""

APPS = ["guardian"]
SETTINGS = {
    "AUTHENTICATION_BACKENDS": [
        "django.contrib.auth.backends.ModelBackend",
        "guardian.backends.ObjectPermissionBackend",
    ]
}
