"""How an article is laid out for reading: passages, rows, cells, reading order. Knows no widget."""
