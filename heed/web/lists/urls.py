"""Addresses of views that people make, and of changes of many conversations."""

from django.urls import path

from heed.web.lists import bulk, making

urlpatterns = [
    path("inbox/<place:place>/bulk/", bulk.bulk, name="bulk"),
    path("bulk/<int:number>/", bulk.show, name="bulk-show"),
    path("bulk/<int:number>/step/", bulk.step, name="bulk-step"),
    path("bulk/<int:number>/undo/", bulk.undo, name="bulk-undo"),
    path("density/", making.density, name="density"),
    path("views/new/", making.new, name="view-new"),
    path("views/preview/", making.preview, name="view-preview"),
    path("views/<int:number>/edit/", making.edit, name="view-edit"),
    path("views/<int:number>/delete/", making.delete, name="view-delete"),
    path("views/<int:number>/restore/", making.restore, name="view-restore"),
]
