/**
 * Screen 9: do/don't pairs, how long it takes, the language of the digits or how and how fast they are typed, and a way
 * for who can't.
 */
import { h } from "../../shared/dom.js";
import { stateMark } from "../../shared/icons.js";
import { drawPerson } from "../drawings/persons.js";
import { actions, alternative, button, head, main, numbered, topLine } from "../layout.js";
import { choosePace, paceOf, readingLanguage, wayOf } from "../way.js";
import { w } from "../words.js";

/** How many digits are typed at each pace, as the service will ask for them. */
const DIGITS = { usual: 6, slow: 3 };

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
  return wayOf(app) === "typed" ? forTyping(app) : forReading(app);
}

/** @param {import("../app.js").App} app */
function forTyping(app) {
  const lead = h("span");
  const told = () => {
    lead.textContent = w("typing.lead", { count: DIGITS[paceOf(app)] });
  };
  told();
  const paces = /** @type {const} */ (["usual", "slow"]).map((pace) =>
    choice("pace", pace, w(`typing.pace_${pace}`), paceOf(app), () => {
      choosePace(app, pace);
      told();
    }),
  );
  const acts = [w("typing.act_digit"), w("typing.act_turn"), w("typing.act_still")];
  return screen(app, "instructions-typed", PAIRS.filter(([name]) => name !== "quiet"), {
    lead: [lead],
    first: [h("p", { class: "sr" }, w("typing.screen_reader")), numbered(acts), h("p", { class: "small muted" }, w("typing.note")), choices(w("typing.pace"), paces)],
    go: () => app.go("face/frame"),
    other: w("typing.other_way"),
  });
}

/** @param {import("../app.js").App} app */
function forReading(app) {
  const languages = /** @type {const} */ (["zh", "en"]).map((language) =>
    choice("language", language, w(`face.language_${language}`), readingLanguage(app), () => {
      app.digitsLanguage = language;
    }),
  );
  return screen(app, "instructions", PAIRS, {
    lead: w("face.lead"),
    first: [h("p", { class: "sr" }, w("face.screen_reader"))],
    more: [choices(w("face.language"), languages)],
    go: () => app.go("face/frame"),
    other: w("face.other_way"),
  });
}

/** @param {string} word @param {HTMLElement[]} offered */
const choices = (word, offered) => h("fieldset", { class: "choices" }, h("legend", { class: "small muted" }, word), h("div", { class: "row" }, offered));

/**
 * @param {string} name
 * @param {string} value
 * @param {string} word
 * @param {string} chosen
 * @param {() => void} take
 */
function choice(name, value, word, chosen, take) {
  const input = h("input", { type: "radio", name, value, class: "sr-box", checked: value === chosen });
  input.addEventListener("change", take);
  return h("label", { class: "choice" }, input, h("span", {}, word));
}

/**
 * @param {import("../app.js").App} app
 * @param {string} name
 * @param {typeof PAIRS} pairs
 * @param {{lead: string | HTMLElement[], first?: HTMLElement[], more?: HTMLElement[], go: () => void, other: string}} given `first` and
 *   `more` stand before and after the pairs
 * @returns {import("../types.js").Screen}
 */
function screen(app, name, pairs, { lead, first = [], more = [], go, other }) {
  return {
    name,
    title: w("face.title"),
    step: "face",
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("face.where") }),
        head(w("face.title"), lead),
        first,
        h(
          "ul",
          { class: "card pairs" },
          pairs.map(([name, good, wrong]) =>
            h(
              "li",
              { class: "dd" },
              h("div", {}, h("h2", {}, w(`face.${name}`)), h("p", { class: "small muted" }, w(`face.${name}_why`))),
              // The words beside them say it all.
              h("figure", { "aria-hidden": "true" }, drawPerson(good), stateMark("passed", 22)),
              h("figure", { "aria-hidden": "true" }, drawPerson(wrong), stateMark("wrong", 22)),
            ),
          ),
        ),
        more,
      ),
      actions([
        button(w("face.go"), go, { action: "go" }),
        alternative(other, () => app.go("other/face"), "other-way"),
      ]),
    ],
    update: (state) => state.steps.find((step) => step.name === "face")?.state === "open",
  };
}

