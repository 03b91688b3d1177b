/** Sales per day: what was sold of what, and where tickets were added. Read by eye, by arrow keys, as a
 * table, and as CSV. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { client } from '../../app/api.ts'
import type { AuditEntry, Event, SalesReport, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { param, setQuery } from '../../app/router.tsx'
import { Button } from '../../parts/button.tsx'
import { day as dayText, fileName, number } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, Skeleton } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { useWidth } from '../../parts/width.ts'
import { dayStart } from '../reports/period.ts'
import { PLOT, layOut, salesDays, type Day, type SalesDays } from './chart_data.ts'

const PERIODS = [
  { value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: 'all', label: 'All' },
] as const
type Period = (typeof PERIODS)[number]['value']

const WORDS: Record<Period, string> = { 7: 'in the last 7 days', 30: 'in the last 30 days', all: 'since it went on sale' }

export interface SalesChartProps {
  event: Event
  types: TicketType[]
  /** Changes when something was sold or added: load again. */
  news: number
}

function addedWords(day: Day, short: boolean): string {
  const sum = day.added.reduce((all, one) => all + one.quantity, 0)
  if (short || day.added.length !== 1) return `+${number(sum)}`
  return `+${number(sum)} ${day.added[0]!.name}`
}

/** Letters of a label are about as wide. */
const LETTER = 6.4

/** Where additions are written; one that would run into its neighbour stands a line lower. */
function marksOf(days: readonly Day[], middle: (i: number) => number, width: number) {
  let end = -Infinity, lowered = false
  return days.flatMap((day, i) => {
    if (!day.added.length) return []
    const words = addedWords(day, width < 700), half = (words.length * LETTER) / 2
    const textX = Math.max(half, Math.min(middle(i), width - half))
    lowered = textX - half < end && !lowered
    end = textX + half
    return [{ key: day.key, x: middle(i), textX, y: lowered ? 22 : 10, total: day.total, words }]
  })
}

const dayWords = (data: SalesDays, day: Day, zone: string): string => [
  `${dayText(day.at, zone)}: ${number(day.total)} sold`,
  ...data.series.filter((one) => day.values[one.key]).map((one) => `${one.name} ${number(day.values[one.key]!)}`),
  ...day.added.map((one) => `${number(one.quantity)} ${one.name} added`),
].join(', ')

function Tip({ data, day, zone, left, before }: { data: SalesDays; day: Day; zone: string; left: number; before: boolean }) {
  return (
    <div class={before ? 'tip before' : 'tip'} style={{ left: `${left}%` }} aria-hidden="true">
      <b>{dayText(day.at, zone)}</b>
      {data.series.map((one) => day.values[one.key]
        ? <span key={one.key}><i class={`swatch ${one.class}`} />{one.name}<em>{number(day.values[one.key]!)}</em></span> : null)}
      <span class="total">Total<em>{number(day.total)}</em></span>
      {day.added.map((one, i) => <span key={i}>+{number(one.quantity)} {one.name}</span>)}
    </div>
  )
}

function Plot({ data, zone }: { data: SalesDays; zone: string }) {
  const { box, width } = useWidth()
  const at = useSignal<number | null>(null)
  const plan = layOut(data, width)
  const { days } = data
  const middle = (i: number): number => plan.x(i) + plan.x.bandwidth / 2
  const every = Math.max(1, Math.ceil(64 / plan.x.step))
  const onKeyDown = (event: KeyboardEvent) => {
    const last = days.length - 1, here = at.value
    const next = ({
      ArrowRight: here === null ? 0 : Math.min(last, here + 1), ArrowLeft: here === null ? last : Math.max(0, here - 1),
      Home: 0, End: last,
    } as Record<string, number>)[event.key]
    if (next === undefined && event.key !== 'Escape') return
    event.preventDefault()
    at.value = next ?? null
  }
  const label = `Stacked bars: tickets sold per day, ${dayText(days[0]!.at, zone)} to ${dayText(days.at(-1)!.at, zone)}. ` +
    `${number(data.total)} in all. Left and right arrow keys read single days.`
  return (
    <div class="plot" ref={box} onPointerLeave={() => { at.value = null }}>
      <svg viewBox={`0 0 ${width} ${PLOT.height}`} role="img" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}
        onBlur={() => { at.value = null }}>
        {plan.y.ticks.map((tick) => (
          <g key={tick}>
            <line class="line" x1={PLOT.left} x2={width - PLOT.right} y1={plan.y(tick)} y2={plan.y(tick)} />
            <text class="tick" x={PLOT.left - 8} y={plan.y(tick) + 4} text-anchor="end">{number(tick)}</text>
          </g>
        ))}
        {days.map((day, i) => (
          <g key={day.key} class={at.value !== null && at.value !== i ? 'dim' : ''}>
            {plan.boxes[i]!.map((one) => (
              <rect key={one.series.key} class={one.series.class} x={one.x} y={one.y} width={one.width} height={one.height} rx="1.5" />
            ))}
            {(days.length - 1 - i) % every === 0 && (
              <text class="tick" x={Math.min(middle(i), width - 20)} y={PLOT.height - 6} text-anchor="middle">{dayText(day.at, zone)}</text>
            )}
            <rect x={middle(i) - plan.x.step / 2} y={PLOT.top} width={plan.x.step} height={PLOT.height - PLOT.top - PLOT.bottom}
              fill="transparent" onPointerEnter={() => { at.value = i }} />
          </g>
        ))}
        {marksOf(days, middle, width).map((mark) => (
          <g class="mark" key={mark.key}>
            <line x1={mark.x} x2={mark.x} y1={mark.y + 4} y2={Math.max(mark.y + 4, plan.y(mark.total) - 4)} />
            <text x={mark.textX} y={mark.y} text-anchor="middle">{mark.words}</text>
          </g>
        ))}
      </svg>
      {at.value !== null && days[at.value] && (
        <Tip data={data} day={days[at.value]!} zone={zone} left={((middle(at.value) + 12) / (width + 24)) * 100}
          before={at.value > days.length / 2} />
      )}
      <p class="vh" aria-live="polite">{at.value !== null && days[at.value] ? dayWords(data, days[at.value]!, zone) : ''}</p>
    </div>
  )
}

