// A sales report as a page shows it: rows under their names, and running sums over time. Pure.
import type { SalesFigures as Figures } from '../../app/model.ts'

export type Measure = 'tickets' | 'money'

/** What a chart or a share is made of: what was sold; refunds stand beside it in the table. */
export function measured(figures: Figures, measure: Measure): number {
  return measure === 'tickets' ? figures.tickets_sold : figures.gross
}

/** Each value with those before it added. */
export function cumulative(values: number[]): number[] {
  let sum = 0
  return values.map((value) => (sum += value))
}

export interface Bucket<Row> {
  from: string
  to: string
  rows: Row[]
}

/** The rows of a report over time, one bucket for each `from`, in the order of time. */
export function buckets<Row extends { from?: string; to?: string }>(rows: Row[]): Bucket<Row>[] {
  const found = new Map<string, Bucket<Row>>()
  for (const row of rows) {
    if (row.from === undefined || row.to === undefined) continue
    const bucket = found.get(row.from) ?? { from: row.from, to: row.to, rows: [] }
    bucket.rows.push(row)
    found.set(row.from, bucket)
  }
  return [...found.values()].sort((a, b) => a.from.localeCompare(b.from))
}

export function sumOf<Row extends Figures>(rows: Row[]): Figures {
  const sum: Figures = {
    tickets_sold: 0,
    tickets_refunded: 0,
    tickets_net: 0,
    gross: 0,
    refunds: 0,
    net: 0,
  }
  for (const row of rows) for (const name of Object.keys(sum) as (keyof Figures)[]) sum[name] += row[name]
  return sum
}
