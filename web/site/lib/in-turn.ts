// Commands about the same thing, one after another: requests that are under way together arrive in any order, and the last one to arrive would decide.
const turns = new Map<string, Promise<unknown>>();

/**
 * Does `act` when everything asked for earlier under the same name is over, whether it went well or not; at once when there is nothing to wait for.
 * Who leaves the page does not wait: what is left is done then, so that a request with `keepalive` still goes out.
 */
export function inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
  const before = turns.get(name);
  const turn = before ? Promise.race([before, leaving()]).then(act) : act();
  // What is waited for is the turn before as well: somebody who came back to a page they left may be ahead of it.
  const over = Promise.allSettled([before, turn]).then(() => {
    if (turns.get(name) === over) turns.delete(name);
  });
  turns.set(name, over);
  return turn;
}

const leaving = () => new Promise<void>((resolve) => addEventListener("pagehide", () => resolve(), { once: true }));
