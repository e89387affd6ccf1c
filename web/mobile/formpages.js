/**
 * The pages of a form: which there are, which are missing or to be taken again, and the way to mend just those.
 */
import { h } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { enlarge } from "./enlarge.js";
import { kindName, w } from "./words.js";

/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Upload} Upload */
/** @typedef {import("./types.js").UploadPage} UploadPage */
/** @typedef {import("./types.js").Reason} Reason */
/** @typedef {import("./app.js").App} App */

/** As many as the service takes of one form (docs/page-api.md). */
export const MOST_PAGES = 8;

/** Whether a form has, or is to have, more than one page. @param {Slot} slot */
export const hasSeveral = (slot) => (slot.pages ?? 1) > 1 || (slot.upload?.pages.length ?? 0) > 1;

/** @param {Upload} upload @param {number} file */
export const pagePicture = (upload, file) => `/m/api/uploads/${upload.id}/pages/${file}/picture`;

/**
 * How people call a page: by the number that it bears, where all do, else by its place.
 * @param {Upload} upload
 * @param {number} place
 */
function calledAt(upload, place) {
  const known = upload.pages.every((page) => page.number !== null);
  return (known ? upload.pages[place]?.number : null) ?? place + 1;
}

/** Whether nothing is wrong but that a page is missing. @param {Reason[]} reasons */
export const lacksPagesAlone = (reasons) => reasons.length > 0 && reasons.every((reason) => reason.code === "form_incomplete" && reason.pages.length > 0);

/** The pages that a form lacks. @param {Reason[]} reasons */
const missingPages = (reasons) => [...new Set(reasons.filter((reason) => reason.code === "form_incomplete").flatMap((reason) => reason.pages))];

/** The pages that have to be taken again. @param {Reason[]} reasons */
const faultyPages = (reasons) => [...new Set(reasons.filter((reason) => reason.code !== "form_incomplete").flatMap((reason) => reason.pages))];

/**
 * What mends a form without taking all of it again: its missing page, or the one page that every reason is about.
 * @param {string} step
 * @param {Slot} slot
 * @param {Reason[]} reasons why it is to be mended
 * @returns {{words: string, route: string, action: string} | null}
 */
export function mending(step, slot, reasons) {
  const { upload } = slot;
  if (!upload) return null;
  const missing = missingPages(reasons);
  if (missing.length && upload.pages.length < MOST_PAGES) {
    return { words: w("pages.add_missing", { pages: missing.join(t("pages.comma")) }), route: `${step}/${slot.name}/add`, action: "add-page" };
  }
  const faulty = faultyPages(reasons);
  const place = upload.pages.findIndex((_, at) => calledAt(upload, at) === faulty[0]);
  const page = upload.pages[place];
  if (!page || upload.pages.length < 2 || faulty.length > 1 || reasons.some((reason) => !reason.pages.length)) return null;
  return { words: w("pages.again_of", { page: faulty[0] ?? 0 }), route: `${step}/${slot.name}/again-${page.file}`, action: "again-page" };
}

/**
 * The pages in a row: those that came, to be looked at closely, and an empty place for each that is missing.
 * @param {App} app
 * @param {string} step
 * @param {Slot} slot
 * @param {Reason[]} reasons
 */
export function pageStrip(app, step, slot, reasons) {
  const { upload } = slot;
  if (!upload) return null;
  const faulty = faultyPages(reasons);
  const there = upload.pages.map((page, place) => ({ called: calledAt(upload, place), item: thumb(app, step, slot, page, calledAt(upload, place), faulty) }));
  const lacking = missingPages(reasons).map((called) => ({ called, item: gap(called, () => app.go(`${step}/${slot.name}/add`)) }));
  const all = [...there, ...lacking].sort((one, other) => one.called - other.called);
  return h("ul", { class: "pages", "aria-label": w("pages.of_form", { kind: kindName(slot.kind) }) }, all.map(({ item }) => item));
}

/**
 * A page that came; one that is to be taken again has its own way there.
 * @param {App} app
 * @param {string} step
 * @param {Slot} slot
 * @param {UploadPage} page
 * @param {number} called
 * @param {number[]} faulty
 */
function thumb(app, step, slot, page, called, faulty) {
  const upload = /** @type {Upload} */ (slot.upload);
  const source = pagePicture(upload, page.file);
  const bad = faulty.includes(called);
  const name = w(upload.state === "draft" ? "pages.photo" : "pages.page", { page: called });
  return h(
    "li",
    { "data-page": called, "data-state": bad ? "failed" : null },
    h("button", { type: "button", class: "page-picture", "aria-label": `${w("forms.enlarge", { kind: kindName(slot.kind) })} ${name}`, onclick: () => enlarge(source) }, h("img", { src: source, alt: "" })),
    h("span", { class: bad ? "page-name bad" : "page-name" }, bad ? stateMark("redo", 16) : null, name),
    bad ? h("div", { class: "page-acts" }, h("button", { type: "button", "aria-label": w("pages.again_of", { page: called }), "data-action": `again-${called}`, onclick: () => app.go(`${step}/${slot.name}/again-${page.file}`) }, w("pages.again"))) : null,
  );
}

/** @param {number} called @param {() => void} press */
const gap = (called, press) =>
  h(
    "li",
    { "data-missing": called },
    h("button", { type: "button", class: "page-gap bad", "aria-label": w("pages.add_missing", { pages: called }), onclick: press }, icon("plus", { size: 28 })),
    h("span", { class: "page-name bad" }, stateMark("redo", 16), w("pages.lacking", { page: called })),
  );

/**
 * What is mended of a form that was judged: the page that is missing, or the one that is taken again.
 * @param {Step} step
 * @param {Slot} slot
 * @param {{file: number | null} | null} page
 */
export function mendedPage(step, slot, page) {
  const { upload } = slot;
  if (!page || !upload || slot.state !== "done") return "";
  if (page.file !== null) return w("pages.again_of", { page: calledAt(upload, upload.pages.findIndex((each) => each.file === page.file)) });
  const act = mending(step.name, slot, step.reasons.filter((reason) => reason.slot === slot.name));
  return act?.action === "add-page" ? act.words : "";
}

/**
 * Which page is taken, of how many; of a form of one page just what it is.
 * @param {Slot} slot
 * @param {{file: number | null} | null} page
 */
export function pagePlace(slot, page) {
  const there = slot.upload?.pages ?? [];
  const at = !page ? 1 : page.file === null ? there.length + 1 : there.findIndex((each) => each.file === page.file) + 1;
  const count = slot.pages ?? 1;
  if (!page && count < 2) return w("forms.where");
  return at <= count ? w("pages.page_of", { page: at, pages: count }) : w("pages.photo", { page: at });
}
