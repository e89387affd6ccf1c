/**
 * The recording, the digits asked and heard, and the traces under one time axis that the playhead runs over.
 */
import { h } from "../shared/dom.js";
import { stateMark } from "../shared/icons.js";
import { ATTACKS } from "./lines.js";
import { clipOf } from "./model.js";
import { traces } from "./traces.js";
import { figure, t } from "./words.js";

/** @typedef {import("./model.js").Case} Case */
/** @typedef {import("./model.js").Clip} Clip */

/**
 * @param {Case} shown
 * @returns {{part: HTMLElement, seek: (seconds: number) => void}}
 */
export function recording(shown) {
  const clip = clipOf(shown);
  if (clip === null) {
    const part = h("section", { class: "card grow col", "data-part": "clip" }, h("div", { class: "hd" }, h("h2", {}, t("clip.title"))), h("p", { class: "pad muted" }, t("clip.none")));
    return { part, seek: () => {} };
  }
  const video = h("video", { src: clip.url, controls: true, playsinline: true, preload: "metadata", controlslist: "nodownload noremoteplayback", disablepictureinpicture: true, "aria-label": t("clip.title") });
  const seek = (/** @type {number} */ seconds) => {
    video.pause();
    video.currentTime = Math.max(0, seconds);
    drawn?.playhead(seconds);
  };
  const drawn = clip.traces.time_s?.length ? traces(clip, seek) : null;
  // Four times a second, as `timeupdate` comes, is too coarse for a line that should glide.
  const glide = () => {
    drawn?.playhead(video.currentTime);
    if (!video.paused && video.isConnected) requestAnimationFrame(glide);
  };
  video.addEventListener("play", glide);
  video.addEventListener("seeked", glide);
  video.addEventListener("error", () => video.replaceWith(h("p", { class: "novideo muted" }, t("clip.gone"))));

  const part = h(
    "section",
    { class: "card grow col", "data-part": "clip", "data-upload": clip.upload },
    h("div", { class: "hd" }, h("h2", {}, t("clip.title")), h("span", { class: "row" }, digitsChip(clip), attackChip(shown, clip))),
    h("div", { class: "watch" }, h("div", { class: "video" }, video), h("div", { class: "grow" }, digits(clip))),
    drawn ? h("div", { class: "traces" }, drawn.svg) : h("p", { class: "pad muted" }, t("clip.no_traces")),
  );
  return { part, seek };
}

/** @param {Clip} clip */
function digitsChip(clip) {
  const { asked, heard } = clip.digits;
  if (heard === null) return h("span", { class: "chip" }, t("clip.not_heard"));
  const right = heard === asked;
  return h("span", { class: `chip ${right ? "ok" : "bad"}` }, stateMark(right ? "passed" : "redo", 15), t(right ? "clip.digits_right" : "clip.digits_wrong", { count: asked.length }));
}

/**
 * @param {Case} shown
 * @param {Clip} clip
 */
function attackChip(shown, clip) {
  const { blocking, doubtful, passed } = shown.findings;
  const suspected = [...blocking, ...doubtful].some((finding) => finding.check === "attack" || finding.reasons.some((code) => ATTACKS.has(code)));
  if (suspected) return h("span", { class: "chip bad" }, stateMark("redo", 15), t("clip.attack_signs"));
  // A score alone says nothing: in the dark or in a blur the detector is not believed.
  const believed = passed.some((finding) => finding.check === "attack");
  if (clip.attack_score === null || !believed) return h("span", { class: "chip" }, t("clip.no_attack_score"));
  return h("span", { class: "chip ok" }, stateMark("passed", 15), t("clip.live", { score: figure(clip.attack_score) }));
}

/** @param {Clip} clip */
function digits({ way, turn, digits: { asked, heard, scores, delays_s: delays } }) {
  const places = [...asked];
  if (places.length === 0) return h("p", { class: "muted" }, t("clip.no_digits"));
  const row = (/** @type {string} */ key, /** @type {(place: number) => string | Node} */ cell, kind = "") =>
    h("tr", { class: kind }, h("th", { scope: "row" }, t(`clip.${key}`)), places.map((_, place) => h("td", {}, cell(place))));
  const heardAt = (/** @type {number} */ place) => (/\d/.test(heard?.[place] ?? "") ? (heard?.[place] ?? "") : "–");
  const table = h(
    "table",
    { class: "digits" },
    h(
      "tbody",
      {},
      row("asked", (place) => places[place] ?? "", "big"),
      row(way === "typed" ? "typed" : "heard", (place) => h("span", { class: heard === null ? "muted" : heardAt(place) === places[place] ? "ok" : "bad" }, heardAt(place)), "big"),
      scores.length ? row("scores", (place) => figure(scores[place], 1)) : null,
      delays.length ? row("delays", (place) => figure(delays[place])) : null,
    ),
  );
  if (way !== "typed") return table;
  return h(
    "div",
    {},
    h("div", { "data-way": way }, h("p", {}, t("clip.way_typed")), turn ? h("p", {}, t(`clip.turn_${turn.direction}`, { second: figure(turn.at_s, 1) })) : null),
    table,
  );
}
