"""Words for the codes that many pages show. Stored are codes; the reader's language is chosen when a page is made."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VIEWS = {
    "my_turn": _("My turn"),
    "mentions": _("Mentions"),
    "unassigned": _("Unassigned"),
    "waiting": _("Waiting for customer"),
    "solved": pgettext_lazy("view", "Solved"),  # many of them, where other languages have a word of its own
    "all_open": _("All open"),
    "view": _("View"),
    "search": _("Search"),
    "customers": _("Customers"),
    "settings": _("Settings"),
    "catcher": _("Caught mail"),
    "sides": _("Asked of your team"),
    "trash": _("Trash"),
    "notifications": _("Notifications"),
}
SECTIONS = {  # of the settings: a name, and what a person does there
    "you": (_("You"), _("Who you are here, your times, your password")),
    "notifications": (_("Notifications"), _("What you are told of, how, and when it is quiet")),
    "security": (_("Security"), _("Your second factor, and where you are logged in")),
    "brands": (_("Brands"), _("Names, opening hours, the automatic first answer")),
    "mails": (_("Automatic mails"), _("What customers get by itself, in your words, with a look at it")),
    "people": (_("People"), _("Who is of the desk, what they may do, who left")),
    "teams": (_("Teams"), _("Who answers together, and whose mail they get")),
    "access": (_("Log-in"), _("Who needs a second factor, and until when")),
    "roles": (_("Roles"), _("What people may do, in sets that you name")),
    "topics": (_("Topics"), _("What conversations are about, and what is noted down of them")),
    "tags": (_("Tags"), _("Words that conversations carry: renamed, merged, put away")),
    "mailboxes": (_("Mailboxes"), _("Where mail comes from, and whether it works")),
    "mail_hooks": (_("Mail providers"), _("Mail that a provider posts to this desk, and its reports")),
    "domains": (_("Sending domains"), _("Records in DNS and signing keys, so that mail is believed")),
    "mail_health": (_("Mail health"), _("Whether mail comes in and goes out, inbox by inbox")),
    "saved_replies": (_("Saved replies"), _("Texts to use again, in several languages")),
    "answers": (_("Your answers"), _("Your signatures, and the seconds to take an answer back")),
    "sending": (_("Sending"), _("How mail of each inbox leaves: server or provider, addresses, limits")),
    "parked": (_("Parked"), _("What waits for a person, with its reason")),
    "quarantine": (_("Quarantine"), _("What was taken for spam, and why")),
    "blocked": (_("Blocked senders"), _("Whose mail goes to the quarantine")),
    "storms": (_("Mail storms"), _("Which alarms join one conversation")),
    "first_hour": (_("First steps"), _("What a new desk needs: five steps, in any order")),
    "history": (_("History"), _("Who changed which setting, and when")),
}
ROLES = {"admin": _("Admin"), "lead": _("Lead"), "agent": _("Agent"), "viewer": _("Viewer")}
FIELD_KINDS = {
    "text": _("Text"),
    "number": pgettext_lazy("what a custom field holds", "Number"),
    "date": _("Date"),
    "choice": _("One of several"),
    "yes_no": _("Yes or no"),
}
STATUSES = {
    "open": _("Open"),
    "waiting": _("Waiting"),
    "snoozed": _("Snoozed"),
    "solved": _("Solved"),
    "closed": _("Closed"),
}
PRIORITIES = {"low": _("Low"), "normal": _("Normal"), "high": _("High"), "urgent": _("Urgent")}
VARIABLES = {  # of saved replies: what each stands for, and what its gap asks for
    "customer.first_name": _("the customer’s first name"),
    "customer.name": _("the customer’s name"),
    "customer.address": _("the customer’s address"),
    "agent.first_name": _("your first name"),
    "agent.name": _("your name"),
    "brand.name": _("the brand’s name"),
    "team.name": _("the team’s name"),
    "inbox.address": _("the inbox’s address"),
    "conversation.number": _("the conversation’s number"),
    "conversation.subject": _("the conversation’s subject"),
}


def variable_words(code: str) -> str:
    """What a variable stands for. One that nobody knows stays as it is."""
    return str(VARIABLES.get(code, code))
