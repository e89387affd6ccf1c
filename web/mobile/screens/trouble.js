/**
 * The service can't be reached, or broke: nobody's fault, nothing lost, one button.
 */
import { reasonWords } from "../../shared/i18n.js";
import { actions, button, head, main } from "../layout.js";
import { troublePicture } from "../drawings/marks.js";
import { w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string | null} code `network_lost`, or null where the service itself broke
 * @returns {import("../types.js").Screen}
 */
export function troubleScreen(app, code) {
  const title = code ? reasonWords(code).title : w("trouble.title");
  async function again() {
    try {
      await app.refresh();
      app.startFollowing();
      app.render(true);
    } catch (error) {
      app.fail(error);
    }
  }
  const retry = () => void again();
  window.addEventListener("online", retry);
  const top = head(title, code ? w("device.lead.network") : w("trouble.lead"));
  top.dataset.reason = code ?? "internal_error";
  return {
    name: "trouble",
    title,
    parts: [main("message", troublePicture(code), top), actions([button(w("trouble.again"), retry, { action: "again" })])],
    leave: () => window.removeEventListener("online", retry),
  };
}
