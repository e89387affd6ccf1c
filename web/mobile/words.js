/**
 * Words of the phone's pages, and the names that the screens put together from them.
 */
import { has, locale, t } from "../shared/i18n.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Reason} Reason */

/**
 * The word at `screens.mobile.<key>`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export const w = (key, values) => t(`screens.mobile.${key}`, values);

/** @param {string} key */
export const hasWord = (key) => has(`screens.mobile.${key}`);

/**
 * A telephone number that doesn't part at its hyphens.
 * @param {string} number
 */
export const unbroken = (number) => number.replaceAll("-", "\u2011");

/**
 * What a kind of certificate or form is called.
 * @param {string} kind
 */
export const kindName = (kind) => w(hasWord(`kinds.${kind}`) ? `kinds.${kind}` : "kinds.other");

/**
 * Text as it stands within a sentence: English drops the capital, but not that of an abbreviation.
 * @param {string} text
 */
export function inSentence(text) {
  return locale() === "en" && !/^[A-Z]{2}/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/**
 * What the certificate of a step is called, whichever of its sides is photographed first.
 * @param {Step} step
 */
export const certificateName = (step) => kindName((step.slots[0]?.kind ?? "").replace(/_(portrait|emblem)$/, ""));

/** @param {Step} step */
export const isIdCard = (step) => (step.slots[0]?.kind ?? "").startsWith("id_card");

/**
 * What a step is called on this filing.
 * @param {Step} step
 * @param {State} state
 */
export function stepName(step, state) {
  const kind = step.slots[0]?.kind ?? "";
  if (step.name === "subject_document" && hasWord(`kinds.${kind}`)) return kindName(kind);
  if (step.name === "person_document" && !isIdCard(step)) return certificateName(step);
  if (step.name === "person_document" && state.subject.kind === "individual") return w("steps.person_document_individual");
  return w(`steps.${step.name}`);
}

/**
 * What was seen, and on which side of a certificate.
 * @param {Reason} reason
 * @param {string} title
 * @param {boolean} withSide
 */
export function reasonTitle({ slot }, title, withSide) {
  const key = `sides.${slot}`;
  return withSide && slot && hasWord(key) ? `${w(key)}${locale() === "zh-CN" ? "：" : ": "}${title}` : title;
}

/** @param {string} text */
export const sentence = (text) => `${text}${locale() === "zh-CN" ? "。" : "."}`;

const OF_UNITS = new Set(["business_licence", "institution_certificate", "social_organisation_certificate", "private_non_enterprise_certificate", "law_firm_licence"]);
const WITH_ID_NUMBER = /^(id_card|temporary_id_card|residence_permit_portrait|household_register)/;
const FORMS = new Set(["verification_form", "commitment_letter"]);

/**
 * What a field is called on a paper of that kind.
 * @param {string} field
 * @param {string} kind
 */
export function fieldName(field, kind) {
  const unit = OF_UNITS.has(kind) || kind === "organisation_code_certificate";
  if (field === "number" && OF_UNITS.has(kind)) return w("field.number_uscc");
  if (field === "number" && WITH_ID_NUMBER.test(kind)) return w("field.number_id");
  if (field === "nationality" && kind === "passport") return w("field.nationality_passport");
  if (field === "name" && FORMS.has(kind)) return w("field.name_form");
  if (field === "name" && !unit) return w("field.name_person");
  if (field === "address" && !unit) return w("field.address_person");
  return w(`field.${field}`);
}

/**
 * A field's value as people write it: dates and 长期.
 * @param {string | null} value
 */
export function shownValue(value) {
  if (value === "long_term") return w("fields.long_term");
  return value ?? "";
}
