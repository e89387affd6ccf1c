/**
 * Screen 4: what is left, all states at once, the reasons in the red card, and one button that names where it goes.
 */
import { h } from "../../shared/dom.js";
import { byAdvice, clockTime, locale } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { lacksPagesAlone } from "../formpages.js";
import { actions, button, head, main, redoNote, stateLabel } from "../layout.js";
import { isLocked } from "../routes.js";
import { certificateName, hasWord, inSentence, isIdCard, reasonTitle, sentence, stepName, w } from "../words.js";

/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../app.js").App} App */
/** @typedef {import("../../shared/icons.js").Mark} Mark */

/** @type {Record<string, string>} */
const ICONS = { phone: "phone", subject_document: "licence", person_document: "card", legal_person_document: "card", face: "face", forms: "form" };
const PAPERS = ["subject_document", "person_document", "legal_person_document"];

/**
 * @param {App} app
 * @returns {import("../types.js").Screen}
 */
export function homeScreen(app) {
  const { subject } = app.state;
  const steps = app.state.steps.filter((step) => step.name !== "consent");
  const passed = steps.filter((step) => step.state === "passed").length;
  const mine = steps.filter((step) => step.state === "open" || step.state === "failed" || step.needs === "confirm_still");
  const left = steps.filter((step) => step.state !== "passed" && step.state !== "in_review").length;
  const title = mine.length ? w("home.left", { count: left }) : w(left ? "home.all_sent" : "waiting.title");
  const progress = w("home.progress", { passed, total: steps.length });
  const next = nextStep(mine);
  return {
    name: "home",
    title,
    parts: [
      main(
        "home tight",
        head(title, subject.name),
        h(
          "div",
          { class: "col progress" },
          h("div", { class: "prog", role: "img", "aria-label": progress }, steps.map((step) => h("i", { class: barTone(step) }))),
          h("p", { class: "small muted" }, progress),
        ),
        redoNote(app.state),
        h("ul", { class: "steps" }, steps.map((step) => card(app, step))),
      ),
      actions(next ? [button(buttonText(next), () => app.go(next.name), { action: "next", slim: false })] : [], "line"),
    ],
  };
}

/** @param {Step} step */
function barTone(step) {
  if (step.needs === "confirm_still") return "w";
  return { passed: "p", failed: "r", processing: "w", in_review: "v", open: step.slots.some((slot) => slot.state !== "empty") ? "w" : "" }[step.state];
}

/**
 * First what is red, then what waits for a word, then the next open one; a locked one last.
 * @param {Step[]} steps
 */
function nextStep(steps) {
  const free = steps.filter((step) => !isLocked(step));
  return (
    free.find((step) => step.state === "failed") ??
    free.find((step) => step.needs === "confirm_still") ??
    free.find((step) => step.state === "open") ??
    null
  );
}

/** @param {Step} step */
const toRedo = (step) => step.reasons.filter((reason) => reason.effect === "retry");

/** @param {Step} step */
function buttonText(step) {
  if (step.needs === "confirm_still") return w("home.confirm_face");
  if (step.state === "failed" && lacksPagesAlone(toRedo(step))) return w("home.add_pages");
  const verb = step.state === "failed" ? "redo" : "go";
  const named = step.name === "person_document" && !isIdCard(step) ? "subject_document" : step.name;
  return w(`home.${verb}.${named}`, { kind: inSentence(certificateName(step)) });
}

/**
 * @param {App} app
 * @param {Step} step
 */
