"""The desk as an app: what it is called, its icons, and the page that stands where no page can be fetched."""
