/**
 * Screen 8: what was read, beside what was entered. What differs gives the title and says what to do in each case;
 * 重拍 is the first button then, 完成 once all agrees.
 */
import { h } from "../../shared/dom.js";
import { byAdvice, reasonWords } from "../../shared/i18n.js";
import { stateMark } from "../../shared/icons.js";
import { comparison, differingPlaces, groupedNumber } from "../compare.js";
import { hasSeveral, mending, pageStrip } from "../formpages.js";
import { actions, alternative, button, head, main, stateLabel, topLine } from "../layout.js";
import { strip } from "../strip.js";
import { fieldName, hasWord, inSentence, kindName, sentence, shownValue, stepName, w } from "../words.js";

/** @typedef {import("../types.js").Field} Field */
/** @typedef {import("../types.js").Reason} Reason */
/** @typedef {import("../types.js").Step} Step */
/** @typedef {import("../types.js").Slot} Slot */
/** @typedef {import("../app.js").App} App */

/** Reasons that the fields themselves show. */
const SHOWN_BY_FIELDS = new Set(["certificate_number_mismatch", "name_mismatch", "legal_person_mismatch"]);

/**
 * @param {App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @returns {import("../types.js").Screen}
 */
export function fieldsScreen(app, stepOf, slotName) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  if (!step || !slot) throw new Error("no such slot");
  const upload = slot.upload;
  const result = upload?.result;
  const fields = result?.fields ?? [];
  const retries = (result?.reasons ?? []).filter((reason) => reason.effect === "retry");
  const advice = (result?.reasons ?? []).filter((reason) => reason.effect === "advise");
  // What is wrong with a form its reasons say.
  const differing = stepOf === "forms" ? [] : fields.filter((field) => field.agrees === false);
  const others = retries.filter((reason) => !(SHOWN_BY_FIELDS.has(reason.code) && differing.length > 0));
  const bad = differing.length > 0 || others.length > 0;
  const title = titleOf(slot, fields, differing, others, stepOf);
  const focusField = differing.find((field) => field.name === "number") ?? differing[0] ?? fields.find((field) => field.name === "number");
  const only = others.length === 1 ? others[0] : undefined;
  const general = differing.filter((field) => field.value && placeOf(field) === undefined);
  const together = general.length > 1 && !others.length; // what is to be done is said once, for all of them
  const top = head(title, only ? sentence(reasonWords(only.code, only.pages).next) : others.length ? w("fields.rejected_lead", { count: others.length }) : together ? generalAdvice() : "");
  const unsaid = new Set(together ? general : general.slice(0, -1));
  if (retries[0]) top.dataset.reason = retries[0].code;
  return {
    name: "fields",
    title,
    step: stepOf,
    parts: [
      main(
        "fields tight",
        topLine({ back: () => app.back(), where: stepOf === "forms" ? w("forms.where") : stepName(step, app.state) }),
        top,
        upload && stepOf === "forms" && (hasSeveral(slot) || mending(stepOf, slot, others)) ? h("div", { class: "card pad" }, pageStrip(app, stepOf, slot, others)) : upload ? strip(upload.id, others.length > 0 ? null : (focusField ?? null), slot.kind) : null,
        others.length > 1 ? reasonList(others, "redo") : null,
        fields.length
          ? h("ul", { class: "card cells" }, ordered(fields).map((field) => fieldRow(app, field, stepOf, slot, { settled: step.state === "passed" && !bad, advised: !unsaid.has(field) })))
          : null,
        advice.length && !bad ? reasonList(advice, "doubtful") : null,
        fields.some((field) => field.editable) && step.state !== "passed" ? h("p", { class: "small muted centre" }, w("fields.edited_note")) : null,
      ),
      actions(buttons(app, step, slot, bad, differing, others), "line"),
    ],
  };
}

/**
 * @param {Slot} slot
 * @param {Field[]} fields
 * @param {Field[]} differing
 * @param {Reason[]} others
 * @param {string} stepOf
 */
