/**
 * Live hints: small frames of the camera's picture go to the service, which says at once what is wrong with each and
 * keeps none. Where no hint can be had, the page does without: nothing here is an error that anybody is told.
 */

/** @typedef {{x: number, y: number, width: number, yaw_deg: number, pitch_deg: number, roll_deg: number}} Head */
/** @typedef {{reasons: string[], not_checked: string[], head: Head | null}} Seen */
/** @typedef {{seen: Seen | null, next_s: number | null}} Answer */

const LONG_SIDE = 480; // what the service looks at: 10 to 25 kB a frame
const QUALITY = 0.7;
const MOST_BYTES = 64 * 1024; // a noisy picture is sent coarser
const COARSE = 0.4;
const PATIENCE_MS = 4000;
const AFTER_FAILURE_MS = 3000; // doubled with each further one
const MOST_FAILURES = 5;
/** @type {Answer} */
const NEVER = { seen: null, next_s: null };

// What one frame in between may show: a blink, a step, somebody walking by. It is told from the second time on.
const TOLD_TWICE = new Set(["face_multiple", "face_occluded", "sunglasses_worn", "shoulders_bare", "eyes_closed", "head_turned", "head_shaking", "video_blurry"]);

/**
 * Asks again and again until it is stopped, or told that there are no hints.
 * @param {HTMLVideoElement} video
 * @param {{everyMs: number, onSeen: (seen: Seen, told: string[]) => void}} options `told` are the reasons that last
 * @returns {() => void} stops it
 */
export function askForHints(video, { everyMs, onSeen }) {
  const canvas = document.createElement("canvas");
  let stopped = false;
  let failures = 0;
  /** @type {{head: Head | null, reasons: string[], at: number}} */
  let before = { head: null, reasons: [], at: 0 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function turn() {
    const begun = performance.now();
    const frame = document.hidden ? null : await frameOf(video, canvas);
    if (stopped) return;
    let pauseMs = everyMs;
    if (frame) {
      const answer = await send(frame, before.head ? { ...before.head, ago_s: Math.min(60, (begun - before.at) / 1000) } : null);
      if (stopped || answer?.next_s === null) return;
      failures = answer ? 0 : failures + 1;
      if (failures > MOST_FAILURES) return;
      pauseMs = answer ? Math.max(everyMs, (answer.next_s ?? 0) * 1000) : AFTER_FAILURE_MS * 2 ** (failures - 1);
      if (answer?.seen) {
        const seen = answer.seen;
        const told = seen.reasons.filter((reason) => !TOLD_TWICE.has(reason) || before.reasons.includes(reason));
        before = { head: seen.head, reasons: seen.reasons, at: begun };
        onSeen(seen, told);
      }
    }
    timer = setTimeout(turn, Math.max(50, pauseMs - (performance.now() - begun)));
  }

  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * The camera's picture now, small; null while there is none.
 * @param {HTMLVideoElement} video
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob | null>}
 */
async function frameOf(video, canvas) {
  const long = Math.max(video.videoWidth, video.videoHeight);
  const context = canvas.getContext("2d");
  if (!long || !context || video.readyState < 2) return null;
  const scale = Math.min(1, LONG_SIDE / long);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  context.imageSmoothingQuality = "medium";
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const fine = await coded(canvas, QUALITY);
  return fine && fine.size > MOST_BYTES ? coded(canvas, COARSE) : fine;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} quality
 * @returns {Promise<Blob | null>}
 */
const coded = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

/**
 * @param {Blob} frame
 * @param {object | null} before
 * @returns {Promise<Answer | null>} null where it went wrong, which may pass
 */
async function send(frame, before) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE_MS);
  /** @type {Record<string, string>} */
  const headers = before ? { "X-Seen-Before": JSON.stringify(before) } : {};
  try {
    const answer = await fetch("/m/api/face/hint", {
      method: "POST",
      headers,
      body: frame,
      credentials: "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
    if (answer.ok) return await answer.json();
    return answer.status < 500 && answer.status !== 408 ? NEVER : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
