/**
 * Screen 11: a count, then one huge digit at a time, near the camera, at the times that the service gave. Each digit is
 * asked for once the one before it is on the screen: the service gives none out earlier. The clip is kept in the
 * browser before it is sent.
 */
import { Problem, get, pause, post } from "../../shared/api.js";
import { fill, h, s } from "../../shared/dom.js";
import { countdown } from "../../shared/i18n.js";
import { hintInPassing } from "../advice.js";
import { closeStream, play } from "../camera.js";
import { deviceFault } from "../devicefault.js";
import { askForHints } from "../hints.js";
import { keepClip } from "../kept.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { record } from "../recorder.js";
import { soundLevel } from "../sound.js";
import { w } from "../words.js";
import { readingLanguage } from "./instructions.js";

const COUNT_FROM = 3;
const ASK_MS = 750; // how often the service is asked what is wrong: the phone has a video to encode
const BARS = 16;
const LONGEST_S = 12; // the service takes no longer clip
const DIGIT_WITHIN_MS = 4000; // an answer that takes longer would make the clip too long
const EARLY_MS = 200; // between two askings where the service's clock says that it is not time yet

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
  let stopAsking = () => {};
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
  const ring = s("ellipse", { cx: 88, cy: 112, rx: 84, ry: 108, fill: "none", "stroke-width": 6 });
  const oval = h("div", { class: "oval recording-oval", "data-state": "good" }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 176 224", "aria-hidden": "true" }, ring));
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
    drawDots(challenge.count, -1);
    for (let count = COUNT_FROM; count > 0; count -= 1) {
      digit.textContent = String(count);
      digit.classList.add("counting");
      await new Promise((resolve) => timers.push(setTimeout(resolve, 800)));
      if (left) return;
    }
    digit.classList.remove("counting");
    digit.textContent = "";
    ask.textContent = w("recording.read");
    const first = await app.attempt(() => post(`/m/api/face/challenge/${challenge.id}/begin`, {}, { timeoutMs: DIGIT_WITHIN_MS, tries: 2 }));
    if (left) return;
    if (!first) {
      end("slow");
      return;
    }
    try {
      recording = record(stream);
    } catch {
      fault("recorder_unsupported");
      return;
    }
    await recording.started;
    const begun = performance.now();
    const clock = setInterval(() => drawClock((performance.now() - begun) / 1000), 250);
    timers.push(/** @type {ReturnType<typeof setTimeout>} */ (clock));
    drawClock(0);
    stopAsking = askForHints(video, { everyMs: ASK_MS, onSeen: (_, told) => tell(hintInPassing(told)) });
    await readOut(challenge, first.digit, begun);
  }

  /**
   * Shows the digits at their times, and ends the clip. A digit that comes late puts off all that follows.
   * @param {import("../types.js").Challenge} challenge
   * @param {string} first
   * @param {number} begun
   */
  async function readOut(challenge, first, begun) {
    /** @type {number[]} */
    const shownAt = [];
    let late = 0;
    for (const [place, at] of challenge.reveals_s.entries()) {
      const shown = place === 0 ? first : await digitAt(challenge.id, place);
      if (left || !recording) return;
      late = Math.max(late, performance.now() - begun - at * 1000);
      if (shown === null || challenge.duration_s * 1000 + late > LONGEST_S * 1000) {
        end("slow");
        return;
      }
      await time(begun + at * 1000 + late);
      reveal(shown, place, challenge.count, shownAt, begun);
    }
    await time(begun + challenge.duration_s * 1000 + late);
    await finish(challenge, shownAt);
  }

  /**
   * Waits until then; for ever once the recording ended.
   * @param {number} at on the page's own clock
   * @returns {Promise<void>}
   */
  function time(at) {
    return new Promise((resolve) => timers.push(setTimeout(resolve, at - performance.now())));
  }

  /**
   * @param {string} challenge
   * @param {number} place
   * @returns {Promise<string | null>} null when it did not come in time
   */
  async function digitAt(challenge, place) {
    const until = performance.now() + DIGIT_WITHIN_MS;
    while (!left && recording && performance.now() < until) {
      try {
        const answer = await get(`/m/api/face/challenge/${challenge}/digits/${place}`, { timeoutMs: until - performance.now(), tries: 3 });
        return answer.digit;
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "conflict") return null;
        await pause(EARLY_MS);
      }
    }
    return null;
  }

  /** @param {string} shown @param {number} place @param {number} total @param {number[]} shownAt @param {number} begun */
  function reveal(shown, place, total, shownAt, begun) {
    digit.textContent = shown;
    digit.dataset.digit = shown;
    of.textContent = w("recording.of", { place: place + 1, total });
    drawDots(total, place);
    // What counts is when it is on the screen: the next frame.
    requestAnimationFrame(() => {
      shownAt[place] = Math.round(performance.now() - begun) / 1000;
    });
  }

  /**
   * In the place of what is asked, to be seen and not to be said: a voice from the phone would be recorded.
   * @param {string | null} hint one of the `framing.` words
   */
  function tell(hint) {
    ask.textContent = w(hint ? `framing.${hint}` : "recording.read");
    ask.classList.toggle("warn", Boolean(hint));
    ask.dataset.hint = hint ?? "";
    oval.dataset.state = hint ? "wrong" : "good";
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
    app.kept = { session: app.state.session.id, clip, challenge: challenge.id, shownAtS: shownAt.length === challenge.count ? shownAt : null, capture: "camera" };
    await keepClip(app.kept);
    app.go("face/send", { replace: true });
  }

  /** @param {"stopped" | "interrupted" | "slow"} why */
  function end(why) {
    if (left) return;
    stopTimers();
    recording?.cancel();
    recording = null;
    closeStream(stream);
    message(why);
  }

  /** @param {"stopped" | "empty" | "interrupted" | "slow"} why */
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
    stopAsking();
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
      oval,
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
