/**
 * Screen 5: the camera with a frame in the paper's proportions, or a picture from the album, or the phone's own camera
 * where ours doesn't open. The picture goes to the service as a draft at once.
 */
import { fill, h } from "../../shared/dom.js";
import { reasonWords } from "../../shared/i18n.js";
import { icon } from "../../shared/icons.js";
import { Problem, Unreachable, post } from "../../shared/api.js";
import { DeviceFault, closeStream, hasTorch, openPaperCamera, play, switchTorch, takePicture } from "../camera.js";
import { deviceKind, helpSteps } from "../device.js";
import { troublePicture } from "../drawings/marks.js";
import { frameOver, isSmall } from "../drawings/papers.js";
import { hasSeveral, mendedPage, pagePlace } from "../formpages.js";
import { actions, alternative, button, head, main, topLine } from "../layout.js";
import { send } from "../upload.js";
import { inSentence, kindName, stepName, w } from "../words.js";

/** @typedef {import("../app.js").App} App */

/**
 * @param {App} app
 * @param {string} stepOf
 * @param {string} slotName
 * @param {{file: number | null} | null} [page] another page of the form that is there, or that one taken again
 * @returns {import("../types.js").Screen}
 */
export function captureScreen(app, stepOf, slotName, page = null) {
  const step = app.step(stepOf);
  const slot = step?.slots.find((each) => each.name === slotName);
  if (!step || !slot) throw new Error(`no slot ${stepOf} ${slotName}`);
  const kind = slot.kind;
  const sides = stepOf !== "forms" && step.slots.length > 1;
  const route = `${stepOf}/${slotName}`;
  const here = page ? `${route}/${page.file === null ? "add" : `again-${page.file}`}` : `${route}/take`;
  // Back from a draft's page is back to its pages, however one came.
  const back = () => (page && slot.state === "draft" ? app.go(route, { replace: true }) : app.back());
  const path = page ? `/m/api/uploads/${slot.upload?.id}/pages${page.file === null ? "" : `/${page.file}`}` : `/m/api/steps/${stepOf}/slots/${slotName}`;
  const title = kind.startsWith("id_card")
    ? w(slotName === "emblem" ? "capture.emblem" : "capture.portrait")
    : mendedPage(step, slot, page) || w(stepOf === "forms" ? "capture.form" : "capture.licence", { kind: inSentence(kindName(kind)) });
  const where = sides
    ? w("capture.of", { place: step.slots.indexOf(slot) + 1, total: step.slots.length })
    : stepOf === "forms" ? pagePlace(slot, page) : stepName(step, app.state);

  /** @type {MediaStream | null} */
  let stream = null;
  let left = false;
  let lit = false;
  const sending = new AbortController();
  const stage = h("div", { class: "capture" });

  /** Inputs for a picture from the album, and for the phone's own camera. */
  const album = fileInput(false, "album");
  const own = fileInput(true, "file");

  /** @param {boolean} camera @param {"album" | "file"} capture */
  function fileInput(camera, capture) {
    const input = h("input", { type: "file", accept: "image/*", class: "sr", tabindex: -1, "aria-hidden": "true", capture: camera ? "environment" : null, "data-input": capture });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void take(file, capture);
      input.value = "";
    });
    return input;
  }

  async function openCamera() {
    try {
      const opened = await openPaperCamera();
      if (left) {
        closeStream(opened);
        return;
      }
      stream = opened;
      await play(video, opened);
      torch.hidden = !hasTorch(opened);
      waiting.hidden = true;
      shutter.removeAttribute("aria-disabled");
    } catch (error) {
      if (!left) showFault(error instanceof DeviceFault ? error.code : "camera_busy");
    }
  }

  const video = h("video", { class: "scene", muted: true, playsinline: true, autoplay: true, "aria-hidden": "true" });
  const waiting = h("p", { class: "starting", role: "status" }, w("capture.starting"));
  const shutter = h("button", { type: "button", class: "shutter", "aria-label": w("capture.shutter"), "aria-disabled": "true", "data-action": "shutter", onclick: press });
  const torchWord = h("span", {}, w("capture.torch"));
  const torch = h("button", { type: "button", class: "tool", "aria-pressed": "false", "data-action": "torch", hidden: true, onclick: toggleTorch }, icon("torch", { size: 26 }), torchWord);

  async function toggleTorch() {
    if (!stream) return;
    lit = !lit;
    await switchTorch(stream, lit).catch(() => undefined);
    torch.setAttribute("aria-pressed", String(lit));
    torchWord.textContent = w(lit ? "capture.torch_on" : "capture.torch");
  }

  async function press() {
    if (!stream || shutter.getAttribute("aria-disabled")) return;
    shutter.setAttribute("aria-disabled", "true");
    try {
      await take(await takePicture(video, stream), "camera");
    } catch (error) {
      if (error instanceof DeviceFault) showFault(error.code);
      else throw error;
    }
  }

  /**
   * Sends the picture; then the draft's crop screen follows by itself.
   * @param {Blob} file
   * @param {"camera" | "album" | "file"} capture
   */
  async function take(file, capture) {
    closeStream(stream);
    stream = null;
    const address = URL.createObjectURL(file);
    const bar = h("i");
    const words = h("h1", { tabindex: -1 }, w("capture.uploading"));
    const lead = h("p", {}, w("capture.uploading_lead"));
    const picture = h("img", { src: address, alt: "", class: "preview" });
    picture.addEventListener("error", () => picture.remove()); // HEIC: the browser may not show what the service can
    show(
      main("", topLine({ back, where }), h("div", { class: "card reading" }, picture), h("div", { class: "head" }, words, lead),
        h("div", { class: "bar-t", role: "progressbar", "aria-label": w("reading.progress") }, bar)),
      actions([]),
      "",
    );
    words.focus({ preventScroll: true });
    try {
      const upload = await send({
        path,
        file,
        capture,
        signal: sending.signal,
        onProgress: (sent, total) => bar.style.setProperty("width", `${Math.round((100 * sent) / Math.max(1, total))}%`),
        onRetry: () => {
          lead.textContent = w("capture.retrying");
        },
      });
      if (left) return;
      await app.refresh();
      app.go(framing(upload), { replace: true });
    } catch (error) {
      if (left) return;
      if (error instanceof Problem && error.code in FILE_FAULTS) showRefused(error.code);
      else if (error instanceof Unreachable) showStopped(file, capture);
      else if (error instanceof Problem && error.status === 429) await app.refresh().catch((again) => app.fail(again));
      else app.fail(error);
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  /** Where the picture is framed: of a form's page beside others, by its own address. @param {import("../types.js").Upload} upload */
  function framing(upload) {
    const now = app.step(stepOf)?.slots.find((each) => each.name === slotName);
    if (stepOf !== "forms" || upload.state !== "draft" || !now || !hasSeveral(now)) return route;
    const before = page?.file ? slot?.upload?.pages.findIndex((each) => each.file === page.file) : -1;
    const taken = upload.pages.at(before ?? -1);
    return taken ? `${route}/page-${taken.file}` : route;
  }

  /** @type {Record<string, true>} */
  const FILE_FAULTS = { file_too_large: true, file_type_not_allowed: true, file_unreadable: true };

  /** The file itself is no picture of ours. @param {string} code */
  function showRefused(code) {
    const words = reasonWords(code);
    const top = head(words.title, words.next);
    top.dataset.reason = code;
    show(
      main("", topLine({ back, where }), top),
      actions([button(w("crop.retake"), restart, { action: "retake" }), alternative(w("capture.album"), () => album.click(), "album"), album]),
      "",
    );
    top.querySelector("h1")?.focus();
  }

  /** The line is gone: the picture stays in this page until it is back. @param {Blob} file @param {"camera" | "album" | "file"} capture */
  function showStopped(file, capture) {
    const top = head(w("capture.stopped"), w("capture.stopped_next"));
    top.dataset.reason = "network_lost";
    const again = () => {
      window.removeEventListener("online", again);
      void take(file, capture);
    };
    window.addEventListener("online", again);
    show(
      main("message", troublePicture("network_lost"), top),
      actions([button(w("capture.send_again"), again, { action: "send-again" })]),
      "",
    );
    top.querySelector("h1")?.focus();
  }

  /** Our camera doesn't open: why, what to do, and the phone's own camera. @param {string} code */
  function showFault(code) {
    void post("/m/api/device", { reports: [code], user_agent_kind: deviceKind() }, { tries: 1 }).catch(() => undefined);
    const top = head(reasonWords(code).title, w("device.lead.camera"));
    top.dataset.reason = code;
    show(
      main(
        "",
        topLine({ back, where }),
        top,
        h(
          "ol",
          { class: "note bad acts" },
          helpSteps(code).map((act, place) => h("li", {}, h("b", { "aria-hidden": "true" }, place + 1), h("span", { class: "grow" }, act))),
        ),
      ),
      actions([
        button(w("capture.own_take"), () => own.click(), { action: "own-camera", icon: "camera" }),
        button(w("capture.album"), () => album.click(), { second: true, action: "album" }),
        alternative(w("capture.try_camera"), restart, "camera-again"),
        album,
        own,
      ]),
      "",
    );
    top.querySelector("h1")?.focus();
  }

  function restart() {
    app.go(here, { replace: true });
    app.render(true);
  }

  /** @param {HTMLElement} middle @param {HTMLElement} bottom @param {string} look */
  function show(middle, bottom, look) {
    document.body.className = `phone ${look}`.trim();
    fill(stage, middle, bottom);
  }

  fill(
    stage,
    h(
      "main",
      { class: "view" },
      video,
      frameOver(kind),
      h(
        "div",
        { class: "over" },
        topLine({ back, where }),
        h("div", { class: "say" }, h("h1", { tabindex: -1 }, title), h("p", { class: "lead" }, w(isSmall(kind) ? "capture.fit_card" : "capture.fit_page"))),
        waiting,
        h("p", { class: "pill" }, icon("light", { size: 20 }), w("capture.hint")),
      ),
    ),
    h(
      "footer",
      { class: "ctl" },
      h("button", { type: "button", class: "tool", "data-action": "album", onclick: () => album.click() }, icon("album", { size: 26 }), w("capture.album")),
      shutter,
      h("span", { class: "tool-place" }, torch),
      album,
    ),
  );
  void openCamera();
  return {
    name: "capture",
    title,
    look: "cam",
    step: stepOf,
    parts: [stage],
    update: () => true,
    leave: () => {
      left = true;
      sending.abort();
      closeStream(stream);
    },
  };
}
