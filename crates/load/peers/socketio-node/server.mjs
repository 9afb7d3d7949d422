// Node's socket.io, the reference server: WebSocket only, no compression.
import { createServer } from "node:http";
import { Server } from "socket.io";

const port = Number(process.argv[2]);
let revision = 0;

const http = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const posted = request.method === "POST" && request.url.endsWith("/messages");
    response.setHeader("Set-Cookie", "chinwag_session=peer");
    const answer = JSON.stringify({ id: 1, revision });
    response.setHeader("Content-Length", answer.length);
    response.writeHead(request.method === "POST" ? 201 : 200).end(answer);
    if (posted) tell(JSON.parse(body).text);
  });
});

const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
const app = io.of("/app");

function tell(text) {
  revision += 1;
  app.emit("message", {
    type: "posted",
    channel: 1,
    revision,
    message: {
      channel: 1,
      number: revision,
      revision,
      key: "00000000-0000-4000-8000-000000000000",
      author: { id: 1, name: "peer" },
      text,
      created_at: "2026-01-01T00:00:00.000Z",
      deleted_at: null,
      attachments: [],
    },
  });
}

http.listen(port, "127.0.0.1", 4096);
