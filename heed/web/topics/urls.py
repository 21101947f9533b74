"""Addresses of the settings of topics and custom fields."""

from django.urls import path

from heed.web.topics import views

urlpatterns = [
    path("topics/", views.listed, name="settings-topics"),
    path("topics/<int:number>/", views.one, name="settings-topic"),
    path("topics/fields/<int:number>/", views.field, name="settings-custom-field"),
]
