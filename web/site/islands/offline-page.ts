// Fills the page /offline with what the device keeps; the page itself is the same for everyone and needs no network.
import { openStore, type KeptPage, type WaitingAction } from "@/lib/offline/store";
import { actionName, offline as words } from "@/messages/offline";

const store = openStore(indexedDB);

const element = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string, text: string) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

function keptRow(page: KeptPage): HTMLLIElement {
  const row = document.createElement("li");
  const link = element("a", "kept-title", page.title);
  link.href = page.path;
  const remove = element("button", "btn btn-bare", words.remove);
  remove.type = "button";
  remove.setAttribute("aria-label", words.removeOf(page.title));
  remove.addEventListener("click", () => navigator.serviceWorker.controller?.postMessage({ type: "drop", path: page.path }));
  const meta = element("p", "meta", [page.author && words.by(page.author), words.size(page.bytes)].filter(Boolean).join(" · "));
  const text = document.createElement("div");
  text.append(link, meta);
  row.append(text, remove);
  return row;
}

function waitingRow(action: WaitingAction): HTMLLIElement {
  const row = document.createElement("li");
  const text = document.createElement("div");
  text.append(element("p", "kept-title", actionName(action.method, action.path)));
  const said = saidIn(action.body);
  if (said) text.append(element("p", "kept-words", said));
  if (action.refused) text.append(element("p", "meta refused", `${words.refusedTitle}: ${action.refused}`));
  row.append(text);
  if (action.refused) {
    const dismiss = element("button", "btn btn-bare", words.dismiss);
    dismiss.type = "button";
    dismiss.addEventListener("click", () => void store.remove(action.seq ?? 0).then(fill));
    row.append(dismiss);
  }
  return row;
}

/** What somebody wrote stays readable, whatever becomes of it. */
function saidIn(body: string | null): string {
  try {
    const { markdown, note } = JSON.parse(body ?? "{}") as { markdown?: unknown; note?: unknown };
    return typeof markdown === "string" ? markdown : typeof note === "string" ? note : "";
  } catch {
    return "";
  }
}

async function fill(): Promise<void> {
  const [kept, waiting] = await Promise.all([store.kept(), store.waiting()]).catch(() => [[], []] as [KeptPage[], WaitingAction[]]);
  const list = document.querySelector("[data-kept]");
  list?.replaceChildren(...kept.sort((one, other) => other.at - one.at).map(keptRow));
  document.querySelector<HTMLElement>("[data-kept-none]")!.hidden = kept.length > 0;
  document.querySelector("[data-waiting-list]")?.replaceChildren(...waiting.map(waitingRow));
  document.querySelector<HTMLElement>("[data-waiting-part]")!.hidden = waiting.length === 0;
}

function heading(): void {
  const away = !navigator.onLine || location.pathname !== "/offline";
  document.querySelector("h1")!.textContent = away ? words.title : words.titleOnline;
  document.querySelector("[data-offline-text]")!.textContent = away ? words.text : words.textOnline;
  document.querySelector<HTMLElement>("[data-again]")!.hidden = location.pathname === "/offline";
}

let leaving = false;

/** A browser says "online" a moment too early, or for a moment only: the page that was asked for is loaded when it answers, unless the reader is on the way elsewhere. */
async function backOnline(): Promise<void> {
  if (location.pathname === "/offline") return heading();
  const answered = await fetch(location.href, { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
  if (answered && !leaving) location.reload();
}

document.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
document.querySelector("[data-send]")?.addEventListener("click", () => navigator.serviceWorker.controller?.postMessage({ type: "flush" }));
document.addEventListener("blog:offline", () => void fill());
addEventListener("online", () => void backOnline());
addEventListener("beforeunload", () => { leaving = true; });
addEventListener("offline", heading);
heading();
void fill();
