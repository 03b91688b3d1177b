/** Which notes will have been handed over? */

/** Notes and round sums, in whole units of the currency. */
const NOTES = [5, 10, 20, 50, 100]

/** Up to four amounts that are likely for `amount`, the exact one first; `unit` is one whole of the
 * currency in minor units. */
export function quickAmounts(amount: number, unit: number): number[] {
  const rounded = NOTES.map((note) => Math.ceil(amount / (note * unit)) * note * unit)
  return [...new Set([amount, ...rounded])].sort((one, other) => one - other).slice(0, 4)
}
