/**
 * Screen 17, a person looks at it: why, by when, how one is told. And the ends that a person decides.
 */
import { h } from "../../shared/dom.js";
import { dayAndTime, locale, reasonWords } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { actions, button, callLink, head, main } from "../layout.js";
import { declinedPicture, waitingClock } from "../drawings/marks.js";
import { stepName, unbroken, w } from "../words.js";

/** @typedef {import("../app.js").App} App */

/**
 * @param {App} app
 * @param {string | null} name the step in question, or null for the session as a whole
 * @returns {import("../types.js").Screen}
 */
export function waitingScreen(app, name) {
  const { phone, provider, review, session } = app.state;
  const steps = app.state.steps.filter((step) => step.state === "in_review" && (name === null || step.name === name));
  const reasons = steps.flatMap((step) => step.reasons.filter((reason) => reason.effect === "review"));
  const code = reasons[0]?.code ?? "review_required";
  const chinese = locale() === "zh-CN";
  const open = app.state.steps.filter((step) => step.name !== name && (step.state === "open" || step.state === "failed" || step.needs === "confirm_still"));
  const left = open.map((step) => stepName(step, app.state)).join(chinese ? "、" : ", ");
  const title = w(open.length ? "waiting.title_step" : "waiting.title");
  const top = head(title, [reasonWords(code).title, chinese ? "。" : ".", h("br"), open.length ? w("waiting.left", { steps: left }) : w("waiting.nothing")]);
  top.dataset.reason = code;
  const facts = /** @type {[string, string, string][]} */ ([
    review ? ["clock", w("waiting.by"), dayAndTime(review.due_at)] : null,
    phone.hint ? ["phone", w("waiting.sms"), phone.hint] : null,
    provider.hotline ? ["question", w("waiting.ask"), w("waiting.ask_value", { hotline: unbroken(provider.hotline), reference: session.reference })] : null,
  ].filter((fact) => fact !== null));
  return {
    name: "waiting",
    title,
    step: name,
    parts: [
      main(
        "message",
        waitingClock(),
        top,
        factList(facts),
        open.length ? null : h("p", { class: "small" }, w("waiting.close")),
      ),
      actions([
        open.length
          ? button(w("waiting.others"), () => app.go("home", { replace: true }), { action: "others" })
          : button(w("waiting.steps"), () => app.go("steps"), { second: true, action: "steps" }),
      ]),
    ],
  };
}

/** @param {[string, string, string][]} facts */
const factList = (facts) =>
  h(
    "ul",
    { class: "card cells" },
    facts.map(([picture, word, value]) =>
      h("li", {}, icon(picture, { class: "muted" }), h("div", { class: "grow" }, h("div", { class: "small muted" }, word), h("div", { class: "lead value" }, value))),
    ),
  );

/**
 * A person declined, or the applicant refused consent and asked for a person.
 * @param {App} app
 * @returns {import("../types.js").Screen}
 */
export function declinedScreen(app) {
  const { provider, session, decision, consent, phone } = app.state;
  const asked = session.status !== "declined" && consent.declined;
  const title = asked ? w("declined.asked_title") : w("declined.title");
  const hotline = provider.hotline;
  const top = head(title, asked ? w("declined.asked_lead") : w("declined.lead"));
  top.dataset.reason = asked ? "consent_declined" : "declined";
  return {
    name: asked ? "asked" : "declined",
    title,
    parts: [
      main(
        "message",
        asked ? waitingClock() : declinedPicture(),
        top,
        !asked && decision?.message ? h("div", { class: "card pad", "data-state": "message" }, h("p", { class: "ink" }, decision.message)) : null,
        asked
          ? factList([
              ...(phone.hint ? [/** @type {[string, string, string]} */ (["phone", w("waiting.sms"), phone.hint])] : []),
              ...(hotline ? [/** @type {[string, string, string]} */ (["question", w("waiting.ask"), w("waiting.ask_value", { hotline: unbroken(hotline), reference: session.reference })])] : []),
            ])
          : hotline ? h("p", { class: "small" }, w("declined.next", { hotline: unbroken(hotline), reference: session.reference })) : h("p", { class: "small" }, w("app.reference", { reference: session.reference })),
        asked ? h("p", { class: "small" }, w("declined.asked_close")) : null,
      ),
      actions([!asked && hotline ? callLink(w("declined.call", { hotline: unbroken(hotline) }), hotline) : null]),
    ],
  };
}

