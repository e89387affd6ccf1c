/**
 * Follows a session: server-sent events while they work, plain polling when they don't (some proxies hold a stream
 * back for ever). An event only says that something changed.
 */
import { Problem, backOffMs, get, pause } from "./api.js";

/** @typedef {{id: number, type: string, step: string | null}} SessionEvent */
/**
 * @typedef {object} Following
 * @property {(event: SessionEvent) => void} onEvent
 * @property {(connected: boolean) => void} [onConnection] told when the line is lost and when it is back
 * @property {(problem: Problem) => void} [onRefused] told once when the service says no; following ends
 * @property {Record<string, string>} [headers] for pages that carry a bearer
 */

const POLL_MS = 2000; // a change shows within this when streams don't work
const SILENT_STREAM_MS = 35000; // a stream lasts 25 s: longer silence means that it is held back
const POLLS_BEFORE_STREAM = 15; // then a stream is tried again

/**
 * Follows the events at `path` from the one after `after` until `stop()`.
 * @param {string} path
 * @param {number} after the last event known
 * @param {Following} following
 * @returns {{stop: () => void}}
 */
export function follow(path, after, following) {
  const ended = new AbortController();
  // The device itself knows at once; a stream that hangs tells only when its time is over.
  window.addEventListener("offline", () => following.onConnection?.(false), { signal: ended.signal });
  window.addEventListener("online", () => following.onConnection?.(true), { signal: ended.signal });
  void run(path, after, following, ended.signal);
  return { stop: () => ended.abort() };
}

/**
 * @param {string} path
 * @param {number} after
 * @param {Following} following
 * @param {AbortSignal} ended
 */
async function run(path, after, following, ended) {
  let last = after;
  let failures = 0;
  /** @param {SessionEvent} event */
  const hear = (event) => {
    if (ended.aborted || event.id <= last) return;
    last = event.id;
    following.onEvent(event);
  };
  while (!ended.aborted) {
    try {
      const streamed = await stream(`${path}?after=${last}`, hear, following, ended);
      if (!streamed) await poll(path, () => last, hear, following, ended);
      if (failures) following.onConnection?.(true);
      failures = 0;
    } catch (error) {
      if (ended.aborted) return;
      if (error instanceof Problem && error.status < 500 && error.status !== 429) {
        following.onRefused?.(error);
        return;
      }
      failures += 1;
      if (failures === 2) following.onConnection?.(false);
      await pause(backOffMs(failures), ended);
    }
  }
}

/**
 * Reads one stream to its end.
 * @param {string} url
 * @param {(event: SessionEvent) => void} hear
 * @param {Following} following
 * @param {AbortSignal} ended
 * @returns {Promise<boolean>} false when nothing at all came through
 */
async function stream(url, hear, following, ended) {
  const limit = new AbortController();
  const stop = () => limit.abort();
  let timer = setTimeout(stop, SILENT_STREAM_MS);
  ended.addEventListener("abort", stop);
  try {
    const answer = await fetch(url, {
      headers: { Accept: "text/event-stream", ...following.headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
    if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
    if (!answer.body) return false;
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    let heard = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return heard;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENT_STREAM_MS);
      if (!heard) following.onConnection?.(true);
      heard = true;
      text += decoder.decode(value, { stream: true });
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const event = eventOf(frame);
        if (event) hear(event);
      }
    }
  } catch (error) {
    if (limit.signal.aborted && !ended.aborted) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    ended.removeEventListener("abort", stop);
  }
}

/**
 * @param {string} frame
 * @returns {SessionEvent | null}
 */
function eventOf(frame) {
  const data = frame
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim())
    .join("\n");
  return data ? JSON.parse(data) : null;
}

/**
 * @param {string} path
 * @param {() => number} last
 * @param {(event: SessionEvent) => void} hear
 * @param {Following} following
 * @param {AbortSignal} ended
 */
async function poll(path, last, hear, following, ended) {
  for (let round = 0; round < POLLS_BEFORE_STREAM && !ended.aborted; round += 1) {
    const answer = await get(`${path}?after=${last()}`, { tries: 1, signal: ended, headers: following.headers ?? {} });
    following.onConnection?.(true);
    for (const event of answer.events) hear(event);
    await pause(POLL_MS, ended);
  }
}
