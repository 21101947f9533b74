"""Mailbox and what belongs to it: data and constraints, no effects. Fetched mail itself is kept by intake."""

from django.db import models
from django.db.models import Q

from heed.brands.models import Inbox
from heed.conversations.models import Message
from heed.eventlog.models import DUE, DueRow
from heed.kernel.mail_words import AfterFetch, HookProvider, MailProtocol, MailSecurity, Mismatch
from heed.people.models import Agent

UNFETCHED = (Mismatch.NOT_FETCHED, Mismatch.REFUSED, Mismatch.TOO_LARGE)
"""Why a mail that is wanted stands there and not here."""


class Mailbox(DueRow):
    """An account on a mail server whose mail comes to an inbox. Due when it is next looked at.

    The claim on this row is the lease on the account: whoever holds it is the only one who talks to the server.
    """

    id = models.BigAutoField(primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT)
    protocol = models.CharField(max_length=5)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=10)
    user_name = models.CharField(max_length=254)
    password = models.TextField(blank=True)  # sealed; empty with OAuth
    provider = models.CharField(max_length=10, blank=True)  # of OAuth; empty with a password
    generation = models.PositiveIntegerField(default=1)  # one more whenever it becomes another account
    folders = models.JSONField(default=list)  # names, in the order in which they are read
    after_fetch = models.CharField(max_length=10, default=AfterFetch.LEAVE)
    move_to = models.TextField(blank=True)
    work_from_on = models.DateField()  # in the brand's time zone; what came before is history
    wants_history = models.BooleanField(default=True)  # whether what came before is brought in at all
    sent_folder = models.TextField(blank=True)  # empty: none is read or written
    wants_sent_filed = models.BooleanField(default=False)
    checked_by = models.TextField(
        blank=True
    )  # servers whose word about senders counts, with blanks; empty: nobody's
    is_enabled = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True)  # what was fetched is remembered all the same
    last_success_at = models.DateTimeField(null=True)
    last_mail_at = models.DateTimeField(null=True)
    failing_since_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    reason = models.CharField(max_length=20, blank=True)  # of failing
    words = models.TextField(blank=True)  # the server's, about that
    is_alarmed = models.BooleanField(
        default=False
    )  # the log says that it failed, and not yet that it recovered
    backlog = models.PositiveIntegerField(default=0)  # mails seen there and not here yet
    reconcile_at = models.DateTimeField(null=True)  # when it is next compared, mail by mail

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="account_once_an_inbox", fields=["inbox", "protocol", "host", "user_name"]
            ),
            models.CheckConstraint(
                name="mailbox_protocol_known", condition=Q(protocol__in=list(MailProtocol))
            ),
            models.CheckConstraint(
                name="mailbox_security_known", condition=Q(security__in=list(MailSecurity))
            ),
            models.CheckConstraint(
                name="mailbox_after_fetch_known", condition=Q(after_fetch__in=list(AfterFetch))
            ),
            models.CheckConstraint(
                name="paused_mailbox_is_not_due", condition=Q(is_enabled=True) | Q(due_at__isnull=True)
            ),
        ]
        indexes = [models.Index(name="mailbox_due", fields=["due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class Folder(models.Model):
    """A folder of a mailbox under one UIDVALIDITY, and how far it was read. POP3 has one, without a name."""

    id = models.BigAutoField(primary_key=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="read_folders")
    generation = models.PositiveIntegerField()  # the mailbox's, when it was read
    name = models.TextField(blank=True)
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)  # the highest one seen
    is_whole = models.BooleanField(default=False)  # everything up to there was fetched
    is_sent = models.BooleanField(default=False)  # its mails are ours

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="folder_once_a_validity", fields=["mailbox", "generation", "name", "uidvalidity"]
            )
        ]

    def __str__(self) -> str:
        return f"folder {self.pk}"


class FetchedMail(models.Model):
    """A mail was fetched, once and for ever: whatever becomes of it here, it is not fetched again."""

    id = models.BigAutoField(primary_key=True)
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="fetched", db_index=False)
    uid = models.CharField(max_length=70)  # IMAP's number, or POP3's UIDL
    sha256 = models.CharField(max_length=64)
    is_left = models.BooleanField(default=True)  # nothing more is to be done about it on the server
    was_taken = models.BooleanField(default=False)  # we moved or deleted it there

    class Meta:
        constraints = [models.UniqueConstraint(name="fetched_once_a_folder", fields=["folder", "uid"])]
        indexes = [
            models.Index(name="fetched_by_hash", fields=["sha256"]),
            models.Index(name="fetched_to_settle", fields=["folder"], condition=Q(is_left=False)),
        ]

    def __str__(self) -> str:
        return f"fetched mail {self.pk}"


