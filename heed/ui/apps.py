"""The app that carries static files, base templates and template tags.

Stands before allauth in INSTALLED_APPS: its log-in pages win.
"""

from django.apps import AppConfig

from heed.ui import quick


class UiConfig(AppConfig):
    """Presentation only; no models."""

    name = "heed.ui"
    label = "ui"

    def ready(self) -> None:
        """Pages take the short ways through templates."""
        quick.install()
