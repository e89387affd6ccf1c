/**
 * The left column: the papers, and what was entered against what was read. Where both agree one value is enough.
 */
import { h } from "../shared/dom.js";
import { clockTime } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { kbd } from "./keys.js";
import { calledAt, doubtful, pictures } from "./model.js";
import { checkDigitFits, differences, grouped, groups } from "./numbers.js";
import { evidence } from "./service.js";
import { fromPortal } from "./portalpapers.js";
import { openViewer } from "./viewer.js";
import { figure, t, tOr } from "./words.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {import("./model.js").Field} Field */
/** @typedef {import("./model.js").Upload} Upload */

/** @param {Case} shown */
export function papers(shown) {
  const uploads = pictures(shown);
  const toLookAt = uploads.flatMap((upload) => upload.result?.fields ?? []).filter(doubtful).length;
  return h(
    "section",
    { class: "card col papers", "data-part": "papers" },
    h("div", { class: "hd" }, h("h2", {}, t("papers.title")), h("span", { class: "muted" }, !uploads.length ? "" : toLookAt ? t("papers.to_look_at", { count: toLookAt }) : t("papers.agrees"))),
    uploads.length
      ? [h("div", { class: "thumbs" }, uploads.map((upload, place) => thumb(shown, upload, place))), h("div", { class: "evr heads" }, h("span"), h("span", {}, t("papers.entered")), h("span", {}, t("papers.read")), h("span"))]
      : h("p", { class: "pad muted" }, t("papers.none")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("papers.title") }, uploads.map((upload) => group(shown, upload)), fromPortal(shown)),
  );
}

/**
 * @param {Case} shown
 * @param {Upload} upload
 * @param {number} place
 */
function thumb(shown, upload, place) {
  const state = shown.steps.find((step) => step.name === upload.step)?.state;
  const tone = upload.result?.result === "rejected" ? "hot" : state === "in_review" && upload.result?.result !== "clear" ? "dbt" : "";
  return h(
    "button",
    { type: "button", class: `thumb ${tone}`, "data-thumb": place + 1, onclick: () => openViewer(shown, upload.id) },
    h("img", { src: evidence(shown.session.id, upload.id, "picture"), alt: "", loading: "lazy" }),
    h("span", { class: "row" }, kbd(String(place + 1)), t(`slot.${upload.step}.${upload.slot}`), upload.pages.length > 1 ? h("span", { class: "muted" }, t("papers.pages", { count: upload.pages.length })) : null),
  );
}

/**
 * @param {Case} shown
 * @param {Upload} upload
 */
function group(shown, upload) {
  const fields = upload.result?.fields ?? [];
  return h(
    "div",
    { "data-upload": upload.id, "data-slot": upload.slot },
    h(
      "div",
      { class: "evr g" },
      h("span", {}, t(`slot.${upload.step}.${upload.slot}`)),
      upload.pages.map((_, place) => {
        const called = calledAt(upload, place);
        return h("button", { type: "button", class: "row look", "data-page": place + 1, onclick: () => openViewer(shown, upload.id, called) }, icon("enlarge", { size: 16 }), upload.pages.length > 1 ? t("papers.look_page", { page: called }) : t("papers.look"));
      }),
    ),
    fields.length ? fields.map((field) => row(shown, upload, field)) : h("p", { class: "evr one muted" }, t(upload.result ? "papers.no_fields" : "papers.reading")),
  );
}

/**
 * A person's name is not called as a unit's is.
 * @param {Upload} upload
 * @param {Field} field
 */
function fieldName(upload, field) {
  const own = `${field.name}_${upload.step}`;
  const words = tOr("field", own);
  return words === own ? tOr("field", field.name) : words;
}

/**
 * On a form a signature has no words, only whether it is there.
 * @param {Upload} upload
 * @param {Field} field
 */
function unread(upload, field) {
  if (upload.step !== "forms" || field.agrees === null) return t("papers.not_read");
  return t(field.agrees ? "papers.found" : "papers.missing");
}

/**
 * @param {Case} shown
 * @param {Upload} upload
 * @param {Field} field
 */
