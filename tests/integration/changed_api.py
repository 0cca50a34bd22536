"""The fake behind a server that changes the rows of its answers, each byte as a test wants it."""
import http.server
import json
import threading
import urllib.error
import urllib.request

DECODER = json.JSONDecoder()


def with_members(members):
    """A row's text with more members behind its own."""
    return lambda text, row: text[:-1] + "," + members(row)[1:] if members(row) else text


class ChangedApi:
    """`changes`: for an endpoint's name a function of a row's text and of its members that gives the text to send."""

    def __init__(self, fake, **changes):
        self.fake, self.changes = fake, changes
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                status, body = outer.answer(self.path, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, headers):
        headers = {name: value for name, value in headers.items() if name.lower() == "authorization"}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.fake.url + path, headers=headers), timeout=20) as answer:
                body = answer.read().decode("utf-8")
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        name = path.split("?")[0].rsplit("/", 1)[-1].removesuffix(".json").replace("-", "_")
        if name in self.changes:
            body = self.changed(body, f'"{name}":[', self.changes[name])
        return 200, body.encode("utf-8")

    @staticmethod
    def changed(body, before, change):
        at = body.index(before) + len(before)
        out = [body[:at]]
        while body[at] != "]":
            if body[at] == ",":
                out.append(",")
                at += 1
            row, end = DECODER.raw_decode(body, at)
            out.append(change(body[at:end], row))
            at = end
        return "".join(out) + body[at:]
