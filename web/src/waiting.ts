/**
 * The script of the page on which a name waits at the door. It hears over the socket that the name was let in or refused, and
 * loads the page again, which goes on by itself. Where no socket opens, it loads the page again every few seconds, as the page
 * does without script.
 *
 * The few packets of Engine.IO and Socket.IO that this needs are written here: the whole client is ten times as large as the page.
 */
const AGAIN_MS = 4_000;
/** An answer whose event was lost is found within this time. */
const LOOK_EVERY_MS = 30_000;
const NAMESPACE = '/door';

function again(): void {
  location.reload();
}

async function look(): Promise<void> {
  try {
    const answer = await fetch('/api/door');
    const { state } = (await answer.json()) as { state: string };
    if (state !== 'waits') again();
  } catch {
    // The line is down; its end is heard.
  }
}

function listen(): void {
  const line = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
  line.onmessage = ({ data }: MessageEvent<string>) => {
    if (data.startsWith('0')) line.send(`40${NAMESPACE},`);
    else if (data === '2') line.send('3');
    else if (data.startsWith(`42${NAMESPACE},`)) again();
    // The name does not wait any more, or there are too many tabs.
    else if (data.startsWith(`44${NAMESPACE},`) || data.startsWith(`41${NAMESPACE},`)) setTimeout(again, AGAIN_MS);
  };
  line.onclose = () => setTimeout(again, AGAIN_MS);
}

listen();
setInterval(() => void look(), LOOK_EVERY_MS);
document.addEventListener('visibilitychange', () => document.hidden || void look());
