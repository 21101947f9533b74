"""The ASGI application of the pages."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
application = get_asgi_application()
