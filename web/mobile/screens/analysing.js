/**
 * Screen 12: the clip goes up, then it is judged; a ring round the person's picture, named checks that tick off. The
 * clip stays in the browser until the service has it.
 */
import { Problem, Unreachable, get, post } from "../../shared/api.js";
import { fill, h, s } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { troublePicture } from "../drawings/marks.js";
import { dropClip } from "../kept.js";
import { actions, alternative, button, checkList, head, main, topLine } from "../layout.js";
import { send } from "../upload.js";
import { wayOf } from "../way.js";
import { hasWord, w } from "../words.js";

const ROUND = 2 * Math.PI * 64; // length of the ring
const UPLOAD_SHARE = 0.4; // of the ring
const LONG_S = 10;
const ASK_MS = 700;
const USUAL_S = 6; // a clip on an idle machine

const CHECKS = ["upload", "look", "digits", "eyes", "wall", "match"];
/** Of the checks: how many are done when a stage begins, and up to which one it works. @type {Record<string, [number, number]>} */
const AT = { uploading: [0, 1], waiting: [1, 1], decoding: [1, 2], measuring: [2, 5], judging: [5, 6] };

/**
 * @param {import("../app.js").App} app
 * @returns {import("../types.js").Screen}
 */
export function analysingScreen(app) {
  let left = false;
  let stopped = false;
  let retrying = false;
  let begun = performance.now();
  const leaving = new AbortController();
  /** Whether the card's portrait is there: else it is compared once it comes. */
  const compared = app.step("person_document")?.slots[0]?.state === "done";
  const upload = app.step("face")?.slots[0]?.upload ?? null;
  /** @type {{stage: string, fraction: number, sent: number, total: number}} */
  const now = { stage: app.kept ? "uploading" : (upload?.progress?.stage ?? "waiting"), fraction: upload?.progress?.fraction ?? 0, sent: 0, total: app.kept?.clip.size ?? 0 };
  const title = h("h1", { tabindex: -1 });
  const lead = h("p");
  const arc = s("circle", { cx: 68, cy: 68, r: 64, class: "arc" });
  const ring = h("div", { class: "ring-oval", role: "progressbar", "aria-label": w("reading.progress"), "aria-valuemin": 0, "aria-valuemax": 100 }, portrait(), s("svg", { viewBox: "0 0 136 136", "aria-hidden": "true" }, s("circle", { cx: 68, cy: 68, r: 64, class: "track" }), arc));
  const checks = h("div");
  const note = h("p", { class: "small muted centre" });
  const stage = h("div", { class: "capture" });

  function portrait() {
    const inside = h("div", { class: "inside" }, icon("face", { size: 56, stroke: 1.4, class: "muted" }));
    if (app.portrait) {
      const address = URL.createObjectURL(app.portrait);
      const image = h("img", { src: address, alt: w("analysing.picture") });
      image.addEventListener("load", () => URL.revokeObjectURL(address));
      fill(inside, image);
    }
    return inside;
  }

  function draw() {
    if (left || stopped) return;
    const uploading = now.stage === "uploading";
    const word = w(`analysing.${now.stage === "judging" && !compared ? "measuring" : now.stage}`);
    if (title.textContent !== word) {
      title.textContent = word;
      app.say(word);
    }
    const mega = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
    const long = (performance.now() - begun) / 1000 > LONG_S;
    const late = long && !uploading;
    lead.textContent = retrying ? w("capture.retrying") : uploading ? w("analysing.sent", { done: mega(now.sent), total: mega(now.total) }) : late ? w("analysing.long") : w("analysing.stay", { seconds: USUAL_S });
    if (late && note.textContent) app.say(w("analysing.long"));
    note.textContent = late ? "" : w("analysing.kept");
    const part = uploading ? (UPLOAD_SHARE * now.sent) / Math.max(1, now.total) : UPLOAD_SHARE + (1 - UPLOAD_SHARE) * now.fraction;
    arc.setAttribute("stroke-dasharray", `${Math.max(0.01, part) * ROUND} ${ROUND}`);
    ring.setAttribute("aria-valuenow", String(Math.round(part * 100)));
    const [done, working] = AT[now.stage] ?? [1, 1];
    fill(
      checks,
      checkList(
        CHECKS.filter((check) => compared || check !== "match").map((check, place) => ({
          word: w(`analysing.c_${check === "digits" && wayOf(app) === "typed" ? "typed" : check}`),
          mark: place < done ? "passed" : place < working ? "working" : "open",
          ...(check === "upload" && now.total && !uploading ? { note: `${mega(now.total)} MB` } : {}),
        })),
      ),
    );
  }

  async function sendKept() {
    const kept = app.kept;
    if (!kept) return;
    try {
      const sent = await send({
        path: "/m/api/steps/face/slots/clip",
        file: kept.clip,
        capture: kept.capture,
        signal: leaving.signal,
        onProgress: (bytes, total) => {
          retrying = false;
          now.sent = bytes;
          now.total = total;
          draw();
        },
        onRetry: () => {
          retrying = true;
          draw();
        },
      });
      await post(`/m/api/uploads/${sent.id}/submit`, { challenge_id: kept.challenge, shown_at_s: kept.shownAtS, keys: kept.keys, turn_shown_at_s: kept.turnShownAtS, source: kept.source ?? null });
      await forget();
      retrying = false;
      now.stage = "waiting";
      begun = performance.now();
      draw();
      await app.refresh();
      if (!left && !stopped) app.go("face", { replace: true });
    } catch (error) {
      if (left) return;
      if (error instanceof Unreachable) showStopped();
      else if (error instanceof Problem) await refused(error);
      else throw error;
    }
  }

  async function forget() {
    app.kept = null;
    await dropClip(app.state.session.id);
  }

  /** The service doesn't take this clip: it will not take it later either. @param {Problem} problem */
  async function refused(problem) {
    stopped = true;
    const again = app.kept?.capture === "file" ? "face/film" : "face/frame";
    await forget();
    if ([401, 403].includes(problem.status)) {
      app.fail(problem);
      return;
    }
    const words = reasonWords(problem.code === "conflict" ? "challenge_expired" : problem.code);
    const wanted = `film.wanted.${problem.code}`; // a film is wanted, where these reasons speak of a picture
    const top = head(words.title, hasWord(wanted) ? w(wanted) : words.next);
    top.dataset.reason = problem.code;
    fill(
      stage,
      main("", topLine({ back: () => app.back(), where: w("face.where") }), top),
      actions([button(w("recording.again"), () => app.go(again, { replace: true }), { action: "record-again" })]),
    );
    top.querySelector("h1")?.focus();
    await app.refresh().catch(() => undefined);
  }

  function showStopped() {
    const top = head(w("analysing.stopped"), w("analysing.stopped_next"));
    top.dataset.reason = "network_lost";
    const again = () => {
      window.removeEventListener("online", again);
      app.render(true);
    };
    window.addEventListener("online", again);
    fill(
      stage,
      main("message", troublePicture("network_lost"), top),
      actions([
        button(w("analysing.send_again"), again, { action: "send-again" }),
        alternative(w("analysing.drop"), async () => {
          window.removeEventListener("online", again);
          await forget();
          app.go("face/before", { replace: true });
        }, "drop-clip"),
      ]),
    );
    top.querySelector("h1")?.focus();
  }

  const timer = setInterval(async () => {
    const id = app.step("face")?.slots[0]?.upload?.id;
    if (now.stage !== "uploading" && id && !stopped) {
      const fresh = /** @type {import("../types.js").Upload | null} */ (await get(`/m/api/uploads/${id}`, { tries: 1 }).catch(() => null));
      if (fresh?.progress) {
        now.stage = fresh.progress.stage;
        now.fraction = fresh.progress.fraction;
      } else if (fresh) {
        await app.refresh().catch(() => undefined);
      }
    }
    draw();
  }, ASK_MS);

  fill(stage, main("analysing", h("div", { class: "col middle" }, ring, h("div", { class: "head centre" }, title, lead)), checks, note), actions([]));
  draw();
  if (app.kept) void sendKept();
  else if (app.step("face")?.state !== "processing") queueMicrotask(() => app.go("face", { replace: true }));
  return {
    name: "analysing",
    title: w("analysing.waiting"),
    step: "face",
    parts: [stage],
    update: () => true,
    leave: () => {
      left = true;
      leaving.abort();
      clearInterval(timer);
    },
  };
}
