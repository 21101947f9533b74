"""Addresses below a file."""

from django.urls import path

from heed.web.previews import views

urlpatterns = [
    path("<int:number>/preview/", views.preview, name="attachment-preview"),
    path("<int:number>/pages/<int:page>/", views.page, name="attachment-page"),
]
