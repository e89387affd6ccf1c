/**
 * Screen 3: first the number, compared before a message is spent; then the six digits, sent by themselves.
 */
import { post } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { clockTime, reasonWords } from "../../shared/i18n.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { stateMark } from "../../shared/icons.js";
import { unbroken, w } from "../words.js";

const CODE_LENGTH = 6;

/** The number as typed, for a second message; never kept beyond this page. */
let typed = "";
let changing = false;

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function phoneScreen(app) {
  const sent = app.state.phone.code_sent && !changing;
  return sent ? codeScreen(app) : numberScreen(app);
}

/**
 * 138 0000 0000
 * @param {string} digits
 */
const grouped = (digits) => [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7, 11)].filter(Boolean).join(" ");

/** Where a refusal is said: a mark, what, what to do. */
function refusal() {
  const place = h("div", { class: "refusal", role: "alert" });
  return {
    place,
    /** @param {string} title @param {string} [next] @param {string} [code] */
    say(title, next = "", code = "") {
      place.replaceChildren(stateMark("redo"), h("div", {}, h("div", { class: "medium" }, title), next ? h("div", { class: "small muted" }, next) : ""));
      place.dataset.reason = code;
    },
    clear() {
      place.replaceChildren();
      delete place.dataset.reason;
    },
  };
}

/**
 * @param {import("../../shared/api.js").Problem} problem
 * @param {ReturnType<typeof refusal>} told
 * @param {boolean} [counted] the screen counts the tries by itself
 */
function tell(problem, told, counted = false) {
  const words = reasonWords(problem.code);
  const tries = problem.triesLeft === null || counted ? "" : w("phone.mismatch_tries", { count: problem.triesLeft }).replaceAll(" ", "\u00a0");
  const until = problem.retryAt ? w("phone.until", { time: clockTime(problem.retryAt) }) : words.next;
  told.say(words.title, [until, tries].filter(Boolean).join(" · "), problem.code);
}

const OWN = ["phone_number_mismatch", "phone_code_too_many", "phone_code_wrong", "phone_code_expired", "validation_failed", "rate_limited"];

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
function numberScreen(app) {
  const told = refusal();
  const input = h("input", {
    type: "tel",
    inputmode: "numeric",
    autocomplete: "tel-national",
    class: "field-input large",
    "aria-label": w("phone.label"),
    "aria-describedby": "phone-lead",
    name: "mobile",
    maxlength: 13,
    placeholder: "138 0000 0000",
    enterkeyhint: "send",
  });
  input.value = grouped(typed);
  const digits = () => input.value.replace(/\D/g, "").replace(/^86(?=1\d{10})/, "");
  input.addEventListener("input", () => {
    const at = input.selectionStart ?? 0;
    const atEnd = at === input.value.length;
    input.value = grouped(digits());
    if (!atEnd) input.setSelectionRange(at, at);
    told.clear();
  });
  const go = button(w("phone.send"), submit, { action: "send-code" });
  let busy = false;
  async function submit() {
    if (busy) return;
    if (!/^1\d{10}$/.test(digits())) {
      told.say(w("phone.bad_number"));
      input.focus();
      return;
    }
    busy = true;
    go.textContent = w("phone.sending");
    typed = digits();
    await app.attempt(
      async () => {
        const state = await post("/m/api/phone", { mobile: typed }, { tries: 1 });
        changing = false;
        await app.take(state);
      },
      (problem) => {
        if (!OWN.includes(problem.code)) return false;
        if (problem.code === "validation_failed") told.say(w("phone.bad_number"));
        else tell(problem, told);
        input.focus();
        return true;
      },
    );
    busy = false;
    go.textContent = w("phone.send");
  }
  const form = h("form", { class: "col gap", novalidate: true }, input, told.place);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  const lead = head(w("phone.title"), w("phone.lead"));
  lead.querySelector("p")?.setAttribute("id", "phone-lead");
  return {
    name: "phone-number",
    title: w("phone.title"),
    step: "phone",
    focus: input,
    parts: [
      main("", topLine({ back: app.state.phone.code_sent ? () => change(app, false) : () => app.go("preflight"), where: w("phone.where") }), lead, form),
      actions([go]),
    ],
    update: () => !sentNow(app),
  };
}

