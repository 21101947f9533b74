"""Addresses of the trash."""

from django.urls import path

from heed.web.trash import views

HERE = "inbox/<place:place>/<int:number>/"

urlpatterns = [
    path("trash/", views.listed, name="trash"),
    path(f"{HERE}trash/", views.delete, name="conversation-trash"),
    path(f"{HERE}restore/", views.take_out, name="conversation-restore"),
]
