/**
 * One take: a challenge and the recording that answers it, whichever way the digits are answered. The service gives each
 * digit, and where the head is to turn, no earlier than what comes before is on the screen. The clip is kept in the
 * browser before it is sent.
 */
import { Problem, get, pause, post } from "../shared/api.js";
import { fill, s } from "../shared/dom.js";
import { countdown } from "../shared/i18n.js";
import { closeStream } from "./camera.js";
import { deviceFault } from "./devicefault.js";
import { keepClip } from "./kept.js";
import { actions, alternative, button, head, main, topLine } from "./layout.js";
import { record } from "./recorder.js";
import { watchSource } from "./source.js";
import { paceOf, readingLanguage, wayOf } from "./way.js";
import { w } from "./words.js";

/** @typedef {import("./types.js").Challenge} Challenge */
/** @typedef {Pick<import("./kept.js").KeptClip, "shownAtS" | "keys" | "turnShownAtS">} Said what the page says of its take */
/** @typedef {"stopped" | "empty" | "interrupted" | "slow"} Why why a take came to nothing */

const COUNT_FROM = 3;
const COUNT_MS = 800;
const CLOCK_MS = 250;
const LONGEST_S = 12; // the service takes no longer clip
const TOLD_WITHIN_MS = 4000; // an answer that takes longer would make the clip too long
const EARLY_MS = 200; // between two askings where the service's clock says that it is not time yet
const PORTRAIT_PX = 240;

/**
 * @param {import("./app.js").App} app
 * @param {HTMLElement} stage where it is told why a take came to nothing
 * @param {() => void} quiet stops what the screen runs beside it
 */
