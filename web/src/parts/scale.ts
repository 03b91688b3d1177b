/** Where on a picture does a value stand? The little of chart arithmetic that charts here need. */

export interface LinearScale {
  (value: number): number
  /** Round values from the lower end of the domain to the upper, both among them. */
  ticks: number[]
}

/** The round number (1, 2, 2.5, 3, 4 or 5 times a power of ten) that steps so far, or further; 1 at the least. */
export function roundStep(atLeast: number): number {
  if (atLeast <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const factor = [1, 2, 2.5, 3, 4, 5, 10].find((one) => one * power >= atLeast && Number.isInteger(one * power))
  return (factor ?? 10) * power
}

/** From 0 to `highest` and on to the next round value, in about `count` steps; for counts of tickets. */
export function linear(highest: number, range: readonly [number, number], count = 4): LinearScale {
  const step = roundStep(Math.max(highest, 1) / count)
  const last = Math.max(1, Math.ceil(highest / step)) * step
  const scale = (value: number): number => range[0] + ((range[1] - range[0]) * value) / last
  const ticks: number[] = []
  for (let at = 0; at <= last; at += step) ticks.push(at)
  return Object.assign(scale, { ticks })
}

export interface BandScale {
  /** Left edge of the band with this place in the order. */
  (index: number): number
  step: number
  bandwidth: number
}

/** As many bands side by side, with air of a share of each step between them. */
export function band(count: number, range: readonly [number, number], air = 0.34): BandScale {
  const step = (range[1] - range[0]) / Math.max(1, count)
  const scale = (index: number): number => range[0] + step * (index + air / 2)
  return Object.assign(scale, { step, bandwidth: step * (1 - air) })
}
