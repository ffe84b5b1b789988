"""A line between the site and one of its servers, which can be silenced, slowed down or cut."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

Lost = Literal["question", "answer"]


class Wire:
    """Passes on what it hears, both ways, until it is told to do otherwise.

    A question is what a client says between two answers. Whatever was done to the wire, it carries again,
    and old calls are cut, when the block that did it is left.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = url.replace(f":{parts.port}/", f":{port}/")
        self.callers, self.questions, self.heard = 0, 0, bytearray()
        self._flows, self._delay = threading.Event(), 0.0
        self._cut_at: int | bytes | None = None
        self._lost: Lost = "question"
        self._calls: set[_Call] = set()
        self._flows.set()
        threading.Thread(target=self._listen, daemon=True).start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """The server takes calls and never answers."""
        self._flows.clear()
        try:
            yield
        finally:
            self.cut()
            self._flows.set()

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Every answer comes so late."""
        self._delay = seconds
        try:
            yield
        finally:
            self._delay = 0.0
            self.cut()

    @contextmanager
    def losing(self, lost: Lost, at: int | bytes) -> Iterator[None]:
        """The line is cut once, at the question of this number (counted from 1) or with these words.

        Either before the server hears it, or when it has done what it was asked but nobody learns of it.
        """
        self.questions, self._cut_at, self._lost = 0, at, lost
        try:
            yield
        finally:
            self._cut_at = None

    def cut(self) -> None:
        """End every call."""
        for call in list(self._calls):
            call.end()

    def close(self) -> None:
        """Take no more calls."""
        self._listener.close()
        self.cut()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.callers += 1
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server, 5)
        except OSError:
            client.close()
            return
        call = _Call(client, server)
        self._calls.add(call)
        threading.Thread(target=self._carry_answers, args=(call,), daemon=True).start()
        self._carry_questions(call)
        self._calls.discard(call)

    def _carry_questions(self, call: "_Call") -> None:
        for said in call.listen(call.client):
            if not call.asking:
                call.asking = True
                self.questions += 1
                call.is_last = self._is_to_be_cut(said)
            self.heard += said
            self._flows.wait()
            if call.is_last and self._lost == "question":
                break
            call.say(call.server, said)
        call.end()

    def _is_to_be_cut(self, said: bytes) -> bool:
        at = self._cut_at
        if at is None or not (at in said if isinstance(at, bytes) else at == self.questions):
            return False
        self._cut_at = None
        return True

    def _carry_answers(self, call: "_Call") -> None:
        for said in call.listen(call.server):
            call.asking = False
            if call.is_last:
                # PostgreSQL has finished a question when it says that it is ready for the next one.
                if said[-6:-1] == b"Z\0\0\0\5":
                    break
                continue
            self._flows.wait()
            time.sleep(self._delay)
            call.say(call.client, said)
        call.end()


class _Call:
    """One client and the server it talks to."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.asking = self.is_last = False

    @staticmethod
    def listen(speaker: socket.socket) -> Iterator[bytes]:
        with contextlib.suppress(OSError):
            while said := speaker.recv(65536):
                yield said

    @staticmethod
    def say(listener: socket.socket, words: bytes) -> None:
        with contextlib.suppress(OSError):
            listener.sendall(words)

    def end(self) -> None:
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()
