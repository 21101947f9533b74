"""How second factors are kept: what they rest on is sealed as every other secret of the desk is."""

from allauth.mfa.adapter import DefaultMFAAdapter

from heed.kernel.secrets import seal, unseal


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's way to keep second factors, with our own key."""

    def encrypt(self, text: str) -> str:
        """The secret of an authenticator app, or the seed of recovery codes, as it is kept."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed. Raises Unsealable when the desk has another secret by now."""
        return unseal(encrypted_text)
