/**
 * What was measured over the clip's course, on one time axis: reveals, sound and the digits heard or typed, eyes, turn of
 * the head, sharpness. Faults are shaded where they lie; a click or the arrow keys move the playhead.
 */
import { s } from "../shared/dom.js";
import { figure, reasonTitle, t } from "./words.js";

/** @typedef {import("./model.js").Clip} Clip */

const [WIDTH, HEIGHT] = [572, 271];
const [LEFT, RIGHT] = [64, 538];
const STEP_S = 0.2;
/** Thresholds are drawn for the eye's sake; the judges' own are in the findings. */
const HALF_SHUT = 0.5;
const TURNED_DEG = 10;
const BLURRED = 8;
/** For so long the head may be turned once it was asked to. */
const ASKED_TURN_S = 3.6;
const ARROWS = { left: "M6 0H-6M-1-5-6 0l5 5", right: "M-6 0H6M1-5 6 0l-5 5" };
/** The most turn that is drawn, so that a shake does not flatten all else. */
const WIDEST_DEG = 30;

/**
 * @param {Clip} clip
 * @param {(seconds: number) => void} seek
 */
export function traces(clip, seek) {
  const times = /** @type {number[]} */ (clip.traces.time_s ?? []);
  const end = Math.max(clip.duration_s ?? 0, times.at(-1) ?? 0, 1);
  const x = (/** @type {number} */ seconds) => LEFT + (Math.min(Math.max(seconds, 0), end) / end) * (RIGHT - LEFT);
  const sharpest = Math.max(2 * BLURRED, ...(clip.traces.sharpness ?? []).map((value) => value ?? 0));
  const head = s("g", { class: "playhead" }, s("path", { d: "M-4.500 0h9l-4.500 6z", fill: "var(--danger)" }), s("path", { d: "M0 0V251", stroke: "var(--danger)", "stroke-width": 1.6 }));
  const told = clip.moments.map((moment) => `${figure(moment.start_s, 1)}–${figure(moment.end_s, 1)} ${reasonTitle(moment.code)}`);
  const { turn } = clip;
  const asked = (/** @type {number} */ time) => turn !== null && time >= turn.at_s && time <= turn.at_s + ASKED_TURN_S;
  const svg = s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "slider", tabindex: 0, "aria-label": `${t("traces.label")} ${told.join("; ")}`, "aria-valuemin": 0, "aria-valuemax": end, "aria-valuenow": 0, "data-duration": end },
    clip.moments.map((moment) => s("rect", { x: x(moment.start_s), y: 2, width: Math.max(3, x(moment.end_s) - x(moment.start_s)), height: 249, fill: "var(--warning)", opacity: 0.14, "data-moment": moment.code }, s("title", {}, reasonTitle(moment.code)))),
    reveals(clip, x),
    sound(times, clip.traces.sound_level ?? [], x),
    answers(clip, x),
    line(t("traces.eyes"), times, clip.traces.eyes ?? [], x, { top: 76, height: 48, low: 0, high: 1, limit: HALF_SHUT, limitWord: t("traces.half_shut"), bad: (value) => value < HALF_SHUT }),
    line(t("traces.yaw"), times, (clip.traces.yaw_deg ?? []).map((value) => (value === null ? null : Math.min(WIDEST_DEG, Math.abs(value)))), x, { top: 132, height: 48, low: 0, high: WIDEST_DEG, limit: TURNED_DEG, limitWord: `${TURNED_DEG}°`, bad: (value, time) => value > TURNED_DEG && !asked(time) }),
    turn ? s("rect", { x: x(turn.at_s), y: 132, width: x(turn.at_s + ASKED_TURN_S) - x(turn.at_s), height: 48, fill: "var(--accent)", opacity: 0.12, "data-turn": turn.direction }, s("title", {}, t(`clip.turn_${turn.direction}`, { second: figure(turn.at_s, 1) }))) : null,
    line(t("traces.sharpness"), times, clip.traces.sharpness ?? [], x, { top: 188, height: 48, low: 0, high: sharpest, limit: BLURRED, limitWord: t("traces.blurred"), bad: (value) => value < BLURRED }),
    axis(end, x),
    head,
  );

  const at = (/** @type {PointerEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * WIDTH;
    return Math.min(end, Math.max(0, ((place - LEFT) / (RIGHT - LEFT)) * end));
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    seek(at(event));
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) seek(at(event));
  });
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowRight: STEP_S, ArrowLeft: -STEP_S }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    seek(Math.min(end, Math.max(0, Number(svg.getAttribute("aria-valuenow")) + by)));
  });
  const playhead = (/** @type {number} */ seconds) => {
    head.setAttribute("transform", `translate(${x(seconds)} 0)`);
    svg.setAttribute("aria-valuenow", seconds.toFixed(1));
    svg.setAttribute("aria-valuetext", t("match.second", { second: figure(seconds, 1) }));
  };
  playhead(0);
  return { svg, playhead };
}

