/**
 * What the page can tell of the camera behind a recording: its name and settings, when its frames came, how the phone
 * moved meanwhile. Figures alone, no course over time, and nothing that asks for a permission. The service may hold it
 * against the recording; it never speaks for it.
 */

/**
 * @typedef {object} Source
 * @property {string} label
 * @property {number | undefined} [width_px]
 * @property {number | undefined} [height_px]
 * @property {number | undefined} [frame_rate_hz]
 * @property {string | undefined} [facing]
 * @property {string} [recorder]
 * @property {{count: number, median_ms: number, spread_ms: number, repeated: number} | undefined} [frames]
 * @property {{count: number, acceleration_ms2: number, turning_deg_s: number} | undefined} [motion]
 */

const LONGEST_LABEL = 100;
const MOST_FRAMES = 900;
const FACINGS = new Set(["user", "environment", "left", "right"]);

/**
 * Watches until it is told to stop.
 * @param {MediaStream} stream
 * @param {HTMLVideoElement} video that shows the stream
 * @param {string} recorder the type that is recorded
 * @returns {{stop: () => Source}}
 */
export function watchSource(stream, video, recorder) {
  const track = stream.getVideoTracks()[0];
  const settings = track?.getSettings() ?? {};
  const frames = watchFrames(video);
  const motion = watchMotion();
  return {
    stop() {
      const facing = settings.facingMode ?? "";
      return {
        label: (track?.label ?? "").slice(0, LONGEST_LABEL),
        width_px: settings.width && Math.round(settings.width),
        height_px: settings.height && Math.round(settings.height),
        frame_rate_hz: settings.frameRate,
        facing: FACINGS.has(facing) ? facing : undefined,
        recorder: recorder.slice(0, LONGEST_LABEL),
        frames: frames(),
        motion: motion(),
      };
    },
  };
}

/**
 * The times between frames: a program that plays a file keeps other times than a lens, and shows frames twice.
 * @param {HTMLVideoElement} video
 * @returns {() => Source["frames"]} ends it
 */
function watchFrames(video) {
  if (!("requestVideoFrameCallback" in video)) return () => undefined;
  /** @type {number[]} */
  const steps = [];
  let handle = 0;
  let last = NaN;
  /** @type {VideoFrameRequestCallback} */
  const seen = (_now, about) => {
    const time = about.captureTime ?? about.mediaTime * 1000;
    if (!Number.isNaN(last)) steps.push(time - last);
    last = time;
    if (steps.length < MOST_FRAMES) handle = video.requestVideoFrameCallback(seen);
  };
  handle = video.requestVideoFrameCallback(seen);
  return () => {
    video.cancelVideoFrameCallback(handle);
    if (steps.length === 0) return undefined;
    const sorted = steps.map((step) => Math.max(0, step)).sort((one, other) => one - other);
    const at = (/** @type {number} */ share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    return { count: sorted.length, median_ms: rounded(at(0.5)), spread_ms: rounded(at(0.95) - at(0.05)), repeated: sorted.filter((step) => step < 1).length };
  };
}

/**
 * How the phone moves, where the browser tells without a question (iPhones ask).
 * @returns {() => Source["motion"]} ends it
 */
function watchMotion() {
  if (typeof DeviceMotionEvent === "undefined" || "requestPermission" in DeviceMotionEvent) return () => undefined;
  let count = 0;
  let moved = 0;
  let turned = 0;
  const felt = (/** @type {DeviceMotionEvent} */ event) => {
    const { acceleration: by, rotationRate: turn } = event;
    if (by?.x == null && turn?.alpha == null) return; // a PC sends one empty event
    count += 1;
    moved += (by?.x ?? 0) ** 2 + (by?.y ?? 0) ** 2 + (by?.z ?? 0) ** 2;
    turned += (turn?.alpha ?? 0) ** 2 + (turn?.beta ?? 0) ** 2 + (turn?.gamma ?? 0) ** 2;
  };
  window.addEventListener("devicemotion", felt);
  return () => {
    window.removeEventListener("devicemotion", felt);
    if (count === 0) return undefined;
    return { count, acceleration_ms2: rounded(Math.sqrt(moved / count)), turning_deg_s: rounded(Math.sqrt(turned / count)) };
  };
}

/** @param {number} value */
const rounded = (value) => Math.round(value * 1000) / 1000;
