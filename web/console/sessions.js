/**
 * Every session, newest first, to be found by reference or name.
 */
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { kbd, onKeys } from "./keys.js";
import { kindCell, subjectCell } from "./lines.js";
import { sessions } from "./service.js";
import { dayAndTime, t } from "./words.js";

/** @typedef {import("./model.js").Line} Line */

const STATUSES = ["requires_input", "processing", "needs_review", "verified", "declined", "canceled", "expired"];
const TYPING_MS = 300;
/** @type {Record<string, string>} */
const TONES = { verified: "ok", declined: "bad", needs_review: "warn", processing: "acc" };

/**
 * @param {import("./app.js").Screen} screen
 * @returns {Promise<() => void>}
 */
export async function showSessions({ place }) {
  /** @type {Line[]} */
  let lines = [];
  let cursor = "";
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  document.title = t("sessions.title");

  const search = h("input", { type: "search", "aria-label": t("queue.search"), placeholder: t("queue.search"), oninput: () => { clearTimeout(typing); typing = setTimeout(() => void read(true), TYPING_MS); } });
  const status = h("select", { "aria-label": t("sessions.status"), onchange: () => void read(true) }, h("option", { value: "" }, t("sessions.any")), STATUSES.map((name) => h("option", { value: name }, t(`status.${name}`))));
  const table = h("section", { class: "card clip", "data-page": "sessions" });
  const more = h("button", { class: "btn second", type: "button", onclick: () => void read(false) }, t("sessions.more"));
  fill(
    place,
    h(
      "div",
      { class: "page" },
      h("div", { class: "row between top" }, h("h1", { tabindex: "-1" }, t("sessions.title")), h("div", { class: "row gap" }, h("span", { class: "pick" }, status), h("span", { class: "inp search" }, icon("search", { size: 18 }), search, kbd("/")))),
      table,
      more,
    ),
  );

  /** @param {boolean} afresh */
  async function read(afresh) {
    const turn = ++asked;
    const found = await sessions({ query: search.value.trim(), status: status.value, cursor: afresh ? "" : cursor });
    if (turn !== asked) return; // an answer that was overtaken
    lines = afresh ? found.sessions : [...lines, ...found.sessions];
    cursor = found.next_cursor ?? "";
    more.hidden = cursor === "";
    list();
  }

  function list() {
    if (lines.length === 0) return fill(table, h("div", { class: "empty" }, h("h2", {}, t("sessions.none"))));
    const heads = ["reference", "subject", "kind", "status", "created"].map((name) => h("th", { class: name }, t(`queue.head.${name}`)));
    return fill(table, h("table", { class: "tb" }, h("thead", {}, h("tr", {}, heads, h("th", {}, h("span", { class: "sr" }, t("queue.act"))))), h("tbody", {}, lines.map(row))));
  }

  /** @param {Line} line */
  function row(line) {
    return h(
      "tr",
      { "data-case": line.id, "data-status": line.status },
      h("td", { class: "mono" }, line.reference),
      subjectCell(line),
      kindCell(line),
      h("td", {}, h("span", { class: `chip ${TONES[line.status] ?? ""}`.trim() }, t(`status.${line.status}`))),
      h("td", { class: "nowrap" }, dayAndTime(line.created_at)),
      h("td", { class: "end" }, h("a", { class: "btn second", href: `#/cases/${encodeURIComponent(line.id)}` }, t("queue.look"))),
    );
  }

  onKeys({ "/": () => search.focus() });
  await read(true);
  return () => clearTimeout(typing);
}
