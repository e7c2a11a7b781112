"""A mail server of the tests' own: it takes whatever it is given and remembers it."""

import os
import signal
import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


class Postbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of the loopback; `refuses` is an address that it will not take.

    `victim` is a process that is killed once its mail is taken, before it hears of that;
    `parting` is what the server says in the end.
    """

    daemon_threads = True

    def __init__(self, refuses: str = "", pause: float = 0.0) -> None:
        """Begin to listen; `pause` in seconds makes the server as slow as real ones are."""
        super().__init__(("127.0.0.1", 0), Conversation)
        self.refuses = refuses.encode()
        self.pause = pause
        self.victim = 0
        self.parting = "221 bye"
        self.messages: list[EmailMessage] = []

    @property
    def address(self) -> str:
        """Give host and port as MAIL_SERVER takes them."""
        host, port = self.socket.getsockname()
        return f"{host}:{port}"

    @classmethod
    @contextmanager
    def opened(cls, refuses: str = "", pause: float = 0.0) -> Iterator["Postbox"]:
        """Serve in a thread until the block ends."""
        with cls(refuses, pause) as box:
            thread = Thread(target=box.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield box
            finally:
                box.shutdown()
                thread.join()


class Conversation(socketserver.StreamRequestHandler):
    """One client's conversation, in as much SMTP as it takes."""

    server: Postbox

    def handle(self) -> None:
        """Answer line by line."""
        self._say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self._take()
            elif verb == b"QUIT":
                self._say(self.server.parting)
                return
            elif verb == b"RCPT" and self.server.refuses and self.server.refuses in line:
                self._say("550 no such person")
            else:
                self._say("250 fine")

    def _take(self) -> None:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        content = b"".join(line.removeprefix(b".") for line in lines)
        time.sleep(self.server.pause)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.messages.append(message)
        if self.server.victim:
            os.kill(self.server.victim, signal.SIGKILL)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
