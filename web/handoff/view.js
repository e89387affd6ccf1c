/**
 * The page as it looks: a head with the state in words, the two halves, a promise. A part is drawn anew only when
 * what it shows has changed, so that a focused button stays where it is.
 */
import { fill, h } from "../shared/dom.js";
import { clockTime, dayAndTime, t } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { leftOf } from "./left.js";
import { consentRefused, toldSteps } from "./state.js";
import { stepsOf } from "./steps.js";

/** @typedef {import("./state.js").State} State */
/**
 * @typedef {object} Shown
 * @property {State} state
 * @property {import("./state.js").Link | null} link
 * @property {string | null} portraitUrl
 * @property {boolean} offline
 * @property {import("./state.js").Scene} scene
 */
/**
 * @typedef {object} Acts
 * @property {() => void} freshCode
 * @property {() => void} keepPhone
 * @property {() => void} codeRanOut
 */

const drawn = new Map();

/**
 * @param {string} name
 * @param {unknown} what all that the part shows
 * @param {() => import("../shared/dom.js").Child[]} draw
 */
function part(name, what, draw) {
  const place = document.querySelector(`#${name}`);
  const now = JSON.stringify(what);
  if (place === null || drawn.get(name) === now) return;
  drawn.set(name, now);
  fill(place, draw());
}

/**
 * @param {HTMLElement} page
 * @param {Shown} shown
 * @param {Acts} acts
 * @returns {string} the title
 */
export function showPage(page, shown, acts) {
  const { state, scene, offline } = shown;
  if (page.querySelector("#left") === null) {
    drawn.clear();
    fill(
      page,
      h("div", { class: "head", id: "head" }),
      h("section", { class: "card handoff" }, h("div", { class: "left", id: "left" }), h("div", { class: "right", id: "right" })),
      h("p", { class: "promise" }, icon("shield", { size: 18 }), t("screens.handoff.promise", { provider: state.provider.name })),
    );
  }
  page.dataset.status = state.session.status;
  page.dataset.scene = scene;
  page.dataset.offline = String(offline);
  const { title, lead } = headOf(shown);
  // A lost line takes the lead's place: the page keeps its height, so that the portal's frame doesn't jump.
  part("head", [title, lead, offline], () => [h("h1", {}, title), offline ? h("p", { class: "offline", role: "status" }, stateMark("doubtful", 16), t("screens.handoff.offline.line")) : h("p", {}, lead)]);
  part("left", [scene, state.link, shown.link?.url, shown.portraitUrl, state.review, state.decision, scene === "opened" && [state.steps.map((step) => step.state), offline]], () => leftOf(shown, acts));
  part("right", [state.session.status, state.steps], () => [stepsOf(state)]);
  return title;
}

/**
 * A page without steps: the address is unknown, or the service was never reached.
 * @param {HTMLElement} page
 * @param {string} title
 * @param {string} next
 */
export function showEnd(page, title, next) {
  page.dataset.scene = "unknown";
  fill(page, h("section", { class: "card end" }, h("div", { class: "big disc muted" }, icon("link", { size: 40 })), h("h1", {}, title), h("p", { class: "muted" }, next)));
}

/** @param {Shown} shown */
function headOf({ state, scene }) {
  const steps = toldSteps(state);
  const passed = steps.filter((step) => step.state === "passed").length;
  const toRedo = steps.filter((step) => step.state === "failed").length;
  const counts = { passed, all: steps.length, count: toRedo, reference: state.session.reference };
  if (scene === "opened") {
    const key = toRedo > 0 ? "redo" : state.session.status === "processing" ? "processing" : "opened";
    return { title: t(`screens.handoff.${key}.title`, counts), lead: t("screens.handoff.opened.lead", counts) };
  }
  if (scene === "waiting" && state.link.opened_at !== null) {
    return { title: t("screens.handoff.again.title"), lead: t("screens.handoff.opened.lead", counts) };
  }
  if (scene === "waiting") {
    return { title: t("screens.handoff.waiting.title"), lead: t(`screens.handoff.waiting.bring_${state.subject.kind}`) };
  }
  const done = steps.map((step) => step.passed_at ?? "").sort().at(-1);
  const at = state.decision?.at ?? done;
  const time = at ? dayAndTime(at) : clockTime(Date.now());
  if (scene === "in_review" && consentRefused(state)) {
    return { title: t("screens.handoff.by_person.title"), lead: t("screens.handoff.by_person.head") };
  }
  return { title: t(`screens.handoff.${scene}.title`), lead: t(`screens.handoff.${scene}.head`, { ...counts, time }) };
}
