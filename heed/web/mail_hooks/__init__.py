"""Mail providers' webhooks: the door that they post to, and the page where admins set them up."""
