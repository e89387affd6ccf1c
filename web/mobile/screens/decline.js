/**
 * Consent refused: what happens instead, before it happens.
 */
import { post } from "../../shared/api.js";
import { actions, alternative, button, head, main, numbered, topLine } from "../layout.js";
import { w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function declineScreen(app) {
  const confirm = () =>
    app.attempt(async () => {
      await app.take(await post("/m/api/consent/decline"));
    });
  return {
    name: "decline",
    title: w("decline.title"),
    step: "consent",
    parts: [
      main(
        "",
        topLine({ back: () => app.back() }),
        head(w("decline.title"), w("decline.lead")),
        numbered([w("decline.1"), w("decline.2"), w("decline.3")]),
      ),
      actions([
        button(w("decline.confirm"), confirm, { action: "confirm-decline" }),
        alternative(w("decline.back"), () => app.back(), "back-to-consent"),
      ]),
    ],
    update: (state) => !state.consent.given && !state.consent.declined,
  };
}
