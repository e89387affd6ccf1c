/**
 * The client of the service: JSON in and out, problems as exceptions, broken connections tried again.
 */

/** @typedef {{field: string, code: string, message: string}} FieldProblem */

/** An answer of the service that says no (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {Record<string, unknown>} body
   */
  constructor(status, body) {
    super(String(body.code ?? `status ${status}`));
    this.name = "Problem";
    this.status = status;
    this.code = String(body.code ?? "internal_error");
    this.detail = String(body.detail ?? "");
    this.requestId = String(body.request_id ?? "");
    /** @type {FieldProblem[]} */
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    this.triesLeft = typeof body.tries_left === "number" ? body.tries_left : null;
    this.retryAt = typeof body.retry_at === "string" ? body.retry_at : null;
    this.retryAfterS = typeof body.retry_after_s === "number" ? body.retry_after_s : null;
  }
}

/** The service could not be reached, or broke, and trying again did not help. */
export class Unreachable extends Error {
  constructor() {
    super("network_lost");
    this.name = "Unreachable";
    this.code = "network_lost";
  }
}

/**
 * Waits; ends early, without an error, when `signal` fires.
 * @param {number} durationMs
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(durationMs, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * How long to wait before the try after `tries` failed ones: doubling, with a little chance in it.
 * @param {number} tries
 * @param {number} [longestMs]
 */
export function backOffMs(tries, longestMs = 15000) {
  return Math.min(longestMs, 400 * 2 ** Math.min(tries, 10)) * (0.75 + Math.random() / 2);
}

/** How far the service's clock is ahead of this machine's, in ms. */
let aheadMs = 0;

/** The service's time now, in ms: whether something has expired is not told by a PC's own clock, which may be wrong. */
export function serviceNow() {
  return Date.now() + aheadMs;
}

/** @param {Response} answer */
function noteClock(answer) {
  const said = Date.parse(answer.headers.get("Date") ?? "");
  const ahead = said - Date.now();
  // The header counts whole seconds and was written a moment ago: small differences are none.
  if (Number.isFinite(ahead)) aheadMs = Math.abs(ahead) < 2000 ? 0 : ahead;
}

/** Answers that say "later", not "no". */
export const PASSING = new Set([408, 425, 502, 503, 504]);

/** @typedef {{json?: unknown, headers?: Record<string, string>, tries?: number, timeoutMs?: number, signal?: AbortSignal}} Options */

/**
 * Asks the service. GET and repeatable writes are tried again when the connection breaks; pass `tries: 1` where a
 * second try would mean something else.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>} the JSON answered, or null where there was none
 * @throws {Problem | Unreachable}
 */
export async function ask(method, path, options = {}) {
  const { json, tries = 4, timeoutMs = 20000, signal } = options;
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json, application/problem+json", ...options.headers };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  for (let tried = 1; ; tried += 1) {
    const answer = await once(method, path, headers, json, timeoutMs, signal);
    if (answer && !PASSING.has(answer.status)) return read(answer);
    if (signal?.aborted || tried >= tries) throw new Unreachable();
    await pause(backOffMs(tried - 1), signal);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {unknown} json
 * @param {number} timeoutMs
 * @param {AbortSignal} [signal]
 * @returns {Promise<Response | null>} null when the connection broke
 */
async function once(method, path, headers, json, timeoutMs, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const stop = () => limit.abort();
  signal?.addEventListener("abort", stop);
  try {
    return await fetch(path, {
      method,
      headers,
      body: json === undefined ? null : JSON.stringify(json),
      credentials: "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<any>}
 */
async function read(answer) {
  noteClock(answer);
  const text = await answer.text();
  /** @type {any} */
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = {};
  }
  if (!answer.ok) throw new Problem(answer.status, body ?? {});
  return body;
}

/**
 * @param {string} path
 * @param {Options} [options]
 */
export const get = (path, options) => ask("GET", path, options);

/**
 * @param {string} path
 * @param {unknown} [json]
 * @param {Options} [options]
 */
export const post = (path, json = {}, options = {}) => ask("POST", path, { ...options, json });
