"""A mail server of ours that does to its callers what it is told to."""

import re
import socketserver
import threading

GREETING, END_OF_TEXT = b"", b"."
REPLIES = {GREETING: b"220 here", b"EHLO": b"250 hello", b"MAIL": b"250 ok", b"RCPT": b"250 ok"}
REPLIES |= {b"DATA": b"354 go on", END_OF_TEXT: b"250 taken", b"RSET": b"250 ok", b"QUIT": b"221 bye"}
SILENCE, HANG_UP = b"silence", b"hang up"
# What can go wrong, by what the server says at which step; after the text it may have taken the letter.
MANNERS = {
    "does not even greet": {GREETING: SILENCE},
    "has no time": {GREETING: b"421 busy"},
    "does not serve us": {GREETING: b"554 no"},
    "falls silent": {b"MAIL": SILENCE},
    "does not know the sender": {b"MAIL": b"553 who are you"},
    "wants it later": {b"RCPT": b"450 greylisted"},
    "knows nobody of that name": {b"RCPT": b"550 no such box"},
    "does not like the text": {END_OF_TEXT: b"554 looks like spam"},
    "has no room for the text": {END_OF_TEXT: b"452 full"},
    "hangs up in the text": {b"DATA": HANG_UP},
    "takes it and hangs up": {END_OF_TEXT: HANG_UP},
    "takes it and falls silent": {END_OF_TEXT: SILENCE},
}
TAKES_IT = {name for name in MANNERS if name.startswith("takes it")}


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes every letter as long as it has no manners; `only_for` makes it rude about one recipient."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Caller)
        self.manner: dict[bytes, bytes] = {}
        self.only_for = ""
        self.somebody_waits = threading.Event()
        self.letters: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def copies(self, address: str) -> list[str]:
        """The Message-IDs of the letters to this address."""
        mine = "".join(letter for letter in self.letters if f"To: {address}" in letter)
        return re.findall(r"^Message-ID: (\S+)", mine, re.MULTILINE)

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers may go whenever they like."""


class _Caller(socketserver.StreamRequestHandler):
    server: PostOffice
    recipient = ""

    def handle(self) -> None:
        if not self._answer(GREETING):
            return
        while line := self.rfile.readline():
            step = line[:4].upper()
            if step == b"RCPT":
                self.recipient = line.decode()
            if not self._answer(step) or (step == b"DATA" and not self._take()):
                return

    def _take(self) -> bool:
        text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
        reply = self._reply(END_OF_TEXT)
        if reply in (SILENCE, HANG_UP) or reply.startswith(b"2"):
            self.server.letters.append(text)
        return self._answer(END_OF_TEXT)

    def _answer(self, step: bytes) -> bool:
        """Say it; False when the talk is over."""
        reply = self._reply(step)
        if reply == SILENCE:
            self.server.somebody_waits.set()
            self.rfile.read()  # until the caller has gone
        if reply in (SILENCE, HANG_UP):
            return False
        self.wfile.write(reply + b"\r\n")
        return True

    def _reply(self, step: bytes) -> bytes:
        rude = self.server.only_for in self.recipient
        return (self.server.manner if rude else {}).get(step, REPLIES[step])
