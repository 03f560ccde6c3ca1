# A MISP server as far as the tests need one: TLS on loopback, a key, events that are added, edited, viewed and found.
# usage: misp_server.py CERTIFICATE KEY-OF-IT FOLDER; writes the port to FOLDER/port, each request to FOLDER/requests.
import http.server
import json
import os
import ssl
import sys

certificate, key, folder = sys.argv[1:]
events = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def allowed(self):
        with open(folder + "/requests", "a", encoding="utf-8") as log:
            log.write(self.command + " " + self.path + "\n")
        if self.headers.get("Authorization") == "the-key-of-the-test":
            return True
        self.body()
        self.answer(403, {"name": "Authentication failed", "message": "Authentication failed"})
        return False

    def do_GET(self):
        if not self.allowed():
            return
        if self.path == "/events/view/elsewhere":
            self.answer(302, {}, [("Location", "/events/view/7")])
        elif self.path == "/events/view/7" and events:
            self.answer(200, {"Event": list(events.values())[0]})
        else:
            self.answer(404, {"name": "Invalid event", "message": "Invalid event"})

    def do_POST(self):
        if not self.allowed():
            return
        value = self.body()
        if self.path == "/events/restSearch":
            with open(folder + "/search", "w", encoding="utf-8") as log:
                json.dump(value, log, sort_keys=True)
            self.answer(200, {"response": [{"Event": e} for e in events.values()]})
            return
        event = value["Event"]
        known = event["uuid"] in events
        words = "Event already exists, if you would like to edit it, use the url in the location header."
        if self.path == "/events/add" and known:
            self.answer(404, {"name": words, "message": words, "url": self.path})
        elif self.path == "/events/add" or (self.path == "/events/edit/" + event["uuid"] and known):
            events[event["uuid"]] = event
            self.answer(200, {"Event": {"id": "7", **event}})
        else:
            self.answer(405, {"message": "no such thing"})

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(folder + "/port.new", "w", encoding="utf-8") as out:
    out.write(str(server.server_address[1]))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
