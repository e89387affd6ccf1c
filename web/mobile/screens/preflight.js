/**
 * Screen 2: camera, microphone, recording and network are checked before anything is spent. What fails comes first,
 * gives the title and opens its own help; the phone's own camera is the way round.
 */
import { get, post } from "../../shared/api.js";
import { fill, h } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { DeviceFault, closeStream, openStream } from "../camera.js";
import { deviceKind, helpSteps, inWeChat } from "../device.js";
import { actions, alternative, button, head, main, stateLabel } from "../layout.js";
import { recorderType } from "../recorder.js";
import { noteChecked } from "../routes.js";
import { chooseWay } from "../way.js";
import { hasWord, w } from "../words.js";

/** @typedef {"waiting" | "testing" | "ok" | string} CheckState a reason code where it failed */
/** @typedef {{name: "camera" | "microphone" | "recording" | "network", icon: string, state: CheckState}} Check */

/** @type {Record<string, string>} */
const FAULT_WORDS = {
  camera_denied: "denied",
  camera_busy: "busy",
  camera_absent: "absent",
  microphone_denied: "denied",
  microphone_busy: "busy",
  microphone_absent: "absent",
  recorder_unsupported: "unsupported",
  insecure_context: "insecure",
  network_lost: "lost",
};
const SLOW_MS = 1500; // an answer of a few hundred bytes that takes longer means a weak line

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function preflightScreen(app) {
  /** @type {Check[]} */
  const checks = [
    { name: "camera", icon: "camera", state: "waiting" },
    { name: "microphone", icon: "microphone", state: "waiting" },
    { name: "recording", icon: "video", state: "waiting" },
    { name: "network", icon: "network", state: "waiting" },
  ];
  let slow = false;
  let left = false;
  const middle = main("preflight");
  const bottom = actions([]);

  /** @param {Check} check @param {CheckState} state */
  function set(check, state) {
    check.state = state;
    if (!left) draw();
  }
  const failed = () => checks.filter((check) => check.state in FAULT_WORDS);
  const running = () => checks.some((check) => check.state === "testing");

  async function run() {
    for (const check of checks) check.state = "testing";
    draw();
    const [camera, microphone, recording, network] = /** @type {[Check, Check, Check, Check]} */ (checks);
    const line = (async () => {
      const begun = performance.now();
      try {
        await get("/m/api/state", { tries: 2, timeoutMs: 8000 });
        slow = performance.now() - begun > SLOW_MS;
        set(network, "ok");
      } catch {
        set(network, "network_lost");
      }
    })();
    // One question for both devices; each alone only when the two together are refused.
    try {
      closeStream(await openStream({ video: { facingMode: "user" }, audio: true }));
      set(camera, "ok");
      set(microphone, "ok");
    } catch {
      await tryDevice(camera, { video: true });
      await tryDevice(microphone, { audio: true });
    }
    set(recording, recorderType() === null ? "recorder_unsupported" : "ok");
    await line;
    const reports = failed().map((check) => check.state);
    await post("/m/api/device", { reports, user_agent_kind: deviceKind() }, { tries: 1 }).catch(() => undefined);
    if (left) return;
    draw();
    app.say(title());
    if (!reports.length) setTimeout(() => !left && finish(), 700);
  }

  /** @param {Check} check @param {MediaStreamConstraints} wanted */
  async function tryDevice(check, wanted) {
    try {
      closeStream(await openStream(wanted));
      set(check, "ok");
    } catch (error) {
      set(check, error instanceof DeviceFault ? error.code : "camera_busy");
    }
  }

  function finish() {
    noteChecked(app.state.session.id);
    app.go("phone", { replace: true });
  }

  /** Without a microphone the digits are typed. */
  function finishSilently() {
    chooseWay(app, "typed");
    finish();
  }

  function title() {
    const fault = failed()[0];
    if (fault) return reasonWords(fault.state).title;
    if (running()) return w("preflight.checking");
    return checks.every((check) => check.state === "ok") ? w("preflight.ready") : w("preflight.before");
  }

  function lead() {
    const fault = failed()[0];
    if (fault) {
      const own = `preflight.lead_${FAULT_WORDS[fault.state]}`;
      return w(hasWord(own) ? own : `preflight.lead_${fault.name}`);
    }
    if (running()) return w("preflight.checking_lead");
    return checks.every((check) => check.state === "ok") ? w("preflight.ready_lead") : w("preflight.before_lead");
  }

  /** @param {Check} check */
  function row(check) {
    const fault = FAULT_WORDS[check.state];
    const tone = fault ? "bad" : check.state === "ok" ? "ok" : check.state === "testing" ? "acc" : "";
    const good = check.name === "network" ? (slow ? "slow" : "good") : "usable";
    const label = fault
      ? stateLabel("redo", w(`preflight.${fault}`))
      : check.state === "ok"
        ? stateLabel("passed", w(`preflight.${good}`))
        : check.state === "testing"
          ? stateLabel("working", w("preflight.testing"))
          : stateLabel("open", w("preflight.waiting"));
    return h(
      "li",
      { class: "checkrow", "data-check": check.name, "data-state": check.state },
      h("div", { class: "row" }, h("div", { class: `disc ${tone}` }, icon(check.icon)), h("span", { class: "lead grow" }, w(`preflight.${check.name}`)), label),
      fault
        ? h(
            "ol",
            { class: "note bad acts" },
            helpSteps(check.state).map((act, place) => h("li", {}, h("b", { "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act))),
          )
        : null,
    );
  }

  function draw() {
    const faults = failed();
    const rest = checks.filter((check) => !faults.includes(check));
    const first = head(title(), lead());
    const code = faults[0]?.state;
    if (code) first.dataset.reason = code;
    const needsBrowser = faults.some((check) => check.state !== "network_lost" && check.state !== "insecure_context");
    fill(
      middle,
      first,
      h("ul", { class: "card cells" }, [...faults, ...rest].map(row)),
      needsBrowser && (inWeChat() || deviceKind() !== "PC") ? openElsewhere() : null,
    );
    const deviceFault = faults.some((check) => check.name !== "network");
    const silent = faults.every((check) => check.name === "microphone");
    fill(
      bottom,
      faults.length
        ? button(w("preflight.again"), run, { action: "check-again" })
        : running()
          ? null
          : button(w(checks.every((check) => check.state === "ok") ? "preflight.start" : "preflight.check"), checks.every((check) => check.state === "ok") ? finish : run, { action: "check" }),
      deviceFault ? alternative(w(silent ? "preflight.silent" : "preflight.fallback"), silent ? finishSilently : finish, "fallback") : null,
    );
  }

  /** In an in-app browser without camera: how to open the page in a real one. */
  function openElsewhere() {
    const word = h("span", {}, w("preflight.copy"));
    const copy = async () => {
      const address = `${location.origin}/m/`;
      const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
      word.textContent = copied ? w("preflight.copied") : w("preflight.copy_rescan");
    };
    return h(
      "button",
      { type: "button", class: "card row between wide", "data-action": "copy-link", onclick: copy },
      h("span", { class: "row" }, icon("link", { class: "muted" }), word),
      icon("next", { size: 18, class: "muted" }),
    );
  }

  draw();
  return {
    name: "preflight",
    title: w("preflight.checking"),
    parts: [middle, bottom],
    update: () => true,
    leave: () => {
      left = true;
    },
  };
}
