"""What permissions are called: in the reader's language, when a page is made."""

# data table: every permission and group of them, in plain words
from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "see_own_teams": _("See conversations of their own teams"),
    "see_led_teams": _("See conversations of all teams of their brands"),
    "see_all": _("See conversations of the whole desk"),
    "see_restricted": _("See restricted conversations among these, also when not named"),
    "answer": _("Answer customers; change status, priority and tags"),
    "note": _("Write notes to the team"),
    "assign": _("Assign to people, move to other teams"),
    "merge": _("Merge, split and link"),
    "spam": _("Mark as spam, block senders"),
    "delete": _("Delete to the trash, and restore"),
    "purge": _("Remove from the trash for good"),
    "restrict": _("Restrict to some people, and open again"),
    "export": _("Print and export"),
    "download_raw": _("Download mails byte for byte"),
    "change_customers": _("Merge and split customers"),
    "manage_views": _("Change views that others made for their teams"),
    "run_desk": _("See to what is stuck: parked, quarantine, mail health, blocked senders"),
    "set_up_brands": _("Set up brands, hours and the automatic first answer"),
    "set_up_mail": _("Set up inboxes, mailboxes, sending and domains"),
    "set_up_rules": _("Set up everything else, such as mail storms and topics"),
    "manage_people": _("Set up people and teams"),
    "manage_roles": _("Make roles"),
}
AVAILABILITIES = {"available": _("Available"), "away": _("Away"), "off": _("Off")}
ABSENCES = {
    "away": _("away"),
    "off": _("off"),
    "off_shift": _("off shift"),
    "on_leave": _("on leave"),
    "switched_off": _("switched off"),
}
GROUPS = {
    "see": _("What they see"),
    "conversations": _("What they do with it"),
    "customers": _("Customers and views"),
    "settings": _("Settings"),
}