/** @param {string} words @param {number} y */
const label = (words, y) => s("text", { x: 0, y, "font-size": 13, fill: "var(--muted)" }, words);

/**
 * @param {Clip} clip
 * @param {(seconds: number) => number} x
 */
function reveals(clip, x) {
  return [
    label(t("traces.reveals"), 17.5),
    s("path", { d: `M${LEFT} 13H${RIGHT}`, stroke: "var(--line)" }),
    clip.reveals_s.map((time, place) => x(time) < x(time + STEP_S) && [
      s("rect", { x: x(time) - 9, y: 4, width: 18, height: 18, rx: 4, fill: "var(--ink)" }),
      s("text", { x: x(time), y: 17.5, "font-size": 13, "font-weight": 600, "text-anchor": "middle", fill: "var(--card)" }, clip.digits.asked[place] ?? ""),
    ]).flat().filter((drawn) => drawn !== false),
    clip.turn ? s("path", { d: ARROWS[clip.turn.direction], transform: `translate(${x(clip.turn.at_s)} 13)`, fill: "none", stroke: "var(--accent)", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-linejoin": "round" }) : null,
  ].flat();
}

/**
 * The digits as they were heard or typed, each where it begins.
 * @param {Clip} clip
 * @param {(seconds: number) => number} x
 */
function answers({ digits: { asked, heard, delays_s: delays }, reveals_s: shown }, x) {
  return delays.map((delay, place) => {
    const digit = heard?.[place] ?? "";
    const at = shown[place];
    if (delay === null || at === undefined || !/\d/.test(digit)) return null;
    const fill = digit === asked[place] ? "var(--success)" : "var(--danger)";
    return s("text", { x: x(at + delay), y: 72, "font-size": 13, "font-weight": 600, "text-anchor": "middle", fill, "data-answer": place }, digit);
  });
}

/**
 * @param {number[]} times
 * @param {(number | null)[]} levels 0–1
 * @param {(seconds: number) => number} x
 */
function sound(times, levels, x) {
  const bars = times.map((time, place) => {
    const height = 2 + 28 * (levels[place] ?? 0) ** 2; // squared: speech stands out from the room's noise
    return s("rect", { x: x(time), y: 43 - height / 2, width: 2.6, height, rx: 1.3, fill: "var(--accent)" });
  });
  return [label(t("traces.sound"), 47.5), ...bars];
}

/**
 * @param {string} name
 * @param {number[]} times
 * @param {(number | null)[]} values
 * @param {(seconds: number) => number} x
 * @param {{top: number, height: number, low: number, high: number, limit: number, limitWord: string, bad: (value: number, time: number) => boolean}} row
 */
function line(name, times, values, x, { top, height, low, high, limit, limitWord, bad }) {
  const y = (/** @type {number} */ value) => top + height - 4 - ((value - low) / (high - low)) * (height - 8);
  let path = "";
  let faults = "";
  for (const [place, time] of times.entries()) {
    const value = values[place] ?? null;
    const before = place > 0 ? (values[place - 1] ?? null) : null;
    if (value === null) continue;
    path += `${before === null ? "M" : "L"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    if (bad(value, time)) faults += `M${x(before === null ? time : (times[place - 1] ?? time)).toFixed(1)} ${y(before ?? value).toFixed(1)}L${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
  }
  const stroke = { fill: "none", "stroke-width": 1.8, "stroke-linejoin": "round", "stroke-linecap": "round" };
  return [
    s("rect", { x: LEFT, y: top, width: RIGHT - LEFT, height, fill: "var(--page)" }),
    s("path", { d: `M${LEFT} ${y(limit)}H${RIGHT}`, stroke: "var(--edge)", "stroke-dasharray": "4 4" }),
    s("path", { ...stroke, d: path, stroke: "var(--accent)" }),
    faults ? s("path", { ...stroke, d: faults, stroke: "var(--danger)", "stroke-width": 2.4 }) : null,
    label(name, top + height / 2 + 4.5),
    s("text", { x: RIGHT + 6, y: y(limit) + 4.5, "font-size": 13, fill: "var(--muted)" }, limitWord),
  ];
}

/**
 * @param {number} end
 * @param {(seconds: number) => number} x
 */
function axis(end, x) {
  const step = end > 8 ? 2 : 1;
  const marks = [];
  for (let second = 0; second <= end + 0.01; second += step) {
    marks.push(s("path", { d: `M${x(second)} 247v4`, stroke: "var(--edge)" }), s("text", { x: x(second), y: 265, "font-size": 13, "text-anchor": "middle", fill: "var(--muted)" }, String(second)));
  }
  return [...marks, s("text", { x: RIGHT + 16, y: 265, "font-size": 13, fill: "var(--muted)" }, t("traces.seconds"))];
}
