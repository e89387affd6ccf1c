/**
 * The service as this page knows it: by the session's client token, never by cookie (third-party cookies fail in frames).
 */
import { Problem, get, post } from "../shared/api.js";
import { follow } from "../shared/events.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Link} Link */

const BASE = "/handoff/api";

/** @param {string} token the client token, from the address' fragment */
export function makeService(token) {
  const headers = { Authorization: `Bearer ${token}` };
  return {
    /** @returns {Promise<State>} */
    state: () => get(`${BASE}/state`, { headers, tries: 1 }),

    /** @returns {Promise<Link | null>} the code that waits; null when it was opened or ended in the meantime */
    async link() {
      try {
        return await get(`${BASE}/link`, { headers, tries: 1 });
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },

    /** @returns {Promise<Link>} a fresh code; an earlier, unopened one ends */
    freshLink: () => post(`${BASE}/link`, {}, { headers, tries: 1 }),

    /** @returns {Promise<Blob | null>} the verified portrait, null when there is none (any more) */
    async portrait() {
      const answer = await fetch(`${BASE}/portrait`, { headers, cache: "no-store" });
      return answer.ok ? answer.blob() : null;
    },

    /**
     * @param {number} after
     * @param {Omit<import("../shared/events.js").Following, "headers">} following
     */
    follow: (after, following) => follow(`${BASE}/events`, after, { ...following, headers }),
  };
}
