/**
 * The way round a recorder that doesn't work: the phone's own camera. All digits are shown beforehand; a person looks
 * at the clip.
 */
import { post } from "../../shared/api.js";
import { fill, h } from "../../shared/dom.js";
import { clockTime } from "../../shared/i18n.js";
import { keepClip } from "../kept.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { readingLanguage } from "../way.js";
import { w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function filmScreen(app) {
  /** @type {import("../types.js").Challenge | null} */
  let challenge = null;
  let left = false;
  const digits = h("div", { class: "card pad film-digits", role: "status", "aria-live": "polite" }, w("app.loading"));
  const valid = h("p");
  const camera = fileInput(true);
  const album = fileInput(false);

  /** @param {boolean} own */
  function fileInput(own) {
    const input = h("input", { type: "file", accept: "video/*", class: "sr", tabindex: -1, "aria-hidden": "true", capture: own ? "user" : null, "data-input": own ? "film" : "album" });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void keep(file);
      input.value = "";
    });
    return input;
  }

  async function fresh() {
    challenge = await app.attempt(() => post("/m/api/face/challenge", { language: readingLanguage(app), mode: "file" }), (problem) => {
      if (problem.status !== 429) return false;
      void app.refresh().then(() => app.go("face", { replace: true }), (error) => app.fail(error));
      return true;
    });
    if (!challenge || left) return;
    const shown = challenge.digits ?? "";
    fill(digits, h("span", { class: "sr" }, Array.from(shown).join(" ")), Array.from(shown, (digit) => h("b", { "aria-hidden": "true" }, digit)));
    digits.dataset.digits = shown;
    valid.textContent = w("film.valid", { time: clockTime(challenge.expires_at) });
  }

  /** @param {File} file */
  async function keep(file) {
    if (!challenge) return;
    app.kept = { session: app.state.session.id, clip: file, challenge: challenge.id, shownAtS: null, keys: null, turnShownAtS: null, capture: "file" };
    await keepClip(app.kept);
    app.portrait = null;
    app.go("face/send", { replace: true });
  }

  void fresh();
  return {
    name: "film",
    title: w("film.title"),
    step: "face",
    parts: [
      main(
        "",
        topLine({ back: () => app.back(), where: w("face.where") }),
        head(w("film.title"), w("film.lead")),
        digits,
        h("div", { class: "row between small muted wrap" }, valid, h("button", { type: "button", class: "resend", "data-action": "fresh-digits", onclick: fresh }, w("film.fresh"))),
        h(
          "ol",
          { class: "card cells" },
          [1, 2, 3].map((place) => h("li", { class: "mid" }, h("span", { class: "disc count", "aria-hidden": "true" }, place), h("span", { class: "grow" }, w(`film.${place}`)))),
        ),
        h("p", { class: "small muted centre" }, w("film.note")),
      ),
      actions([
        button(w("film.take"), () => camera.click(), { action: "film", icon: "video" }),
        alternative(w("film.choose"), () => album.click(), "choose-film"),
        camera,
        album,
      ]),
    ],
    update: () => true,
    leave: () => {
      left = true;
    },
  };
}
