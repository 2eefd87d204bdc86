// The device's own copy of one open draft: written soon after a change, taken away when the server has everything.
import type { Clock } from "@/lib/clock";
import type { Journal, JournalEntry } from "./journal";

export interface DeviceCopyOptions {
  key: string;
  journal: Journal;
  clock: Clock;
  /** What is to be kept now; null: nothing is unsaved. */
  entry: () => JournalEntry | null;
  /** Whether this device keeps a copy. */
  told: (kept: boolean) => void;
}

/** Milliseconds from one copy to the next. */
const between = 50;
/** A device that is slow to keep its copy does not keep the text from being sent. */
const patience = 250;

export class DeviceCopy {
  readonly #options: DeviceCopyOptions;
  #cancel: (() => void) | undefined;
  #written = -Infinity;

  constructor(options: DeviceCopyOptions) {
    this.#options = options;
  }

  /** Writes it at once. */
  async write(): Promise<void> {
    this.dispose();
    const { key, journal, clock, entry, told } = this.#options;
    this.#written = clock.now();
    try {
      const unsaved = entry();
      if (unsaved) await journal.put(unsaved);
      else await journal.remove(key);
      told(true);
    } catch {
      told(false);
      // An older copy must not bring back what was deleted since.
      await journal.remove(key).catch(() => undefined);
    }
  }

  /** Writes it after what is happening now, and not more often than a device likes; somebody who never pauses is kept all the same. */
  writeSoon(): void {
    const { clock } = this.#options;
    this.#cancel ??= clock.after(Math.max(0, this.#written + between - clock.now()), () => void this.write());
  }

  /** Writes it before something else happens, which waits for a slow device only so long. */
  writeFirst(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(patience, resolve);
      void this.write().then(() => {
        cancel();
        resolve();
      });
    });
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
