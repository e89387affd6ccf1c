/**
 * The queue: one line a case, late and urgent first; a case is taken with one click or key.
 */
import { Problem } from "../shared/api.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { kbd, onKeys } from "./keys.js";
import { holderCell, kindCell, reasonsCell, subjectCell, waitingCell } from "./lines.js";
import { claim, queue } from "./service.js";
import { reasonTitle, t } from "./words.js";

/** @typedef {import("./model.js").Line} Line */

const READ_EVERY_MS = 10_000;

/**
 * @param {import("./app.js").Screen} screen
 * @returns {Promise<() => void>} ends the reading
 */
export async function showQueue({ place, operator, announce, counted }) {
  let cases = (await queue()).cases;
  let tab = "all";
  let reason = "";
  let words = "";
  let at = 0;
  document.title = t("queue.title");

  const search = h("input", { type: "search", "aria-label": t("queue.search"), placeholder: t("queue.search"), oninput: () => { words = search.value.trim().toLowerCase(); at = 0; list(); } });
  const reasons = h("select", { "aria-label": t("queue.reason"), onchange: () => { reason = reasons.value; at = 0; list(); } });
  const tabs = h("div", { class: "tabs", role: "group", "aria-label": t("queue.title") });
  const table = h("section", { class: "card clip", "data-page": "queue" });
  const foot = h("span", { class: "muted" });
  const oldest = h("button", { class: "btn", type: "button", "data-action": "take-oldest", onclick: () => void takeOldest() }, t("queue.take_oldest"), kbd("G"));
  fill(
    place,
    h(
      "div",
      { class: "page" },
      h("div", { class: "row between top" }, h("h1", { tabindex: "-1" }, t("queue.title")), h("div", { class: "row gap" }, h("span", { class: "inp search" }, icon("search", { size: 18 }), search, kbd("/")), oldest)),
      h("div", { class: "row between tabline" }, tabs, h("div", { class: "row gap" }, h("span", { class: "pick" }, reasons), h("span", { class: "muted" }, t("queue.order")))),
      table,
      h("div", { class: "row between" }, foot, h("span", { class: "row muted hints" }, kbd("J"), kbd("K"), t("queue.move"), kbd("↵"), t("queue.open"), kbd("?"), t("keys.title"))),
    ),
  );

  counted(cases.length);
  const shown = () =>
    cases
      .filter((line) => tab === "all" || line.claimed_by === operator)
      .filter((line) => reason === "" || line.reasons.includes(reason))
      .filter((line) => words === "" || `${line.reference} ${line.subject.name} ${line.person}`.toLowerCase().includes(words));

  function list() {
    const lines = shown();
    at = Math.max(0, Math.min(at, lines.length - 1));
    const mine = cases.filter((line) => line.claimed_by === operator).length;
    fill(tabs, ["all", "mine"].map((name) => h("button", { type: "button", class: tab === name ? "on" : "", "aria-pressed": String(tab === name), onclick: () => { tab = name; list(); } }, t(`queue.${name}`), h("span", { class: "muted" }, name === "all" ? cases.length : mine))));
    const codes = [...new Set(cases.flatMap((line) => line.reasons))];
    fill(reasons, h("option", { value: "" }, t("queue.any_reason")), codes.map((code) => h("option", { value: code, selected: code === reason }, reasonTitle(code))));
    oldest.hidden = !cases.some((line) => line.claimed_by === null);
    foot.textContent = t("queue.count", { count: lines.length });
    if (lines.length === 0) return fill(table, h("div", { class: "empty" }, icon("tick", { size: 32 }), h("h2", {}, t(cases.length ? "queue.none_here" : "queue.none")), h("p", { class: "muted" }, t("queue.none_note"))));
    const heads = ["reference", "subject", "kind", "reasons", "waiting", "holder"].map((name) => h("th", { class: name }, t(`queue.head.${name}`)));
    return fill(table, h("table", { class: "tb" }, h("thead", {}, h("tr", {}, heads, h("th", {}, h("span", { class: "sr" }, t("queue.act"))))), h("tbody", {}, lines.map(row))));
  }

  /**
   * @param {Line} line
   * @param {number} number
   */
  function row(line, number) {
    const mine = line.claimed_by === operator;
    const free = line.claimed_by === null;
    const act = h("button", { class: `btn ${mine ? "" : "second"}`, type: "button", "data-action": free ? "claim" : "open", onclick: () => void (free ? take(line) : open(line)) }, t(mine ? "queue.open" : free ? "queue.take" : "queue.look"));
    return h(
      "tr",
      { class: number === at ? "on" : "", "data-case": line.id, "data-status": line.status, "data-late": line.late },
      h("td", { class: "mono" }, line.reference),
      subjectCell(line),
      kindCell(line),
      reasonsCell(line),
      waitingCell(line),
      holderCell(line, operator),
      h("td", { class: "end" }, act),
    );
  }

  /** @param {Line} line */
  function open(line) {
    location.hash = `#/cases/${encodeURIComponent(line.id)}`;
  }

  /** @param {Line} line */
  async function take(line) {
    try {
      await claim(line.id);
      open(line);
    } catch (error) {
      // Somebody was quicker: the list tells who.
      announce(t(error instanceof Problem && error.status === 409 ? "queue.taken" : "away"));
      await read();
    }
  }

  async function takeOldest() {
    const free = cases.find((line) => line.claimed_by === null);
    if (free) await take(free);
  }

  async function read() {
    const found = await queue().catch(() => null);
    if (found === null || JSON.stringify(found.cases) === JSON.stringify(cases)) return;
    cases = found.cases;
    counted(cases.length);
    list();
  }

  /** @param {number} by */
  const move = (by) => {
    at += by;
    list();
    table.querySelector("tr.on")?.scrollIntoView({ block: "nearest" });
  };
  onKeys({
    j: () => move(1),
    k: () => move(-1),
    g: () => void takeOldest(),
    "/": () => search.focus(),
    enter: () => {
      const line = shown()[at];
      if (line) void (line.claimed_by === null ? take(line) : open(line));
    },
  });
  list();
  const timer = setInterval(read, READ_EVERY_MS);
  return () => clearInterval(timer);
}
