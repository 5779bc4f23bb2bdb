"""The one place where text that attacks a terminal or a screen is listed; every payload says PWNED."""

from __future__ import annotations

ESCAPES = (
    "\x1b]52;c;UFdORUQ=\x07PWNED",  # the clipboard
    "\x1b]52;c;UFdORUQ=\x1b\\PWNED",
    "\x1b]0;PWNED\x1b\\",  # the title of the window
    "\x1b]2;PWNED\x07",
    "\x1b]8;;http://evil.example/PWNED\x1b\\link\x1b]8;;\x1b\\",  # a link
    "\x1b[2JPWNED",  # an empty screen
    "\x1b[31;1;5mPWNED",
    "\x1b[?1049lPWNED",  # out of the alternate screen
    "\x1b[201~PWNED",  # the end of a paste
    "\x1b[6nPWNED",  # a question that is answered as if typed
    "\x1bP+q544e\x1b\\PWNED",
    "\x1bcPWNED",  # a reset
    "\x1b_PWNED\x1b\\",
    "\x9b2JPWNED",  # the same in eight bits
    "\x9d52;c;UFdORUQ=\x9cPWNED",
    "\x90PWNED\x9c",
    "\x00\x01\x07\x08\x0b\x0c\x0e\x0f\x7fPWNED",
    "\u202ePWNED\u202c\u2066x\u2069\u200f\u061c",  # turned round
    "\u2028\u2029PWNED\ufff9\U000e0041",
    "\ud800PWNED",  # half a character
)
MARKUP = (
    "[/]",
    "[/nope]",
    "[link=http://evil.example]PWNED[/link]",
    "[@click=app.quit]PWNED[/]",
    "[bold red]PWNED[/bold red]",
    "[2024] [Reuters] report [sic]",
    "\\[x]",
    "[[[]]]",
    "[on red",
)
PILED = "Z" + "\u0301" * 300
SCRIPTS = "الخميس 5 ديسمبر (NATO) שלום 哈馬 👩\u200d👩\u200d👧 มวลชน e\u0301"
HOSTILE = "\n".join([*ESCAPES, *MARKUP, PILED, SCRIPTS])


def storable(text: str) -> str:
    """The same as a store of Unicode text can hold it: without halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")