function row(shown, upload, field) {
  const name = h("span", { class: "k" }, fieldName(upload, field));
  const value = (/** @type {string | null} */ text) => (text === null ? unread(upload, field) : field.name === "number" ? grouped(text) : field.name === "domains" ? text.split(" ").map((domain) => h("span", { class: "block" }, domain)) : text === "long_term" ? t("papers.long_term") : text);
  const mono = field.name === "number" ? "mono" : "";
  const hooks = { "data-field": field.name, "data-agrees": String(field.agrees) };
  if (doubtful(field)) {
    const read = field.value;
    if (field.name === "number" && read !== null && field.entered !== null) return difference(shown, upload, field, hooks);
    return h(
      "div",
      { class: "evr dbt", ...hooks },
      name,
      h("span", { class: mono }, field.entered === null ? "–" : value(field.entered)),
      h("span", { class: mono }, value(read), field.edited !== null ? h("span", { class: "block warn" }, t("papers.edited", { value: field.edited })) : null),
      h("span", { title: t("papers.differs") }, stateMark("doubtful"), h("span", { class: "sr" }, t("papers.differs"))),
    );
  }
  if (field.entered === null) {
    return h("div", { class: "evr", ...hooks }, name, h("span"), h("span", { class: `${mono} ${field.value === null ? "muted" : ""}` }, value(field.value)), h("span"));
  }
  const mark = field.agrees ? [stateMark("passed"), h("span", { class: "sr" }, t("papers.same"))] : [stateMark("open"), h("span", { class: "sr" }, t("papers.not_compared"))];
  return field.agrees
    ? h("div", { class: "evr same", ...hooks }, name, h("span", { class: `wide ${mono}` }, value(field.value)), h("span", {}, mark))
    : h("div", { class: "evr", ...hooks }, name, h("span", { class: mono }, value(field.entered)), h("span", { class: mono }, value(field.value)), h("span", {}, mark));
}

/**
 * A number that differs: its strip of the picture, both in groups under one another with the column boxed, how sure
 * the reading is and what the check digit says of each.
 * @param {Case} shown
 * @param {Upload} upload
 * @param {Field} field
 * @param {Record<string, string>} hooks
 */
function difference(shown, upload, field, hooks) {
  const read = (field.value ?? "").toUpperCase();
  const entered = (field.entered ?? "").toUpperCase();
  const places = differences(read, entered);
  const edited = field.edited !== null && field.edited !== field.value;
  const where = places.length === 1 ? t("papers.place_differs", { place: (places[0] ?? 0) + 1 }) : places.length ? t("papers.places_differ", { count: places.length }) : "";
  const strip = h("img", { class: "strip", src: evidence(shown.session.id, upload.id, `strip/${field.name}`), alt: t("papers.strip") });
  strip.addEventListener("error", () => strip.remove());
  const opinion = (/** @type {string} */ number) => {
    const fits = checkDigitFits(number);
    return fits === null ? t("papers.check_unknown") : t(fits ? "papers.check_fits" : "papers.check_wrong");
  };
  const change = shown.audit.findLast((line) => line.what === "fields_edited");
  return h(
    "div",
    { class: "evr dbt diff", ...hooks, "data-differs": places.map((place) => place + 1).join(",") },
    h("div", { class: "row between" }, h("span", {}, fieldName(upload, field)), h("span", { class: "state warn" }, stateMark("doubtful"), [where, edited ? t("papers.was_edited") : ""].filter(Boolean).join(t("comma")))),
    strip,
    columns(read, entered, places),
    h("div", {}, t("papers.sure"), " ", h("b", {}, figure(field.score)), t("comma"), t("papers.check", { entered: opinion(entered), read: opinion(read) })),
    edited ? h("div", { class: "muted" }, change ? `${clockTime(change.at)} ` : "", t("papers.edited", { value: grouped(field.edited ?? "") })) : null,
  );
}

/**
 * @param {string} read
 * @param {string} entered
 * @param {number[]} places
 */
function columns(read, entered, places) {
  const longest = read.length >= entered.length ? read : entered;
  let from = 0;
  const parts = groups(longest).map((length) => {
    const at = from;
    from += length;
    const line = (/** @type {string} */ text, /** @type {string} */ side) =>
      h("div", { class: `r ${side}` }, Array.from({ length }, (_, place) => h("b", { class: places.includes(at + place) ? "d" : "" }, text[at + place] ?? " ")));
    return h("div", { class: "g", style: { flex: `${length} 1 0` } }, line(read, "a"), line(entered, "z"));
  });
  const label = t("papers.aria", { read, entered, places: places.map((place) => place + 1).join(", ") });
  return h("div", { class: "cmp", role: "img", "aria-label": label }, h("div", { class: "lab" }, h("small", {}, t("papers.read_short")), h("small", {}, t("papers.entered_short"))), parts);
}