function card(app, step) {
  const { mark, word, tone } = stateOf(step);
  const leads = step.state !== "processing" && !(step.name === "phone" && step.state === "passed");
  const reasons = step.state === "failed" ? toRedo(step) : [];
  const inside = [
    h("span", { class: `disc ${tone}`.trim() }, icon(ICONS[step.name] ?? "form")),
    h("span", { class: "what" }, h("span", { class: "name" }, stepName(step, app.state)), h("span", { class: "sub" }, under(app, step))),
    h("span", { class: "end" }, stateLabel(mark, word), leads && step.state !== "passed" ? icon("next", { size: 16, class: "go" }) : null),
  ];
  const line = leads
    ? h("a", { class: "line", href: `#/${step.name}`, onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        app.go(step.name);
      } }, inside)
    : h("div", { class: "line" }, inside);
  return h(
    "li",
    { class: "card step", "data-step": step.name, "data-state": step.state },
    line,
    reasons.length
      ? h(
          "div",
          { class: "note bad" },
          h("ul", { class: "reasons" }, byAdvice(reasons).map((advice) => reasonLines(advice, step.slots.length > 1))),
        )
      : null,
  );
}

/**
 * What was seen and what to do; several that one piece of advice is for have a line each, and it has the last.
 * @param {ReturnType<typeof byAdvice<import("../types.js").Reason>>[number]} advice
 * @param {boolean} withSide
 */
function reasonLines({ next, of }, withSide) {
  const line = of.length > 1 ? { class: "block" } : {};
  const seen = of.map(({ reason, title }) => h("span", { ...line, "data-reason": reason.code }, sentence(reasonTitle(reason, title, withSide))));
  return h("li", {}, seen, locale() === "en" ? " " : "", h("span", line, sentence(next)));
}

/**
 * @param {Step} step
 * @returns {{mark: Mark, word: string, tone: string}}
 */
function stateOf(step) {
  if (isLocked(step)) return { mark: "redo", word: w("states.locked"), tone: "bad" };
  if (step.needs === "confirm_still") return { mark: "working", word: w("states.confirm"), tone: "acc" };
  switch (step.state) {
    case "passed":
      return { mark: "passed", word: w("states.passed"), tone: "ok" };
    case "failed": {
      if (lacksPagesAlone(toRedo(step))) return { mark: "redo", word: w("pages.to_add"), tone: "bad" };
      const own = step.name === "face" ? "failed_face" : PAPERS.includes(step.name) || step.name === "forms" ? "failed_document" : "failed";
      return { mark: "redo", word: w(`states.${own}`), tone: "bad" };
    }
    case "processing":
      return { mark: "working", word: w("states.processing"), tone: "acc" };
    case "in_review":
      return { mark: "operator", word: w("states.in_review"), tone: "warn" };
    default:
      return step.needs === "other_slot" ? { mark: "working", word: w("states.half"), tone: "acc" } : { mark: "open", word: w("states.open"), tone: "" };
  }
}

/**
 * The small line under a step's name.
 * @param {App} app
 * @param {Step} step
 */
function under(app, step) {
  const until = step.attempts.locked_until;
  if (isLocked(step) && until) return w("home.locked", { time: clockTime(until) });
  if (step.state === "in_review") return w("home.review");
  const count = step.slots.filter((slot) => slot.state !== "empty").length;
  if (step.name === "phone") return step.state === "passed" ? (app.state.phone.hint ?? "") : w("home.phone_time");
  if (step.state === "processing") return step.name === "forms" ? w("home.forms_got", { count }) : w("home.processing");
  if (step.name === "face") {
    if (step.needs === "confirm_still") return w("home.face_confirm");
    return step.state === "passed" ? w("home.face_ok") : w("home.face_time");
  }
  if (step.name === "forms") return step.state === "passed" ? w("home.forms_ok", { count }) : w(app.state.subject.kind === "unit" ? "home.forms_time" : "home.forms_time_person");
  const two = step.slots.length > 1;
  if (step.state === "passed") return two ? w("home.person_ok") : w("home.document_ok");
  if (step.slots.some((slot) => slot.state === "draft")) return w("home.draft");
  const done = step.slots.find((slot) => slot.state === "done");
  if (step.needs === "other_slot" && done && hasWord(`sides.${done.name}`)) return w("home.half", { side: w(`sides.${done.name}`) });
  return w(two && step.state === "open" ? "home.person_time" : "home.document_time");
}
