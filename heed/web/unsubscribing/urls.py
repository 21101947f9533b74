"""The address that automatic mail names for those who want no more of it."""

from django.urls import path

from heed.web.unsubscribing import views

urlpatterns = [path("unsubscribe/<str:token>/", views.unsubscribing, name="unsubscribe")]
