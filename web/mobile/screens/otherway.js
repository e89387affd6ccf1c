/**
 * Another way for who can't speak or be filmed: the step goes to a person.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { stepName, w } from "../words.js";

const WHYS = ["cannot_speak", "cannot_be_filmed", "other"];

/**
 * @param {import("../app.js").App} app
 * @param {string} name the step
 * @returns {import("../types.js").Screen}
 */
export function otherWayScreen(app, name) {
  const step = app.step(name);
  const missing = h("p", { class: "small bad", role: "status", "aria-live": "polite" });
  const choices = WHYS.filter((why) => name === "face" || why === "other").map((why) =>
    h("input", { type: "radio", name: "why", value: why, class: "sr-box", checked: name !== "face" }),
  );
  async function ask() {
    const chosen = choices.find((choice) => choice.checked);
    if (!chosen) {
      missing.textContent = w("other.which");
      choices[0]?.focus();
      return;
    }
    await app.attempt(async () => {
      await app.take(await post("/m/api/other_way", { step: name, why: chosen.value }));
      app.go(name, { replace: true });
    });
  }
  return {
    name: "other-way",
    title: w("other.title"),
    step: name,
    parts: [
      main(
        "",
        topLine({ back: () => app.back(), where: step ? stepName(step, app.state) : "" }),
        head(w("other.title"), w("other.lead")),
        h(
          "div",
          { class: "card cells", role: "radiogroup", "aria-label": w("other.which") },
          choices.map((choice) =>
            h(
              "label",
              { class: "mid radio" },
              choice,
              h("span", { class: "ring", "aria-hidden": "true" }),
              h("span", { class: "grow" }, w(`other.${choice.value}`)),
            ),
          ),
        ),
        missing,
      ),
      actions([button(w("other.confirm"), ask, { action: "other-way" }), alternative(w(name === "face" ? "other.back_face" : "other.back"), () => app.back(), "back")]),
    ],
    update: () => true,
  };
}
