// @ts-check
// What waits on this device to be sent: forms as they were filled in, each with the id that makes sending it twice harmless.

/**
 * @typedef {object} Waiting
 * @property {string} id      of the entry; a form that is sent twice is stored once
 * @property {string} url     where it goes
 * @property {[string, string][]} fields
 * @property {string} kind    "reading", "none", "diary" or "help"; "unfinished" for answers that are not a diary yet
 * @property {number} made    when it was filled in, by this device's clock
 * @property {string} [refused]  why the ward cannot take it
 */

const NAME = "wardlight-home";
const STORE = "waiting";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} what
 * @returns {Promise<T>}
 */
async function within(mode, what) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = what(transaction.objectStore(STORE));
      // Kept is only what has been written, not what was about to be.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @param {Waiting} waiting */
export const keep = (waiting) => within("readwrite", (store) => store.put(waiting));

/** @param {string} id */
export const forget = (id) => within("readwrite", (store) => store.delete(id));

/** The oldest first. @returns {Promise<Waiting[]>} */
export async function all() {
  /** @type {Waiting[]} */
  const kept = await within("readonly", (store) => store.getAll());
  return kept.sort((one, other) => one.made - other.made);
}
