"""Address of the form that passes a message on."""

from django.urls import path

from heed.web.forwarding import views

urlpatterns = [path("messages/<int:number>/forward/", views.forward, name="message-forward")]
