"""What is in a file, shown without opening it: images, the pages of a PDF, the beginning of a text."""
