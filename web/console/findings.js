/**
 * What was judged, by what it does to the case; what was not checked is said as such.
 */
import { h } from "../shared/dom.js";
import { dayAndTime, has } from "../shared/i18n.js";
import { icon, stateMark } from "../shared/icons.js";
import { pictures } from "./model.js";
import { openViewer } from "./viewer.js";
import { figure, reasonTitle, t, tOr } from "./words.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {import("./model.js").Finding} Finding */

/**
 * @param {Case} shown
 * @param {(seconds: number) => void} seek
 */
export function findings(shown, seek) {
  const { blocking, doubtful, passed, not_checked: notChecked } = shown.findings;
  const pack = shown.rule_pack;
  return h(
    "section",
    { class: "card col findings", "data-part": "findings" },
    h("div", { class: "hd" }, h("h2", {}, t("findings.title")), pack ? h("span", { class: "muted" }, t("findings.pack", { id: pack.id, version: pack.version })) : null),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("findings.title") },
      open("blocking", "bad", blocking, shown, seek),
      open("doubtful", "warn", [...doubtful, ...ofSession(shown)], shown, seek),
      folded("not_checked", "open", notChecked),
      folded("passed", "passed", passed),
      audit(shown),
    ),
  );
}

/**
 * @param {string} group
 * @param {string} tone
 * @param {Finding[]} found
 * @param {Case} shown
 * @param {(seconds: number) => void} seek
 */
function open(group, tone, found, shown, seek) {
  if (found.length === 0) return null;
  const lines = found.flatMap((finding) => (finding.reasons.length ? finding.reasons : [""]).map((code) => ({ finding, code })));
  return h(
    "div",
    { class: "group", "data-group": group },
    h("h3", { class: tone }, t(`findings.${group}`, { count: lines.length })),
    h(
      "ul",
      { class: "find" },
      lines.map(({ finding, code }) =>
        h(
          "li",
          { "data-check": finding.check || null, "data-reason": code || null },
          stateMark(tone === "bad" ? "redo" : "doubtful"),
          h("div", { class: "grow" }, h("div", { class: "row between start" }, h("span", { class: "medium" }, code ? reasonTitle(code, finding.pages) : tOr("check", finding.check)), look(finding, code, shown, seek)), h("div", { class: "muted" }, detail(finding))),
        ),
      ),
    ),
  );
}

/**
 * Reasons that belong to no check of one picture: too many attempts, a refused consent, an edit.
 * @param {Case} shown
 * @returns {Finding[]}
 */
function ofSession(shown) {
  const told = new Set([...shown.findings.blocking, ...shown.findings.doubtful].flatMap((finding) => finding.reasons));
  return shown.steps
    .filter((step) => step.state === "in_review")
    .flatMap((step) => step.reasons.filter((reason) => reason.effect !== "advise" && !told.has(reason.code)).map((reason) => ({ step: step.name, slot: reason.slot, check: "", result: "fail", reasons: [reason.code], pages: reason.pages, score: null, threshold: null, measured: { asked_why: reason.code === "other_way_requested" ? whyAsked(shown, step.name) : null } })));
}

/**
 * Why the applicant asked for a person.
 * @param {Case} shown
 * @param {string} step
 */
function whyAsked(shown, step) {
  const why = shown.audit.findLast((line) => line.step === step && line.why !== null)?.why;
  return why ? tOr("why", why) : null;
}

/**
 * Where the fault can be looked at: its second of the clip, or its picture.
 * @param {Finding} finding
 * @param {string} code
 * @param {Case} shown
 * @param {(seconds: number) => void} seek
 */
function look(finding, code, shown, seek) {
  const moment = shown.clips.flatMap((clip) => clip.moments).find((one) => one.code === code);
  if (moment) return h("button", { type: "button", class: "link nowrap", onclick: () => seek(moment.start_s) }, t("match.second", { second: figure(moment.start_s, 1) }));
  const upload = pictures(shown).find((one) => one.step === finding.step && (finding.slot === null || one.slot === finding.slot));
  return upload ? h("button", { type: "button", class: "link nowrap", onclick: () => openViewer(shown, upload.id, code === "form_incomplete" ? undefined : finding.pages[0]) }, t("findings.look")) : null;
}

/** @param {Finding} finding */
function detail(finding) {
  const where = finding.slot ? tOr(`slot.${finding.step}`, finding.slot) : tOr("step", finding.step);
  return [where, finding.check && tOr("check", finding.check), scored(finding), ...figures(finding)].filter(Boolean).join(" · ");
}

/**
 * The figure that was judged, with its limit; of a face and its voice also what is counted.
 * @param {Finding} finding
 */
function scored({ step, check, score, threshold }) {
  if (score === null) return "";
  if (threshold === null) return shortFigure(score);
  const own = step === "face" && has(`screens.console.face_score.${check}`);
  return t(own ? `face_score.${check}` : "findings.score", { score: shortFigure(score), threshold: shortFigure(threshold) });
}

/** Counts have no decimals. @param {number} value */
const shortFigure = (value) => figure(value, Number.isInteger(value) ? 0 : 2);

/**
 * The further figures that have words; the others are for the report alone.
 * @param {Finding} finding
 */
function figures({ measured }) {
  return Object.entries(measured)
    .filter(([name, value]) => value !== "" && value !== null && has(`screens.console.figure.${name}`))
    .map(([name, value]) => t(`figure.${name}`, { value: inWords(name, value) }));
}

/**
 * @param {string} name
 * @param {number | string | boolean | null} value
 */
function inWords(name, value) {
  if (typeof value === "number") return shortFigure(value);
  if (typeof value === "boolean") return t(value ? "figure.yes" : "figure.no");
  const told = String(value);
  return name === "accusing" ? told.split(", ").map((check) => tOr("check", check)).join(", ") : told;
}

/**
 * @param {string} group
 * @param {import("../shared/icons.js").Mark} mark
 * @param {Finding[]} found
 */
function folded(group, mark, found) {
  if (found.length === 0) return null;
  return h(
    "details",
    { class: "group", "data-group": group },
    h("summary", {}, stateMark(mark), h("span", { class: "grow" }, t(`findings.${group}`, { count: found.length })), icon("next", { size: 16 })),
    h("ul", { class: "list muted" }, found.map((finding) => h("li", { "data-check": finding.check }, detail(finding)))),
  );
}

/**
 * Who did it, as `operator:li`; of a portal only that it was one.
 * @param {string} who
 */
function actor(who) {
  const [kind = "", name = ""] = who.split(":");
  return has(`screens.console.actor.${kind}`) ? t(`actor.${kind}`, { name }) : who;
}

/** @param {Case} shown */
function audit(shown) {
  if (shown.audit.length === 0) return null;
  return h(
    "details",
    { class: "group", "data-group": "audit" },
    h("summary", {}, icon("clock", { size: 18 }), h("span", { class: "grow" }, t("findings.audit", { count: shown.audit.length })), icon("next", { size: 16 })),
    h("ul", { class: "list muted" }, shown.audit.map((line) => h("li", {}, `${dayAndTime(line.at)} · ${actor(line.who)} · ${tOr("audit", line.what)}`))),
  );
}
