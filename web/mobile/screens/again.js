/**
 * Screen 13: what went right first, then every reason with the frame that shows it; new digits, tries left.
 */
import { h } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { icon, stateMark } from "../../shared/icons.js";
import { actions, alternative, button, head, main, redoNote, topLine } from "../layout.js";
import { inSentence, w } from "../words.js";

const SAID_RIGHT = 2; // more would be noise
/** Checks worth praising, the hardest for a person first. */
const RIGHT = ["digits", "typed_digits", "head_turn", "light", "background", "head", "eyes", "sound", "face", "sharpness", "match"];
/** What a check that passed can't be praised for beside a reason of another. @type {Record<string, RegExp>} */
const UNPRAISED = { sound: /^(audio|speech)_/, sharpness: /^video_/, eyes: /^sunglasses_worn$/ };
const VERY_LATE_S = 3600;

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function againScreen(app) {
  const step = app.step("face");
  if (!step) throw new Error("no face step");
  const reasons = step.reasons.filter((reason) => reason.effect === "retry");
  const praised = (/** @type {string} */ check) => step.went_right.includes(check) && !reasons.some((reason) => UNPRAISED[check]?.test(reason.code));
  const right = RIGHT.filter(praised).map((check) => w(`right.${check}`)).slice(0, SAID_RIGHT).map((said, place) => (place ? inSentence(said) : said));
  const title = w("again.title", { count: reasons.length });
  const { used, max } = step.attempts;
  return {
    name: "again",
    title,
    step: "face",
    parts: [
      main(
        "tight",
        topLine({ back: () => app.back(), where: w("face.where") }),
        head(title, right.length ? [h("span", { class: "row right" }, stateMark("passed"), right.join(w("again.join")))] : ""),
        redoNote(app.state, step),
        h("ul", { class: "card cells again-list" }, reasons.map(reasonCard)),
        h("p", { class: "small muted centre" }, w("again.left", { count: Math.max(0, max - used) }), h("br"), w("app.reference", { reference: app.state.session.reference })),
      ),
      actions([
        button(w("again.record"), () => app.go("face/frame"), { action: "record-again" }),
        alternative(w("again.other_way"), () => app.go("other/face"), "other-way"),
      ]),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === "face");
      return now?.state === "failed" && now.reasons.map((reason) => reason.code).join() === step.reasons.map((reason) => reason.code).join();
    },
  };
}

/** @param {import("../types.js").Reason} reason */
function reasonCard(reason) {
  const words = reasonWords(reason.code);
  const second = reason.moment_s;
  const when = second !== null && second < VERY_LATE_S ? w("again.at", { second: Math.max(1, Math.round(second)) }) : w("again.whole");
  const figure = h("figure", { "aria-hidden": reason.frame ? null : "true" }, reason.frame ? h("img", { src: reason.frame, alt: w("again.frame_alt", { title: words.title }) }) : h("div", { class: "noframe" }, icon(pictureOf(reason.code), { size: 34, stroke: 1.6 })), reason.frame ? h("figcaption", {}, when) : null);
  return h("li", { class: "again mid", "data-reason": reason.code }, figure, h("div", { class: "grow" }, h("h2", {}, words.title), h("p", { class: "muted" }, words.next)));
}

/** For reasons that no frame can show: sound, length. @param {string} code */
function pictureOf(code) {
  if (/^(audio|speech|digits|lips)/.test(code)) return "microphone";
  if (/^typed/.test(code)) return "phone";
  if (/^(background)/.test(code)) return "wall";
  if (/(dark|bright|light)/.test(code)) return "light";
  if (/^video/.test(code)) return "video";
  return "face";
}
