/**
 * The portal's own papers below the applicant's: how each was judged, why, and what nobody checked.
 */
import { h } from "../shared/dom.js";
import { icon, stateMark } from "../shared/icons.js";
import { openPicture } from "./viewer.js";
import { dayAndTime, reasonTitle, t, tOr } from "./words.js";

/** @typedef {import("./model.js").Paper} Paper */

/** @type {Record<string, import("../shared/icons.js").Mark>} */
const MARKS = { processing: "working", clear: "passed", consider: "doubtful", rejected: "redo", unreadable: "wrong" };

/** @param {import("./model.js").Case} shown */
export function fromPortal(shown) {
  if (!shown.papers.length) return null;
  return h("div", { "data-part": "portal-papers" }, shown.papers.map(paper));
}

/** @param {Paper} shown */
function paper(shown) {
  const name = tOr("paper", shown.kind);
  const unchecked = Object.keys(shown.checks).filter((check) => shown.checks[check] === "not_checked");
  const result = shown.state === "processing" ? "processing" : (shown.result ?? "not_checked");
  return h(
    "div",
    { "data-paper": shown.kind, "data-result": result },
    h(
      "div",
      { class: "evr g" },
      h("span", {}, t("papers.from_portal", { name })),
      shown.pictures.map((address, place) =>
        h("button", { type: "button", class: "row look", "data-page": place + 1, onclick: () => openPicture(name, address) }, icon("enlarge", { size: 16 }), shown.pictures.length > 1 ? t("papers.look_page", { page: place + 1 }) : t("papers.look")),
      ),
    ),
    h(
      "div",
      { class: "evr one" },
      h("span", { class: "row" }, stateMark(MARKS[result] ?? "open"), t(`papers.result.${result}`), h("span", { class: "muted" }, dayAndTime(shown.created_at))),
      shown.reasons.map((code) => h("div", { "data-reason": code }, reasonTitle(code, shown.pages_of[code]))),
      unchecked.length ? h("div", { class: "muted" }, t("papers.unchecked", { checks: unchecked.map((check) => tOr("check", check)).join(t("comma")) })) : null,
    ),
  );
}
