/**
 * Keys: single ones work while nothing is being typed, Ctrl-Enter always.
 */
import { h } from "../shared/dom.js";
import { t } from "./words.js";

/** @type {Map<string, (event: KeyboardEvent) => void>} */
const acts = new Map();

/**
 * @param {Record<string, (event: KeyboardEvent) => void>} wanted by key, lower case; `ctrl+enter` for that pair
 */
export function onKeys(wanted) {
  for (const [key, act] of Object.entries(wanted)) acts.set(key, act);
}

export function clearKeys() {
  acts.clear();
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (event.ctrlKey) {
    if (key === "enter") run("ctrl+enter", event);
    return;
  }
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches("input:not([type=radio], [type=checkbox]), textarea, select, video")) {
    if (key === "escape") target.blur();
    return;
  }
  // Enter on a link or button is that element's own.
  if (key === "enter" && target.matches("a, button, summary")) return;
  run(key, event);
});

/**
 * @param {string} key
 * @param {KeyboardEvent} event
 */
function run(key, event) {
  const act = acts.get(key);
  if (!act) return;
  event.preventDefault();
  act(event);
}

/** A key as it is shown. @param {string} key */
export const kbd = (key) => h("kbd", { class: "kbd" }, key);

const HELP = [
  ["J", "K"], ["↵"], ["G"], ["/"], ["1", "–", "6"], ["A"], ["R"], ["D"], ["Ctrl", "↵"], ["U"], ["Esc"],
];

/** All keys, in a dialog. */
export function showKeys() {
  const dialog = h(
    "dialog",
    { class: "card keys", "aria-label": t("keys.title") },
    h("h2", {}, t("keys.title")),
    h("dl", {}, HELP.map((keys, place) => [h("dt", {}, keys.map((key) => (key === "–" ? "–" : kbd(key)))), h("dd", {}, t(`keys.k${place}`))]).flat()),
    h("form", { method: "dialog" }, h("button", { class: "btn second" }, t("close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
