"""What writing needs beside its form: emoji, and the bar of the editor."""
