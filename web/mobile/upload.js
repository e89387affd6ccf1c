/**
 * Sends a file to its place: with progress, tried again by itself when the line breaks, and never twice: the same bytes
 * give the same upload.
 */
import { PASSING, Problem, Unreachable, backOffMs, pause } from "../shared/api.js";

/** @typedef {import("./types.js").Upload} Upload */

/**
 * @typedef {object} Sending
 * @property {string} path where it goes
 * @property {Blob} file
 * @property {"camera" | "album" | "file"} capture
 * @property {(sentBytes: number, totalBytes: number) => void} onProgress
 * @property {() => void} onRetry told when the line broke and a further try begins
 * @property {AbortSignal} [signal]
 */

const TRIES = 6; // with doubling pauses: about half a minute without a network
const STALLED_MS = 30000; // no byte for so long: the connection is dead

/**
 * @param {Blob} file
 * @returns {Promise<string | null>} null where the browser can't: over plain http it has no such function
 */
async function sha256(file) {
  if (!crypto.subtle) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Sending} sending
 * @returns {Promise<Upload>}
 * @throws {Problem | Unreachable}
 */
export async function send(sending) {
  const hash = await sha256(sending.file);
  for (let tried = 1; ; tried += 1) {
    const answer = await put(sending, hash);
    if (answer && !PASSING.has(answer.status)) {
      const body = parse(answer.text);
      if (answer.status >= 400) throw new Problem(answer.status, body);
      return /** @type {Upload} */ (/** @type {unknown} */ (body));
    }
    if (sending.signal?.aborted || tried >= TRIES) throw new Unreachable();
    sending.onRetry();
    await pause(backOffMs(tried), sending.signal);
  }
}

/**
 * @param {string} text
 * @returns {Record<string, unknown>}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * One try. `fetch` tells nothing of what has been sent, so this is an XMLHttpRequest.
 * @param {Sending} sending
 * @param {string | null} hash
 * @returns {Promise<{status: number, text: string} | null>} null when the connection broke
 */
function put(sending, hash) {
  const { path, file, capture, onProgress, signal } = sending;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer = setTimeout(() => request.abort(), STALLED_MS);
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    request.open("PUT", path);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    if (hash) request.setRequestHeader("X-Content-SHA256", hash);
    request.setRequestHeader("X-Capture", capture);
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.upload.addEventListener("progress", (event) => {
      alive();
      onProgress(event.loaded, file.size);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve(request.status ? { status: request.status, text: request.responseText } : null);
    });
    const stop = () => request.abort();
    signal?.addEventListener("abort", stop);
    request.send(file);
  });
}
