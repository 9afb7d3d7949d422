"""Flask-SocketIO, which the classroom program used, over gevent, the faster of its two servers."""

from gevent import monkey

monkey.patch_all()

import sys

from flask import Flask, jsonify, request
from flask_socketio import SocketIO

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
revision = 0


@socketio.on("connect", namespace="/app")
def connected():
    """Everybody may listen."""


@app.post("/api/channels/<int:channel>/messages")
def post(channel):
    global revision
    revision += 1
    text = request.get_json()["text"]
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
    socketio.emit("message", event, namespace="/app")
    return jsonify(id=1, revision=revision), 201


@app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT"])
@app.route("/<path:path>", methods=["GET", "POST", "PUT"])
def anything(path):
    answer = jsonify(id=1, revision=revision)
    answer.set_cookie("chinwag_session", "peer")
    return answer


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_output=False)
