"""The only way to the network. Nothing here works while a unit of work is open: write a due row instead."""

from heed.kernel.outbound.guard import OutboundInsideTransaction, forbidden
from heed.kernel.outbound.image import Fetched, ImageFetcher, fetch_image
from heed.kernel.outbound.provider import (
    PROVIDERS,
    ProviderAccess,
    ProviderFile,
    ProviderMail,
    ProviderSession,
)
from heed.kernel.outbound.public import DocumentFetcher, NotFetched, WhyNot
from heed.kernel.outbound.smtp import (
    SmtpAnswer,
    SmtpOutcome,
    SmtpResult,
    SmtpSecurity,
    SmtpSession,
    SmtpUrl,
    TokenGiver,
    smtp_send,
)

__all__ = [
    "PROVIDERS",
    "DocumentFetcher",
    "Fetched",
    "ImageFetcher",
    "NotFetched",
    "OutboundInsideTransaction",
    "ProviderAccess",
    "ProviderFile",
    "ProviderMail",
    "ProviderSession",
    "SmtpAnswer",
    "SmtpOutcome",
    "SmtpResult",
    "SmtpSecurity",
    "SmtpSession",
    "SmtpUrl",
    "TokenGiver",
    "WhyNot",
    "fetch_image",
    "forbidden",
    "smtp_send",
]
