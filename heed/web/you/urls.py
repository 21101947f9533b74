"""Address of the reader's own page."""

from django.urls import path

from heed.web.you import views

urlpatterns = [
    path("", views.you, name="settings-you"),
    path("availability/", views.availability, name="settings-you-availability"),
]
