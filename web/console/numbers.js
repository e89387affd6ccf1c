/**
 * Numbers on certificates: the groups that people read them in, and what their check digit says.
 */

const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const ID_CHECKS = "10X98765432";

/**
 * GB 11643 (ISO 7064 MOD 11-2) for 18 digits, GB 32100 (MOD 31) for a unified social credit code.
 * @param {string} number without spaces, upper case
 * @returns {boolean | null} null: not a number with a check digit that we know
 */
export function checkDigitFits(number) {
  if (/^\d{17}[\dX]$/.test(number) && !/^9/.test(number)) {
    let total = 0;
    for (const [place, digit] of [...number.slice(0, 17)].entries()) total += Number(digit) * (2 ** (17 - place) % 11);
    return ID_CHECKS[total % 11] === number[17];
  }
  if (/^[0-9A-Z]{18}$/.test(number)) {
    let total = 0;
    let weight = 1;
    for (const character of number.slice(0, 17)) {
      const value = USCC.indexOf(character);
      if (value < 0) return false;
      total += value * weight;
      weight = (weight * 3) % 31;
    }
    return USCC[(31 - (total % 31)) % 31] === number[17];
  }
  return null;
}

/**
 * Cuts for a number: 6-8-4 for an ID card, sixes for a unit's code, fours for what else is long; a passport's
 * is read as one word.
 * @param {string} number
 * @returns {number[]} lengths of the groups
 */
export function groups(number) {
  if (/^\d{17}[\dX]$/.test(number) && !/^9/.test(number)) return [6, 8, 4];
  if (number.length === 18) return [6, 6, 6];
  if (number.length <= 10) return [number.length];
  const parts = [];
  for (let left = number.length; left > 0; left -= 4) parts.push(Math.min(4, left));
  return parts;
}

/**
 * A number in its groups.
 * @param {string} number
 */
export function grouped(number) {
  let from = 0;
  return groups(number).map((length) => number.slice(from, (from += length))).join(" ");
}

/**
 * Where two texts differ, character by character from the left; a missing character differs.
 * @param {string} one
 * @param {string} other
 * @returns {number[]}
 */
export function differences(one, other) {
  const found = [];
  for (let place = 0; place < Math.max(one.length, other.length); place += 1) {
    if (one[place] !== other[place]) found.push(place);
  }
  return found;
}
