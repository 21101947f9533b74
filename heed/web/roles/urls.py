"""Addresses of the settings of roles."""

from django.urls import path

from heed.web.roles import views

urlpatterns = [
    path("", views.listed, name="settings-roles"),
    path("new/", views.new, name="settings-role-new"),
    path("<int:number>/", views.one, name="settings-role"),
    path("<int:number>/remove/", views.remove, name="settings-role-remove"),
]
