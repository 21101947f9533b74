"""The devices on which the reader is told: this browser is added, any of them removed."""

from django.http import HttpResponse, HttpResponseRedirect

from heed.notifications.actions.devices import add_device, remove_device
from heed.notifications.webpush import Subscription
from heed.web.doors import Visit, agents_only
from heed.web.notifications.choosing import HERE
from heed.web.sittings import device_of


@agents_only("POST")
def add(visit: Visit) -> HttpResponse:
    """Tell them in the browser that asks."""
    post = visit.request.POST
    subscription = Subscription(post.get("endpoint", ""), post.get("public", ""), post.get("auth", ""))
    device = device_of(visit.request.headers.get("User-Agent", ""))
    add_device(subscription, device=device, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?saved=1#devices", status=303)


@agents_only("POST")
def remove(visit: Visit, number: int) -> HttpResponse:
    """Tell them there no more."""
    remove_device(number, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?saved=1#devices", status=303)
