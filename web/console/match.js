/**
 * Whether it is one person: the card's portrait, the chosen still and three moments, with the score on its zones.
 */
import { h, s } from "../shared/dom.js";
import { clipOf, pictures } from "./model.js";
import { openViewer } from "./viewer.js";
import { figure, reasonTitle, t } from "./words.js";

/** @typedef {import("./model.js").Case} Case */

const MOMENTS = 3;
const [SCALE_PX, LOW, HIGH] = [150, 0, 0.8]; // cosine similarity; nearly all pairs fall between

/** @param {Case} shown @param {(seconds: number) => void} seek */
export function match(shown, seek) {
  const clip = clipOf(shown);
  if (clip === null) {
    return h("section", { class: "card", "data-part": "match" }, h("div", { class: "hd" }, h("h2", {}, t("match.title"))), h("p", { class: "pad muted" }, t("match.none")));
  }
  const score = clip.match?.score ?? null;
  return h(
    "section",
    { class: "card", "data-part": "match" },
    h("div", { class: "hd" }, h("h2", {}, t("match.title")), scoreOf(clip, score)),
    h(
      "div",
      { class: "faces" },
      clip.card_portrait ? cardPortrait(shown, clip.card_portrait) : h("p", { class: "muted missing" }, t("match.no_card")),
      clip.stills[0] ? face(clip.stills[0], t("match.still"), t("match.still_note"), "large") : null,
      h("div", { class: "divider" }),
      moments(shown, clip, seek),
    ),
  );
}

/**
 * The portrait's place on the card; a click shows the whole card.
 * @param {Case} shown
 * @param {string} src
 */
function cardPortrait(shown, src) {
  const drawn = face(src, t("match.card"), t("match.card_note"), "large");
  const picture = drawn.querySelector("img");
  picture?.addEventListener("load", () => {
    // A page that was found has the card's own proportions (85.6 × 54 mm): there the portrait lies in its known place.
    const shape = picture.naturalWidth / picture.naturalHeight;
    picture.classList.add(Math.abs(shape - 85.6 / 54) < 0.12 ? "on-card" : "whole");
  });
  const upload = pictures(shown).find((one) => one.step === "person_document" && one.slot === "portrait");
  return upload ? h("button", { type: "button", class: "plain", onclick: () => openViewer(shown, upload.id) }, drawn) : drawn;
}

/**
 * @param {import("./model.js").Clip} clip
 * @param {number | null} score
 */
function scoreOf(clip, score) {
  if (clip.match === null || score === null) return h("span", { class: "chip" }, t("match.not_compared"));
  const { accept, review } = clip.match;
  const zone = score >= accept ? "ok" : score >= review ? "warn" : "bad";
  const x = (/** @type {number} */ value) => (Math.min(HIGH, Math.max(LOW, value)) - LOW) * (SCALE_PX / (HIGH - LOW));
  const band = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ colour) =>
    s("rect", { x: x(from) + 1, y: 10, width: Math.max(0, x(to) - x(from) - 2), height: 8, rx: 4, fill: `var(--${colour})`, opacity: 0.4 });
  const words = t("match.scale", { score: figure(score), review: figure(review), accept: figure(accept) });
  return h(
    "span",
    { class: "row", "data-score": score },
    h("span", {}, t("match.score"), " ", h("b", { class: "lead" }, figure(score))),
    s("svg", { width: SCALE_PX, height: 28, viewBox: `0 0 ${SCALE_PX} 28`, role: "img", "aria-label": words }, band(LOW, review, "danger"), band(review, accept, "warning"), band(accept, HIGH, "success"), s("rect", { x: x(score) - 1.5, y: 4, width: 3, height: 20, rx: 1.5, fill: "var(--ink)" })),
    h("span", { class: `chip ${zone}` }, t(`match.zone_${zone}`, { review: figure(review), accept: figure(accept) })),
  );
}

/**
 * The frames that show a reason come first, then the still's alternatives.
 * @param {Case} shown
 * @param {import("./model.js").Clip} clip
 * @param {(seconds: number) => void} seek
 */
function moments(shown, clip, seek) {
  const seen = new Set();
  const reasons = (shown.steps.find((step) => step.name === "face")?.reasons ?? []).filter((reason) => {
    if (reason.frame === null || seen.has(reason.frame)) return false;
    seen.add(reason.frame);
    return true;
  });
  const figures = reasons.slice(0, MOMENTS).map(({ frame, code, moment_s: at }) => {
    const shownAt = at === null ? "" : t("match.second", { second: figure(at, 1) });
    const drawn = face(String(frame), shownAt || reasonTitle(code), shownAt ? reasonTitle(code) : "", "small");
    if (at === null) return drawn;
    return h("button", { type: "button", class: "plain", onclick: () => seek(at), "data-moment": code }, drawn);
  });
  const others = clip.stills.slice(1, 1 + MOMENTS - figures.length).map((still, place) => face(still, t("match.other", { place: place + 2 }), "", "small"));
  return [...figures, ...others];
}

/**
 * @param {string} src
 * @param {string} title
 * @param {string} note
 * @param {string} size
 */
function face(src, title, note, size) {
  const picture = h("img", { src, alt: title });
  picture.addEventListener("error", () => {
    // A reason of the sound has no frame of its own; a portrait or still that is gone was deleted.
    if (size === "small") picture.closest("button, figure")?.remove();
    else picture.replaceWith(h("span", { class: "gone muted" }, t("match.gone")));
  });
  return h("figure", { class: size }, h("div", { class: "still" }, picture), h("figcaption", {}, h("span", { class: "medium" }, title), note ? h("span", { class: "block muted" }, note) : null));
}
