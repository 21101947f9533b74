"""Addresses of the sending domains."""

from django.urls import path

from heed.web.domains import views

urlpatterns = [
    path("", views.listed, name="domains"),
    path("<str:name>/", views.one, name="domain"),
    path("<str:name>/keys/", views.new_key, name="domain-new-key"),
    path("<str:name>/keys/<int:number>/", views.key, name="domain-key"),
]
