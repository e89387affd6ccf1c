/**
 * Camera, microphone or recorder missing, busy or denied: each with its own words, and the phone's own camera as the
 * way round.
 */
import { post } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { reasonWords } from "../shared/i18n.js";
import { deviceKind, helpSteps } from "./device.js";
import { actions, alternative, button, head, main, topLine } from "./layout.js";
import { wayOf } from "./way.js";
import { w } from "./words.js";

/** Which lead a fault has. @type {Record<string, string>} */
const LEADS = { microphone_denied: "microphone", microphone_busy: "microphone", microphone_absent: "microphone", recorder_unsupported: "recording", network_lost: "network" };

/**
 * The parts of the screen for a fault met while recording.
 * @param {import("./app.js").App} app
 * @param {string} code
 */
export function deviceFault(app, code) {
  void post("/m/api/device", { reports: [code], user_agent_kind: deviceKind() }, { tries: 1 }).catch(() => undefined);
  const top = head(reasonWords(code).title, w(`device.lead.${LEADS[code] ?? "camera"}`));
  top.dataset.reason = code;
  return [
    main(
      "",
      topLine({ back: () => app.back(), where: w("face.where") }),
      top,
      h(
        "ol",
        { class: "note bad acts" },
        helpSteps(code).map((act, place) => h("li", {}, h("b", { "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act))),
      ),
    ),
    actions([
      button(w("device.again"), () => {
        app.go("face/frame", { replace: true });
        app.render(true);
      }, { action: "again" }),
      wayOf(app) === "spoken" ? button(w("device.own"), () => app.go("face/film", { replace: true }), { second: true, action: "own-camera" }) : null,
      alternative(w("face.other_way"), () => app.go("other/face"), "other-way"),
    ]),
  ];
}
