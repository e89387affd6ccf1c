/**
 * Which screen an address means, given the state. An address that the state doesn't allow leads to the nearest that
 * it does: nobody can skip consent, and nobody is sent back to what is done.
 */
import { hasSeveral } from "./formpages.js";
import { recorderType } from "./recorder.js";
import { againScreen } from "./screens/again.js";
import { analysingScreen } from "./screens/analysing.js";
import { captureScreen } from "./screens/capture.js";
import { consentScreen } from "./screens/consent.js";
import { cropScreen } from "./screens/crop.js";
import { declineScreen } from "./screens/decline.js";
import { doneScreen } from "./screens/done.js";
import { editScreen } from "./screens/edit.js";
import { fieldsScreen } from "./screens/fields.js";
import { filmScreen } from "./screens/film.js";
import { formsScreen } from "./screens/forms.js";
import { framingScreen } from "./screens/framing.js";
import { fullTextScreen } from "./screens/fulltext.js";
import { homeScreen } from "./screens/home.js";
import { instructionsScreen } from "./screens/instructions.js";
import { linkScreen } from "./screens/link.js";
import { lockedScreen } from "./screens/locked.js";
import { otherWayScreen } from "./screens/otherway.js";
import { pagesScreen } from "./screens/pages.js";
import { phoneScreen } from "./screens/phone.js";
import { preflightScreen } from "./screens/preflight.js";
import { readingScreen } from "./screens/reading.js";
import { recordingScreen } from "./screens/recording.js";
import { stillScreen } from "./screens/still.js";
import { typingScreen } from "./screens/typing.js";
import { declinedScreen, waitingScreen } from "./screens/waiting.js";
import { wayOf } from "./way.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./types.js").Screen} Screen */
/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {(app: App) => Screen} Build */
/** @typedef {{route: string, build: Build}} Place */

/**
 * @param {App} app
 * @param {string} wanted the address' path without the sign
 * @returns {Place}
 */
export function screenFor(app, wanted) {
  const [first = "", second = "", third = ""] = wanted.split("/");
  return beforeSteps(app, first) ?? ofStep(app, first, second, third) ?? home(app, first);
}

/**
 * @param {string} route
 * @param {Build} build
 * @returns {Place}
 */
const place = (route, build) => ({ route, build });

/**
 * What comes before the steps, or instead of them.
 * @param {App} app
 * @param {string} first
 * @returns {Place | null}
 */
function beforeSteps(app, first) {
  const { session, consent } = app.state;
  if (session.status === "canceled" || session.status === "expired") {
    return place("ended", () => linkScreen(`session_${session.status}`, app.state));
  }
  if (session.status === "verified") return place("done", doneScreen);
  if (session.status === "declined") return place("declined", declinedScreen);
  if (first === "text") return place("text", fullTextScreen);
  if (!consent.given) {
    if (consent.declined) return place("asked", declinedScreen);
    return first === "decline" ? place("decline", declineScreen) : place("consent", consentScreen);
  }
  const phone = app.step("phone");
  if (phone && phone.state !== "passed") {
    if (first === "preflight" || !wasChecked(session.id)) return place("preflight", preflightScreen);
    return place("phone", phoneScreen);
  }
  return null;
}

/**
 * @param {App} app
 * @param {string} name
 * @param {string} second
 * @param {string} third
 * @returns {Place | null}
 */
function ofStep(app, name, second, third) {
  if (name === "other") return app.step(second) ? place(`other/${second}`, (a) => otherWayScreen(a, second)) : null;
  const step = app.step(name);
  if (!step || name === "consent" || name === "phone") return null;
  if (step.state === "in_review") return place(`waiting/${name}`, (a) => waitingScreen(a, name));
  if (isLocked(step)) return place(`locked/${name}`, (a) => lockedScreen(a, name));
  if (name === "face") return ofFace(app, step, second);
  if (name === "forms" && !second) return place("forms", formsScreen);
  return ofPicture(step, second, third);
}

/**
 * @param {Step} step
 * @param {string} slotName
 * @param {string} what
 * @returns {Place | null}
 */
