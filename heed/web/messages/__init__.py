"""What stands behind a message: its HTML in a frame, its images, its bytes, its files, drafts, the menu."""