function titleOf(slot, fields, differing, others, stepOf) {
  const reason = others[0];
  if (reason) return others.length === 1 ? reasonWords(reason.code, reason.pages).title : w("fields.again_title", { kind: inSentence(kindName(slot.kind)) });
  const field = differing[0];
  if (differing.length > 1) return w("fields.differs_many", { count: differing.length });
  if (field) {
    const places = differingPlaces(field.edited ?? field.value ?? "", field.entered ?? "");
    if (!field.value) return w("fields.unread", { field: fieldName(field.name, slot.kind) });
    if (field.name === "number" && places?.length === 1) {
      return w(stepOf === "subject_document" ? "fields.differs_at.code" : "fields.differs_at.number", { place: (places[0] ?? 0) + 1 });
    }
    return w("fields.differs", { field: fieldName(field.name, slot.kind) });
  }
  if (stepOf === "forms") return w("fields.form_title", { kind: kindName(slot.kind) });
  return w(fields.some((each) => each.agrees) ? "fields.agree_title" : "fields.read_title");
}

/**
 * @param {App} app
 * @param {Step} step
 * @param {Slot} slot
 * @param {boolean} bad
 * @param {Field[]} differing
 * @param {Reason[]} others
 */
function buttons(app, step, slot, bad, differing, others) {
  const route = `${step.name}/${slot.name}`;
  const retake = (/** @type {boolean} */ second) =>
    button(w("fields.retake"), () => app.go(`${route}/take`, { replace: true }), { action: "retake", second });
  const editable = differing.find((field) => field.editable);
  const mend = step.name === "forms" && bad ? mending(step.name, slot, others) : null;
  if (mend) {
    // The other pages stay as they are; all anew is the way for who took the wrong form.
    return [
      button(mend.words, () => app.go(mend.route, { replace: true }), { action: mend.action, icon: "camera" }),
      alternative(w("fields.retake_all"), () => app.go(`${route}/take`, { replace: true }), "retake"),
    ];
  }
  if (bad) {
    if (!editable) return [retake(false)];
    const edit = button(editWord(editable, step.name, slot.kind), () => edited(app, route, editable.name), { second: true, action: "edit" });
    return [h("div", { class: "pair even" }, edit, retake(false))];
  }
  const next = step.slots.find((each) => each !== slot && each.state !== "done");
  const faulty = step.slots.find((each) => each !== slot && step.reasons.some((reason) => reason.slot === each.name && reason.effect === "retry"));
  const on = next ?? faulty;
  if (on && step.state !== "passed") {
    const side = inSentence(hasWord(`sides.${on.name}`) ? w(`sides.${on.name}`) : kindName(on.kind));
    return [button(w("fields.next_side", { side }), () => app.go(`${step.name}/${on.name}`, { replace: true }), { action: "next-side" })];
  }
  return [button(w("fields.done"), () => app.go("home", { replace: true }), { action: "done" })];
}

/** @param {Field} field @param {string} step @param {string} kind */
function editWord(field, step, kind) {
  if (field.name === "number") return w(step === "subject_document" ? "fields.edit_code" : "fields.edit_number");
  return w("fields.edit_name", { field: fieldName(field.name, kind) });
}

/** @param {App} app @param {string} route @param {string} field */
function edited(app, route, field) {
  app.editing = field;
  app.go(`${route}/edit`, { replace: true });
}

/**
 * What differs first, then what can be compared, then the rest.
 * @param {Field[]} fields
 */
function ordered(fields) {
  const rank = (/** @type {Field} */ field) => (field.agrees === false ? 0 : field.agrees ? 1 : 2);
  return [...fields].sort((one, other) => rank(one) - rank(other));
}

/**
 * @param {Reason[]} reasons
 * @param {"redo" | "doubtful"} mark
 */
function reasonList(reasons, mark) {
  return h(
    "ul",
    { class: "card cells" },
    byAdvice(reasons).map(({ next, of }) =>
      h(
        "li",
        {},
        stateMark(mark, 20),
        h("div", { class: "grow" }, of.map(({ reason, title }) => h("div", { class: "medium", "data-reason": reason.code }, title)), h("p", { class: "small muted" }, next)),
      ),
    ),
  );
}

