/**
 * The console's calls; a lost login leads back to the login screen.
 */
import { Problem, ask } from "../shared/api.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {import("./model.js").Line} Line */

const BASE = "/console/api";
let onLoggedOut = () => {};

/** @param {() => void} act */
export function whenLoggedOut(act) {
  onLoggedOut = act;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [json]
 */
async function call(method, path, json) {
  try {
    return await ask(method, BASE + path, { json, tries: method === "GET" ? 3 : 1 });
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && path !== "/login") onLoggedOut();
    throw error;
  }
}

/** @returns {Promise<{operator: {name: string}, queue: number, inbox: boolean}>} */
export const me = () => call("GET", "/me");
/**
 * @param {string} name
 * @param {string} password
 */
export const logIn = (name, password) => call("POST", "/login", { name, password });
export const logOut = () => call("POST", "/logout", {});
/** What would have been sent by SMS, newest first. @returns {Promise<{messages: {at: string, mobile: string, text: string}[]}>} */
export const inbox = () => call("GET", "/inbox");
/** @returns {Promise<{cases: Line[]}>} */
export const queue = () => call("GET", "/queue");
/**
 * @param {{query: string, status: string, cursor: string}} wanted
 * @returns {Promise<{sessions: Line[], next_cursor: string | null}>}
 */
export const sessions = (wanted) => call("GET", `/sessions?${new URLSearchParams(Object.entries(wanted).filter(([, text]) => text))}`);
/** @param {string} id @returns {Promise<Case>} */
export const readCase = (id) => call("GET", `/cases/${id}`);
/** @param {string} id @returns {Promise<Case>} */
export const claim = (id) => call("POST", `/cases/${id}/claim`, {});
/** @param {string} id @returns {Promise<Case>} */
export const release = (id) => call("POST", `/cases/${id}/release`, {});
/**
 * @param {string} id
 * @param {{decision: string, steps: string[], reason: string, comment: string, message: string}} decision
 * @returns {Promise<Case>}
 */
export const decide = (id, decision) => call("POST", `/cases/${id}/decide`, decision);

/**
 * The address of a piece of evidence.
 * @param {string} id of the session
 * @param {string} upload
 * @param {string} what `picture`, `original`, `strip/number`…
 */
export const evidence = (id, upload, what) => `${BASE}/cases/${id}/uploads/${upload}/${what}`;
