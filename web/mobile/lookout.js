/**
 * Looks at the camera's picture again and again, while the face is framed and while it is recorded: the service from
 * small frames, and where that tells nothing the page itself.
 */
import { adviceOf, ownAdvice } from "./advice.js";
import { watch } from "./conditions.js";
import { askForHints } from "./hints.js";

/** @typedef {import("./advice.js").Advice} Advice */
/** @typedef {"service" | "page"} Looker */

const ASK_MS = 500; // how often the service is asked
const ASK_RECORDING_MS = 750; // the phone has a video to encode
const LOOK_MS = 350; // how often the page measures the conditions itself
const FRESH_MS = 2500; // an answer of the service that is older counts no more

/**
 * @param {HTMLVideoElement} video
 * @param {{recording?: boolean, onAdvice: (advice: Advice, by: Looker) => void}} options `recording`: the service is
 *   asked less often, and what was seen before holds until it has had time to answer
 * @returns {() => void} stops it
 */
export function keepLooking(video, { recording = false, onAdvice }) {
  let stopped = false;
  let answeredAt = recording ? performance.now() : -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stopAsking = askForHints(video, {
    everyMs: recording ? ASK_RECORDING_MS : ASK_MS,
    onSeen: (seen, told) => {
      answeredAt = performance.now();
      onAdvice(adviceOf(seen, told, { width: video.videoWidth, height: video.videoHeight }), "service");
    },
  });
  const look = watch(video);
  const turn = async () => {
    if (stopped) return;
    const seen = performance.now() - answeredAt < FRESH_MS ? null : await look();
    if (stopped) return;
    if (seen) onAdvice(ownAdvice(seen), "page");
    timer = setTimeout(turn, LOOK_MS);
  };
  void turn();
  return () => {
    stopped = true;
    stopAsking();
    clearTimeout(timer);
  };
}

/**
 * Whether a look says anything: what may be over by the next one is not told, and not called good.
 * @param {Advice} advice
 */
export const says = (advice) => advice.well || advice.hint !== null;

/**
 * What a ring round the picture shows.
 * @param {Advice | null} advice null: nobody has looked yet
 */
export const ringState = (advice) => (advice === null ? "starting" : advice.hint ? "wrong" : "good");
