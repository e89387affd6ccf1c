/**
 * The hand-off page on the PC: a QR code, then the phone's progress, then the result.
 *
 * It knows the session by the client token in its address' fragment and keeps nothing that a reload would lose.
 */
import { Problem, backOffMs, pause } from "../shared/api.js";
import { loadWords, preferredLocale, t } from "../shared/i18n.js";
import { announce, tellHeight, tellParent } from "./frame.js";
import { makeService } from "./service.js";
import { sceneOf } from "./state.js";
import { showEnd, showPage } from "./view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Link} Link */

const SAFETY_READ_MS = 60_000; // should an event ever be lost, the page is right within a minute

const page = /** @type {HTMLElement} */ (document.querySelector("#page"));
const service = makeService(decodeURIComponent(location.hash.slice(1)));

/** @type {State | null} */
let state = null;
/** @type {Link | null} */
let link = null;
/** @type {string | null} */
let portraitUrl = null;
/** @type {string | null} */
let keptUntil = null;
let offline = false;
let busy = false;

function show() {
  if (state === null) return;
  const title = showPage(
    page,
    { state, link, portraitUrl, offline, scene: sceneOf(state, link, keptUntil) },
    { freshCode, keepPhone, codeRanOut: show },
  );
  if (document.title !== title) {
    document.title = title;
    announce(title);
  }
}

async function read() {
  const found = await service.state();
  link = found.link.state === "waiting" ? await service.link() : null;
  if (found.session.status === "verified" && found.portrait && portraitUrl === null) {
    const portrait = await service.portrait();
    if (portrait) portraitUrl = URL.createObjectURL(portrait);
  }
  const changed = state?.session.status !== found.session.status;
  state = found;
  offline = false;
  show();
  if (changed) tellParent({ type: "status", status: found.session.status, session: found.session.id });
}

/** Read soon; what happens meanwhile is read once more afterwards. */
let wanted = false;
async function readSoon() {
  wanted = true;
  if (busy) return;
  busy = true;
  try {
    while (wanted) {
      wanted = false;
      await read();
    }
  } catch (error) {
    onTrouble(error);
  } finally {
    busy = false;
  }
}

/** @param {unknown} error */
function onTrouble(error) {
  if (error instanceof Problem && error.status === 401) {
    showEnd(page, t("screens.handoff.unknown.title"), t("screens.handoff.unknown.next"));
    return;
  }
  offline = true;
  show();
}

async function freshCode() {
  try {
    await service.freshLink();
    keptUntil = null;
  } catch (error) {
    if (!(error instanceof Problem)) onTrouble(error);
  }
  await readSoon();
}

/** Leave the new code unused: the phone that is at work goes on. */
function keepPhone() {
  keptUntil = link?.expires_at ?? null;
  show();
}

async function firstRead() {
  for (let tries = 0; state === null; tries += 1) {
    try {
      await read();
    } catch (error) {
      onTrouble(error);
      if (error instanceof Problem && error.status === 401) return false;
      if (tries === 1) showEnd(page, t("screens.handoff.offline.title"), t("screens.handoff.offline.next"));
      await pause(backOffMs(tries));
    }
  }
  return true;
}

document.documentElement.toggleAttribute("data-framed", window.parent !== window);
const asked = new URLSearchParams(location.search).get("lang");
await loadWords(asked === "zh-CN" || asked === "en" ? asked : preferredLocale());
tellHeight();
if (await firstRead()) {
  service.follow(/** @type {State | null} */ (state)?.last_event_id ?? 0, {
    onEvent: () => void readSoon(),
    onRefused: onTrouble,
    onConnection: (connected) => {
      if (connected && offline) void readSoon();
      else if (!connected) onTrouble(null);
    },
  });
  setInterval(readSoon, SAFETY_READ_MS);
}
