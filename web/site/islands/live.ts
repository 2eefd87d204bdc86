// The stream of what happens to the signed-in person (server-sent events). One tab holds it and tells the others: browsers allow six connections to
// a site over HTTP/1.1. The tab that has the lock leads; when it goes, the next one resumes after the last thing it heard.
import type { LiveUpdate } from "@blog/api";

/** The server says something every 20 seconds; a connection that is silent for longer is dead. */
const silence = 50_000;
const longest = 30_000;

export function follow(person: string, hear: (update: LiveUpdate) => void): void {
  const name = `blog live ${person}`;
  const others = "BroadcastChannel" in window ? new BroadcastChannel(name) : undefined;
  let last: LiveUpdate | undefined;
  let ending = new AbortController();
  let leads = false;

  const take = (update: LiveUpdate) => {
    if (last && update.bell.sequence < last.bell.sequence && !update.reset) return;
    last = update;
    hear(update);
  };
  const lead = async ({ signal }: AbortController) => {
    leads = true;
    await listen(signal, () => last?.bell.sequence, (update) => {
      others?.postMessage(update);
      take(update);
    });
    leads = false;
  };
  const begin = () => {
    ending = new AbortController();
    const own = ending;
    if (!others || !("locks" in navigator)) return void lead(own);
    navigator.locks.request(name, { signal: own.signal }, () => lead(own)).catch(() => undefined); // ended while it waited
    others.postMessage("hello");
  };

  others?.addEventListener("message", ({ data }: MessageEvent<LiveUpdate | "hello">) => {
    if (data !== "hello") take(data);
    // A tab that has just been opened asks where we are.
    else if (leads && last) others.postMessage({ ...last, changes: [], reset: false });
  });
  // A page in the back-forward cache must not hold what the others wait for.
  addEventListener("pagehide", () => ending.abort());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) begin();
  });
  begin();
}

/** Comes back until the tab goes or the session is over. */
async function listen(signal: AbortSignal, after: () => number | undefined, hear: (update: LiveUpdate) => void): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    let pause = Math.min(longest, 1000 * 2 ** failures);
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop);
    try {
      const headers: Record<string, string> = { "X-CSRF": "1", Accept: "text/event-stream" };
      const seen = after();
      if (seen !== undefined) headers["Last-Event-ID"] = String(seen);
      const response = await fetch("/api/v1/me/events", { headers, cache: "no-store", signal: attempt.signal });
      if (response.status === 401) return;
      if (response.ok && response.body) {
        await read(response.body, stop, (update) => {
          failures = 0;
          hear(update);
        });
        pause = 1000;
      } else pause = Math.max(pause, 1000 * Number(response.headers.get("Retry-After") ?? 0));
    } catch {
      // The connection broke; it is tried again.
    } finally {
      signal.removeEventListener("abort", stop);
    }
    await rest(pause * (0.5 + Math.random()), signal);
  }
}

async function read(body: ReadableStream<Uint8Array>, stop: () => void, hear: (update: LiveUpdate) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = "";
  let silent = setTimeout(stop, silence);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silent);
      silent = setTimeout(stop, silence);
      const messages = (text + value).split("\n\n");
      text = messages.pop() ?? "";
      for (const message of messages) {
        const data = dataOf(message);
        if (data) hear(JSON.parse(data) as LiveUpdate);
      }
    }
  } finally {
    clearTimeout(silent);
  }
}

/** The data lines of one message (HTML Standard §9.2.6), empty for a comment. */
export const dataOf = (message: string): string =>
  message
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");

const rest = (time: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
