/**
 * Screen 16: the one large tick; what was verified; where to go on.
 */
import { h } from "../../shared/dom.js";
import { inWeChat } from "../device.js";
import { doneTick } from "../drawings/marks.js";
import { actions, button, head, main } from "../layout.js";
import { stateMark } from "../../shared/icons.js";
import { stepName, unbroken, w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function doneScreen(app) {
  const { phone, provider } = app.state;
  const steps = app.state.steps.filter((step) => step.name !== "consent");
  const close = closer();
  const hotline = provider.hotline;
  return {
    name: "done",
    title: w("done.title"),
    parts: [
      main(
        "message",
        doneTick(),
        head(w("done.title"), w("done.lead")),
        h(
          "ul",
          { class: "card cells" },
          steps.map((step) => {
            const note = step.name === "phone" ? (phone.hint ?? "") : step.state !== "passed" ? w("done.approved") : step.name === "face" ? w("done.person") : step.name === "forms" ? w("done.forms", { count: step.slots.length }) : w("done.agree");
            return h("li", { class: "mid", "data-step": step.name }, stateMark("passed", 20), h("span", { class: "grow" }, stepName(step, app.state)), h("span", { class: "small muted" }, note));
          }),
        ),
      ),
      actions([
        close ? button(w("done.close"), close, { action: "close" }) : null,
        h(
          "details",
          { class: "help centre" },
          h("summary", { class: "alt" }, w("done.help")),
          h("ol", { class: "note acts" }, [w("done.help_1"), hotline ? w("done.help_2", { hotline: unbroken(hotline) }) : ""].filter(Boolean).map((act, place) => h("li", {}, h("b", { "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act)))),
        ),
      ]),
    ],
    update: (state) => state.session.status === "verified",
  };
}

/** Only WeChat lets a page close itself. @returns {(() => void) | null} */
function closer() {
  if (!inWeChat()) return null;
  const bridge = () => /** @type {{WeixinJSBridge?: {call: (name: string) => void}}} */ (/** @type {unknown} */ (window)).WeixinJSBridge;
  return () => bridge()?.call("closeWindow");
}
