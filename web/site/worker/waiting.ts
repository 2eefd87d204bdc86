// Commands given without a network: kept in order, sent when there is one, by the session of the person who gave them.
import { fateOf, outdatedBy, waits } from "@/lib/offline/actions";
import type { OfflineStore, WaitingAction } from "@/lib/offline/store";

const largest = 64 * 1024;

export interface Waiting {
  /** Sends the command, or keeps it where there is no network. */
  send(request: Request): Promise<Response>;
  /** Sends what waits. */
  flush(): Promise<void>;
}

export function openWaiting(store: OfflineStore, tell: (message: object) => Promise<void>, later: () => Promise<void>): Waiting {
  async function changed(): Promise<void> {
    await tell({ type: "waiting", count: (await store.waiting()).filter(({ refused }) => !refused).length });
  }

  async function keep(request: Request, key: string, person: string): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    if (body.length > largest) throw new TypeError("Too large to wait for a network.");
    const action: WaitingAction = { person, method: request.method, path: pathname + search, contentType: request.headers.get("Content-Type"), body: body || null, key, at: Date.now() };
    for (const seq of outdatedBy(await store.waiting(), action)) await store.remove(seq);
    await store.add(action);
    await changed();
    await later();
    return Response.json({}, { status: 202, headers: { [waits]: "1" } });
  }

  async function send(request: Request): Promise<Response> {
    const key = request.headers.get("Idempotency-Key") ?? crypto.randomUUID();
    const copy = request.clone();
    try {
      // Behind what waits already, so that the order holds.
      if ((await store.waiting()).some(({ refused }) => !refused)) await flush();
      return await fetch(request.headers.has("Idempotency-Key") ? request : new Request(request, { headers: [...request.headers, ["Idempotency-Key", key]] }));
    } catch (problem) {
      const person = await store.noted("person");
      if (!person) throw problem;
      return keep(copy, key, person);
    }
  }

  async function flush(): Promise<void> {
    await navigator.locks.request("blog-waiting", async () => {
      const all = (await store.waiting()).filter(({ refused }) => !refused);
      if (all.length === 0) return;
      const user = await fetch("/bff/user", { headers: { "X-CSRF": "1" } });
      if (!user.ok) return;
      const { id } = (await user.json()) as { id: string };
      for (const action of all) {
        if (action.person !== id || action.seq === undefined) continue;
        const headers = new Headers({ "X-CSRF": "1", "Idempotency-Key": action.key });
        if (action.contentType) headers.set("Content-Type", action.contentType);
        const response = await fetch(action.path, { method: action.method, headers, body: action.body });
        const fate = fateOf(response.status, action.method);
        if (fate === "later" || fate === "hold") break;
        if (fate === "done") await store.remove(action.seq);
        else {
          const problem = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
          const refused = { ...action, refused: problem.detail ?? problem.title ?? String(response.status) };
          await store.change(refused);
          await tell({ type: "refused", action: refused });
        }
      }
      await changed();
    });
  }

  return { send, flush };
}
