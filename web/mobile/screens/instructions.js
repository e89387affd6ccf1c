/**
 * Screen 9: four do/don't pairs, how long it takes, the language of the digits, and a way for who can't.
 */
import { h } from "../../shared/dom.js";
import { locale } from "../../shared/i18n.js";
import { stateMark } from "../../shared/icons.js";
import { drawPerson } from "../drawings/persons.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { recorderType } from "../recorder.js";
import { w } from "../words.js";

/** @type {[string, import("../drawings/persons.js").Person, import("../drawings/persons.js").Person][]} */
const PAIRS = [
  ["wall", {}, { room: true, wall: "#E3D6C4" }],
  ["bare", { longHair: true, coat: "#7A5A6B" }, { covered: true }],
  ["light", { glasses: true, coat: "#56705C" }, { glasses: true, coat: "#56705C", sideLight: true, wall: "#DADDE1" }],
  ["quiet", { speaking: true }, { speaking: true, noise: true }],
];

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function instructionsScreen(app) {
  const choices = /** @type {const} */ (["zh", "en"]).map((language) => {
    const input = h("input", { type: "radio", name: "language", value: language, class: "sr-box", checked: language === readingLanguage(app) });
    input.addEventListener("change", () => {
      app.digitsLanguage = language;
    });
    return h("label", { class: "choice" }, input, h("span", {}, w(`face.language_${language}`)));
  });
  return {
    name: "instructions",
    title: w("face.title"),
    step: "face",
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("face.where") }),
        head(w("face.title"), w("face.lead")),
        h(
          "ul",
          { class: "card pairs" },
          PAIRS.map(([name, good, wrong]) =>
            h(
              "li",
              { class: "dd" },
              h("div", {}, h("h2", {}, w(`face.${name}`)), h("p", { class: "small muted" }, w(`face.${name}_why`))),
              h("figure", {}, drawPerson(good), stateMark("passed", 22), h("figcaption", { class: "sr" }, w("face.do"))),
              h("figure", {}, drawPerson(wrong), stateMark("wrong", 22), h("figcaption", { class: "sr" }, w("face.dont"))),
            ),
          ),
        ),
        h("fieldset", { class: "choices" }, h("legend", { class: "small muted" }, w("face.language")), h("div", { class: "row" }, choices)),
      ),
      actions([
        button(w("face.go"), () => app.go(recorderType() === null ? "face/film" : "face/frame"), { action: "go" }),
        alternative(w("face.other_way"), () => app.go("other/face"), "other-way"),
      ]),
    ],
    update: (state) => state.steps.find((step) => step.name === "face")?.state === "open",
  };
}

/**
 * The language in which the digits will be read: the one chosen here, else the page's.
 * @param {import("../app.js").App} app
 * @returns {"zh" | "en"}
 */
export const readingLanguage = (app) => app.digitsLanguage ?? (locale() === "zh-CN" ? "zh" : "en");
