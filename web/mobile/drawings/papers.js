/**
 * The frame over the camera, with a silhouette of the paper wanted (dashes with a dark halo, round the number and
 * never through it), and small drawn forms that show where a missing mark belongs.
 */
import { s } from "../../shared/dom.js";

/** Width and height of each silhouette's grid: the paper's proportions. */
const CARD = { width: 540, height: 340 }; // 85.6 × 54 mm
const LICENCE = { width: 594, height: 420 }; // A3 or A4 across
const BOOKLET = { width: 500, height: 352 }; // 125 × 88 mm
const PAGE = { width: 420, height: 594 }; // A4 upright

const CARDS = /^(?:id_card|residence_permit)_|^mainland_travel_permit$|^temporary_id_card$/;

/** @param {string} kind */
export const isSmall = (kind) => CARDS.test(kind) || kind === "passport";

/** @param {string} kind */
export function paperShape(kind) {
  if (CARDS.test(kind)) return CARD;
  if (kind === "passport") return BOOKLET;
  return kind === "business_licence" || kind.endsWith("_certificate") || kind === "law_firm_licence" ? LICENCE : PAGE;
}

/** Drawn lines of each silhouette, on its own grid. @type {Record<string, SVGElement[] | (() => SVGElement[])>} */
const SILHOUETTES = {
  id_card_portrait: () => [
    s("path", { d: "M437 80c-26 0-41 20-41 48 0 30 18 54 41 54s41-24 41-54c0-28-15-48-41-48zM372 232c2-22 18-32 42-38q23 14 46 0c24 6 40 16 42 38" }),
    s("rect", { x: 26, y: 266, width: 488, height: 50, rx: 10 }),
  ],
  id_card_emblem: () => [
    s("circle", { cx: 94, cy: 94, r: 50 }),
    s("path", { d: "M184 66h300M184 118h300" }),
    s("rect", { x: 150, y: 212, width: 364, height: 92, rx: 10 }),
  ],
  mainland_travel_permit: () => [
    s("path", { d: "M120 110c-26 0-41 20-41 48 0 30 18 54 41 54s41-24 41-54c0-28-15-48-41-48zM55 262c2-22 18-32 42-38q23 14 46 0c24 6 40 16 42 38" }),
    s("path", { d: "M220 120h260M220 166h180" }),
    s("rect", { x: 210, y: 200, width: 300, height: 46, rx: 10 }),
  ],
  passport: () => [
    s("path", { d: "M100 76c-24 0-38 18-38 44 0 28 17 50 38 50s38-22 38-50c0-26-14-44-38-44zM40 218c2-20 17-30 39-35q21 13 42 0c22 5 37 15 39 35" }),
    s("path", { d: "M196 84h260M196 128h180M196 172h220" }),
    s("rect", { x: 20, y: 268, width: 460, height: 66, rx: 6 }),
  ],
  business_licence: () => [
    s("circle", { cx: 297, cy: 62, r: 24 }),
    s("path", { d: "M190 112h214" }),
    s("rect", { x: 34, y: 128, width: 250, height: 40, rx: 8 }),
    s("path", { d: "M40 206h230M40 242h230M40 278h230M330 206h220M330 242h220" }),
    s("circle", { cx: 476, cy: 344, r: 42 }),
  ],
  page: () => [
    s("path", { d: "M120 70h180" }),
    s("rect", { x: 48, y: 120, width: 324, height: 270, rx: 6 }),
    s("path", { d: "M48 174h324M48 228h324M48 282h324M48 336h324" }),
    s("circle", { cx: 120, cy: 490, r: 46 }),
    s("path", { d: "M220 480c14-24 24-24 22-6s12 4 24-14 6 14 30 6M220 520h90" }),
  ],
};

/**
 * The dimmed surroundings, the four corner marks and the silhouette. It fills the camera's picture by CSS.
 * @param {string} kind
 */
