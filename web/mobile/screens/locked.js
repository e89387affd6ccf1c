/**
 * Screen 18: too many tries. Until when, what stays open, and two other ways.
 */
import { h } from "../../shared/dom.js";
import { clockTime, countdown } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { actions, button, head, main } from "../layout.js";
import { lockPicture } from "../drawings/marks.js";
import { stepName, unbroken, w } from "../words.js";

/**
 * @param {import("../app.js").App} app
 * @param {string} name
 * @returns {import("../types.js").Screen}
 */
export function lockedScreen(app, name) {
  const { provider, session } = app.state;
  const step = app.step(name);
  const until = step?.attempts.locked_until;
  if (!step || !until) throw new Error("not locked");
  const title = w("locked.title", { time: clockTime(until) });
  const left = h("div", { class: "countdown", role: "timer" });
  const tick = () => {
    const seconds = (Date.parse(until) - Date.now()) / 1000;
    left.textContent = countdown(seconds);
    if (seconds <= 0) {
      clearInterval(timer);
      app.say(w("locked.over"));
      void app.refresh().then(() => app.render(true), () => undefined);
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
  const hotline = provider.hotline;
  return {
    name: "locked",
    title,
    step: name,
    parts: [
      main(
        "message",
        lockPicture(),
        head(title, w("locked.lead", { step: stepName(step, app.state), count: step.attempts.used })),
        h("div", { class: "card pad centre" }, h("div", { class: "small muted" }, w("locked.left")), left, h("p", { class: "small muted" }, w("locked.others"))),
        h(
          "ul",
          { class: "card cells ways" },
          h("li", { class: "mid" }, icon("person", { class: "muted" }), h("button", { type: "button", class: "grow way", "data-action": "other-way", onclick: () => app.go(`other/${name}`) }, w("locked.person")), icon("next", { size: 18, class: "muted" })),
          hotline
            ? h("li", { class: "mid" }, icon("question", { class: "muted" }), h("a", { class: "grow way", href: `tel:${hotline.replace(/[^\d+]/g, "")}` }, w("locked.call", { hotline: unbroken(hotline), reference: session.reference })), icon("next", { size: 18, class: "muted" }))
            : null,
        ),
      ),
      actions([button(w("locked.go"), () => app.go("home", { replace: true }), { action: "home" })]),
    ],
    update: (state) => {
      const now = state.steps.find((each) => each.name === name);
      return now?.attempts.locked_until === until;
    },
    leave: () => clearInterval(timer),
  };
}
