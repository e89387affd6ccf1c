/**
 * Screen 11: a count, then one huge digit at a time, near the camera, at the times that the service gave. Nothing on it
 * is announced: a screen reader's voice would be recorded, and would say the digits in the applicant's place.
 */
import { fill, h, s } from "../../shared/dom.js";
import { play } from "../camera.js";
import { actions, button, main } from "../layout.js";
import { keepLooking, ringState, says } from "../lookout.js";
import { soundLevel } from "../sound.js";
import { openTake } from "../take.js";
import { w } from "../words.js";

const BARS = 16;

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function recordingScreen(app) {
  const stage = h("div", { class: "capture" });
  let stopLooking = () => {};
  const take = openTake(app, stage, () => {
    stopLooking();
    clearInterval(meter);
    sound.stop();
  });
  const sound = soundLevel(take.stream);
  const video = h("video", { muted: true, playsinline: true, autoplay: true, class: "mirror", "aria-hidden": "true" });
  const status = h("span", { class: "row strong" });
  const of = h("span", { class: "muted" });
  const ask = h("h1", { class: "lead ask", tabindex: -1 });
  const digit = h("div", { class: "digit", "data-digit": "" });
  const dots = h("div", { class: "dots", "aria-hidden": "true" });
  const level = h("div", { class: "level", "aria-hidden": "true" }, Array.from({ length: BARS }, () => h("i")));
  const heard = h("p", { class: "small muted centre heard" });
  const ring = s("ellipse", { cx: 88, cy: 112, rx: 84, ry: 108, fill: "none", "stroke-width": 6 });
  const oval = h("div", { class: "oval recording-oval", "data-state": ringState(app.advice) }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 176 224", "aria-hidden": "true" }, ring));
  const stop = button(w("recording.stop"), () => take.end("stopped"), { second: true, action: "stop" });

  async function run() {
    const started = await take.begin(
      video,
      digit,
      (challenge) => drawDots(challenge.count, -1),
    );
    if (!started) return;
    const { challenge, first } = started;
    take.showTime(status);
    tell();
    /** @type {number[]} */
    const shownAt = [];
    for (const [place, at] of challenge.reveals_s.entries()) {
      const answer = place === 0 ? { digit: first } : await take.told(`${challenge.id}/digits/${place}`);
      if (!(await take.due(challenge, at, answer !== null))) return;
      reveal(answer?.digit, place, challenge.count, shownAt);
    }
    if (!(await take.due(challenge, challenge.duration_s))) return;
    await take.finish(challenge, video, { shownAtS: shownAt.length === challenge.count ? shownAt : null, keys: null, turnShownAtS: null });
  }

  /** @param {string} shown @param {number} place @param {number} total @param {number[]} shownAt */
  function reveal(shown, place, total, shownAt) {
    digit.textContent = shown;
    digit.dataset.digit = shown;
    of.textContent = w("recording.of", { place: place + 1, total });
    drawDots(total, place);
    // What counts is when it is on the screen: the next frame.
    requestAnimationFrame(() => {
      shownAt[place] = Math.round(take.now() * 1000) / 1000;
    });
  }

  /**
   * The ring tells as long as anything is wrong. In words, in the place of what is asked, to be seen and not to be said:
   * in the count whatever it is, and while digits are read what can be mended meanwhile.
   */
  function tell() {
    const reading = take.going();
    const hint = (reading ? app.advice?.passing : app.advice?.hint) ?? null;
    ask.textContent = w(hint ? `framing.${hint}` : reading ? "recording.read" : "recording.ready");
    ask.classList.toggle("warn", Boolean(hint));
    ask.dataset.hint = hint ?? "";
    oval.dataset.state = ringState(app.advice);
  }

  /** @param {number} total @param {number} place */
  function drawDots(total, place) {
    fill(dots, Array.from({ length: total }, (_, at) => h("i", { class: at < place ? "d" : at === place ? "n" : "" })));
  }

  const meter = setInterval(() => {
    const now = sound.read();
    const middle = BARS / 2;
    for (const [at, bar] of Array.from(level.children).entries()) {
      const reach = now.level * (1 - Math.abs(at + 0.5 - middle) / (middle + 2)) * (0.7 + 0.6 * Math.random());
      const height = Math.max(6, Math.min(30, 6 + 34 * reach));
      /** @type {HTMLElement} */ (bar).style.setProperty("height", `${height}px`);
      bar.classList.toggle("q", height < 8);
    }
    const word = take.going() ? w(`recording.${now.word}`) : "";
    if (heard.textContent !== word) heard.textContent = word;
  }, 100);

  fill(
    stage,
    main(
      "recording",
      h("div", { class: "row between top-row" }, status, of),
      ask,
      digit,
      dots,
      oval,
      level,
      heard,
    ),
    actions([stop]),
  );
  void play(video, take.stream).catch(() => undefined);
  tell();
  stopLooking = keepLooking(video, {
    recording: true,
    onAdvice: (advice) => {
      if (!says(advice)) return;
      app.advice = advice;
      tell();
    },
  });
  void run();
  return {
    name: "recording",
    title: w("recording.read"),
    look: "white",
    step: "face",
    parts: [stage],
    update: () => true,
    leave: take.leave,
  };
}
