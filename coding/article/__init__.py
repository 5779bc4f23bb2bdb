"""The one place where articles are read in: plain text, web pages, JSON lines and CSV tables of articles."""
