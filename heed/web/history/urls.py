"""Address of the history of the settings."""

from django.urls import path

from heed.web.history import views

urlpatterns = [path("", views.shown, name="settings-history")]
