/**
 * The shapes that the service answers with, as docs/page-api.md gives them.
 */

/**
 * @typedef {object} Reason
 * @property {string} code
 * @property {string | null} slot
 * @property {string | null} field
 * @property {"advise" | "retry" | "review"} effect
 * @property {number | null} moment_s
 * @property {string | null} frame
 * @property {number[]} pages of a form that it is about; of `form_incomplete` the missing ones
 */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string | null} value
 * @property {number | null} score
 * @property {string | null} entered
 * @property {boolean | null} agrees
 * @property {string | null} edited
 * @property {number[]} doubtful
 * @property {boolean} editable
 */

/**
 * @typedef {object} Result
 * @property {"clear" | "consider" | "rejected" | "unreadable" | "not_checked"} result
 * @property {Reason[]} reasons
 * @property {string[]} went_right
 * @property {Field[]} fields
 * @property {number} stills
 */

/**
 * A picture of an upload: of a form one for each page.
 * @typedef {object} UploadPage
 * @property {number} file names it
 * @property {number | null} number the page that it says it is, once it was read
 * @property {number} width
 * @property {number} height
 * @property {{corners: Point[] | null, rotate_deg: number}} page
 */

/** @typedef {[number, number]} Point from 0 to 1 of the upright picture */

/**
 * @typedef {object} Upload
 * @property {string} id
 * @property {string} step
 * @property {string} slot
 * @property {"draft" | "processing" | "done"} state
 * @property {number} width
 * @property {number} height
 * @property {{corners: Point[] | null, rotate_deg: number} | null} page
 * @property {UploadPage[]} pages
 * @property {{stage: "waiting" | "decoding" | "measuring" | "judging", fraction: number} | null} progress
 * @property {Result | null} result
 */

/**
 * @typedef {object} Slot
 * @property {string} name
 * @property {string} kind
 * @property {"empty" | "draft" | "processing" | "done"} state
 * @property {Upload | null} upload
 * @property {number | null} pages on how many the service prints that form
 * @property {"spoken" | "typed" | null} way of a clip: how its digits were answered
 */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {"open" | "processing" | "passed" | "failed" | "in_review"} state
 * @property {null | "other_slot" | "confirm_still"} needs
 * @property {{used: number, max: number, locked_until: string | null}} attempts
 * @property {Reason[]} reasons
 * @property {string[]} went_right
 * @property {Slot[]} slots
 * @property {string | null} passed_at
 */

/**
 * @typedef {object} State
 * @property {{id: string, status: string, reference: string, locale: string, expires_at: string, created_at: string}} session
 * @property {{name: string, hotline: string}} provider
 * @property {{kind: "unit" | "individual", name: string}} subject
 * @property {{given: boolean, declined: boolean, version: string, retention_days: {media: number, record: number}}} consent
 * @property {{hint: string | null, code_sent: boolean, expires_at: string | null, resend_at: string | null, tries_left: number}} phone
 * @property {Step[]} steps
 * @property {"applicant" | "service" | "operator" | "none"} awaiting
 * @property {{since: string, due_at: string} | null} review
 * @property {{kind: "approved" | "declined" | "redo", message: string, at: string} | null} decision
 * @property {number} last_event_id
 */

/**
 * @typedef {object} Challenge
 * @property {string} id
 * @property {number} count
 * @property {string | null} digits all of them for a film made beforehand; a recording is given one after the other
 * @property {number[]} reveals_s
 * @property {number} duration_s
 * @property {string} expires_at
 * @property {{after: number, at_s: number, until_s: number} | null} turn where the head is to turn: after so many digits
 */

/**
 * What a screen gives back: its elements, and what it wants to be told.
 * @typedef {object} Screen
 * @property {string} name for `data-screen`
 * @property {string} title what the window is called
 * @property {HTMLElement[]} parts
 * @property {string} [look] `cam` (black) or `white` (lights the face)
 * @property {string | null} [step]
 * @property {(state: State) => boolean} [update] takes a new state in place; false asks to be built anew
 * @property {() => void} [leave] stops what runs: camera, timers
 * @property {HTMLElement} [focus] where the focus goes instead of the title
 */

export {};