function Twin({ data, zone }: { data: SalesDays; zone: string }) {
  const columns: Column<Day>[] = [
    { head: 'Day', heading: true, cell: (day) => dayText(day.at, zone) },
    ...data.series.map((one): Column<Day> => ({ head: one.name, align: 'right', cell: (day) => number(day.values[one.key] ?? 0) })),
    { head: 'Total', align: 'right', cell: (day) => <b>{number(day.total)}</b> },
    { head: 'Added', align: 'right', cell: (day) => day.added.length ? addedWords(day, false) : '' },
  ]
  return <DataTable label="Sales per day, table" columns={columns} rows={data.days} keyOf={(day) => day.key} />
}

function ChartOf({ event, types, report, increases, table }: {
  event: Event; types: TicketType[]; report: SalesReport; increases: AuditEntry[]; table: boolean
}) {
  const data = salesDays({ types, rows: report.rows, increases, from: report.from, to: report.to, zone: event.time_zone })
  if (data.total === 0 && !table) {
    return <div class="no-sales"><EmptyState icon="chart">Nothing was sold in this time.</EmptyState></div>
  }
  if (table) return <Twin data={data} zone={event.time_zone} />
  return (
    <>
      <Plot data={data} zone={event.time_zone} key={data.days.length} />
      <ul class="legend">
        {data.series.map((one) => <li key={one.key}><i class={`swatch ${one.class}`} />{one.name}</li>)}
        <li><i class="mark" />Inventory added</li>
      </ul>
    </>
  )
}

export function SalesChart({ event, types, news }: SalesChartProps) {
  const period = (PERIODS.find((one) => one.value === param('days'))?.value ?? '30') as Period
  const table = param('sales') === 'table'
  const from = period === 'all' ? null : dayStart(Date.now(), Number(period) - 1, event.time_zone)
  const query = { event_id: event.id, group_by: 'ticket_type', interval: 'day', from } as const
  const loaded = useResource(async (signal) => {
    const [report, log] = await Promise.all([
      client.reports.sales(query, { signal }),
      client.auditLog.list({ event_id: event.id, action: 'increase', from, limit: 200 }, { signal }),
    ])
    return { report, increases: log.data }
  }, [event.id, period])
  useEffect(() => {
    if (news) void loaded.reload()
  }, [news])
  return (
    <section class="card chart" aria-labelledby="sales-h">
      <header class="card-head">
        <div>
          <h2 id="sales-h">Sales per day</h2>
          <p class="sub">{loaded.data.value ? <><b>{number(loaded.data.value.report.totals.tickets_sold)}</b> tickets {WORDS[period]}</>
            : <Skeleton width="180px" />}</p>
        </div>
        <div class="row">
          <Segmented label="Period" options={PERIODS} value={period} onValue={(value) => setQuery({ days: value === '30' ? null : value })} />
          <Button size="small" kind="ghost" aria-pressed={table} onClick={() => setQuery({ sales: table ? null : 'table' })}>{table ? 'Chart' : 'Table'}</Button>
          <a class="btn ghost sm" href={client.reports.sales.url({ ...query, format: 'csv' })} download={fileName([event.name, 'sales per day'], event.time_zone)}><Icon name="download" size={16} />CSV</a>
        </div>
      </header>
      <Loaded resource={loaded} skeleton={<div class="plot-wait"><Skeleton height="100%" /></div>}>
        {({ report, increases }) => <ChartOf event={event} types={types} report={report} increases={increases} table={table} />}
      </Loaded>
    </section>
  )
}
