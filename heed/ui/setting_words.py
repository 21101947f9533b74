"""Words for what became of settings. Stored are codes; the reader's language is chosen when a page is made."""

# data table: every code of Setting, Deed, AgentChange, BrandPart and SavedReplyPart with its words
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SETTINGS = {
    "brand": _("Brand"),
    "team": _("Team"),
    "team_members": _("Members of the team"),
    "agent": _("Person"),
    "time_zone": _("Own time zone"),
    "language": _("Own language"),
    "undo_seconds": _("Own seconds to take an answer back"),
    "agent_signature": _("Own signature"),
    "notifications": _("What one is told of"),
    "second_factor": _("Who needs a second factor"),
    "inbox": _("Inbox"),
    "inbox_team": _("Team that gets the mail"),
    "inbox_address": _("Further address"),
    "mail_server": _("Server that mail leaves through"),
    "provider": _("Provider that mail leaves through"),
    "plus_addresses": _("Signed reply addresses"),
    "send_limits": _("Limits of sending"),
    "most_bytes": _("Largest mail"),
    "sender_name": _("Name that customers see"),
    "mailbox": _("Mailbox"),
    "mailbox_password": _("Password of the mailbox"),
    "mailbox_leave": _("Leave of the mail provider"),
    "mail_hook": _("Mail provider’s address"),
    "dkim_key": _("Signing key"),
    "first_hour": _("First steps"),
    "storm_rule": _("Rule for mail storms"),
    "blocked_sender": _("Blocked sender"),
    "saved_reply": _("Saved reply"),
    "role": _("Role"),
    "topic": _("Topic"),
    "tag": _("Tag"),
    "custom_field": _("Custom field"),
}
DEEDS = {
    "added": _("added"),
    "changed": _("changed"),
    "removed": _("removed"),
    "paused": _("paused"),
    "resumed": _("resumed"),
    "archived": _("archived"),
    "restored": _("brought back"),
}
BRAND_PARTS = {
    "name": _("Name"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "hours": _("Opening hours"),
    "first_reply": _("First reply"),
    "acknowledgement": _("Acknowledgement"),
    "signature": _("Signature"),
    "closing": _("Days until closed"),
}
AGENT_CHANGES = {
    "added": _("Came to the desk"),
    "name": _("Another name"),
    "role": _("Another role"),
    "teams": _("Other teams"),
    "invited": _("A link to set a password was made"),
    "switched_off": _("Switched off"),
    "switched_on": _("Switched on again"),
    "password": pgettext_lazy("what somebody did", "Set a new password"),
    "factor_added": _("Added a second factor"),
    "factor_removed": _("Removed a second factor"),
    "codes_made": _("Made new recovery codes"),
    "factors_reset": _("Second factor was reset"),
    "sessions_ended": _("Logged out elsewhere"),
}
REPLY_PARTS = {
    "made": _("Saved reply made"),
    "name": _("Name of a saved reply"),
    "folder": _("Folder of a saved reply"),
    "sharing": _("Who has a saved reply"),
    "texts": _("Texts of a saved reply"),
    "files": _("Files of a saved reply"),
    "archived": _("Saved reply put away"),
    "restored": _("Saved reply brought back"),
}
