/**
 * The decision: approve, redo or decline, with a reason, a comment for colleagues and the sentence for the applicant.
 */
import { Problem } from "../shared/api.js";
import { fill, h } from "../shared/dom.js";
import { reasonWords } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { kbd, onKeys } from "./keys.js";
import { clipOf, pictures } from "./model.js";
import { decide } from "./service.js";
import { reasonTitle, t, tOr } from "./words.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {"approve" | "redo" | "decline"} Kind */

const KINDS = /** @type {const} */ (["approve", "redo", "decline"]);
const KEYS = { approve: "A", redo: "R", decline: "D" };
/** An approval's reasons are the console's own: there is no fault to name. */
const APPROVALS = ["checked_against_picture", "same_person", "checked_with_applicant", "other"];
/** Offered after those of the case. */
const COMMON = ["document_unreadable", "certificate_number_mismatch", "name_mismatch", "selfie_face_mismatch", "form_seal_missing", "form_signature_missing", "form_date_missing", "form_incomplete", "document_photocopy"];
/** What only an operator finds: nothing that an applicant could mend. */
const DECLINED_FOR = ["presentation_attack_suspected"];
/** The operator's own words say it all. */
const OWN_WORDS = "redo_requested";
const NOT_REDONE = new Set(["consent", "phone"]);

/**
 * @param {Case} shown
 * @param {() => void} done
 */
export function decision(shown, done) {
  /** @type {Kind} */
  let kind = shown.findings.blocking.length || nothingToSee(shown) ? "redo" : "approve";
  const reasons = shown.steps.flatMap((step) => step.reasons);
  // What an operator was called for tells an applicant nothing to do.
  const untold = new Set(reasons.filter((each) => each.effect === "review").map((each) => each.code));
  const blocking = shown.findings.blocking.flatMap((finding) => finding.reasons);
  const codes = [...new Set([...blocking, ...reasons.map((each) => each.code), ...COMMON, ...DECLINED_FOR])];
  // Who is to do a step anew is told what to mend; where the case names nothing of that kind the operator says it.
  const mendable = reasons.filter((each) => each.effect === "retry").map((each) => each.code);
  const again = [...new Set([...blocking, ...mendable, OWN_WORDS, ...COMMON])].filter((code) => !untold.has(code));
  const inReview = shown.steps.filter((step) => step.state === "in_review").map((step) => step.name);
  const chosen = new Set([...shown.findings.blocking.map((finding) => finding.step), ...inReview].filter((name) => !NOT_REDONE.has(name)).slice(0, 1));
  let ownWords = false;
  let busy = false;

  const options = h("div", { class: "opt", role: "radiogroup", "aria-label": t("decide.title") });
  const redone = h("fieldset", { class: "steps" });
  const reason = h("select", { id: "reason", onchange: () => propose() });
  const comment = h("textarea", { id: "comment", maxlength: 1000, rows: 1 });
  const message = h("textarea", { id: "message", maxlength: 500, rows: 2, oninput: () => { ownWords = true; } });
  const told = h("div", { class: "told" }, h("label", { for: "message" }, t("decide.message")), message);
  const wrong = h("p", { class: "row bad", role: "alert", hidden: true });
  const button = h("button", { class: "btn", type: "submit", "data-action": "decide" });

  /** @param {Kind} wanted */
  function choose(wanted) {
    kind = wanted;
    wrong.hidden = true;
    draw();
    propose();
  }

  function draw() {
    fill(options, KINDS.map((name) => h("button", { type: "button", role: "radio", class: name === kind ? "on" : "", "aria-checked": String(name === kind), "data-decision": name, onclick: () => choose(name) }, t(`decide.${name}`), kbd(KEYS[name]))));
    redone.hidden = kind !== "redo";
    fill(
      redone,
      h("legend", {}, t("decide.which")),
      h("div", { class: "chips" }, shown.steps.filter((step) => !NOT_REDONE.has(step.name)).map((step) => {
        const box = h("input", { type: "checkbox", value: step.name, checked: chosen.has(step.name), onchange: () => { if (box.checked) chosen.add(step.name); else chosen.delete(step.name); draw(); propose(); } });
        const on = chosen.has(step.name);
        return h("label", { class: `chip pickable ${on ? "acc" : ""}`, "data-step": step.name }, box, on ? icon("tick", { size: 14, stroke: 2.6 }) : null, tOr("step", step.name));
      })),
    );
    const before = reason.value;
    const offered = kind === "approve" ? APPROVALS.map((code) => ({ code, words: t(`approval.${code}`) })) : (kind === "redo" ? again : codes).map((code) => ({ code, words: reasonTitle(code) }));
    fill(reason, offered.map(({ code, words }) => h("option", { value: code, selected: code === before }, words)));
    told.hidden = kind === "approve";
    fill(button, t(`decide.do_${kind}`), kbd("Ctrl ↵"));
    button.dataset.kind = kind;
  }

  /** The sentence that the applicant would read, until it is written over. */
  function propose() {
    if (ownWords && message.value.trim()) return;
    const steps = [...chosen].map((name) => tOr("step", name)).join(t("and"));
    const { title, next } = reasonWords(reason.value);
    if (kind === "approve") message.value = "";
    else if (kind === "decline") message.value = untold.has(reason.value) ? t("decide.decline_general") : t("decide.decline_message", { title });
    else message.value = reason.value === OWN_WORDS || !next ? t("decide.redo_general", { steps }) : t("decide.redo_message", { steps, title, next });
  }

  /** @param {string} words @param {HTMLElement} [field] */
  function complain(words, field) {
    fill(wrong, stateMark("redo", 16), words);
    wrong.hidden = false;
    field?.focus();
  }

  async function send() {
    if (busy) return;
    if (kind === "redo" && chosen.size === 0) return complain(t("decide.no_step"), redone.querySelector("input") ?? undefined);
    if (kind !== "approve" && !message.value.trim()) return complain(t("decide.no_message"), message);
    busy = true;
    button.disabled = true;
    wrong.hidden = true;
    try {
      await decide(shown.session.id, { decision: kind, steps: kind === "redo" ? [...chosen] : [], reason: reason.value, comment: comment.value.trim(), message: message.value.trim() });
      done();
    } catch (error) {
      complain(error instanceof Problem ? (error.status === 409 ? t("decide.conflict") : error.errors[0]?.message || error.detail) : t("away"));
    } finally {
      busy = false;
      button.disabled = false;
    }
  }

  draw();
  propose();
  onKeys({ a: () => choose("approve"), r: () => choose("redo"), d: () => choose("decline"), "ctrl+enter": () => void send() });
  return h(
    "form",
    { class: "card grow col decide", "data-part": "decide", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); void send(); } },
    h("div", { class: "hd" }, h("h2", {}, t("decide.title")), h("span", { class: "muted" }, t("decide.final"))),
    h(
      "div",
      { class: "body" },
      options,
      redone,
      h("div", {}, h("label", { for: "reason" }, t("decide.reason")), h("span", { class: "inp select" }, reason)),
      h("div", { class: "comment" }, h("label", { for: "comment" }, t("decide.comment"), " ", h("span", { class: "muted" }, t("decide.comment_note"))), comment),
      told,
      wrong,
      button,
    ),
  );
}

/**
 * Whether the case holds no picture and no clip, or not what a step in review is about: an approval is then nothing to
 * propose.
 * @param {Case} shown
 */
function nothingToSee(shown) {
  const empty = shown.steps.some((step) => step.state === "in_review" && step.slots.length > 0 && step.slots.every((slot) => slot.upload === null));
  return empty || (!pictures(shown).length && !clipOf(shown));
}
