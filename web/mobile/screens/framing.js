/**
 * Screen 10: a white page that lights the face, an oval with the mirror picture, one hint at a time, the conditions
 * under it. The button lights up when all is well; after 20 s there is a way past. What is wrong is told by the service
 * from small frames; where it tells nothing, by what the page measures itself.
 */
import { fill, h, s } from "../../shared/dom.js";
import { icon, stateMark } from "../../shared/icons.js";
import { adviceOf } from "../advice.js";
import { DeviceFault, closeStream, openFaceCamera, play } from "../camera.js";
import { deviceFault } from "../devicefault.js";
import { actions, alternative, main, topLine } from "../layout.js";
import { keepLooking, ringState, says } from "../lookout.js";
import { wayOf } from "../way.js";
import { w } from "../words.js";

/** @typedef {import("../advice.js").Advice} Advice */
/** @typedef {import("../advice.js").Row} Row */

const SPOKEN_MS = 1200;
const STEADY = 2; // so many good looks in a row light the button
const WAY_PAST_MS = 20000; // a wrong gate must never lock anyone out

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function framingScreen(app) {
  /** @type {MediaStream | null} */
  let stream = null;
  let left = false;
  let kept = false;
  let good = 0;
  let stopLooking = () => {};
  app.advice = null;
  const hint = h("h1", { class: "hint", tabindex: -1 }, w("framing.starting"));
  const video = h("video", { muted: true, playsinline: true, autoplay: true, class: "mirror", "aria-hidden": "true" });
  const ring = s("ellipse", { cx: 133, cy: 174, rx: 129, ry: 170, fill: "none", "stroke-width": 6 });
  const silhouette = s("path", { class: "ghost", d: "M78 150c0-52 24-84 55-84s55 32 55 84c0 56-26 94-55 94s-55-38-55-94zM58 298c10-26 28-36 42-44q33 20 66 0c14 8 32 18 42 44" });
  const oval = h("div", { class: "oval framing-oval", "data-state": ringState(null) }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 266 348", "aria-hidden": "true" }, ring, silhouette));
  const conditions = h("ul", { class: "conditions" });
  const go = h("button", { type: "button", class: "btn", "aria-disabled": "true", "data-action": "start-recording", onclick: start }, w("framing.off"));
  const past = alternative(w("framing.anyway"), proceed, "record-anyway");
  past.hidden = true;
  const pastTimer = setTimeout(() => {
    past.hidden = false;
    if (go.hasAttribute("aria-disabled")) app.say(w("framing.anyway"));
  }, WAY_PAST_MS);
  const stage = h("div", { class: "capture" });
  const voice = calmly((text) => app.say(text));

  async function open() {
    try {
      const opened = await openFaceCamera(wayOf(app) === "spoken");
      if (left) {
        closeStream(opened);
        return;
      }
      stream = opened;
      await play(video, opened);
      stopLooking = keepLooking(video, { onAdvice: show });
    } catch (error) {
      if (left) return;
      left = true;
      document.body.className = "phone";
      document.documentElement.removeAttribute("data-lit");
      fill(stage, deviceFault(app, error instanceof DeviceFault ? error.code : "camera_busy"));
      stage.querySelector("h1")?.focus();
    }
  }

  /**
   * @param {Advice} advice
   * @param {import("../lookout.js").Looker} by
   */
  function show(advice, by) {
    good = advice.well ? good + 1 : 0;
    if (!says(advice)) return;
    app.advice = advice;
    const word = w(`framing.${advice.hint ?? "good"}`);
    hint.textContent = word;
    hint.dataset.hint = advice.hint ?? "good";
    oval.dataset.state = ringState(advice);
    oval.dataset.by = by;
    if (good >= STEADY) go.removeAttribute("aria-disabled");
    else if (advice.hint) go.setAttribute("aria-disabled", "true");
    const lit = !go.hasAttribute("aria-disabled");
    go.textContent = w(lit ? "framing.on" : "framing.off");
    voice.say(lit ? w("framing.good_said") : advice.towards ? w(`framing.centre_${advice.towards}`) : word);
    fill(conditions, advice.rows.map(row));
  }

  function start() {
    if (!go.hasAttribute("aria-disabled")) proceed();
  }

  function proceed() {
    if (!stream) return;
    kept = true;
    app.stream = stream;
    app.go("face/record", { replace: true });
  }

  fill(conditions, adviceOf({ reasons: [], not_checked: ["place", "head", "light", "background"], head: null }, [], { width: 1, height: 1 }).rows.map(row));
  fill(stage, main("framing", topLine({ back: () => app.back() }), hint, oval, conditions), actions([go, past]));
  void open();
  return {
    name: "framing",
    title: w("framing.title"),
    look: "white",
    step: "face",
    parts: [stage],
    update: () => true,
    leave: () => {
      left = true;
      stopLooking();
      voice.stop();
      clearTimeout(pastTimer);
      if (!kept) closeStream(stream);
    },
  };
}

/** @param {Row} given */
const row = ({ condition, picture, tone, word }) =>
  h(
    "li",
    { "data-condition": condition, "data-state": tone },
    h("span", { class: tone === "bad" ? "warn pictured" : "muted pictured" }, icon(picture, { size: 26 }), tone === "self" ? null : stateMark(tone === "ok" ? "passed" : "doubtful", 15)),
    h("span", { class: tone === "bad" ? "small warn strong" : "small" }, w(`framing.c_${word}`), tone === "ok" ? h("span", { class: "sr" }, ` ${w("framing.c_fine")}`) : null),
  );

/**
 * Says a hint to a screen reader once it has stood for a while, and none twice: hints come and go faster than words.
 * @param {(text: string) => void} say
 */
function calmly(say) {
  let last = "";
  let next = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    /** @param {string} text */
    say(text) {
      if (text === next) return;
      next = text;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (text === last) return;
        last = text;
        say(text);
      }, SPOKEN_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
