/**
 * The phone's camera and microphone: opening them, saying why they don't open, and taking a picture.
 */

/** Why a device can't be used, as a reason code. */
export class DeviceFault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.name = "DeviceFault";
    this.code = code;
  }
}

/**
 * Asks for a stream.
 * @param {MediaStreamConstraints} wanted
 * @returns {Promise<MediaStream>}
 * @throws {DeviceFault}
 */
export async function openStream(wanted) {
  if (!window.isSecureContext) throw new DeviceFault("insecure_context");
  if (!navigator.mediaDevices?.getUserMedia) throw new DeviceFault(wanted.video ? "camera_absent" : "microphone_absent");
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (error) {
    throw new DeviceFault(await faultCode(error, wanted));
  }
}

/**
 * @param {unknown} error
 * @param {MediaStreamConstraints} wanted
 * @returns {Promise<string>}
 */
async function faultCode(error, wanted) {
  const name = error instanceof DOMException ? error.name : "";
  const device = !wanted.video || (wanted.audio && (await opens({ video: wanted.video }))) ? "microphone" : "camera";
  if (name === "NotAllowedError" || name === "SecurityError") return `${device}_denied`;
  if (name === "NotFoundError" || name === "OverconstrainedError") return `${device}_absent`;
  return `${device}_busy`; // NotReadableError, AbortError: a call or another application holds it.
}

/**
 * Browsers don't say which of two devices is at fault: what opens alone is not.
 * @param {MediaStreamConstraints} wanted
 */
async function opens(wanted) {
  if (await isCameraDenied()) return false; // some would ask the person a second time
  try {
    closeStream(await navigator.mediaDevices.getUserMedia(wanted));
    return true;
  } catch {
    return false;
  }
}

async function isCameraDenied() {
  try {
    const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ ("camera") });
    return status.state === "denied";
  } catch {
    return false; // Not every browser tells.
  }
}

/**
 * For papers: the back camera, as large as it likes to give.
 * @returns {Promise<MediaStream>}
 */
export const openPaperCamera = () =>
  openStream({ video: { facingMode: { ideal: "environment" }, width: { ideal: 2560 }, height: { ideal: 1440 } } });

/**
 * For the face: the front camera, with sound where the digits are read aloud. `resizeMode: none` keeps a portrait camera
 * from being cropped square.
 * @param {boolean} sound
 * @returns {Promise<MediaStream>}
 */
export const openFaceCamera = (sound) =>
  openStream({
    video: /** @type {MediaTrackConstraints} */ ({
      facingMode: "user",
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
      resizeMode: "none",
    }),
    audio: sound && { echoCancellation: true, noiseSuppression: true, channelCount: 1 },
  });

/** @param {MediaStream | null} stream */
export function closeStream(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Shows a stream; resolves when a picture is there.
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 */
export async function play(video, stream) {
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
}

/**
 * Whether this camera has a light that can be switched.
 * @param {MediaStream} stream
 */
export function hasTorch(stream) {
  const track = stream.getVideoTracks()[0];
  const able = /** @type {{torch?: boolean}} */ (track?.getCapabilities?.() ?? {});
  return Boolean(able.torch);
}

/**
 * @param {MediaStream} stream
 * @param {boolean} on
 */
export async function switchTorch(stream, on) {
  const light = /** @type {MediaTrackConstraintSet} */ ({ torch: on });
  await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [light] });
}

/**
 * The picture that the camera shows now, as JPEG. Where the browser can, the camera takes a photograph of its own,
 * which is sharper than a frame of the video.
 * @param {HTMLVideoElement} video
 * @param {MediaStream} stream
 * @returns {Promise<Blob>}
 */
export async function takePicture(video, stream) {
  const photo = await photograph(stream);
  if (photo) return photo;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new DeviceFault("camera_busy"))), "image/jpeg", 0.92);
  });
}

const PHOTO_WAIT_MS = 2500; // some phones never answer; the frame then serves

/**
 * @param {MediaStream} stream
 * @returns {Promise<Blob | null>}
 */
async function photograph(stream) {
  const track = stream.getVideoTracks()[0];
  const Taker = /** @type {{ImageCapture?: new (track: MediaStreamTrack) => {takePhoto: () => Promise<Blob>}}} */ (
    /** @type {unknown} */ (window)
  ).ImageCapture;
  const settings = track?.getSettings();
  if (!track || !Taker || settings?.facingMode !== "environment") return null;
  try {
    const late = new Promise((resolve) => setTimeout(resolve, PHOTO_WAIT_MS, null));
    const blob = await Promise.race([new Taker(track).takePhoto(), late]);
    return blob instanceof Blob && blob.size > 0 ? blob : null;
  } catch {
    return null;
  }
}
