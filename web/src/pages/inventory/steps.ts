// The counts of a ticket type as points of a step line. Pure.

export interface StepRow {
  at: string | number
  total: number
  sold: number
  reserved: number
  available: number
}

export type StepPoint = StepRow & { at: number }

/** In the order of time; the last counts hold until `until`. */
export function stepPoints(rows: StepRow[], until: number): StepPoint[] {
  const points = rows
    .map((row) => ({ ...row, at: typeof row.at === 'number' ? row.at : Date.parse(row.at) }))
    .sort((a, b) => a.at - b.at)
  const last = points[points.length - 1]
  if (last !== undefined && until > last.at) points.push({ ...last, at: until })
  return points
}

/** The index of the point that holds at this instant: the last one not after it. */
export function nearest(points: StepPoint[], instant: number): number {
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((points[middle]?.at ?? 0) <= instant) low = middle
    else high = middle - 1
  }
  return low
}

type Place = (point: StepPoint) => number

/** A line that keeps its height up to the next change. */
export function stepPath(points: StepPoint[], x: (instant: number) => number, y: Place): string {
  return points
    .map((point, i) => (i === 0 ? `M${x(point.at)},${y(point)}` : `H${x(point.at)}V${y(point)}`))
    .join('')
}

/** What lies between two such lines. */
export function stepArea(
  points: StepPoint[],
  x: (instant: number) => number,
  low: Place,
  high: Place,
): string {
  const back = points
    .toReversed()
    .map((point, i, all) => {
      const before = all[i + 1]
      return before ? `H${x(point.at)}V${low(before)}` : `H${x(point.at)}`
    })
    .join('')
  const last = points.at(-1)
  return last ? `${stepPath(points, x, high)}V${low(last)}${back}Z` : ''
}