export function openTake(app, stage, quiet) {
  const stream = /** @type {MediaStream} */ (app.stream);
  let left = false;
  /** @type {ReturnType<typeof record> | null} */
  let recording = null;
  /** @type {ReturnType<typeof watchSource> | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  const timers = [];
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let clock;
  let begun = 0;
  let late = 0;

  const going = () => !left && recording !== null;

  /**
   * Asks for a challenge, counts down, and begins to record.
   * @param {HTMLVideoElement} video that shows the stream
   * @param {HTMLElement} digit where the count is shown, and the digits after it
   * @param {(challenge: Challenge) => void} ready
   * @returns {Promise<{challenge: Challenge, first: string} | null>} null when the take is over already
   */
  async function begin(video, digit, ready) {
    const wanted = { language: readingLanguage(app), mode: "live", way: wayOf(app), pace: paceOf(app) };
    const challenge = /** @type {Challenge | null} */ (
      await app.attempt(() => post("/m/api/face/challenge", wanted), (problem) => {
        if (problem.status !== 429) return false;
        void app.refresh().then(() => app.go("face", { replace: true }), (error) => app.fail(error));
        return true;
      })
    );
    if (!challenge || left) return null;
    ready(challenge);
    for (let number = COUNT_FROM; number > 0; number -= 1) {
      count(digit, number);
      await new Promise((resolve) => timers.push(setTimeout(resolve, COUNT_MS)));
      if (left) return null;
    }
    count(digit, 0);
    const first = await app.attempt(() => post(`/m/api/face/challenge/${challenge.id}/begin`, {}, { timeoutMs: TOLD_WITHIN_MS, tries: 2 }));
    if (left) return null;
    if (!first) {
      end("slow");
      return null;
    }
    try {
      recording = record(stream);
    } catch {
      fault("recorder_unsupported");
      return null;
    }
    source = watchSource(stream, video, recording.type);
    await recording.started;
    begun = performance.now();
    return going() ? { challenge, first: first.digit } : null;
  }

  /**
   * Tells for how long it has been recording, until the take ends.
   * @param {HTMLElement} place
   */
  function showTime(place) {
    const lamp = () => s("svg", { class: "lamp", viewBox: "0 0 12 12", "aria-hidden": "true" }, s("circle", { cx: 6, cy: 6, r: 6 }));
    const draw = () => fill(place, [lamp(), w("recording.on", { time: countdown(now()) })]);
    draw();
    clock = setInterval(draw, CLOCK_MS);
  }

  /** Seconds since the clip began. */
  const now = () => (performance.now() - begun) / 1000;

  /**
   * Waits until something is to be shown. What comes late puts off all that follows.
   * @param {Challenge} challenge
   * @param {number} atS as the service wants it
   * @param {boolean} known false where the service didn't say in time what is to be shown
   * @returns {Promise<boolean>} false when the take is over: it would become too long, or was ended
   */
  async function due(challenge, atS, known = true) {
    if (!going()) return false;
    late = Math.max(late, now() - atS);
    if (!known || challenge.duration_s + late > LONGEST_S) {
      end("slow");
      return false;
    }
    await new Promise((resolve) => timers.push(setTimeout(resolve, (atS + late - now()) * 1000)));
    return going();
  }

  /**
   * Waits for what is not done yet, as long as a clip may be.
   * @param {Promise<void>} done
   * @returns {Promise<void>}
   */
  const linger = (done) => Promise.race([done, new Promise((resolve) => timers.push(setTimeout(resolve, (LONGEST_S - now()) * 1000)))]);

  /**
   * What the service tells in its time.
   * @param {string} path under the challenge
   * @returns {Promise<Record<string, any> | null>} null when it did not come in time
   */
  async function told(path) {
    const until = performance.now() + TOLD_WITHIN_MS;
    while (going() && performance.now() < until) {
      try {
        return await get(`/m/api/face/challenge/${path}`, { timeoutMs: until - performance.now(), tries: 3 });
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "conflict") return null;
        await pause(EARLY_MS);
      }
    }
    return null;
  }

  /**
   * Ends the recording and sends it on.
   * @param {Challenge} challenge
   * @param {HTMLVideoElement} video
   * @param {Said} said
   */
  async function finish(challenge, video, said) {
    if (left || !recording) return;
    const camera = source?.stop();
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
    app.kept = { session: app.state.session.id, clip, challenge: challenge.id, capture: "camera", source: camera, ...said };
    await keepClip(app.kept);
    app.go("face/send", { replace: true });
  }

  /** @param {Why} why */
  function end(why) {
    if (left) return;
    stopTimers();
    recording?.cancel();
    recording = null;
    closeStream(stream);
    message(why);
  }

  /** @param {Why} why */
  function message(why) {
    plain();
    const top = head(w(`recording.${why}_title`), w(`recording.${why}_lead`));
    const ownCamera = why === "empty" && wayOf(app) === "spoken"; // a film of the phone's own camera can't be typed beside
    fill(
      stage,
      main("", topLine({ back: () => app.back(), where: w("face.where") }), top),
      actions([
        ownCamera
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
    plain();
    fill(stage, deviceFault(app, code));
    stage.querySelector("h1")?.focus();
  }

  function stopTimers() {
    for (const timer of timers) clearTimeout(timer);
    timers.length = 0;
    clearInterval(clock);
    source?.stop();
    source = null;
    quiet();
  }

  /** A call or another application takes the camera: the clip would be broken. */
  const hidden = () => {
    if (document.hidden) end("interrupted");
  };
  document.addEventListener("visibilitychange", hidden);
  for (const track of stream.getTracks()) track.addEventListener("ended", () => end("interrupted"));

  return {
    stream,
    begin,
    showTime,
    now,
    due,
    linger,
    told,
    finish,
    end,
    going,
    leave() {
      left = true;
      app.stream = null;
      stopTimers();
      recording?.cancel();
      closeStream(stream);
      document.removeEventListener("visibilitychange", hidden);
    },
  };
}

/** @param {HTMLElement} digit @param {number} left 0 at its end */
function count(digit, left) {
  digit.classList.toggle("counting", left > 0);
  digit.textContent = left ? String(left) : "";
}

/** The page is no lamp any more. */
function plain() {
  document.body.className = "phone";
  document.documentElement.removeAttribute("data-lit");
}

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
