"""A web server on the loopback that answers as good and bad mirrors do."""

import contextlib
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Mirror(BaseHTTPRequestHandler):
    """The first part of the address says how the rest of it is answered."""

    def do_GET(self):
        manner, name = self.path.strip("/").split("/")
        self.server.asked.append((manner, name))
        getattr(self, manner)((self.server.files / name).read_bytes(), name)

    def reply(self, body, length=None, **headers):
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(body)))
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def good(self, body, name):
        self.reply(body)

    def page(self, body, name):
        self.reply(b"<html>Please log in to the wireless network</html>")

    def forbidden(self, body, name):
        self.send_error(403)

    def truncated(self, body, name):
        self.reply(body[:-100], length=len(body))

    def flipped(self, body, name):
        self.reply(body[:-1] + bytes([body[-1] ^ 1]))

    def images_only(self, body, name):
        self.reply(body) if "images" in name else self.send_error(404)

    def unpacking(self, body, name):
        """As servers do that take .gz for an encoding, unless asked not to."""
        if self.headers["Accept-Encoding"] == "identity":
            self.reply(body)
        else:
            self.reply(body, Content_Encoding="gzip")

    def stalled(self, body, name):
        self.reply(body[:100], length=len(body))
        self.server.ended.wait()

    def failing(self, body, name):
        self.send_error(500)

    def busy(self, body, name):
        self.send_response(429)
        self.send_header("Retry-After", "120")
        self.end_headers()

    def patient(self, body, name):
        self.send_response(429)
        self.send_header("Retry-After", "9" * 5000)
        self.end_headers()

    def astray(self, body, name):
        self._redirect("http://[")

    def garbled(self, body, name):
        self._redirect("/\xff")

    def moved(self, body, name):
        self._redirect(f"/good/{name}")

    def loop(self, body, name):
        self._redirect(self.path)

    def _redirect(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def dripping(self, body, name):
        """A byte at a time, as long as anybody listens."""
        self.reply(b"", length=len(body))
        for i in range(len(body)):
            self.wfile.write(body[i : i + 1])
            if self.server.ended.wait(0.02):
                return

    def reluctant(self, body, name):
        """Not even the header comes at more than a byte at a time."""
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X-More: x\r\n" * 1000:
            self.wfile.write(bytes([byte]))
            if self.server.ended.wait(0.02):
                return

    def endless(self, body, name):
        """The file, and more than anybody wants, without a word on how much."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
        while not self.server.ended.is_set():
            self.wfile.write(bytes(1 << 16))

    def bomb(self, body, name):
        """Little that would unpack to very much."""
        self.reply(gzip.compress(bytes(100_000_000)), Content_Encoding="gzip")

    def dropped(self, body, name):
        """The connection breaks off in the middle, the first time."""
        first = self.server.asked.count(("dropped", name)) == 1
        self.reply(body[: len(body) // 2] if first else body, length=len(body))

    def handle_one_request(self):
        with contextlib.suppress(ConnectionError):  # who asked has heard enough
            super().handle_one_request()

    def log_message(self, *args):
        pass


@contextmanager
def serving(files: Path) -> Iterator[ThreadingHTTPServer]:
    """Serves the files of a folder; ``asked`` keeps what was asked for, in order."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.files, server.asked, server.ended = files, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def address(server: ThreadingHTTPServer, manner: str) -> str:
    """The address of the mirror that answers in this manner."""
    return f"http://127.0.0.1:{server.server_port}/{manner}/"
