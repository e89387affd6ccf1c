/**
 * The operators' console: log in, take a case, look at its evidence, decide.
 */
import { Problem } from "../shared/api.js";
import { fill, h } from "../shared/dom.js";
import { loadWords, preferredLocale } from "../shared/i18n.js";
import { showCase } from "./case.js";
import { showInbox } from "./inbox.js";
import { clearKeys, onKeys, showKeys } from "./keys.js";
import { showLogin } from "./login.js";
import { showQueue } from "./queue.js";
import { rail } from "./rail.js";
import { logOut, me, whenLoggedOut } from "./service.js";
import { showSessions } from "./sessions.js";
import { t } from "./words.js";

const LOCALE_KEY = "console-locale";
const COUNT_EVERY_MS = 30_000;

/**
 * `counted` tells the rail how many cases wait, from who has just read them.
 * @typedef {{place: HTMLElement, operator: string, announce: (words: string) => void, counted: (waiting: number) => void}} Screen
 */
/** @type {string | null} */
let operator = null;
let waiting = 0;
/** Whether SMS stay here, to be read. */
let inbox = false;
/** Ends what the screen before left running (timers). @type {() => void} */
let leave = () => {};

const voice = h("p", { role: "status", class: "sr" });
const place = h("main", { id: "main", tabindex: "-1" });

/** @param {string} words */
const announce = (words) => {
  voice.textContent = words;
};

function login() {
  leave();
  leave = () => {};
  operator = null;
  clearKeys();
  document.title = t("login.title");
  fill(document.body, showLogin(enter), voice);
}

async function enter() {
  const found = await me();
  operator = found.operator.name;
  waiting = found.queue;
  inbox = found.inbox;
  await route();
}

/** Draw the screen that the address means. */
async function route() {
  if (operator === null) return;
  leave();
  leave = () => {};
  clearKeys();
  const [, page = "queue", id = ""] = location.hash.split("/");
  drawRail(page);
  /** @type {Screen} */
  const screen = { place, operator, announce, counted };
  try {
    if (page === "cases" && id) leave = await showCase(screen, decodeURIComponent(id));
    else if (page === "sessions") leave = await showSessions(screen);
    else if (page === "inbox" && inbox) leave = await showInbox(screen);
    else leave = await showQueue(screen);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return;
    const missing = error instanceof Problem && error.status === 404;
    fill(place, h("div", { class: "page" }, h("h1", {}, t(missing ? "missing" : "away")), h("p", {}, h("a", { href: "#/queue" }, t("queue.back")))));
  }
  onKeys({ "?": showKeys });
  place.querySelector("h1")?.focus();
}

/** @param {string} page */
function drawRail(page) {
  const drawn = rail({ page, waiting, inbox, operator: operator ?? "", leave: endLogin, changeLocale });
  const before = place.isConnected ? document.querySelector(".rail") : null;
  if (before) before.replaceWith(drawn);
  else fill(document.body, h("a", { class: "skip", href: "#main", onclick: toMain }, t("skip")), drawn, place, voice);
}

/**
 * The address' fragment names the screen, so the link moves the focus itself.
 * @param {Event} event
 */
function toMain(event) {
  event.preventDefault();
  place.focus();
}

async function endLogin() {
  await logOut().catch(() => null);
  location.hash = "#/queue";
  login();
}

async function changeLocale() {
  const other = document.documentElement.lang === "en" ? "zh-CN" : "en";
  localStorage.setItem(LOCALE_KEY, other);
  await loadWords(other);
  await route();
}

async function count() {
  if (operator === null) return;
  const found = await me().catch(() => null);
  if (found !== null) counted(found.queue);
}

/** @param {number} found */
function counted(found) {
  if (operator === null || found === waiting) return;
  waiting = found;
  drawRail(location.hash.split("/")[1] ?? "queue");
}

const chosen = localStorage.getItem(LOCALE_KEY);
await loadWords(chosen === "en" || chosen === "zh-CN" ? chosen : preferredLocale());
whenLoggedOut(login);
window.addEventListener("hashchange", () => void route());
setInterval(count, COUNT_EVERY_MS);
try {
  await enter();
} catch (error) {
  if (!(error instanceof Problem)) login();
}
