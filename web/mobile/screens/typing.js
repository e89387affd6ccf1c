/**
 * Screen 11 of who can't speak or hear: one huge digit at a time, typed on the keypad under it, and once an arrow, at
 * which the head turns. No microphone is open. A digit stays until it is typed; those that came meanwhile wait.
 */
import { fill, h, s } from "../../shared/dom.js";
import { play } from "../camera.js";
import { main } from "../layout.js";
import { keepLooking, ringState, says } from "../lookout.js";
import { openTake } from "../take.js";
import { w } from "../words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];
const ARROWS = { left: "M84 50H18M46 20 16 50l30 30", right: "M16 50h66M54 20l30 30-30 30" };
const MOST_KEYS = 60; // the service takes no more

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function typingScreen(app) {
  const stage = h("div", { class: "capture" });
  let stopLooking = () => {};
  const take = openTake(app, stage, () => stopLooking());
  const video = h("video", { muted: true, playsinline: true, autoplay: true, class: "mirror", "aria-hidden": "true" });
  const status = h("span", { class: "row strong" });
  const stop = h("button", { type: "button", class: "alt", "data-action": "stop", onclick: () => take.end("stopped") }, w("recording.stop"));
  const ask = h("h1", { class: "lead ask", tabindex: -1 });
  const digit = h("div", { class: "digit", role: "status", "aria-live": "assertive", "data-digit": "" });
  const oval = h("div", { class: "oval typing-oval", "data-state": ringState(app.advice) }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 176 224", "aria-hidden": "true" }, s("ellipse", { cx: 88, cy: 112, rx: 84, ry: 108, fill: "none", "stroke-width": 6 })));
  const boxes = h("ol", { class: "boxes", "aria-label": w("typing.boxes") });
  const keypad = h("div", { class: "keypad", role: "group", "aria-label": w("typing.keypad") }, KEYS.map((key) => h("button", { type: "button", class: "key", "data-key": key, onclick: () => press(key) }, key)));

  /** Digits that were shown, in order. @type {string[]} */
  const shown = [];
  /** @type {{key: string, at_s: number}[]} */
  const keys = [];
  let typed = 0;
  let slipped = false; // the last key was a wrong one
  let whole = () => {}; // called with the last digit's key
  let total = 0;
  /** @type {"left" | "right" | null} */
  let turning = null;

  /** @param {string} key */
  function press(key) {
    const wanted = shown[typed];
    if (!take.going() || wanted === undefined || keys.length >= MOST_KEYS) return;
    keys.push({ key, at_s: Math.round(take.now() * 1000) / 1000 });
    slipped = key !== wanted;
    if (!slipped) typed += 1;
    if (typed === total) whole();
    draw();
    if (slipped) app.say(w("typing.slip_said", { digit: wanted }));
  }

  /** A keyboard's own digits do as well. @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (!event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS.includes(event.key)) press(event.key);
  };

  /** What is to be done, or first what is wrong; the ring tells as long as anything is. */
  function tell() {
    const going = take.going();
    const hint = (going ? app.advice?.passing : app.advice?.hint) ?? null;
    const next = !going ? "recording.ready" : shown[typed] === undefined ? "typing.wait" : "typing.type";
    ask.textContent = w(turning ? `typing.turn_${turning}` : slipped ? "typing.slip" : hint ? `framing.${hint}` : next);
    ask.classList.toggle("warn", !turning && (slipped || hint !== null));
    ask.dataset.hint = hint ?? "";
    oval.dataset.state = ringState(app.advice);
  }

  function draw() {
    tell();
    const wanted = shown[typed];
    const showing = turning ? `turn-${turning}` : (wanted ?? "");
    if (digit.dataset.digit !== showing) {
      digit.dataset.digit = showing;
      if (turning) fill(digit, [s("svg", { class: "arrow", viewBox: "0 0 100 100", "aria-hidden": "true" }, s("path", { d: ARROWS[turning] })), h("span", { class: "sr" }, w(`typing.turn_${turning}`))]);
      else digit.textContent = wanted ?? "";
    }
    fill(boxes, Array.from({ length: total }, (_, place) => box(place)));
  }

  /** @param {number} place */
  function box(place) {
    const state = place < typed ? "typed" : place < shown.length ? "shown" : "open";
    const word = state === "open" ? w("typing.box_open") : w(`typing.box_${state}`, { digit: shown[place] ?? "" });
    return h("li", { "data-state": state, "aria-label": word }, h("span", { "aria-hidden": "true" }, shown[place] ?? ""));
  }

  async function run() {
    const started = await take.begin(
      video,
      digit,
      (challenge) => {
        total = challenge.count;
        draw();
      },
    );
    if (!started) return;
    const { challenge, first } = started;
    take.showTime(status);
    draw();
    /** @type {number[]} */
    const shownAt = [];
    let turnShownAt = null;
    for (const [place, at] of challenge.reveals_s.entries()) {
      if (challenge.turn?.after === place) {
        turnShownAt = await turn(challenge, challenge.turn);
        if (turnShownAt === null) return;
      }
      const answer = place === 0 ? { digit: first } : await take.told(`${challenge.id}/digits/${place}`);
      if (!(await take.due(challenge, at, answer !== null))) return;
      turning = null;
      slipped = false;
      shown.push(answer?.digit);
      draw();
      shownAt[place] = await onScreen();
    }
    if (!(await take.due(challenge, challenge.duration_s))) return;
    if (typed < total) await take.linger(new Promise((resolve) => { whole = resolve; }));
    await take.finish(challenge, video, { shownAtS: shownAt, keys, turnShownAtS: turnShownAt });
  }

  /**
   * @param {import("../types.js").Challenge} challenge
   * @param {{at_s: number}} asked
   * @returns {Promise<number | null>} when the arrow was shown; null when the take is over
   */
  async function turn(challenge, asked) {
    const answer = await take.told(`${challenge.id}/turn`);
    if (!(await take.due(challenge, asked.at_s, answer !== null))) return null;
    turning = answer?.direction;
    draw();
    return onScreen();
  }

  /** What counts is when it is on the screen: the next frame. @returns {Promise<number>} seconds of the clip */
  const onScreen = () => new Promise((resolve) => requestAnimationFrame(() => resolve(Math.round(take.now() * 1000) / 1000)));

  fill(
    stage,
    main(
      "recording typing",
      h("div", { class: "row between top-row" }, status, stop),
      ask,
      h("div", { class: "sight" }, digit, oval),
      boxes,
      keypad,
    ),
  );
  document.addEventListener("keydown", onKey);
  void play(video, take.stream).catch(() => undefined);
  tell();
  stopLooking = keepLooking(video, {
    recording: true,
    onAdvice: (advice) => {
      if (turning || !says(advice)) return; // a head that turns as it was asked is not wrong
      app.advice = advice;
      tell();
    },
  });
  void run();
  return {
    name: "typing",
    title: w("typing.title"),
    look: "white",
    step: "face",
    parts: [stage],
    update: () => true,
    leave: () => {
      document.removeEventListener("keydown", onKey);
      take.leave();
    },
  };
}