function ofPicture(step, slotName, what) {
  const slot = step.slots.find((each) => each.name === slotName) ?? nextSlot(step);
  if (!slot) return null;
  const route = `${step.name}/${slot.name}`;
  if (what === "take" && step.state !== "passed") return place(`${route}/take`, (a) => captureScreen(a, step.name, slot.name));
  if (step.name === "forms") {
    const page = ofPage(step, slot, what);
    if (page) return page;
  }
  if (what === "edit" && slot.state === "done") return place(`${route}/edit`, (a) => editScreen(a, step.name, slot.name));
  const screens = { empty: captureScreen, draft: cropScreen, processing: readingScreen, done: fieldsScreen };
  // The slot's state belongs to the route: a picture that moves on builds its next screen.
  return place(`${route}/${slot.state}`, (a) => screens[slot.state](a, step.name, slot.name));
}

/**
 * A form's pages: another one, one taken again or framed, all of a draft.
 * @param {Step} step
 * @param {Slot} slot
 * @param {string} what
 * @returns {Place | null}
 */
function ofPage(step, slot, what) {
  const route = `${step.name}/${slot.name}`;
  const [act = "", file = ""] = what.split("-");
  const there = slot.upload?.pages.some((page) => page.file === Number(file)) ?? false;
  const open = step.state !== "passed" && (slot.state === "draft" || slot.state === "done");
  if (act === "add" && slot.upload && open) return place(`${route}/add`, (a) => captureScreen(a, step.name, slot.name, { file: null }));
  if (act === "again" && there && open) return place(`${route}/${what}`, (a) => captureScreen(a, step.name, slot.name, { file: Number(file) }));
  if (slot.state !== "draft") return null;
  if (act === "page" && there) return place(`${route}/${what}`, (a) => cropScreen(a, step.name, slot.name, Number(file)));
  return hasSeveral(slot) ? place(`${route}/pages`, (a) => pagesScreen(a, step.name, slot.name)) : null;
}

/**
 * @param {App} app
 * @param {Step} step
 * @param {string} what
 * @returns {Place | null}
 */
function ofFace(app, step, what) {
  if (app.kept || what === "send" || step.state === "processing") return place("face/analysing", analysingScreen);
  if (step.state === "passed") return null;
  if (what === "record" && app.stream) return place("face/record", wayOf(app) === "typed" ? typingScreen : recordingScreen);
  const films = wayOf(app) === "spoken" && (what === "film" || (what === "frame" && recorderType() === null));
  if (films) return place("face/film", filmScreen);
  if (what === "frame" || what === "record") return place("face/frame", framingScreen);
  if (what === "before") return place("face/before", instructionsScreen);
  if (step.needs === "confirm_still") return place("face/still", stillScreen);
  return step.state === "failed" ? place("face/again", againScreen) : place("face/before", instructionsScreen);
}

/**
 * @param {App} app
 * @param {string} first
 * @returns {Place}
 */
function home(app, first) {
  const { session } = app.state;
  if (session.status === "needs_review" && first !== "steps") return place("waiting", (a) => waitingScreen(a, null));
  return place("home", homeScreen);
}

/**
 * The slot that wants something next: one half done, one to be redone, an empty one, the first.
 * @param {Step} step
 */
export function nextSlot(step) {
  const faulty = new Set(step.reasons.filter((reason) => reason.effect === "retry").map((reason) => reason.slot));
  return (
    step.slots.find((slot) => slot.state === "draft" || slot.state === "processing") ??
    step.slots.find((slot) => slot.state === "done" && faulty.has(slot.name)) ??
    step.slots.find((slot) => slot.state === "empty") ??
    step.slots[0]
  );
}

/** @param {Step} step */
export function isLocked(step) {
  const until = step.attempts.locked_until;
  return step.state !== "passed" && until !== null && Date.parse(until) > Date.now();
}

const CHECKED = "checked";

/** @param {string} session */
const wasChecked = (session) => sessionStorage.getItem(CHECKED) === session;

/** @param {string} session */
export const noteChecked = (session) => sessionStorage.setItem(CHECKED, session);
