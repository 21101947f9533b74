"""Addresses of the settings of tags."""

from django.urls import path

from heed.web.tags import views

urlpatterns = [
    path("tags/", views.listed, name="settings-tags"),
    path("tags/<int:number>/", views.one, name="settings-tag"),
    path("tags/<int:number>/merge/", views.merge, name="settings-tag-merge"),
]
