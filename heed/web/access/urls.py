"""Address of the page about log-in."""

from django.urls import path

from heed.web.access import views

urlpatterns = [path("", views.access, name="settings-access")]
