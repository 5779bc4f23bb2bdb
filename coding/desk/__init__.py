"""The screens and widgets of the desk: with `tui.py` the only place that knows Textual."""
