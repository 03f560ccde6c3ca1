# A server that answers so as to take all memory or time: for what fetches from others' servers.
# usage: hostile_server.py FOLDER [CERTIFICATE KEY]; writes the port to FOLDER/port, a line for each request to
# FOLDER/requests.
import http.server
import os
import ssl
import sys

folder = sys.argv[1]
VALUES = b"{}," * (8 << 20) + b"{}"
asked = 0


def answer(path):
    global asked
    asked += 1
    if "values" in path:
        return 200, b'{"objects":[' + VALUES + b"]}"
    if "refusal" in path:
        return 403, b'{"x":[' + VALUES + b"]}"
    if "manifest" in path:
        return 200, b'{"objects":[{"date_added":"%d"}],"x":"' % asked + b"a" * (15 << 20) + b'"}'
    return 200, b'{"more":true,"objects":[]}'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with open(folder + "/requests", "a", encoding="utf-8") as log:
            log.write(self.path + "\n")
        status, body = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", "application/taxii+json;version=2.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[2:4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(folder + "/port.new", "w", encoding="utf-8") as out:
    out.write(str(server.server_address[1]))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
