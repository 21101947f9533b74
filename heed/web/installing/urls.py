"""Addresses by which a browser installs the desk and stands without it."""

from django.urls import path

from heed.web.installing import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
]
