"""Python's client against a running server: every transport, binary, acknowledgements both ways."""

import queue
import sys

import socketio

URL = sys.argv[1]
DEADLINE = 60


def handle_in_order(client):
    """Makes a client handle messages in the order in which they arrive.

    By itself it starts a thread for each message. On a busy machine those threads run in any order:
    events change places, and an attachment may be handled before the packet that announces it.
    """
    start = client.eio.start_background_task
    handle = client.eio.handlers["message"]

    def run(target, *args):
        return target(*args) if target is handle else start(target, *args)

    client.eio.start_background_task = run


def story(name, transports, transport):
    client = socketio.Client(reconnection=False)
    handle_in_order(client)
    heard = {event: queue.Queue() for event in ("auth", "message-back", "answered", "disconnect")}
    for event in ("auth", "message-back", "answered"):
        client.on(event, lambda *args, event=event: heard[event].put(args))
    client.on("disconnect", lambda *args: heard["disconnect"].put(args))
    client.on("question", lambda number: (number + 1, "yes"))

    client.connect(URL, transports=transports, auth={"token": name}, wait_timeout=DEADLINE)
    assert heard["auth"].get(timeout=DEADLINE) == ({"token": name},)
    assert client.transport() == transport, client.transport()

    client.emit("message", (1, "zwei", {"drei": [True, None, "四"]}))
    assert heard["message-back"].get(timeout=DEADLINE) == (1, "zwei", {"drei": [True, None, "四"]})
    data = bytes([0, 1, 30, 254, 255]) * 1000
    client.emit("message", {"bytes": data})
    assert heard["message-back"].get(timeout=DEADLINE) == ({"bytes": data},)

    assert client.call("message-with-ack", (1, data), timeout=DEADLINE) == (1, data)
    client.emit("ask-me")
    assert heard["answered"].get(timeout=DEADLINE) == ([2, "yes"],)

    for number in range(200):
        client.emit("message", number)
    for number in range(200):
        assert heard["message-back"].get(timeout=DEADLINE) == (number,)

    # Several heartbeats: the server's intervals are short.
    client.sleep(1.2)
    assert client.connected
    client.emit("cut-me")
    heard["disconnect"].get(timeout=DEADLINE)
    client.disconnect()
    print(f"{name}: good")


story("websocket", ["websocket"], "websocket")
story("polling", ["polling"], "polling")
story("upgrade", ["polling", "websocket"], "websocket")
