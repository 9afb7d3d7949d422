// The official client against a running server: every transport, both kinds of payload,
// acknowledgements both ways, namespaces, and coming back after the connection is cut.
import assert from "node:assert/strict";
import { once } from "node:events";
import { io } from "socket.io-client";

const url = process.argv[2];
const deadline = setTimeout(() => {
  console.error("not done in 100 s");
  process.exit(1);
}, 100_000);

const event = async (socket, name) => await once(socket, name);

async function story(name, transports, transport) {
  const socket = io(url, { transports, forceNew: true, auth: { token: name }, reconnectionDelay: 10 });
  const [auth] = await event(socket, "auth");
  assert.deepEqual(auth, { token: name });
  if (socket.io.engine.transport.name !== transport) {
    await once(socket.io.engine, "upgrade");
  }
  assert.equal(socket.io.engine.transport.name, transport);

  socket.emit("message", 1, "zwei", { drei: [true, null, "四"] });
  assert.deepEqual(await event(socket, "message-back"), [1, "zwei", { drei: [true, null, "四"] }]);
  const bytes = Buffer.from([0, 1, 30, 254, 255]);
  socket.emit("message", { bytes, again: [bytes] });
  assert.deepEqual(await event(socket, "message-back"), [{ bytes, again: [bytes] }]);
  const big = Buffer.alloc(200_000, 7);
  socket.emit("message", big);
  assert.deepEqual(await event(socket, "message-back"), [big]);

  const answer = await new Promise((done) => socket.emit("message-with-ack", 1, bytes, (...args) => done(args)));
  assert.deepEqual(answer, [1, bytes]);
  socket.once("question", (number, reply) => reply(number + 1, "yes"));
  socket.emit("ask-me");
  assert.deepEqual(await event(socket, "answered"), [[2, "yes"]]);

  const got = [];
  socket.on("message-back", (number) => got.push(number));
  for (let number = 0; number < 200; number += 1) socket.emit("message", number);
  await socket.emitWithAck("message-with-ack", "all there");
  assert.deepEqual(got, [...Array(200).keys()]);

  const custom = socket.io.socket("/custom", { auth: {} });
  await event(custom, "connect");
  assert.equal(await custom.emitWithAck("message-with-ack", "hi"), "hi");
  const [reason] = await Promise.all([event(custom, "disconnect"), custom.emit("leave-me")]);
  assert.equal(reason[0], "io server disconnect");
  const unknown = socket.io.socket("/unknown", { auth: {} });
  const [error] = await event(unknown, "connect_error");
  assert.equal(error.message, "Invalid namespace");

  // Several heartbeats: the server's intervals are short.
  const begun = socket.id;
  await new Promise((done) => setTimeout(done, 1_200));
  assert.equal(socket.id, begun, "the connection was lost in between");

  const [lost] = await Promise.all([event(socket, "disconnect"), socket.emit("cut-me")]);
  assert.equal(lost[0], "transport close");
  await event(socket, "connect");
  assert.notEqual(socket.id, begun);
  assert.equal(await socket.emitWithAck("message-with-ack", "back"), "back");
  socket.disconnect();
  console.log(`${name}: good`);
}

await story("websocket", ["websocket"], "websocket");
await story("polling", ["polling"], "polling");
await story("upgrade", ["polling", "websocket"], "websocket");
clearTimeout(deadline);