class Authorization(models.Model):
    """A provider's leave to read a mailbox and send from it: tokens, sealed."""

    mailbox = models.OneToOneField(Mailbox, primary_key=True, on_delete=models.CASCADE)
    provider = models.CharField(max_length=10)
    access = models.TextField(blank=True)  # sealed
    refresh = models.TextField(blank=True)  # sealed; empty when it was taken back
    ends_at = models.DateTimeField()  # of the access token
    claimed_until = models.DateTimeField(null=True)  # somebody is asking for a new one

    def __str__(self) -> str:
        return f"authorization of mailbox {self.mailbox_id}"


class PendingAuthorization(models.Model):
    """Somebody was sent to a provider and is expected back with a code. Used once."""

    id = models.BigAutoField(primary_key=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.CASCADE)  # who began; null: the command line
    state = models.CharField(max_length=64)  # sha256 of what the provider gives back
    verifier = models.TextField()  # PKCE's, sealed
    return_to = models.TextField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="authorization_state_once", fields=["state"])]

    def __str__(self) -> str:
        return f"pending authorization {self.pk}"


class Filing(DueRow):
    """A message of ours is to be put into a mailbox's Sent folder."""

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE)
    words = models.TextField(blank=True)  # of the server, when it was given up

    class Meta:
        indexes = [models.Index(name="filing_due", fields=["mailbox", "due_at"], condition=DUE)]

    def __str__(self) -> str:
        return f"filing of {self.message_id}"


class Reconciliation(models.Model):
    """A mailbox was compared with the desk, mail by mail."""

    id = models.BigAutoField(primary_key=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="reconciliations")
    at = models.DateTimeField()
    there = models.PositiveIntegerField()  # mails on the server
    here = models.PositiveIntegerField()  # of those, messages of the desk
    fetched = models.PositiveIntegerField()  # that were missing, and were fetched
    differing = models.PositiveIntegerField(default=0)  # all of them; not more than so many are listed

    class Meta:
        indexes = [models.Index(name="reconciliation_newest", fields=["mailbox", "-id"])]

    def __str__(self) -> str:
        return f"reconciliation {self.pk}"


class Difference(models.Model):
    """One mail in which mailbox and desk differed."""

    id = models.BigAutoField(primary_key=True)
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    reason = models.CharField(max_length=20)
    folder = models.TextField(blank=True)
    uid = models.CharField(max_length=70)
    message_key = models.TextField(blank=True)  # its Message-ID, as the server knows it
    sha256 = models.CharField(max_length=64, blank=True)  # of what was fetched

    class Meta:
        indexes = [
            models.Index(name="difference_by_run", fields=["reconciliation", "id"]),
            models.Index(  # the watch's, every half minute
                name="difference_unfetched", fields=["reconciliation"], condition=Q(reason__in=UNFETCHED)
            ),
        ]

    def __str__(self) -> str:
        return f"difference {self.pk}"


class MailHook(models.Model):
    """An address of the desk to which a mail provider posts an inbox's mail, and what became of mail of ours."""

    id = models.BigAutoField(primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT)
    provider = models.CharField(max_length=10)
    token = models.TextField()  # sealed; part of the address, which is shown to admins
    token_hash = models.CharField(max_length=64)  # sha256: by which a post finds its row
    signing_key = models.TextField(
        blank=True
    )  # sealed; Mailgun signs its posts with it, the others don't sign
    checked_by = models.TextField(blank=True)  # as of a mailbox

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hook_once_an_inbox", fields=["inbox", "provider"]),
            models.UniqueConstraint(name="hook_token_once", fields=["token_hash"]),
            models.CheckConstraint(name="hook_provider_known", condition=Q(provider__in=list(HookProvider))),
            models.CheckConstraint(
                name="hook_has_the_key_it_needs",
                condition=(Q(provider=HookProvider.MAILGUN) & ~Q(signing_key=""))
                | (~Q(provider=HookProvider.MAILGUN) & Q(signing_key="")),
            ),
        ]

    def __str__(self) -> str:
        return f"mail hook {self.pk}"
