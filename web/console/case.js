/**
 * One case on one screen: papers at the left, the person and the recording in the middle, findings and decision right.
 */
import { Problem } from "../shared/api.js";
import { fill, h } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { recording } from "./clip.js";
import { decision } from "./decide.js";
import { findings } from "./findings.js";
import { kbd, onKeys } from "./keys.js";
import { match } from "./match.js";
import { pictures } from "./model.js";
import { papers } from "./papers.js";
import { claim, readCase, release } from "./service.js";
import { openViewer } from "./viewer.js";
import { dayAndTime, duration, since, t, tOr, until } from "./words.js";

/** @typedef {import("./model.js").Case} Case */

const CLOCK_MS = 20_000;
const THUMBS = 6;

/**
 * @param {import("./app.js").Screen} screen
 * @param {string} id
 * @returns {Promise<() => void>}
 */
export async function showCase({ place, operator, announce }, id) {
  let shown = await readCase(id);
  const head = h("header", { class: "ch" });
  const right = h("div", { class: "col side" });
  const mine = () => shown.claim.by === operator && shown.claim.until !== null && until(shown.claim.until) > 0;
  let drawnMine = mine();
  document.title = `${shown.session.reference} ${t("case.title")}`;

  const { part: clip, seek } = recording(shown);
  fill(
    place,
    h(
      "div",
      { class: "case", "data-page": "case", "data-case": id, "data-status": shown.session.status },
      head,
      h("div", { class: "cb" }, papers(shown), h("div", { class: "col middle" }, match(shown, seek), clip), right),
    ),
  );

  function drawHead() {
    const { line } = shown;
    const own = line.subject.kind === "individual";
    fill(
      head,
      h("a", { class: "back", href: "#/queue", "aria-label": t("queue.back") }, icon("back")),
      h("div", { class: "who" }, h("h1", { tabindex: "-1" }, own ? t("line.individual", { name: line.subject.name }) : t("case.who", { subject: line.subject.name, person: line.person })), h("span", { class: "muted" }, [t("case.reference", { reference: line.reference }), tOr("filing", line.filing_kind), line.province].filter(Boolean).join(" · "))),
      h("div", { class: "facts" }, waiting(), attempts(), device()),
      holder(),
    );
  }

  function waiting() {
    const { line } = shown;
    if (line.waiting_since === null) return fact(t("case.created"), dayAndTime(line.created_at));
    const words = duration(since(line.waiting_since));
    return fact(t("case.waiting"), line.late ? t("case.late", { time: words }) : words, line.late ? "bad medium" : "");
  }

  function attempts() {
    const used = shown.steps.filter((step) => step.attempts.used > 0).map((step) => t("case.tries", { step: tOr("step_short", step.name), count: step.attempts.used }));
    return fact(t("case.attempts"), used.join(t("comma")) || t("case.no_tries"));
  }

  function device() {
    const { device: found } = shown.link;
    return fact(t("case.phone"), [found?.kind, found?.browser].filter(Boolean).join(" · ") || "–");
  }

  function holder() {
    if (mine()) {
      const left = duration(until(shown.claim.until ?? ""));
      return [
        h("span", { class: "chip acc held", "data-claim": "mine" }, t("case.mine", { left })),
        h("button", { type: "button", class: "btn second", "data-action": "release", onclick: () => void letGo() }, t("case.release"), kbd("U")),
      ];
    }
    if (shown.line.waiting_since === null) return [h("span", { class: "chip", "data-claim": "none" }, t(`status.${shown.session.status}`))];
    if (shown.claim.by !== null) return [h("span", { class: "chip warn held", "data-claim": "theirs" }, t("case.theirs", { name: shown.claim.by }))];
    return [h("button", { type: "button", class: "btn", "data-action": "claim", onclick: () => void take() }, t("queue.take"), kbd("G"))];
  }

  function drawRight() {
    drawnMine = mine();
    fill(right, findings(shown, seek), drawnMine ? decision(shown, decided) : closed());
  }

  /** In the decision's place while it is not ours to decide. */
  function closed() {
    const key = shown.line.waiting_since === null ? "not_waiting" : shown.claim.by !== null && !mine() ? "theirs_note" : "free_note";
    return h(
      "section",
      { class: "card grow col decide", "data-part": "closed" },
      h("div", { class: "hd" }, h("h2", {}, t("decide.title"))),
      h("div", { class: "body" }, shown.decision ? h("p", { class: "note" }, t(`case.decided_${shown.decision.kind}`, { time: dayAndTime(shown.decision.at) }), " ", shown.decision.message) : null, h("p", { class: "muted" }, t(`case.${key}`, { name: shown.claim.by ?? "" }))),
    );
  }

  /** @param {Promise<Case>} asked */
  async function follow(asked) {
    try {
      shown = await asked;
    } catch (error) {
      announce(t(error instanceof Problem && error.status === 409 ? "queue.taken" : "away"));
      shown = await readCase(id).catch(() => shown);
    }
    drawHead();
    drawRight();
  }

  const take = () => follow(claim(id));
  const letGo = async () => {
    if (!mine()) return;
    await release(id).catch(() => null);
    location.hash = "#/queue";
  };
  const decided = () => {
    announce(t("decide.done"));
    location.hash = "#/queue";
  };

  drawHead();
  drawRight();
  const numbers = Object.fromEntries(
    Array.from({ length: THUMBS }, (_, at) => [
      String(at + 1),
      () => {
        const upload = pictures(shown)[at];
        if (upload) openViewer(shown, upload.id);
      },
    ]),
  );
  onKeys({ ...numbers, u: () => void letGo(), g: () => { if (!mine() && shown.claim.by === null) void take(); }, escape: () => { location.hash = "#/queue"; } });
  const timer = setInterval(() => {
    drawHead();
    // A claim that ran out takes the decision box away; what was typed in a live one is never touched.
    if (drawnMine !== mine()) drawRight();
  }, CLOCK_MS);
  return () => clearInterval(timer);
}

/**
 * @param {string} name
 * @param {string} words
 * @param {string} [tone]
 */
function fact(name, words, tone = "") {
  return h("span", { class: "fact" }, h("span", { class: "muted" }, name), h("span", { class: tone }, words));
}
