/**
 * What the service says about a session (docs/page-api.md), and what a person is told about it.
 *
 * @typedef {"requires_input"|"processing"|"needs_review"|"verified"|"declined"|"canceled"|"expired"} Status
 * @typedef {"open"|"processing"|"passed"|"failed"|"in_review"} StepState
 * @typedef {{code: string, slot: string | null, field: string | null, effect: string, pages: number[]}} Reason
 * @typedef {{name: string, kind: string, state: "empty"|"draft"|"processing"|"done"}} Slot
 * @typedef {{
 *   name: string, state: StepState, needs: string | null, reasons: Reason[], slots: Slot[], passed_at: string | null,
 *   attempts: {used: number, max: number, locked_until: string | null}
 * }} Step
 * @typedef {{
 *   session: {id: string, status: Status, reference: string, created_at: string, expires_at: string},
 *   provider: {name: string, hotline: string},
 *   mobile_hint: string | null,
 *   person: string | null,
 *   subject: {kind: "unit"|"individual", name: string},
 *   steps: Step[],
 *   awaiting: string,
 *   review: {since: string, due_at: string} | null,
 *   decision: {kind: string, message: string, at: string} | null,
 *   link: {
 *     state: "waiting"|"opened"|"expired"|"none", expires_at: string | null, opened_at: string | null,
 *     device: {kind: string | null, browser: string | null} | null, refused_at: string | null
 *   },
 *   portrait: boolean,
 *   return_url: string | null,
 *   last_event_id: number
 * }} State
 * @typedef {{url: string, qr_svg: string, expires_at: string}} Link
 * @typedef {"waiting"|"link_expired"|"opened"|"no_phone"|"in_review"|"verified"|"declined"|"expired"|"canceled"} Scene
 */

import { serviceNow } from "../shared/api.js";

/** Consent is the first thing on the phone; here it is told only when it was refused. */
const UNTOLD = "consent";

/**
 * The steps that are listed.
 * @param {State} state
 */
export function toldSteps(state) {
  return state.steps.filter((step) => step.name !== UNTOLD || step.state === "in_review" || step.state === "failed");
}

/**
 * Whether nothing is to be done on a phone: consent was refused, and an operator arranges another way.
 * @param {State} state
 */
export function consentRefused(state) {
  return state.session.status === "needs_review" && state.steps.some((step) => step.name === UNTOLD && step.state === "in_review");
}

/**
 * Which picture the left half shows.
 * @param {State} state
 * @param {Link | null} link
 * @param {string | null} keptUntil the waiting code that was put aside for the phone at work, by its end
 * @returns {Scene}
 */
export function sceneOf(state, link, keptUntil) {
  const { status } = state.session;
  if (status === "verified" || status === "declined" || status === "expired" || status === "canceled") return status;
  if (status === "needs_review") return "in_review";
  const opened = state.link.opened_at !== null;
  if (state.link.state === "waiting" && link !== null && !(opened && link.expires_at === keptUntil)) {
    return Date.parse(link.expires_at) > serviceNow() ? "waiting" : opened ? "opened" : "link_expired";
  }
  if (opened && state.link.state !== "none") return "opened";
  return state.link.state === "expired" ? "link_expired" : "no_phone";
}
