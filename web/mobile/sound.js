/**
 * How loud the voice is, for the moving bars and the word beside them.
 */

const SPEECH_LEVEL = 0.045; // root mean square of full scale; guessed
const CLEAR_LEVEL = 0.09; // guessed
const WINDOW = 25; // readings that the word looks back on: 2.5 s, longer than the pause between digits

/** @param {MediaStream} stream */
export function soundLevel(stream) {
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {AnalyserNode | null} */
  let analyser = null;
  if (stream.getAudioTracks().length) {
    try {
      context = new AudioContext();
      analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      context.createMediaStreamSource(stream).connect(analyser);
      void context.resume();
    } catch {
      analyser = null; // Without a meter the recording is as good.
    }
  }
  const samples = new Float32Array(1024);
  /** @type {number[]} */
  const recent = [];
  return {
    /** @returns {{level: number, word: "clear" | "quiet" | "silent"}} level from 0 to 1 */
    read() {
      if (!analyser) return { level: 0, word: "silent" };
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const loudness = Math.sqrt(sum / samples.length);
      recent.push(loudness);
      if (recent.length > WINDOW) recent.shift();
      const peak = Math.max(...recent);
      return { level: Math.min(1, loudness * 6), word: peak >= CLEAR_LEVEL ? "clear" : peak >= SPEECH_LEVEL ? "quiet" : "silent" };
    },
    stop() {
      if (context?.state !== "closed") void context?.close().catch(() => undefined);
    },
  };
}
