/**
 * The page as a whole: the state last read, the screen shown, and the way between them. What is done lives in the
 * service; the address says where one is, so that reload and back lose nothing.
 */
import { Problem, Unreachable, get, post } from "../shared/api.js";
import { fill } from "../shared/dom.js";
import { follow } from "../shared/events.js";
import { loadWords } from "../shared/i18n.js";
import { keptClip } from "./kept.js";
import { screenFor } from "./routes.js";
import { linkScreen } from "./screens/link.js";
import { troubleScreen } from "./screens/trouble.js";
import { w } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Screen} Screen */

const SAY_AGAIN_MS = 100; // a live region that holds the same words as before says nothing
const LARGE_TEXT_PX = 24; // 150 % of the usual 16: from here nothing sticks and ornaments go

/**
 * How to find the focused control again once the same screen is built anew.
 * @returns {string | null}
 */
function focusMark() {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  if (focused?.tagName === "H1") return "h1";
  if (focused?.dataset.action) return `[data-action="${focused.dataset.action}"]`;
  const name = focused?.getAttribute("name");
  return name ? `[name="${name}"]` : null;
}

export class App {
  constructor() {
    /** @type {State | null} */
    this.current = null;
    /** @type {Screen | null} */
    this.screen = null;
    this.route = "";
    /** A recorded clip that the service doesn't have yet. @type {import("./kept.js").KeptClip | null} */
    this.kept = null;
    /** The field that 修改 was pressed on. */
    this.editing = "";
    /** The language chosen for the digits. @type {"zh" | "en" | null} */
    this.digitsLanguage = null;
    /** The last picture of a recording, shown while it is judged. @type {Blob | null} */
    this.portrait = null;
    /** The camera while it goes from framing to recording. @type {MediaStream | null} */
    this.stream = null;
    /** What was last seen of the camera's picture, from framing to the end of the recording. @type {import("./advice.js").Advice | null} */
    this.advice = null;
    /** @type {{stop: () => void} | null} */
    this.following = null;
    this.stage = /** @type {HTMLElement} */ (document.getElementById("screen"));
    this.live = /** @type {HTMLElement} */ (document.getElementById("live"));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.saying = undefined;
    this.line = /** @type {HTMLElement} */ (document.getElementById("line"));
    window.addEventListener("popstate", () => {
      // A freshly scanned link brings a token, not one of the pages' own addresses.
      if (location.hash.length > 1 && !location.hash.startsWith("#/")) location.reload();
      else this.render();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) void this.refreshed();
    });
    const sized = () => {
      const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (size >= LARGE_TEXT_PX) document.documentElement.dataset.text = "large";
      else delete document.documentElement.dataset.text;
    };
    sized();
    window.addEventListener("resize", sized);
  }

  /** The state; only screens that need one ask. @returns {State} */
  get state() {
    if (!this.current) throw new Error("no state yet");
    return this.current;
  }

  /**
   * @param {string} name
   * @returns {Step | undefined}
   */
  step(name) {
    return this.state.steps.find((step) => step.name === name);
  }

  /** Reads the state anew and shows what changed. */
  async refresh() {
    await this.take(await get("/m/api/state"));
  }

  /** The same where nobody waits: what doesn't come now comes with the next event, but a no is shown at once. */
  async refreshed() {
    await this.refresh().catch((error) => {
      if (error instanceof Problem && [401, 410].includes(error.status)) this.fail(error);
    });
  }

  /**
   * Takes a state that the service answered with.
   * @param {State} state
   */
  async take(state) {
    const first = this.current === null;
    const changed = JSON.stringify(this.current) !== JSON.stringify(state);
    this.current = state;
    if (first) this.kept = await keptClip(state.session.id);
    if (first) this.startFollowing();
    // A screen that nothing changed on keeps its focus, its scroll and what was opened on it.
    if (changed || this.screen === null) this.render();
  }

  startFollowing() {
    this.following?.stop();
    this.following = follow("/m/api/events", this.state.last_event_id, {
      onEvent: () => void this.refreshed(),
      onConnection: (connected) => this.showLine(connected),
      onRefused: (problem) => this.fail(problem),
    });
  }

  /** @param {boolean} connected */
  showLine(connected) {
    this.line.hidden = connected;
    this.line.textContent = connected ? "" : w("app.offline");
    if (connected) void this.refreshed();
  }

  /**
   * Goes to a screen. `replace` leaves no step in the history: back leads to where one really came from.
   * @param {string} route such as `home` or `person_document/portrait`
   * @param {{replace?: boolean}} [options]
   */
  go(route, options = {}) {
    const address = `#/${route}`;
    if (location.hash === address) {
      this.render();
    } else if (options.replace) {
      history.replaceState(history.state, "", address);
      this.render();
    } else {
      history.pushState({ inside: true }, "", address);
      this.render();
    }
  }

  /** Back to where one came from: the home page, whatever a step showed meanwhile. */
  back() {
    if (history.state?.inside) history.back();
    else this.go("home", { replace: true });
  }

  /** @param {boolean} [anew] build the screen anew even if it is the one shown */
  render(anew = false) {
    if (!this.current) return;
    const { route, build } = screenFor(this, location.hash.replace(/^#\/?/, ""));
    if (!anew && route === this.route && this.screen?.update?.(this.current)) return;
    this.route = route;
    this.show(build(this));
  }

  /** @param {Screen} screen */
  show(screen) {
    const same = this.screen?.name === screen.name && this.screen?.step === screen.step && this.screen?.title === screen.title;
    const scroll = window.scrollY;
    const held = focusMark();
    this.screen?.leave?.();
    this.screen = screen;
    this.stage.dataset.screen = screen.name;
    if (screen.step) this.stage.dataset.step = screen.step;
    else delete this.stage.dataset.step;
    document.body.className = `phone ${screen.look ?? ""}`.trim();
    document.documentElement.toggleAttribute("data-lit", screen.look === "white");
    document.title = w("app.name");
    fill(this.stage, screen.parts);
    if (same) {
      window.scrollTo(0, scroll);
      const again = screen.focus ?? (held ? this.stage.querySelector(held) : null);
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
      return;
    }
    window.scrollTo(0, 0);
    clearTimeout(this.saying);
    this.live.textContent = ""; // what was said of the screen before
    const target = screen.focus ?? this.stage.querySelector("h1");
    target?.focus({ preventScroll: true });
  }

  /**
   * Says something to a screen reader, the same words a second time too.
   * @param {string} text
   */
  say(text) {
    clearTimeout(this.saying);
    const again = this.live.textContent === text;
    this.live.textContent = again ? "" : text;
    if (again) this.saying = setTimeout(() => (this.live.textContent = text), SAY_AGAIN_MS);
  }

  /**
   * Shows the screen for what went wrong with the session as a whole.
   * @param {unknown} error
   */
  fail(error) {
    this.following?.stop();
    if (error instanceof Problem && [401, 409, 410].includes(error.status)) {
      this.show(linkScreen(error.code, this.current));
    } else {
      this.show(troubleScreen(this, error instanceof Unreachable ? "network_lost" : null));
    }
  }

  /**
   * Runs something that a person asked for; a problem that `mine` doesn't know becomes a screen.
   * @template T
   * @param {() => Promise<T>} work
   * @param {(problem: Problem) => boolean} [mine] true when it has dealt with the problem
   * @returns {Promise<T | null>}
   */
  async attempt(work, mine = () => false) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem && mine(error)) return null;
      if (error instanceof Problem && error.status === 409 && error.code === "conflict") {
        // The session went on without this page: what it says now is what counts.
        await this.refresh().catch((again) => this.fail(again));
        return null;
      }
      if (error instanceof Problem || error instanceof Unreachable) this.fail(error);
      else throw error;
      return null;
    }
  }

  /** @param {"zh-CN" | "en"} wanted */
  async speak(wanted) {
    await loadWords(wanted);
    if (this.current) await this.attempt(async () => this.take(await post("/m/api/locale", { locale: wanted })));
    this.render(true);
  }
}
