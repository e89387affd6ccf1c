/**
 * The right half: each step with its state, its time, and its reasons in the phone's words.
 */
import { serviceNow } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { bareTime, byAdvice, has, t } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { consentRefused, toldSteps } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Step} Step */

/** @type {Record<string, string>} */
const ICONS = {
  consent: "shield",
  phone: "phone",
  subject_document: "licence",
  person_document: "card",
  legal_person_document: "card",
  face: "face",
  forms: "form",
};

/** @type {Record<import("./state.js").StepState, {tone: string, mark: import("../shared/icons.js").Mark}>} */
const LOOK = {
  open: { tone: "muted", mark: "open" },
  processing: { tone: "acc", mark: "working" },
  passed: { tone: "ok", mark: "passed" },
  failed: { tone: "bad", mark: "redo" },
  in_review: { tone: "warn", mark: "operator" },
};

/** @param {State} state */
export function stepsOf(state) {
  const { status } = state.session;
  const ended = ["declined", "expired", "canceled"].includes(status);
  const draw = ended || consentRefused(state) ? endedRow : status === "verified" ? verifiedRow : row;
  return h("ol", { class: "live" }, toldSteps(state).map((step) => draw(step, state)));
}

/**
 * What a step is called on this filing, as on the phone.
 * @param {Step} step
 * @param {State} state
 */
function nameOf(step, state) {
  const kind = `screens.mobile.kinds.${step.slots[0]?.kind}`;
  if (step.name === "subject_document" && has(kind)) return t(kind);
  const own = state.subject.kind === "individual" ? `screens.handoff.step.${step.name}.name_individual` : "";
  return t(has(own) ? own : `screens.handoff.step.${step.name}.name`);
}

/**
 * A step of a verified session: what a person approved counts as what passed by itself.
 * @param {Step} step
 * @param {State} state
 */
function verifiedRow(step, state) {
  if (step.state === "passed") return row(step, state);
  return h(
    "li",
    { "data-step": step.name, "data-state": step.state },
    h("span", { class: "disc ok" }, icon(ICONS[step.name] ?? "form")),
    h("div", {}, h("div", { class: "name" }, nameOf(step, state)), h("div", { class: "small muted" }, t("screens.handoff.state.by_hand_note"))),
    h("span", { class: "state ok" }, stateMark("passed"), t("screens.handoff.state.by_hand")),
  );
}

/**
 * A step of a session that is over, or that goes on without a phone: only what was passed still counts.
 * @param {Step} step
 * @param {State} state
 */
function endedRow(step, state) {
  const passed = step.state === "passed";
  const unfinished = consentRefused(state) ? "by_person" : "unfinished";
  return h(
    "li",
    { "data-step": step.name, "data-state": step.state },
    h("span", { class: `disc ${passed ? "ok" : "muted"}` }, icon(ICONS[step.name] ?? "form")),
    h("div", { class: "name" }, nameOf(step, state)),
    h("span", { class: `state ${passed ? "ok" : "muted"}` }, stateMark(passed ? "passed" : "open"), passed ? stateWords(step, false) : t(`screens.handoff.state.${unfinished}`)),
  );
}

/** @param {Step} step @param {State} state */
function row(step, state) {
  const begun = step.state === "open" && step.slots.some((slot) => slot.state !== "empty");
  const { tone, mark } = LOOK[begun ? "processing" : step.state];
  return h(
    "li",
    { "data-step": step.name, "data-state": step.state },
    h("span", { class: `disc ${tone}` }, icon(ICONS[step.name] ?? "form")),
    h("div", {}, h("div", { class: "name" }, nameOf(step, state)), h("div", { class: "small muted" }, sub(step, state))),
    h("span", { class: `state ${tone}` }, stateMark(mark), stateWords(step, begun)),
    told(step, state),
  );
}

/** @param {Step} step @param {State} state */
function sub(step, state) {
  if (step.name === "phone" && step.state === "passed" && state.mobile_hint) return state.mobile_hint;
  const slot = sideOf(step);
  if (step.state === "failed" && slot && has(`screens.handoff.slot.${slot}`)) return t(`screens.handoff.slot.${slot}`);
  if (step.needs && has(`screens.handoff.needs.${step.needs}`)) return t(`screens.handoff.needs.${step.needs}`);
  const own = `screens.handoff.step.${step.name}.${step.state}_individual`;
  if (state.subject.kind === "individual" && has(own)) return t(own);
  const key = `screens.handoff.step.${step.name}.${step.state}`;
  return has(key) ? t(key) : t(`screens.handoff.step.${step.name}.open`);
}

/**
 * The one side, or paper, that all reasons speak of; null where they speak of several.
 * @param {Step} step
 */
function sideOf(step) {
  const sides = new Set(step.reasons.map((reason) => reason.slot).filter(Boolean));
  return sides.size === 1 ? ([...sides][0] ?? null) : null;
}

/**
 * @param {Step} step
 * @param {boolean} begun
 */
function stateWords(step, begun) {
  const locked = step.attempts.locked_until;
  if (locked && Date.parse(locked) > serviceNow()) return t("screens.handoff.state.locked", { time: bareTime(locked) });
  if (begun) return t("screens.handoff.state.begun");
  if (step.state === "passed" && step.passed_at) return t("screens.handoff.state.passed_at", { time: bareTime(step.passed_at) });
  const own = `screens.handoff.step.${step.name}.${step.state}_word`;
  return has(own) ? t(own) : t(`screens.handoff.state.${step.state}`);
}

/**
 * Whether somebody sent the step back and nothing was handed in since.
 * @param {Step} step
 * @param {State} state
 */
function sentBack(step, state) {
  return state.decision?.kind === "redo" && step.state === "failed" && step.slots.length > 0 && step.slots.every((slot) => slot.state === "empty");
}

/**
 * @param {Step} step
 * @param {State} state
 */
function told(step, state) {
  if (step.state !== "failed" && step.state !== "in_review") return null;
  if (state.decision?.message && sentBack(step, state)) {
    return h("ul", { class: "note bad" }, h("li", { "data-state": "redo-asked" }, state.decision.message));
  }
  // While a person looks at it there is nothing to mend: only what they look for is told.
  const wanted = step.state === "failed" ? ["retry", "review"] : ["review"];
  const reasons = step.reasons.filter((reason) => wanted.includes(reason.effect));
  if (reasons.length === 0) return null;
  return h(
    "ul",
    { class: `note ${step.state === "failed" ? "bad" : "warn"}` },
    byAdvice(reasons).map(({ next, of }) => {
      const seen = of.map(({ reason: { code, slot }, title }) => {
        const side = slot && sideOf(step) === null && has(`screens.handoff.slot.${slot}`);
        const words = side ? t("screens.handoff.reason_of", { side: t(`screens.handoff.slot.${slot}`), title }) : title;
        return { code, words };
      });
      const only = seen.length === 1 ? seen[0] : undefined;
      if (only) return h("li", { "data-reason": only.code }, next ? t("screens.handoff.reason", { title: only.words, next }) : only.words);
      return h("li", {}, seen.map(({ code, words }) => h("div", { "data-reason": code }, t("screens.handoff.sentence", { words }))), next ? h("div", {}, t("screens.handoff.sentence", { words: next })) : null);
    }),
  );
}
