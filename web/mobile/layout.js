/**
 * The parts that every phone screen is made of: the 44 px line with the way back, the title, the bar of actions.
 */
import { h, lines } from "../shared/dom.js";
import { icon, stateMark } from "../shared/icons.js";
import { w } from "./words.js";

/** @typedef {import("../shared/dom.js").Child} Child */

/**
 * The line with a way back and where one is.
 * @param {{back: (() => void) | null, where?: string}} given
 */
export function topLine({ back, where = "" }) {
  return h(
    "div",
    { class: "bar" },
    back
      ? h("button", { type: "button", "aria-label": w("app.back"), "data-action": "back", onclick: back }, icon("back", { size: 24 }))
      : h("span"),
    where && h("span", { class: "where" }, where),
  );
}

/**
 * The screen's one title and, under it, one thing to know.
 * @param {string} title
 * @param {string | Child[]} [lead]
 */
export function head(title, lead = "") {
  return h(
    "div",
    { class: "head" },
    h("h1", { tabindex: -1 }, title),
    lead.length > 0 && h("p", {}, typeof lead === "string" ? lines(lead) : lead),
  );
}

/**
 * The middle of a screen.
 * @param {string} className
 * @param {...(Child | Child[])} children
 */
export const main = (className, ...children) => h("main", { class: `screen ${className}`.trim() }, ...children);

/**
 * The bar at the bottom, within the thumb's reach.
 * @param {Child[]} children
 * @param {string} [className]
 */
export const actions = (children, className = "") => h("footer", { class: `act ${className}`.trim() }, children);

/**
 * @param {string} text
 * @param {(event: Event) => void} press
 * @param {{second?: boolean, action?: string, slim?: boolean, icon?: string}} [options]
 */
export function button(text, press, options = {}) {
  const kind = `${options.second ? " second" : ""}${options.slim ? " slim" : ""}`;
  return h(
    "button",
    { type: "button", class: `btn${kind}`, "data-action": options.action ?? null, onclick: press },
    options.icon ? icon(options.icon, { size: 20 }) : null,
    text,
  );
}

/**
 * The one secondary way, as a link-like button.
 * @param {string} text
 * @param {(event: Event) => void} press
 * @param {string} [action]
 */
export const alternative = (text, press, action) =>
  h("button", { type: "button", class: "alt", "data-action": action ?? null, onclick: press }, text);

/**
 * A state: mark and word, never colour alone.
 * @param {import("../shared/icons.js").Mark} mark
 * @param {string} word
 */
export function stateLabel(mark, word) {
  const tone = { open: "muted", working: "acc", passed: "ok", redo: "bad", doubtful: "warn", operator: "warn", wrong: "bad" }[mark];
  return h("span", { class: `state ${tone}` }, stateMark(mark), word);
}

/**
 * What the operator wrote who asked for a step anew; nothing once there is none to redo, or another step is meant.
 * @param {import("./types.js").State} state
 * @param {import("./types.js").Step} [step] the step that the screen is about
 */
export function redoNote(state, step) {
  const { decision } = state;
  if (decision?.kind !== "redo" || !decision.message || (step && step.state !== "failed")) return null;
  return h("div", { class: "note acc", "data-state": "redo-asked" }, w("home.redo_note", { message: decision.message }));
}

/**
 * A list of numbered acts.
 * @param {string[]} acts
 */
export function numbered(acts) {
  return h(
    "ol",
    { class: "card cells" },
    acts.map((act, place) =>
      h("li", { class: "mid" }, h("span", { class: "disc count", "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act)),
    ),
  );
}

/**
 * A link that calls the provider, where there is a number.
 * @param {string} text
 * @param {string} hotline
 */
export const callLink = (text, hotline) => h("a", { class: "alt", href: `tel:${hotline.replace(/[^\d+]/g, "")}` }, text);

/** How a screen reader tells a check's mark. @type {Partial<Record<import("../shared/icons.js").Mark, string>>} */
const TOLD = { passed: "done", working: "working" };

/**
 * A list of checks that tick off: each with its mark and, muted while it waits, its word.
 * @param {{word: string, mark: import("../shared/icons.js").Mark, note?: string}[]} rows
 */
export const checkList = (rows) =>
  h(
    "ul",
    { class: "card cells checks" },
    rows.map((row) =>
      h(
        "li",
        { class: "mid", "data-mark": row.mark },
        stateMark(row.mark, 20),
        h("span", { class: row.mark === "open" ? "grow muted" : "grow" }, row.word, h("span", { class: "sr" }, ` ${w(`states.${TOLD[row.mark] ?? "open"}`)}`)),
        row.note ? h("span", { class: "small muted" }, row.note) : null,
      ),
    ),
  );
