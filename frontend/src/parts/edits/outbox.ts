/** Keeps edits in the browser (IndexedDB) until the server has answered, over reloads and lost connections. */
import type { Edit } from "./edit";

const DATABASE = "papertree";
const STORE = "edits";

export interface Outbox {
  read(): Promise<Edit[]>;
  put(edit: Edit): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The outbox in IndexedDB; where a browser refuses one (some private windows), edits live as long as the tab. */
export function openOutbox(): Outbox {
  const database = open().catch(() => null);
  const run = async <T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> => {
    const opened = await database;
    if (!opened) {
      return null;
    }
    return await settle(act(opened.transaction(STORE, mode).objectStore(STORE)));
  };
  return {
    async read() {
      const edits = ((await run("readonly", (store) => store.getAll())) ?? []) as Edit[];
      return edits.sort((one, other) => one.at - other.at);
    },
    async put(edit) {
      await run("readwrite", (store) => store.put(edit));
    },
    async remove(key) {
      await run("readwrite", (store) => store.delete(key));
    },
  };
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  return settle(request);
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as DOMException);
  });
}
