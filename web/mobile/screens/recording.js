/**
 * Screen 11: a count, then one huge digit at a time, near the camera, at the times that the service gave. The clip is
 * kept in the browser before it is sent.
 */
import { post } from "../../shared/api.js";
import { fill, h, s } from "../../shared/dom.js";
import { countdown } from "../../shared/i18n.js";
import { closeStream, play } from "../camera.js";
import { deviceFault } from "../devicefault.js";
import { keepClip } from "../kept.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { record } from "../recorder.js";
import { soundLevel } from "../sound.js";
import { w } from "../words.js";
import { readingLanguage } from "./instructions.js";

const COUNT_FROM = 3;
const BARS = 16;
const LONGEST_S = 12; // the service takes no longer clip

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function recordingScreen(app) {
  const stream = /** @type {MediaStream} */ (app.stream);
  let left = false;
  /** @type {ReturnType<typeof record> | null} */
  let recording = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  const timers = [];
  const sound = soundLevel(stream);
  const stage = h("div", { class: "capture" });
  const video = h("video", { muted: true, playsinline: true, autoplay: true, class: "mirror", "aria-hidden": "true" });
  const status = h("span", { class: "row strong" });
  const of = h("span", { class: "muted" });
  const ask = h("h1", { class: "lead ask", tabindex: -1 }, w("recording.ready"));
  const digit = h("div", { class: "digit", role: "status", "aria-live": "assertive", "data-digit": "" });
  const dots = h("div", { class: "dots", "aria-hidden": "true" });
  const level = h("div", { class: "level", "aria-hidden": "true" }, Array.from({ length: BARS }, () => h("i")));
  const heard = h("p", { class: "small muted centre heard", role: "status", "aria-live": "polite" });
  const stop = button(w("recording.stop"), () => end("stopped"), { second: true, action: "stop" });

  async function run() {
    const challenge = /** @type {import("../types.js").Challenge | null} */ (
      await app.attempt(() => post("/m/api/face/challenge", { language: readingLanguage(app), mode: "live" }), (problem) => {
        if (problem.status !== 429) return false;
        void app.refresh().then(() => app.go("face", { replace: true }), (error) => app.fail(error));
        return true;
      })
    );
    if (!challenge || left) return;
    drawDots(challenge.digits.length, -1);
    for (let count = COUNT_FROM; count > 0; count -= 1) {
      digit.textContent = String(count);
      digit.classList.add("counting");
      await new Promise((resolve) => timers.push(setTimeout(resolve, 800)));
      if (left) return;
    }
    digit.classList.remove("counting");
    digit.textContent = "";
    ask.textContent = w("recording.read");
    try {
      recording = record(stream);
    } catch {
      fault("recorder_unsupported");
      return;
    }
    await recording.started;
    const begun = performance.now();
    /** @type {number[]} */
    const shownAt = [];
    for (const [place, at] of challenge.reveals_s.entries()) {
      timers.push(setTimeout(() => reveal(challenge.digits, place, shownAt, begun), at * 1000 - (performance.now() - begun)));
    }
    const seconds = Math.min(challenge.duration_s, LONGEST_S);
    const clock = setInterval(() => drawClock((performance.now() - begun) / 1000), 250);
    timers.push(/** @type {ReturnType<typeof setTimeout>} */ (clock), setTimeout(() => void finish(challenge, shownAt), seconds * 1000));
    drawClock(0);
  }

  /** @param {string} digits @param {number} place @param {number[]} shownAt @param {number} begun */
  function reveal(digits, place, shownAt, begun) {
    digit.textContent = digits[place] ?? "";
    digit.dataset.digit = digits[place] ?? "";
    of.textContent = w("recording.of", { place: place + 1, total: digits.length });
    drawDots(digits.length, place);
    // What counts is when it is on the screen: the next frame.
    requestAnimationFrame(() => {
      shownAt[place] = Math.round(performance.now() - begun) / 1000;
    });
  }

  /** @param {number} total @param {number} place */
  function drawDots(total, place) {
    fill(dots, Array.from({ length: total }, (_, at) => h("i", { class: at < place ? "d" : at === place ? "n" : "" })));
  }

  /** @param {number} seconds */
  function drawClock(seconds) {
    fill(status, s("svg", { class: "lamp", viewBox: "0 0 12 12", "aria-hidden": "true" }, s("circle", { cx: 6, cy: 6, r: 6 })), w("recording.on", { time: countdown(seconds) }));
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
    const word = recording ? w(`recording.${now.word}`) : "";
    if (heard.textContent !== word) heard.textContent = word;
  }, 100);

  /**
   * @param {import("../types.js").Challenge} challenge
   * @param {number[]} shownAt
   */
  async function finish(challenge, shownAt) {
    if (left || !recording) return;
    stopTimers();
    app.portrait = await portraitOf(video);
    const clip = await recording.stop();
    recording = null;
    closeStream(stream);
    if (left) return;
    if (!clip.size) {
      message("empty");
      return;
    }
    app.kept = { session: app.state.session.id, clip, challenge: challenge.id, shownAtS: shownAt.length === challenge.digits.length ? shownAt : null, capture: "camera" };
    await keepClip(app.kept);
    app.go("face/send", { replace: true });
  }

  /** @param {"stopped" | "interrupted"} why */
  function end(why) {
    if (left) return;
    stopTimers();
    recording?.cancel();
    recording = null;
    closeStream(stream);
    message(why);
  }

  /** @param {"stopped" | "empty" | "interrupted"} why */
  function message(why) {
    document.body.className = "phone";
    document.documentElement.removeAttribute("data-lit");
    const top = head(w(`recording.${why}_title`), w(`recording.${why}_lead`));
    fill(
      stage,
      main("", topLine({ back: () => app.back(), where: w("face.where") }), top),
      actions([
        why === "empty"
          ? button(w("device.own"), () => app.go("face/film", { replace: true }), { action: "own-camera" })
          : button(w("recording.again"), () => app.go("face/frame", { replace: true }), { action: "record-again" }),
        alternative(w("face.other_way"), () => app.go("other/face"), "other-way"),
      ]),
    );
    stage.dataset.state = why;
    top.querySelector("h1")?.focus();
  }

  /** @param {string} code */
  function fault(code) {
    stopTimers();
    closeStream(stream);
    document.body.className = "phone";
    document.documentElement.removeAttribute("data-lit");
    fill(stage, deviceFault(app, code));
    stage.querySelector("h1")?.focus();
  }

  function stopTimers() {
    for (const timer of timers) clearTimeout(timer);
    timers.length = 0;
    clearInterval(meter);
    sound.stop();
  }

  /** A call or another application takes the camera: the clip would be broken. */
  const hidden = () => {
    if (document.hidden) end("interrupted");
  };
  document.addEventListener("visibilitychange", hidden);
  for (const track of stream.getTracks()) track.addEventListener("ended", () => end("interrupted"));

  fill(
    stage,
    main(
      "recording",
      h("div", { class: "row between top-row" }, status, of),
      ask,
      digit,
      dots,
      h("div", { class: "oval recording-oval", "data-state": "good" }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 176 224", "aria-hidden": "true" }, s("ellipse", { cx: 88, cy: 112, rx: 84, ry: 108, fill: "none", "stroke-width": 6 }))),
      level,
      heard,
    ),
    actions([stop]),
  );
  void play(video, stream).catch(() => undefined);
  void run();
  return {
    name: "recording",
    title: w("recording.read"),
    look: "white",
    step: "face",
    parts: [stage],
    update: () => true,
    leave: () => {
      left = true;
      app.stream = null;
      stopTimers();
      recording?.cancel();
      closeStream(stream);
      document.removeEventListener("visibilitychange", hidden);
    },
  };
}

const PORTRAIT_PX = 240;

/**
 * The picture shown within the ring while the clip is judged.
 * @param {HTMLVideoElement} video
 * @returns {Promise<Blob | null>}
 */
function portraitOf(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const canvas = document.createElement("canvas");
  canvas.width = PORTRAIT_PX;
  canvas.height = PORTRAIT_PX;
  const context = canvas.getContext("2d");
  if (!context || !side) return Promise.resolve(null);
  context.translate(PORTRAIT_PX, 0);
  context.scale(-1, 1);
  context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, PORTRAIT_PX, PORTRAIT_PX);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}
