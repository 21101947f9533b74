"""Addresses of what stands behind a message, of drafts and of the menu."""

from django.urls import path

from heed.web.messages import files, menu, views

urlpatterns = [
    path("messages/<int:number>/html/", views.html, name="message-html"),
    path("messages/<int:number>/images/<int:place>/", views.image, name="message-image"),
    path("messages/<int:number>/text/", views.text, name="message-text"),
    path("messages/<int:number>/raw/<str:sha256>/", files.raw, name="message-raw"),
    path("messages/<int:number>/retry/", views.retry, name="message-retry"),
    path("messages/<int:number>/admit/", views.admit, name="message-admit"),
    path("messages/<int:number>/reject/", views.reject, name="message-reject"),
    path("messages/<int:number>/undo/", views.undo, name="message-undo"),
    path("messages/<int:number>/now/", views.now, name="message-now"),
    path("messages/<int:number>/later/", views.later, name="message-later"),
    path("attachments/<int:number>/", files.attachment, name="attachment"),
    path("drafts/", views.draft, name="drafts"),
    path("menu/", menu.menu, name="menu"),
    path("views/counts/", menu.views, name="view-counts"),
]