/**
 * @param {App} app
 * @param {Field} field
 * @param {string} step
 * @param {Slot} slot
 * @param {{settled: boolean, advised: boolean}} how `settled`: nothing is to be edited any more; `advised`: what to do is said here
 */
function fieldRow(app, field, step, slot, { settled, advised }) {
  const name = fieldName(field.name, slot.kind);
  const differs = field.agrees === false;
  const upper = w(field.edited === null ? "fields.read" : "fields.edited");
  const value = field.edited ?? field.value;
  const state = stateOf(field, value, step);
  const attributes = { class: "field", "data-field": field.name, "data-state": differs ? "differs" : field.agrees ? "agrees" : "read" };
  if (differs && value && field.entered !== null) {
    return h(
      "li",
      attributes,
      h("div", { class: "row between" }, h("span", { class: "small muted" }, name), state),
      field.name === "number" ? comparison(value, field.entered ?? "", upper) : twoLines(value, field.entered ?? "", upper),
      step === "forms" || !advised ? null : advise(field, value),
    );
  }
  const edit = field.editable && !settled
    ? h("button", { type: "button", class: "edit", "aria-label": w("fields.edit_of", { field: name }), "data-action": `edit-${field.name}`, onclick: () => edited(app, `${step}/${slot.name}`, field.name) }, w("fields.edit"))
    : null;
  const worded = step === "forms" && field.agrees !== null; // "there" or "missing" says it all
  const shown = (field.name === "number" && value ? groupedNumber(value) : shownValue(value)) || (worded ? "" : "—");
  return h(
    "li",
    attributes,
    h("div", { class: "k" }, h("span", {}, name), edit),
    h("div", { class: "row between top" }, h("span", { class: "v grow" }, shown), state),
  );
}

/**
 * On a form a signature has no words, only whether it is there.
 * @param {Field} field
 * @param {string | null} value
 * @param {string} step
 */
function stateOf(field, value, step) {
  if (!value && step === "forms" && field.agrees !== null) {
    return field.agrees ? stateLabel("passed", w("fields.found_state")) : stateLabel("redo", w("fields.missing_state"));
  }
  if (!value) return field.entered === null ? null : stateLabel("redo", w("fields.unread_state"));
  if (field.agrees === false) return stateLabel("redo", w("fields.differs_state"));
  if (field.edited !== null) return stateLabel("operator", w("fields.edited_state"));
  return field.agrees ? stateLabel("passed", w("fields.agrees")) : null;
}

/** @param {string} read @param {string} entered @param {string} word */
const twoLines = (read, entered, word) =>
  h(
    "dl",
    { class: "two" },
    h("dt", { class: "small muted" }, word),
    h("dd", { class: "lead" }, read),
    h("dt", { class: "small muted" }, w("fields.entered")),
    h("dd", { class: "lead" }, entered),
  );

/** The only place in which a value differs from the entry; undefined where it differs in several, or wholly. @param {Field} field */
function placeOf(field) {
  const places = differingPlaces(field.edited ?? field.value ?? "", field.entered ?? "");
  return places?.length === 1 ? places[0] : undefined;
}

/** What to do about a value that differs wholly. */
const generalAdvice = () => [w("fields.look_general"), h("br"), w("fields.look_general2")];

/** @param {Field} field @param {string} value */
function advise(field, value) {
  const place = placeOf(field);
  if (place === undefined) return h("p", { class: "small muted advise" }, generalAdvice());
  const read = value[place] ?? "";
  const entered = field.entered?.[place] ?? "";
  return h(
    "div",
    { class: "advise" },
    h("p", {}, w("fields.look_at", { place: place + 1, read, entered })),
    h("p", { class: "small muted" }, w("fields.if_read", { read }), h("br"), w("fields.if_entered", { entered })),
  );
}
