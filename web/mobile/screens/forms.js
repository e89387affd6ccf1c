/**
 * Screen 15: one card per form: what it is, its picture, what is missing on it.
 */
import { h } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { actions, alternative, button, head, main, redoNote, stateLabel, topLine } from "../layout.js";
import { formDrawing } from "../drawings/papers.js";
import { enlarge } from "../enlarge.js";
import { hasSeveral, mending, pageStrip } from "../formpages.js";
import { inSentence, kindName, w } from "../words.js";

/** @typedef {import("../types.js").Slot} Slot */
/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../app.js").App} App */

/** Where on the drawn form a missing mark belongs. @type {Record<string, "seal" | "signature" | "date">} */
const MISSING = { form_seal_missing: "seal", form_seal_mismatch: "seal", form_signature_missing: "signature", form_date_missing: "date", form_date_out_of_range: "date" };

/**
 * @param {App} app
 * @returns {import("../types.js").Screen}
 */
export function formsScreen(app) {
  const step = app.step("forms");
  if (!step) throw new Error("no forms are asked for");
  const open = step.slots.filter((slot) => slot.state === "empty" || slot.state === "draft");
  const faulty = step.slots.filter((slot) => faults(step, slot).length > 0);
  const title = titleOf(step, open, faulty);
  const next = faulty[0] ?? open[0] ?? null;
  const act = next && nextAct(step, next);
  return {
    name: "forms",
    title,
    step: "forms",
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("forms.where") }),
        head(title, w(app.state.subject.kind === "unit" ? "forms.lead" : "forms.lead_person")),
        redoNote(app.state, step),
        step.slots.map((slot) => formCard(app, step, slot)),
        h("p", { class: "small muted centre" }, w("forms.where_print")),
      ),
      actions(
        [
          act
            ? button(act.words, () => app.go(act.route), { action: "next-form" })
            : button(w("forms.home"), () => app.go("home", { replace: true }), { action: "home" }),
          // Who has no such page needs a person.
          step.reasons.some((reason) => reason.code === "form_incomplete" && reason.pages.length) ? alternative(w("forms.other_way"), () => app.go("other/forms"), "other-way") : null,
        ],
        "line",
      ),
    ],
  };
}

/**
 * What the large button does for a form: goes on with what was begun, mends the page that needs it, takes it anew.
 * @param {Step} step
 * @param {Slot} slot
 */
function nextAct(step, slot) {
  const kind = inSentence(kindName(slot.kind));
  const reasons = faults(step, slot);
  if (slot.state === "draft") return { words: w("forms.go_on", { kind }), route: `forms/${slot.name}` };
  const mend = mending("forms", slot, reasons);
  return mend ?? { words: w(reasons.length ? "forms.retake" : "forms.go", { kind }), route: `forms/${slot.name}/take` };
}

/** @param {Step} step @param {Slot} slot */
const faults = (step, slot) => step.reasons.filter((reason) => reason.effect === "retry" && reason.slot === slot.name);

/** @param {Step} step @param {Slot[]} open @param {Slot[]} faulty */
function titleOf(step, open, faulty) {
  const first = faulty[0];
  if (first) {
    const reasons = faults(step, first);
    const only = reasons.length === 1 ? reasons[0] : undefined;
    return only ? w("forms.title_fault", { kind: kindName(first.kind), fault: inSentence(reasonWords(only.code, only.pages).title) }) : w("forms.title_redo", { kind: inSentence(kindName(first.kind)) });
  }
  if (open.length === step.slots.length) return w("forms.title");
  if (open.length) return w("forms.title_left", { count: open.length });
  return w(step.state === "processing" ? "forms.title_checking" : "forms.title_done");
}

/**
 * @param {App} app
 * @param {Step} step
 * @param {Slot} slot
 */
function formCard(app, step, slot) {
  const reasons = faults(step, slot);
  const sent = slot.state === "processing" || slot.state === "done";
  const begun = slot.state === "empty" || slot.state === "draft";
  const several = slot.upload !== null && (hasSeveral(slot) || reasons.some((reason) => reason.code === "form_incomplete" && reason.pages.length));
  const state = reasons.length
    ? stateLabel("redo", w(mending("forms", slot, reasons)?.action === "add-page" ? "pages.to_add" : "states.failed_document"))
    : slot.state === "processing"
      ? stateLabel("working", w("states.processing"))
      : slot.state === "done"
        ? step.state === "passed"
          ? stateLabel("passed", w("forms.ok"))
          : stateLabel("operator", w("states.in_review"))
        : slot.state === "draft"
          ? stateLabel("working", w("home.draft"))
          : stateLabel("open", w("forms.none"));
  const missing = new Set(reasons.flatMap((reason) => MISSING[reason.code] ?? []));
  const shown = slot.upload ? [...missing].map((place) => ({ place, source: `/m/api/uploads/${slot.upload?.id}/strip/${place}` })) : [];
  const source = slot.upload ? `/m/api/uploads/${slot.upload.id}/picture` : "";
  return h(
    "section",
    { class: "card pad form-card", "data-slot": slot.name, "data-state": reasons.length ? "failed" : slot.state },
    h("div", { class: "row between wrap" }, h("h2", {}, kindName(slot.kind)), state),
    several ? pageStrip(app, "forms", slot, sent ? reasons : []) : null,
    h(
      "div",
      { class: "row form-body" },
      several
        ? null
        : sent && !missing.size
          ? h("button", { type: "button", class: "form-picture", "aria-label": w("forms.enlarge", { kind: kindName(slot.kind) }), onclick: () => enlarge(source) }, h("img", { src: source, alt: "" }))
          : h("div", { class: "form-picture" }, formDrawing(slot.kind, missing)),
      h(
        "div",
        { class: "grow col gap-small" },
        h("p", { class: "small muted" }, slot.state === "done" && !reasons.length && step.state !== "passed" ? w(app.state.subject.kind === "unit" ? "forms.received" : "forms.received_person") : w(`forms.what.${slot.name}`)),
        begun && (slot.pages ?? 1) > 1 ? h("p", { class: "small" }, w("forms.pages_of", { count: slot.pages ?? 1 })) : null,
        begun
          ? h("div", {}, button(w(slot.state === "draft" ? "forms.continue" : "forms.take"), () => app.go(`forms/${slot.name}${slot.state === "draft" ? "" : "/take"}`), { second: true, slim: true, icon: "camera", action: `take-${slot.name}` }))
          : null,
        begun || reasons.length
          ? h("div", {}, h("a", { class: "button second slim", href: `/m/api/forms/${slot.kind}.pdf`, target: "_blank", rel: "noopener", "data-action": `print-${slot.name}` }, w("forms.print")))
          : null,
        reasons.map((reason) => h("div", { "data-reason": reason.code }, stateLabel("redo", reasonWords(reason.code, reason.pages).title))),
      ),
    ),
    shown.map(({ place, source: strip }) =>
      h("img", { class: "form-strip", "data-place": place, src: strip, alt: w(`forms.place.${place}`), onerror: (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target).remove() }),
    ),
    reasons.length ? h("div", { class: "note bad" }, reasons.map((reason) => h("p", {}, `${reasonWords(reason.code, reason.pages).next}${document.documentElement.lang === "zh-CN" ? "。" : "."}`))) : null,
  );
}
