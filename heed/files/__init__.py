"""What stands in files: readers of their words, and the process apart in which they work on what strangers sent."""
