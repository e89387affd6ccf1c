/**
 * What the page tells the page around it, and a screen reader.
 */
import { h } from "../shared/dom.js";

/**
 * Posts to the portal's page. Any origin may read it: who may frame us at all is settled by `frame-ancestors`.
 * @param {{type: "status", status: string, session: string} | {type: "height", height_px: number}} message
 */
export function tellParent(message) {
  if (window.parent !== window) window.parent.postMessage({ source: "verify-svc", ...message }, "*");
}

/** Posts the page's own height whenever it changes. */
export function tellHeight() {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    tellParent({ type: "height", height_px: height });
  }).observe(document.body);
}

const voice = h("p", { role: "status", class: "sr" });
document.body.append(voice);

/** @param {string} words */
export function announce(words) {
  voice.textContent = words;
}