/** @param {import("../app.js").App} app */
const sentNow = (app) => app.state.phone.code_sent && !changing;

/**
 * @param {import("../app.js").App} app
 * @param {boolean} wanted
 */
function change(app, wanted) {
  changing = wanted;
  app.render(true);
}

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
function codeScreen(app) {
  const { phone, provider } = app.state;
  const told = refusal();
  const boxes = Array.from({ length: CODE_LENGTH }, () => h("span", { "aria-hidden": "true" }));
  const input = h("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    pattern: "\\d*",
    name: "code",
    maxlength: CODE_LENGTH,
    class: "code-input",
    "aria-label": w("phone.code_label"),
    "aria-describedby": "code-note",
  });
  const tries = h("span", { id: "code-note" });
  const resend = h("button", { type: "button", class: "resend nowrap", "data-action": "resend", onclick: sendAgain });
  let busy = false;
  let resent = false;

  function draw() {
    const code = input.value;
    for (const [place, box] of boxes.entries()) {
      box.textContent = code[place] ?? "";
      box.classList.toggle("now", document.activeElement === input && place === Math.min(code.length, CODE_LENGTH - 1));
      box.classList.toggle("full", Boolean(code[place]));
    }
  }
  function tick() {
    const at = app.state.phone.resend_at;
    const left = at ? Math.ceil((Date.parse(at) - Date.now()) / 1000) : 0;
    resend.disabled = left > 0;
    resend.textContent = left > 0 ? w("phone.resend_in", { seconds: left }) : w("phone.resend");
    if (resent && left > 0 && left > 57) resend.textContent = w("phone.resent");
    tries.textContent = busy ? w("phone.checking") : w("phone.auto", { count: app.state.phone.tries_left });
  }
  input.addEventListener("input", () => {
    input.value = input.value.replace(/\D/g, "").slice(0, CODE_LENGTH);
    told.clear();
    draw();
    if (input.value.length === CODE_LENGTH) void submit();
  });
  input.addEventListener("focus", draw);
  input.addEventListener("blur", draw);

  async function submit() {
    if (busy) return;
    busy = true;
    tick();
    await app.attempt(
      async () => {
        await app.take(await post("/m/api/phone/code", { code: input.value }, { tries: 1 }));
        typed = "";
        app.go("home", { replace: true });
      },
      (problem) => {
        if (!OWN.includes(problem.code)) return false;
        tell(problem, told, true);
        input.value = "";
        void app.refresh().catch(() => undefined);
        return true;
      },
    );
    busy = false;
    tick();
    draw();
    input.focus();
  }

  async function sendAgain() {
    if (!typed) {
      change(app, true);
      return;
    }
    told.clear();
    await app.attempt(
      async () => {
        resent = true;
        await app.take(await post("/m/api/phone", { mobile: typed }, { tries: 1 }));
      },
      (problem) => {
        if (!OWN.includes(problem.code)) return false;
        tell(problem, told);
        return true;
      },
    );
    tick();
    input.focus();
  }

  const hotline = provider.hotline;
  const help = [w("phone.no_code_1"), w("phone.no_code_2"), hotline ? w("phone.no_code_3", { hotline: unbroken(hotline) }) : ""].filter(Boolean);
  const timer = setInterval(tick, 1000);
  tick();
  queueMicrotask(draw);
  return {
    name: "phone-code",
    title: w("phone.code_title"),
    step: "phone",
    focus: input,
    parts: [
      main(
        "",
        topLine({ back: () => change(app, true), where: w("phone.where") }),
        head(w("phone.code_title"), [w("phone.code_lead"), " ", h("span", { class: "nowrap strong ink" }, phone.hint ?? "")]),
        h("div", { class: "code" }, boxes, input),
        h("div", { class: "row between small muted wrap" }, tries, resend),
        told.place,
        h(
          "details",
          { class: "help" },
          h("summary", { class: "alt start" }, w("phone.no_code")),
          h("ol", { class: "note acts" }, help.map((act, place) => h("li", {}, h("b", { "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act)))),
          alternative(w("phone.change"), () => change(app, true), "change-number"),
        ),
      ),
    ],
    update: () => {
      tick();
      return sentNow(app);
    },
    leave: () => clearInterval(timer),
  };
}
