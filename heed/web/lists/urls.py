"""Addresses of views that people make, and of changes of many conversations."""

from django.urls import path

from heed.web.lists import making

urlpatterns = [
    path("density/", making.density, name="density"),
    path("views/new/", making.new, name="view-new"),
    path("views/preview/", making.preview, name="view-preview"),
    path("views/<int:number>/edit/", making.edit, name="view-edit"),
    path("views/<int:number>/delete/", making.delete, name="view-delete"),
    path("views/<int:number>/restore/", making.restore, name="view-restore"),
]
