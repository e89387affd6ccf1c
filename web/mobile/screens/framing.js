/**
 * Screen 10: a white page that lights the face, an oval with the mirror picture, one hint at a time, the conditions
 * under it. The button lights up when all is well; after 20 s there is a way past.
 */
import { fill, h, s } from "../../shared/dom.js";
import { icon, stateMark } from "../../shared/icons.js";
import { DeviceFault, closeStream, openFaceCamera, play } from "../camera.js";
import { watch } from "../conditions.js";
import { deviceFault } from "../devicefault.js";
import { actions, alternative, main, topLine } from "../layout.js";
import { w } from "../words.js";

/** @typedef {import("../conditions.js").Conditions} Conditions */

const LOOK_MS = 350; // how often the conditions are measured
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
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const hint = h("h1", { class: "hint", tabindex: -1 }, w("framing.starting"));
  const video = h("video", { muted: true, playsinline: true, autoplay: true, class: "mirror", "aria-hidden": "true" });
  const ring = s("ellipse", { cx: 133, cy: 174, rx: 129, ry: 170, fill: "none", "stroke-width": 6 });
  const silhouette = s("path", { class: "ghost", d: "M78 150c0-52 24-84 55-84s55 32 55 84c0 56-26 94-55 94s-55-38-55-94zM58 298c10-26 28-36 42-44q33 20 66 0c14 8 32 18 42 44" });
  const oval = h("div", { class: "oval framing-oval", "data-state": "starting" }, h("div", { class: "inside" }, video), s("svg", { viewBox: "0 0 266 348", "aria-hidden": "true" }, ring, silhouette));
  const conditions = h("ul", { class: "conditions" });
  const go = h("button", { type: "button", class: "btn", "aria-disabled": "true", "data-action": "start-recording", onclick: start }, w("framing.off"));
  const past = alternative(w("framing.anyway"), proceed, "record-anyway");
  past.hidden = true;
  const pastTimer = setTimeout(() => {
    past.hidden = false;
  }, WAY_PAST_MS);
  const stage = h("div", { class: "capture" });

  async function open() {
    try {
      const opened = await openFaceCamera();
      if (left) {
        closeStream(opened);
        return;
      }
      stream = opened;
      await play(video, opened);
      const look = watch(video);
      const turn = async () => {
        if (left) return;
        const seen = await look();
        if (seen && !left) show(seen);
        timer = setTimeout(turn, LOOK_MS);
      };
      void turn();
    } catch (error) {
      if (left) return;
      left = true;
      document.body.className = "phone";
      document.documentElement.removeAttribute("data-lit");
      fill(stage, deviceFault(app, error instanceof DeviceFault ? error.code : "camera_busy"));
      stage.querySelector("h1")?.focus();
    }
  }

  /** @param {Conditions} seen */
  function show(seen) {
    const bad = firstBad(seen);
    good = bad ? 0 : good + 1;
    const ready = good >= STEADY;
    const word = bad ? w(`framing.${bad}`) : w("framing.good");
    if (hint.textContent !== word) {
      hint.textContent = word;
      app.say(word);
    }
    oval.dataset.state = bad ? "wrong" : "good";
    if (ready) go.removeAttribute("aria-disabled");
    else if (bad) go.setAttribute("aria-disabled", "true");
    go.textContent = w(go.hasAttribute("aria-disabled") ? "framing.off" : "framing.on");
    fill(conditions, rows(seen));
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

  fill(conditions, rows({ distance: "unknown", face: "unknown", light: "unknown", wall: "unknown", sharp: "unknown" }));
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
      clearTimeout(timer);
      clearTimeout(pastTimer);
      if (!kept) closeStream(stream);
    },
  };
}

/** The one hint: the most mendable first. @param {Conditions} seen */
function firstBad(seen) {
  if (seen.face === "off") return "centre";
  if (seen.distance === "far") return "closer";
  if (seen.distance === "near") return "back";
  if (seen.light === "dark") return "dark";
  if (seen.light === "bright") return "bright";
  if (seen.wall === "bad") return "wall";
  return seen.sharp === "bad" ? "blur" : null;
}

/** @param {Conditions} seen */
function rows(seen) {
  const where = seen.distance === "far" ? "distance_far" : seen.distance === "near" ? "distance_near" : seen.face === "off" ? "face_off" : "distance";
  const place = seen.face === "off" || seen.distance === "far" || seen.distance === "near" ? "bad" : seen.face === "unknown" ? "self" : "ok";
  return [
    row("distance", place, place === "bad" ? where : place === "self" ? "self" : "face"),
    row("sharp", tone(seen.sharp), seen.sharp === "bad" ? "sharp_bad" : "sharp"),
    row("light", tone(seen.light), seen.light === "dark" ? "light_dark" : seen.light === "bright" ? "light_bright" : "light"),
    row("wall", tone(seen.wall), seen.wall === "bad" ? "wall_bad" : "wall"),
  ];
}

/** @param {import("../conditions.js").Verdict} verdict */
const tone = (verdict) => (verdict === "ok" ? "ok" : verdict === "unknown" ? "self" : "bad");

/** @param {string} picture @param {"ok" | "bad" | "self"} state @param {string} word */
const row = (picture, state, word) =>
  h(
    "li",
    { "data-condition": picture, "data-state": state },
    h("span", { class: state === "bad" ? "warn pictured" : "muted pictured" }, icon(picture === "distance" && word === "face" ? "face" : picture === "distance" && state === "self" ? "face" : picture, { size: 26 }), state === "self" ? null : stateMark(state === "ok" ? "passed" : "doubtful", 15)),
    h("span", { class: state === "bad" ? "small warn strong" : "small" }, w(`framing.c_${word}`)),
  );
