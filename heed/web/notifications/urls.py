"""Address of the list of notifications."""

from django.urls import path

from heed.web.notifications import views

urlpatterns = [path("notifications/", views.listed, name="notifications")]
