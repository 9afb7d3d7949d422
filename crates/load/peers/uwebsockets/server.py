"""uWebSockets (C++) through socketify, with its own publish and subscribe and plain WebSocket frames.

This program puts the Socket.IO packets into the frames; uWebSockets does not know Socket.IO.
"""

import json
import sys

from socketify import App, CompressOptions, OpCode

OPEN = '0{"sid":"peer","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'
revision = 0
app = App()


def opened(ws):
    ws.send(OPEN, OpCode.TEXT)


def received(ws, message, opcode):
    if message == "40/app," or message == b"40/app,":
        ws.send('40/app,{"sid":"peer"}', OpCode.TEXT)
        ws.subscribe("app")


def answer(res, status):
    res.write_status(status)
    res.write_header("Set-Cookie", "chinwag_session=peer")
    res.end(json.dumps({"id": 1, "revision": revision}))


def post(res, req):
    body = bytearray()

    def received_body(res, chunk, is_end):
        body.extend(chunk or b"")
        if is_end:
            tell(json.loads(bytes(body))["text"])
            answer(res, 201)

    # Waiting for the body with `await` crashes this package when several posts are under way.
    res.on_data(received_body)


def tell(text):
    global revision
    revision += 1
    message = {
        "channel": 1,
        "number": revision,
        "revision": revision,
        "key": "00000000-0000-4000-8000-000000000000",
        "author": {"id": 1, "name": "peer"},
        "text": text,
        "created_at": "2026-01-01T00:00:00.000Z",
        "deleted_at": None,
        "attachments": [],
    }
    event = {"type": "posted", "channel": 1, "revision": revision, "message": message}
    packet = "42/app," + json.dumps(["message", event], separators=(",", ":"))
    app.publish("app", packet, OpCode.TEXT)


app.ws(
    "/socket.io/",
    {
        "compression": CompressOptions.DISABLED,
        "max_payload_length": 1 << 20,
        "idle_timeout": 960,
        "open": opened,
        "message": received,
    },
)
app.post("/api/channels/:channel/messages", post)
app.post("/*", lambda res, req: answer(res, 201))
app.any("/*", lambda res, req: answer(res, 200))
app.listen({"port": int(sys.argv[1]), "host": "127.0.0.1"}, lambda config: None)
app.run()
