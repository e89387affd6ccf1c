/**
 * Another way for who can't speak, hear, see or be filmed: the face with digits that are typed, or a person.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { recorderType } from "../recorder.js";
import { chooseWay, wayOf } from "../way.js";
import { stepName, w } from "../words.js";

const WHYS = ["cannot_speak", "cannot_see", "cannot_be_filmed", "other"];

/**
 * @param {import("../app.js").App} app
 * @param {string} name the step
 * @returns {import("../types.js").Screen}
 */
export function otherWayScreen(app, name) {
  const step = app.step(name);
  const face = name === "face";
  const missing = h("p", { class: "small bad missing", role: "status", "aria-live": "polite", id: "missing" });
  /** The way of recording that isn't the present one, where this browser records at all. */
  const another = wayOf(app) === "typed" ? "spoken" : "typed";
  const offered = face ? [...(recorderType() === null ? [] : [another]), ...WHYS] : ["other"];
  const choices = offered.map((value) => h("input", { type: "radio", name: "why", value, class: "sr-box", checked: !face }));
  const confirm = button(w(face ? "other.next" : "other.confirm"), ask, { action: "other-way" });
  const chosen = () => choices.find((choice) => choice.checked)?.value;
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      confirm.textContent = w(chosen() === another ? "other.record" : "other.confirm");
      missing.textContent = "";
      group.removeAttribute("aria-invalid");
    });
  }

  async function ask() {
    const why = chosen();
    if (why === undefined) {
      missing.textContent = w("other.which");
      group.setAttribute("aria-invalid", "true");
      choices[0]?.focus();
      return;
    }
    if (why === another) {
      chooseWay(app, another);
      app.go("face/before", { replace: true });
      return;
    }
    await app.attempt(async () => {
      await app.take(await post("/m/api/other_way", { step: name, why }));
      app.go(name, { replace: true });
    });
  }

  /** @param {HTMLInputElement} choice */
  function row(choice) {
    const words = h("span", { class: "grow" }, w(face ? `other.face_${choice.value}` : "other.other"));
    if (face) words.append(h("span", { class: "small muted block" }, w(choice.value === another ? `other.how_${another}` : "other.how_person")));
    return h("label", { class: "mid radio" }, choice, h("span", { class: "ring", "aria-hidden": "true" }), words);
  }

  const group = h("div", { class: "card cells", role: "radiogroup", "aria-label": w("other.which"), "aria-describedby": "missing" }, choices.map(row));
  return {
    name: "other-way",
    title: w("other.title"),
    step: name,
    parts: [
      main(
        "",
        topLine({ back: () => app.back(), where: step ? stepName(step, app.state) : "" }),
        head(w("other.title"), w(face ? "other.lead_face" : "other.lead")),
        group,
      ),
      actions([missing, confirm, alternative(w(face ? "other.back_face" : "other.back"), () => app.back(), "back")]),
    ],
    update: () => true,
  };
}
