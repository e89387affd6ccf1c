/**
 * A recorded clip is kept in the browser until the service has it: a lost network or a closed page costs no second
 * recording. One clip a session; it is deleted once sent, and clips of other sessions are deleted on sight.
 */

/**
 * @typedef {object} KeptClip
 * @property {string} session
 * @property {Blob} clip
 * @property {string} challenge
 * @property {number[] | null} shownAtS
 * @property {"camera" | "file"} capture
 * @property {{key: string, at_s: number}[] | null} keys of who types the digits
 * @property {number | null} turnShownAtS when the arrow was shown, of the same
 * @property {import("./source.js").Source | undefined} [source]
 */

const DATABASE = "verify";
const SHELF = "clips";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: "session" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `work` on the shelf. A browser that keeps nothing (private mode, no room) is no fault: null.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(shelf: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T | null>}
 */
async function onShelf(mode, work) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(SHELF, mode);
      const request = work(transaction.objectStore(SHELF));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    }).finally(() => database.close());
  } catch {
    return null;
  }
}

/** @param {KeptClip} clip */
export const keepClip = (clip) => onShelf("readwrite", (shelf) => shelf.put(clip));

/** @param {string} session */
export const dropClip = (session) => onShelf("readwrite", (shelf) => shelf.delete(session));

/**
 * The clip of this session that still waits to be sent.
 * @param {string} session
 * @returns {Promise<KeptClip | null>}
 */
export async function keptClip(session) {
  const keys = (await onShelf("readonly", (shelf) => shelf.getAllKeys())) ?? [];
  for (const key of keys) {
    if (key !== session) await dropClip(String(key));
  }
  return (await onShelf("readonly", (shelf) => shelf.get(session))) ?? null;
}
