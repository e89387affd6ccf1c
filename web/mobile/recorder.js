/**
 * Records the camera and microphone. MP4 with H.264 and AAC is asked for first (phones make it in hardware), then WebM.
 */

const TYPES = [
  "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
  "video/mp4;codecs=avc1,mp4a.40.2",
  "video/mp4",
  "video/webm;codecs=vp8,opus",
  "video/webm",
];
const PIECE_MS = 1000; // shorter pieces make some phones give empty ones
const VIDEO_BITS_S = 1_200_000; // 9 s: about 1.4 MB

/** @returns {string | null} a type that this browser records, or null where it can't record at all */
export function recorderType() {
  if (typeof MediaRecorder === "undefined") return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/**
 * Recorders that a browser claims but can't start (an encoder that is not there) are passed over.
 * @param {MediaStream} stream
 * @returns {{recorder: MediaRecorder, pieces: Blob[]}}
 */
function begin(stream) {
  for (const type of TYPES.filter((each) => MediaRecorder.isTypeSupported(each))) {
    /** @type {Blob[]} */
    const pieces = [];
    try {
      const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: VIDEO_BITS_S, audioBitsPerSecond: 96_000 });
      recorder.addEventListener("dataavailable", (event) => {
        if (event.data.size) pieces.push(event.data);
      });
      recorder.start(PIECE_MS);
      return { recorder, pieces };
    } catch {
      // The next type may do.
    }
  }
  throw new DOMException("no type of video can be recorded", "NotSupportedError");
}

/**
 * Starts recording at once.
 * @param {MediaStream} stream
 */
export function record(stream) {
  const { recorder, pieces } = begin(stream);
  const stopped = new Promise((resolve) => {
    recorder.addEventListener("stop", resolve, { once: true });
    recorder.addEventListener("error", resolve, { once: true });
  });
  const started = new Promise((resolve) => {
    if (recorder.state === "recording") recorder.addEventListener("start", resolve, { once: true });
    else resolve(null);
    setTimeout(resolve, 500);
  });
  return {
    /** What is recorded, with its codecs where the browser says them. */
    type: recorder.mimeType,
    /** Resolves when the recorder says that it runs: the clip's time 0. */
    started,
    /**
     * Ends the recording.
     * @returns {Promise<Blob>} empty where nothing was recorded
     */
    async stop() {
      if (recorder.state !== "inactive") recorder.stop();
      await stopped;
      return new Blob(pieces, { type: recorder.mimeType.split(";")[0] ?? "" });
    },
    /** Ends it and keeps nothing. */
    cancel() {
      if (recorder.state !== "inactive") recorder.stop();
      pieces.length = 0;
    },
  };
}
