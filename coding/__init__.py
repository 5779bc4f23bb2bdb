"""Articles in, drafts, events: everything a coder does, with (`desk/`) and without a screen."""

__project__ = "eventcoder"
