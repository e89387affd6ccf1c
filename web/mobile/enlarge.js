/**
 * A picture over the whole page, to be looked at closely: pinched, scrolled, closed by button, Escape or back.
 */
import { h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { w } from "./words.js";

/** @param {string} source */
export function enlarge(source) {
  const image = h("img", { src: source, alt: w("fields.enlarged") });
  const dialog = h(
    "dialog",
    { class: "enlarged", "aria-label": w("fields.enlarged") },
    h("div", { class: "pan", tabindex: 0 }, image),
    h("button", { type: "button", class: "shut", "aria-label": w("app.close"), onclick: () => dialog.close() }, icon("close", { size: 24 })),
  );
  let large = false;
  image.addEventListener("click", () => {
    large = !large;
    image.classList.toggle("large", large);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