export function frameOver(kind) {
  const { width, height } = paperShape(kind);
  const drawn = SILHOUETTES[kind] ?? SILHOUETTES[kind.replace("residence_permit", "id_card").replace("temporary_id_card", "id_card_portrait")] ?? (paperShape(kind) === LICENCE ? SILHOUETTES.business_licence : SILHOUETTES.page);
  const arm = Math.round(width * 0.11);
  const r = 22;
  const corners = [
    `M0 ${arm}V${r}a${r} ${r} 0 0 1 ${r} ${-r}H${arm}`,
    `M${width - arm} 0H${width - r}a${r} ${r} 0 0 1 ${r} ${r}V${arm}`,
    `M${width} ${height - arm}V${height - r}a${r} ${r} 0 0 1 ${-r} ${r}H${width - arm}`,
    `M${arm} ${height}H${r}a${r} ${r} 0 0 1 ${-r} ${-r}V${height - arm}`,
  ].join("");
  return s(
    "svg",
    { class: `frame ${height > width ? "upright" : ""}`.trim(), viewBox: `-6 -6 ${width + 12} ${height + 12}`, "aria-hidden": "true" },
    s("g", { class: "silhouette" }, typeof drawn === "function" ? drawn() : null),
    s("path", { class: "arms", d: corners }),
  );
}

/**
 * A form in miniature. `missing` is drawn where it belongs.
 * @param {string} kind
 * @param {Set<"seal" | "signature" | "date">} missing
 */
export function formDrawing(kind, missing) {
  const grey = "#9AA1A8";
  const ink = "#5E666E";
  const pen = "#1E3A8A";
  const table = kind === "verification_form";
  const widths = [90, 70, 82, 50, 96, 62, 78];
  const rows = table
    ? widths.map((width, place) => {
        const y = 66 + place * 26;
        return s("g", {}, s("rect", { x: 26, y, width: 188, height: 26, fill: "none", stroke: "#AEB4BA" }), s("rect", { x: 32, y: y + 9, width: 46, height: 7, rx: 2, fill: grey }), s("rect", { x: 92, y: y + 9, width: width + 14, height: 7, rx: 2, fill: ink }));
      })
    : [150, 188, 188, 170, 188, 188, 120].map((width, place) => s("rect", { x: 26, y: 72 + place * 25, width, height: 7, rx: 2, fill: place ? grey : ink }));
  const fault = { fill: "var(--mark)", "fill-opacity": 0.08, stroke: "var(--mark)", "stroke-width": 2.5, "stroke-dasharray": "6 5" };
  return s(
    "svg",
    { viewBox: "0 0 240 330", class: "form-drawing", "aria-hidden": "true" },
    s("rect", { width: 240, height: 330, fill: "#fff" }),
    s("rect", { x: 66, y: 34, width: 108, height: 10, rx: 2, fill: ink }),
    rows,
    s("rect", { x: 106, y: 272, width: 28, height: 6, rx: 2, fill: grey }),
    missing.has("signature")
      ? s("rect", { ...fault, x: 138, y: 256, width: 78, height: 26, rx: 5 })
      : missing.size ? s("path", { d: "M140 276c8-14 14-18 16-12s-8 20-2 16 12-20 16-16-6 16 2 13 10-10 18-12", fill: "none", stroke: pen, "stroke-width": 2.6, "stroke-linecap": "round" }) : s("path", { d: "M140 279h70", stroke: grey, "stroke-width": 1.5 }),
    s("rect", { x: 106, y: 296, width: 28, height: 6, rx: 2, fill: grey }),
    missing.has("date") ? s("rect", { ...fault, x: 138, y: 292, width: 78, height: 20, rx: 5 }) : s("path", { d: "M140 302h70", stroke: grey, "stroke-width": 1.5 }),
    missing.has("seal") ? s("circle", { ...fault, cx: 66, cy: 284, r: 27 }) : s("circle", { cx: 66, cy: 284, r: 27, fill: "none", stroke: grey, "stroke-width": 1.5, "stroke-dasharray": "4 5" }),
  );
}
