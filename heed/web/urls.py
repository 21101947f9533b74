"""Every address of the workspace: each page's folder lists its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("heed.web.inbox.urls")),
    path("", include("heed.web.lists.urls")),
    path("", include("heed.web.conversation.urls")),
    path("", include("heed.web.messages.urls")),
    path("", include("heed.web.presence.urls")),
    path("", include("heed.web.forwarding.urls")),
    path("accounts/", include("heed.web.accounts.urls")),
    path("catcher/", include("heed.web.catcher.urls")),
    path("customers/", include("heed.web.customers.urls")),
    path("new/", include("heed.web.new_conversation.urls")),
    path("", include("heed.web.rearranging.urls")),
    path("settings/you/security/", include("heed.web.security.urls")),
    path("settings/access/", include("heed.web.access.urls")),
    path("settings/you/", include("heed.web.you.urls")),
    path("settings/brands/", include("heed.web.brands.urls")),
    path("settings/", include("heed.web.people.urls")),
    path("search/", include("heed.web.search.urls")),
    path("", include("heed.web.writing.urls")),
    path("settings/mailboxes/", include("heed.web.mailboxes.urls")),
    path("", include("heed.web.mail_hooks.urls")),
    path("settings/domains/", include("heed.web.domains.urls")),
    path("settings/mail-health/round-trips/", include("heed.web.round_trips.urls")),
    path("settings/mail-health/", include("heed.web.mail_health.urls")),
    path("", include("heed.web.triage.urls")),
    path("", include("heed.web.trash.urls")),
    path("", include("heed.web.unsubscribing.urls")),
    path("settings/", include("heed.web.settings.urls")),
    path("settings/", include("heed.web.sending.urls")),
]
