/**
 * What the service tells operators (docs/page-api.md).
 *
 * @typedef {{code: string, slot: string | null, field: string | null, effect: string, moment_s: number | null, frame: string | null, pages: number[]}} Reason
 * @typedef {{
 *   name: string, value: string | null, score: number | null, entered: string | null, agrees: boolean | null,
 *   edited: string | null, doubtful: number[], editable: boolean
 * }} Field
 * @typedef {{
 *   id: string, step: string, slot: string, state: string, width: number, height: number,
 *   pages: {file: number, number: number | null}[],
 *   result: {result: string, reasons: Reason[], went_right: string[], fields: Field[], stills: number} | null
 * }} Upload
 * @typedef {{name: string, kind: string, state: string, upload: Upload | null}} Slot
 * @typedef {{
 *   name: string, state: "open"|"processing"|"passed"|"failed"|"in_review", reasons: Reason[], slots: Slot[],
 *   attempts: {used: number, max: number, locked_until: string | null}
 * }} Step
 * @typedef {{
 *   id: string, reference: string, status: string, subject: {kind: "unit"|"individual", name: string}, person: string,
 *   filing_kind: string, province: string | null, reasons: string[], steps_in_review: string[], created_at: string,
 *   waiting_since: string | null, due_at: string | null, late: boolean, claimed_by: string | null,
 *   claimed_until: string | null, priority: number
 * }} Line
 * @typedef {{
 *   upload: string, url: string, duration_s: number | null, way: "spoken" | "typed",
 *   turn: {direction: "left" | "right", at_s: number} | null,
 *   digits: {asked: string, heard: string | null, scores: (number | null)[], delays_s: (number | null)[]},
 *   traces: Record<string, (number | null)[]>, reveals_s: number[],
 *   moments: {code: string, start_s: number, end_s: number}[],
 *   match: {score: number | null, accept: number, review: number} | null, attack_score: number | null,
 *   stills: string[], card_portrait: string | null
 * }} Clip
 * @typedef {{
 *   step: string, slot: string | null, check: string, result: string, reasons: string[], pages: number[], score: number | null,
 *   threshold: number | null, measured: Record<string, number | string | boolean | null>
 * }} Finding
 * @typedef {{
 *   id: string, kind: string, state: "processing"|"done", created_at: string, result: string | null, reasons: string[],
 *   pages_of: Record<string, number[]>,
 *   checks: Record<string, string>, pictures: string[]
 * }} Paper
 * @typedef {{
 *   session: {id: string, status: string, reference: string}, line: Line, steps: Step[], uploads: Upload[],
 *   clips: Clip[], expected: Record<string, any>, report: Record<string, any>,
 *   rule_pack?: {id: string, version: number},
 *   findings: {blocking: Finding[], doubtful: Finding[], passed: Finding[], not_checked: Finding[]},
 *   papers: Paper[], audit: {at: string, who: string, what: string, step: string | null, why: string | null}[], claim: {by: string | null, until: string | null},
 *   link: {device: {kind: string | null, browser: string | null} | null},
 *   decision: {kind: string, message: string, at: string} | null
 * }} Case
 */

/**
 * The upload that counts in each slot, in the order of the steps; the clip is not a picture.
 * @param {Case} shown
 * @returns {Upload[]}
 */
export function pictures(shown) {
  return shown.steps
    .filter((step) => step.name !== "face")
    .flatMap((step) => step.slots)
    .flatMap((slot) => shown.uploads.find((upload) => upload.id === slot.upload?.id) ?? slot.upload ?? [])
    .filter((upload) => upload.state !== "draft");
}

/**
 * How a page of a form is called: by the number that it bears, where all bear one, else by its place.
 * @param {Upload} upload
 * @param {number} place
 */
export function calledAt(upload, place) {
  const known = upload.pages.every((page) => page.number !== null);
  return (known ? upload.pages[place]?.number : null) ?? place + 1;
}

/**
 * The clip that counts: the one in the face step's slot, else the latest.
 * @param {Case} shown
 * @returns {Clip | null}
 */
export function clipOf(shown) {
  const id = shown.steps.find((step) => step.name === "face")?.slots[0]?.upload?.id;
  return shown.clips.find((clip) => clip.upload === id) ?? shown.clips.at(-1) ?? null;
}

/**
 * Whether an operator must look at a field.
 * @param {Field} field
 */
export function doubtful(field) {
  return field.agrees === false || (field.edited !== null && field.edited !== field.value);
}
