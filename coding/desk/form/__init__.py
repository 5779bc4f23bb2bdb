"""The form: one painted sheet of fields and one editor that moves from line to line."""
