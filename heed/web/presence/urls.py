"""Address of what browsers say of their readers."""

from django.urls import path

from heed.web.presence import views

urlpatterns = [path("presence/", views.presence, name="presence")]
