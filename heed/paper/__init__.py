"""A conversation as a PDF: laid out and drawn in a process apart, since strangers' images stand in it."""
