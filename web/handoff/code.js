/**
 * The QR code with the ring round it that shows how much of its life is left.
 */
import { serviceNow } from "../shared/api.js";
import { h, s } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/** @typedef {import("./state.js").Link} Link */

const LIFE_S = 600; // a link lives ten minutes
const ROUND_PX = 22;
const RING_PX = 4;
const MARGIN_PX = 6; // keeps the ring out of the quiet zone
const AROUND_PX = 36; // what the page's and the card's own edges take

/**
 * The server's SVG as an element. It is parsed, not pasted as markup, and holds shapes only.
 * @param {string} markup
 */
function parseCode(markup) {
  const parsed = new DOMParser().parseFromString(markup, "image/svg+xml").documentElement;
  const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.importNode(parsed, true)));
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("screens.handoff.code"));
  svg.setAttribute("shape-rendering", "crispEdges");
  return svg;
}

/**
 * A narrow frame gets a smaller code, still of whole pixels a module: uneven rows are hard to scan.
 * @param {SVGSVGElement} code
 */
function fitIn(code) {
  const side = Number(code.getAttribute("width"));
  const scale = Number(/scale\((\d+)\)/.exec(code.querySelector("g")?.getAttribute("transform") ?? "")?.[1] ?? 1);
  const modules = side / scale;
  const room = document.body.clientWidth - AROUND_PX - 2 * MARGIN_PX;
  const fitted = Math.max(1, Math.min(scale, Math.floor(room / modules))) * modules;
  code.setAttribute("viewBox", `0 0 ${side} ${side}`);
  code.setAttribute("width", String(fitted));
  code.setAttribute("height", String(fitted));
  return fitted + 2 * MARGIN_PX;
}

/**
 * A rounded square that starts at the middle of its top edge and empties clockwise.
 * @param {number} side in px
 */
function makeRing(side) {
  const far = side - RING_PX / 2 - ROUND_PX;
  const near = RING_PX / 2 + ROUND_PX;
  const [a, b] = [RING_PX / 2, side - RING_PX / 2];
  const corner = `A${ROUND_PX} ${ROUND_PX} 0 0 1`;
  const d =
    `M${side / 2} ${a}H${far}${corner} ${b} ${near}V${far}${corner} ${far} ${b}` +
    `H${near}${corner} ${a} ${far}V${near}${corner} ${near} ${a}z`;
  const line = { d, fill: "none", "stroke-width": RING_PX, "stroke-linecap": "round", pathLength: 100 };
  const rest = s("path", { ...line, class: "rest", "stroke-dasharray": "100 100" });
  const svg = s("svg", { class: "ring", viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true" }, s("path", { ...line, class: "track" }), rest);
  return { svg, rest };
}

/**
 * The code of a waiting link, and the words for the time left, which change by themselves until `ranOut`.
 * @param {Link} link
 * @param {() => void} ranOut
 * @returns {{box: HTMLElement, left: HTMLElement}}
 */
export function makeCode(link, ranOut) {
  const code = parseCode(link.qr_svg);
  const side = fitIn(code);
  const ring = makeRing(side);
  const box = h("div", { class: "qr", style: { width: `${side}px`, height: `${side}px` } }, code, ring.svg);
  const left = h("span", { class: "left-time" });
  let wasShown = false;
  const timer = setInterval(tick, 1000);

  function tick() {
    const seconds = Math.max(0, (Date.parse(link.expires_at) - serviceNow()) / 1000);
    const whole = Math.ceil(seconds);
    const share = Math.min(1, seconds / LIFE_S);
    ring.rest.setAttribute("stroke-dashoffset", String(-100 * (1 - share)));
    left.textContent = t("screens.handoff.waiting.left", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
    const replaced = wasShown && !box.isConnected;
    wasShown = box.isConnected;
    if (seconds > 0 && !replaced) return;
    clearInterval(timer);
    if (!replaced) ranOut();
  }
  tick();
  return { box, left };
}
