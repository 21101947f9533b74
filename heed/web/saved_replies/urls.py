"""Addresses of the settings of saved replies."""

from django.urls import path

from heed.web.saved_replies import views

urlpatterns = [
    path("", views.listed, name="saved-replies"),
    path("new/", views.new, name="saved-reply-new"),
    path("preview/", views.preview, name="saved-reply-preview"),
    path("<int:number>/", views.one, name="saved-reply"),
    path("<int:number>/archive/", views.archive, name="saved-reply-archive"),
    path("<int:number>/restore/", views.restore, name="saved-reply-restore"),
]
