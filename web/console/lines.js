/**
 * What the queue and the list share: a line's cells.
 */
import { h } from "../shared/dom.js";
import { stateMark } from "../shared/icons.js";
import { duration, reasonTitle, since, t, tOr, until } from "./words.js";

/** @typedef {import("./model.js").Line} Line */

const MOST_CHIPS = 4;
/** What says that the person before the camera is none. */
export const ATTACKS = new Set(["presentation_attack_suspected", "presentation_attack_evident", "capture_source_suspect"]);
// What points at a dishonest picture or a stranger stands out; the rest is work as usual.
const GRAVE = new Set([
  ...ATTACKS,
  "media_reused",
  "still_same_as_document_portrait",
  "document_tampering_suspected",
  "selfie_face_mismatch",
]);
const CALM = new Set(["consent_declined", "capture_fallback_used", "check_inconclusive"]);

/** @param {string} code */
export function chip(code) {
  const tone = GRAVE.has(code) ? "bad" : CALM.has(code) ? "" : "warn";
  return h("span", { class: `chip ${tone}`.trim(), "data-reason": code }, reasonTitle(code));
}

/** @param {Line} line */
export function subjectCell(line) {
  const own = line.subject.kind === "individual";
  return h(
    "td",
    {},
    h("div", { class: "medium" }, own ? t("line.individual", { name: line.subject.name }) : line.subject.name),
    h("div", { class: "muted" }, own ? t("line.self") : t("line.person", { person: line.person })),
  );
}

/** @param {Line} line */
export function kindCell(line) {
  return h("td", {}, tOr("filing", line.filing_kind), h("div", { class: "muted" }, line.province ?? ""));
}

/** @param {Line} line */
export function reasonsCell(line) {
  const shown = line.reasons.slice(0, MOST_CHIPS);
  const more = line.reasons.length - shown.length;
  return h("td", {}, h("div", { class: "chips" }, shown.map(chip), more > 0 ? h("span", { class: "chip" }, `+${more}`) : null));
}

/** @param {Line} line */
export function waitingCell(line) {
  if (line.waiting_since === null) return h("td", { class: "muted" }, "–");
  const words = duration(since(line.waiting_since));
  if (!line.late) return h("td", { class: "nowrap" }, words);
  return h("td", { class: "nowrap" }, h("span", { class: "row bad medium" }, stateMark("redo", 16), words), h("span", { class: "muted" }, t("line.late")));
}

/**
 * @param {Line} line
 * @param {string} operator
 */
export function holderCell(line, operator) {
  if (line.claimed_by === null) return h("td", { class: "nowrap muted" }, t("line.free"));
  const left = line.claimed_until ? duration(until(line.claimed_until)) : "";
  return h("td", { class: "nowrap" }, t(line.claimed_by === operator ? "line.mine" : "line.theirs", { name: line.claimed_by, left }));
}
