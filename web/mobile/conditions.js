/**
 * What the framing screen measures in the browser, by plain canvas: light, wall, sharpness; and where the face is,
 * where the browser has a face detector. A hint, never a judge: the service measures again.
 */

/** @typedef {"ok" | "far" | "near" | "off" | "dark" | "bright" | "bad" | "unknown"} Verdict */
/** @typedef {{distance: Verdict, face: Verdict, light: Verdict, wall: Verdict, sharp: Verdict}} Conditions */

/** Thresholds. Light and wall as the service has them, a little wider: a gate must not be stricter than its judge. */
const LIMITS = {
  darkest: 50, // mean of the face's grey, 0–255; the service refuses below 60 on the skin alone
  brightest: 215, // the service refuses from 200 on with clipping
  wallLightness: 52, // CIE L; phone pictures of white walls measure 67–74, the service wants 60
  wallChroma: 15, // the service refuses above 12
  sharpness: 4, // Laplacian variance over grey variance × 1000 at this size; guessed
  faceSmall: 0.2, // face box over the picture's shorter side; guessed, sits below the service's limit
  faceLarge: 0.72, // guessed
  offCentre: 0.2, // of the picture's side, from the oval's middle; guessed
};
const WIDTH = 160;

/**
 * @param {HTMLVideoElement} video
 * @returns {() => Promise<Conditions | null>} null while there is no picture
 */
export function watch(video) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const Finder = /** @type {{FaceDetector?: new (options: object) => {detect: (source: unknown) => Promise<{boundingBox: DOMRectReadOnly}[]>}}} */ (
    /** @type {unknown} */ (window)
  ).FaceDetector;
  /** @type {{detect: (source: unknown) => Promise<{boundingBox: DOMRectReadOnly}[]>} | null} */
  let finder = null;
  try {
    finder = Finder ? new Finder({ fastMode: true, maxDetectedFaces: 2 }) : null;
  } catch {
    finder = null;
  }
  return async () => {
    if (!context || !video.videoWidth || video.readyState < 2) return null;
    const height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
    canvas.width = WIDTH;
    canvas.height = height;
    context.drawImage(video, 0, 0, WIDTH, height);
    const pixels = context.getImageData(0, 0, WIDTH, height).data;
    let box = null;
    if (finder) {
      try {
        box = (await finder.detect(canvas))[0]?.boundingBox ?? null;
      } catch {
        finder = null; // Present, but not built in: as good as absent.
      }
    }
    return measure(pixels, WIDTH, height, finder ? box : undefined);
  };
}

/**
 * @param {Uint8ClampedArray} pixels RGBA
 * @param {number} width
 * @param {number} height
 * @param {DOMRectReadOnly | null | undefined} box of the face; null: none found; undefined: not looked for
 * @returns {Conditions}
 */
export function measure(pixels, width, height, box) {
  const middle = box ?? { x: width * 0.32, y: height * 0.28, width: width * 0.36, height: height * 0.42 };
  const light = meanGrey(pixels, width, middle);
  const wall = wallColour(pixels, width, height, middle);
  const sharp = sharpness(pixels, width, height, middle);
  return {
    ...placeOf(box, width, height),
    light: light < LIMITS.darkest ? "dark" : light > LIMITS.brightest ? "bright" : "ok",
    wall: wall.lightness >= LIMITS.wallLightness && wall.chroma <= LIMITS.wallChroma ? "ok" : "bad",
    sharp: sharp >= LIMITS.sharpness ? "ok" : "bad",
  };
}

/**
 * @param {DOMRectReadOnly | null | undefined} box
 * @param {number} width
 * @param {number} height
 * @returns {{distance: Verdict, face: Verdict}}
 */
function placeOf(box, width, height) {
  if (box === undefined) return { distance: "unknown", face: "unknown" };
  if (box === null) return { distance: "unknown", face: "off" };
  const size = box.width / Math.min(width, height);
  const away = Math.hypot((box.x + box.width / 2) / width - 0.5, (box.y + box.height / 2) / height - 0.48);
  return {
    distance: size < LIMITS.faceSmall ? "far" : size > LIMITS.faceLarge ? "near" : "ok",
    face: away > LIMITS.offCentre ? "off" : "ok",
  };
}

/** @param {Uint8ClampedArray} pixels @param {number} at */
const grey = (pixels, at) => 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/**
 * @param {Uint8ClampedArray} pixels
 * @param {number} width
 * @param {Box} box
 */
function meanGrey(pixels, width, box) {
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(box.y); y < box.y + box.height; y += 2) {
    for (let x = Math.floor(box.x); x < box.x + box.width; x += 2) {
      sum += grey(pixels, 4 * (y * width + x));
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

/**
 * The wall: strips at both sides above the shoulders, and above the head. The median bears a lamp or a door frame.
 * @param {Uint8ClampedArray} pixels
 * @param {number} width
 * @param {number} height
 * @param {Box} face
 */
function wallColour(pixels, width, height, face) {
  const side = Math.max(4, Math.min(face.x - face.width * 0.3, width * 0.16));
  const bottom = Math.min(height * 0.5, face.y + face.height * 0.5);
  /** @type {number[]} */
  const lightness = [];
  /** @type {number[]} */
  const chroma = [];
  for (let y = 2; y < bottom; y += 3) {
    for (let x = 2; x < width - 2; x += 3) {
      if (x > side && x < width - side && y > face.y - face.height * 0.55) continue;
      const at = 4 * (y * width + x);
      const lab = labOf(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
      lightness.push(lab[0]);
      chroma.push(Math.hypot(lab[1], lab[2]));
    }
  }
  return { lightness: median(lightness), chroma: median(chroma) };
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * CIE Lab (D65) of an sRGB colour.
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 * @returns {[number, number, number]}
 */
export function labOf(red, green, blue) {
  const linear = [red, green, blue].map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  const [r = 0, g = 0, b = 0] = linear;
  const root = (/** @type {number} */ v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * Laplacian variance over grey variance, × 1000, within the face.
 * @param {Uint8ClampedArray} pixels
 * @param {number} width
 * @param {number} height
 * @param {Box} box
 */
function sharpness(pixels, width, height, box) {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let edgeSum = 0;
  let edgeSquares = 0;
  const row = 4 * width;
  for (let y = Math.max(1, Math.floor(box.y)); y < Math.min(height - 1, box.y + box.height); y += 1) {
    for (let x = Math.max(1, Math.floor(box.x)); x < Math.min(width - 1, box.x + box.width); x += 1) {
      const at = 4 * (y * width + x);
      const here = grey(pixels, at);
      const edge = grey(pixels, at - 4) + grey(pixels, at + 4) + grey(pixels, at - row) + grey(pixels, at + row) - 4 * here;
      count += 1;
      sum += here;
      squares += here * here;
      edgeSum += edge;
      edgeSquares += edge * edge;
    }
  }
  if (!count) return 0;
  const variance = squares / count - (sum / count) ** 2;
  const edges = edgeSquares / count - (edgeSum / count) ** 2;
  return variance > 0 ? (1000 * edges) / variance : 0;
}
