/** Sales reports of an event: by ticket type, over time, at the box office. Every number leads to the
 * entries of the audit log that it is made of. */
import type { Query } from '@ticketd/client'
import { client } from '../../app/api.ts'
import type { Channel, SalesFigures, SalesReport, SalesRow, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { Link, param, setQuery } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { Button } from '../../parts/button.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import { dayKey, fileName, money, number, stamp } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Segmented, type SegmentedProps } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Zone } from '../../parts/zoned.tsx'
import { tenderName } from '../shifts/shift.ts'
import { BarsOverTime } from './bars_over_time.tsx'
import { buckets, cumulative, measured, sumOf, type Measure } from './figures.ts'
import { bucketName, bucketTick, type Interval } from './interval.ts'
import { daysPeriod, presetPeriod, type Period, type Preset } from './period.ts'

const VIEWS = [
  { value: 'type', label: 'By type' }, { value: 'time', label: 'Over time' }, { value: 'box-office', label: 'Box office' },
] as const
const PRESETS = [
  { value: 'today', label: 'Today' }, { value: '7d', label: '7 days' }, { value: '30d', label: '30 days' },
  { value: 'all', label: 'All' }, { value: 'days', label: 'Days' },
] as const
const INTERVALS = [
  { value: 'hour', label: 'Hour' }, { value: 'day', label: 'Day' }, { value: 'week', label: 'Week' },
] as const
const MEASURES = [{ value: 'tickets', label: 'Tickets' }, { value: 'money', label: 'Money' }] as const
const SUMS = [{ value: '', label: 'Each' }, { value: 'cumulative', label: 'Cumulative' }] as const
const CHANNELS = [
  { value: '', label: 'Every channel' }, { value: 'online', label: 'Online' }, { value: 'box_office', label: 'Box office' },
  { value: 'partner', label: 'Partner' }, { value: 'comp', label: 'Comp' },
] as const
const TENDERS = [
  { value: '', label: 'Every tender' }, { value: 'cash', label: 'Cash' }, { value: 'card', label: 'Card' },
] as const

/** What the address says, where it says something that can be. */
const choice = <Value extends string>(options: readonly { value: Value }[], name: string, otherwise: Value): Value =>
  options.find((one) => one.value === param(name))?.value ?? otherwise

function period(zone: string): Period {
  const preset = choice(PRESETS, 'period', '30d')
  return preset === 'days' ? daysPeriod(param('first'), param('last'), zone) : presetPeriod(preset as Preset, Date.now(), zone)
}

function Choice({ label, name, options }: {
  label: string; name: string; options: readonly { value: string; label: string }[]
}) {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={param(name)} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
          {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
        </select>
      )}
    </Field>
  )
}

/** One of a few, under its name as the other filters are. */
const Pick = <Value extends string>(props: SegmentedProps<Value>) => (
  <div class="field pick"><span aria-hidden="true">{props.label}</span><Segmented {...props} /></div>
)

function Filters({ types, zone, view }: { types: readonly TicketType[]; zone: string; view: string }) {
  const preset = choice(PRESETS, 'period', '30d'), today = dayKey(Date.now(), zone)
  return (
    <section class="filters card" aria-label="Filters">
      <Pick label="Period" options={PRESETS} value={preset} onValue={(value) => setQuery({
        period: value, first: value === 'days' ? param('first') || today : null,
        last: value === 'days' ? param('last') || today : null,
      })} />
      {preset === 'days' && (
        <>
          <TextField label="First day" type="date" value={param('first')} onValue={(first) => setQuery({ first }, { replace: true })} />
          <TextField label="Last day" type="date" value={param('last')} onValue={(last) => setQuery({ last }, { replace: true })} />
        </>
      )}
      {view === 'time' && (
        <>
          <Pick label="Interval" options={INTERVALS} value={choice(INTERVALS, 'interval', 'day')}
            onValue={(interval) => setQuery({ interval })} />
          <Pick label="Sums" options={SUMS} value={choice(SUMS, 'sums', '')} onValue={(sums) => setQuery({ sums })} />
        </>
      )}
      <Pick label="Measure" options={MEASURES} value={choice(MEASURES, 'measure', 'tickets')}
        onValue={(measure) => setQuery({ measure })} />
      {view !== 'box-office' && (
        <>
          <Choice label="Ticket type" name="ticket_type_id"
            options={[{ value: '', label: 'Every ticket type' }, ...types.map(({ id, name }) => ({ value: id, label: name }))]} />
          <Choice label="Channel" name="channel" options={CHANNELS} />
          <Choice label="Tender" name="tender" options={TENDERS} />
        </>
      )}
    </section>
  )
}

/** What leads to the entries that a number is made of. */
type Log = (row: Partial<SalesRow>, action: 'sale' | 'refund') => string

/** The figures of a row; those of sales and of refunds lead to their entries. */
function figures(currency: string, log: Log): Column<Partial<SalesRow> & SalesFigures>[] {
  const linked = (row: Partial<SalesRow>, action: 'sale' | 'refund', count: number, words: string) =>
    count > 0 && can('read_log') ? <Link to={log(row, action)}>{words}</Link> : words
  const amount = (minor: number) => money(minor, currency, 'always')
  return [
    { head: 'Sold', align: 'right', cell: (row) => linked(row, 'sale', row.tickets_sold, number(row.tickets_sold)) },
    {
      head: 'Refunded', align: 'right', optional: true,
      cell: (row) => linked(row, 'refund', row.tickets_refunded, number(row.tickets_refunded)),
    },
    { head: 'Gross', align: 'right', optional: true, cell: (row) => linked(row, 'sale', row.tickets_sold, amount(row.gross)) },
    {
      head: 'Refunds', align: 'right', optional: true,
      cell: (row) => linked(row, 'refund', row.tickets_refunded, amount(row.refunds)),
    },
    { head: 'Net', align: 'right', cell: (row) => <b>{amount(row.net)}</b> },
  ]
}

const Totals = ({ totals, currency, log, share }: { totals: SalesFigures; currency: string; log: Log; share?: boolean }) => (
  <tr>
    <th scope="row">Total</th>
    {figures(currency, log).map((column, i) => <td class={column.optional ? 'r opt' : 'r'} key={i}>{column.cell(totals)}</td>)}
    {share && <td class="opt" />}
  </tr>
)

export function ReportsPage({ eventId }: { eventId: string }) {
  const view = choice(VIEWS, 'view', 'type')
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  return (
    <Loaded resource={inventory} page="Sales reports" skeleton={<><h1>Sales reports</h1><SkeletonRows rows={10} /></>}>
      {({ event, ticket_types }) => (
        <>
          <header class="page-head">
            <div><p class="crumb">{event.name} · times in <Zone at={Date.now()} zone={event.time_zone} /></p><h1>Sales reports</h1></div>
            <div class="row">
              <Segmented label="Report" options={VIEWS} value={view} onValue={(value) => setQuery({ view: value })} />
              <Button icon="print" onClick={() => print()}>Print</Button>
            </div>
          </header>
          <Filters types={ticket_types} zone={event.time_zone} view={view} />
          <Report eventId={eventId} name={event.name} zone={event.time_zone} types={ticket_types} view={view} />
        </>
      )}
    </Loaded>
  )
}

function Report({ eventId, name, zone, types, view }: {
  eventId: string; name: string; zone: string; types: readonly TicketType[]; view: (typeof VIEWS)[number]['value']
}) {
  const interval: Interval = choice(INTERVALS, 'interval', 'day')
  const measure: Measure = choice(MEASURES, 'measure', 'tickets')
  const { from, to } = period(zone)
  const narrowed: Query<'sales_report'> = view === 'box-office' ? {} : {
    group_by: 'ticket_type', interval: view === 'time' ? interval : null,
    ticket_type_id: param('ticket_type_id'), channel: param('channel') as Channel, tender: param('tender'),
  }
  const asked = { event_id: eventId, from, to, tz: zone, ...narrowed }
  const ask = view === 'box-office' ? client.reports.boxOffice : client.reports.sales
  const report = useResource((signal) => ask(asked, { signal }), [view, JSON.stringify(asked)])

  // Free tickets have no tender: those of the box office are found by their channel.
  const log: Log = (row, action) => {
    const query = new URLSearchParams()
    const facts: Record<string, string | null | undefined> = {
      action, ticket_type_id: row.ticket_type_id ?? narrowed.ticket_type_id,
      channel: view === 'box-office' && row.tender === null ? 'comp' : narrowed.channel,
      tender: row.tender ?? narrowed.tender, actor: row.operator?.id, from: row.from ?? from, to: row.to ?? to,
    }
    for (const [name, value] of Object.entries(facts)) if (value) query.set(name, value)
    return `/admin/events/${eventId}/audit-log?${query}`
  }
  const titles = { 'type': 'Sales by ticket type', 'time': 'Sales over time', 'box-office': 'Box office' }
  return (
    <section class="card" aria-labelledby="report-h">
      <header class="card-head">
        <h2 id="report-h">{titles[view]}</h2>
        <a class="btn ghost sm" href={ask.url({ ...asked, format: 'csv' })} download={fileName([name, titles[view]], zone)}><Icon name="download" size={16} />CSV</a>
      </header>
      <p class="print-only">{[
        report.data.value && `${stamp(report.data.value.from, zone)} to ${stamp(report.data.value.to, zone)}`,
        types.find((type) => type.id === asked.ticket_type_id)?.name,
        asked.channel && `channel ${asked.channel}`, asked.tender && `paid by ${asked.tender}`,
      ].filter(Boolean).join(' · ')}</p>
      <Loaded resource={report} skeleton={<SkeletonRows rows={8} />}>
        {(found) => found.rows.length === 0
          ? <EmptyState icon="chart">Nothing was sold or refunded in this period.</EmptyState>
          : view === 'time'
            ? <OverTime report={found} interval={interval} measure={measure} zone={zone} types={types} log={log} />
            : <Table report={found} view={view} measure={measure} log={log} />}
      </Loaded>
    </section>
  )
}

const operatorName = (row: SalesRow): string =>
  row.operator_name ?? (row.operator?.id ? `${row.operator.kind} …${row.operator.id.slice(-6)}` : 'ticketd')

function Table({ report, view, measure, log }: {
  report: SalesReport; view: string; measure: Measure; log: Log
}) {
  const whole = measured(report.totals, measure)
  const share: Column<SalesRow> = {
    head: 'Share', align: 'right', optional: true,
    cell: (row) => whole > 0 ? `${Math.round((measured(row, measure) / whole) * 100)}%` : '–',
  }
  const heading: Column<SalesRow> = view === 'box-office'
    ? { head: 'Operator', heading: true, cell: (row) => <>{operatorName(row)} <small>{tenderName(row.tender ?? null)}</small></> }
    : { head: 'Ticket type', heading: true, cell: (row) => row.ticket_type_name }
  const rows = report.rows.toSorted((a, b) => measured(b, measure) - measured(a, measure))
  return (
    <DataTable label={view} rows={rows} columns={[heading, ...figures(report.currency, log), share]}
      keyOf={(row) => `${row.ticket_type_id ?? row.operator?.id ?? ''} ${row.tender ?? ''}`}
      foot={<Totals totals={report.totals} currency={report.currency} log={log} share />} />
  )
}

function OverTime({ report, interval, measure, zone, types, log }: {
  report: SalesReport; interval: Interval; measure: Measure; zone: string; types: readonly TicketType[]
  log: Log
}) {
  const isCumulative = param('sums') === 'cumulative'
  const found = buckets(report.rows)
  const name = (at: string) => bucketName(at, interval, zone)
  const series = types.filter((type) => report.rows.some((row) => row.ticket_type_id === type.id))
  const values = series.map((type) => {
    const each = found.map((bucket) => measured(sumOf(bucket.rows.filter((row) => row.ticket_type_id === type.id)), measure))
    return isCumulative ? cumulative(each) : each
  })
  const shown = (value: number) => measure === 'money' ? money(value, report.currency) : number(value)
  let soFar = sumOf([])
  const rows = found.map((bucket) => {
    const own = sumOf(bucket.rows)
    soFar = sumOf([soFar, own])
    return { at: bucket.from, to: bucket.to, ...(isCumulative ? { from: report.from, ...soFar } : { from: bucket.from, ...own }) }
  })
  return (
    <>
      <BarsOverTime label={`Sales by ${interval}`} format={shown}
        names={found.map((bucket) => name(bucket.from))} ticks={found.map((bucket) => bucketTick(bucket.from, interval, zone))}
        series={series.map((type, i) => ({ name: type.name, values: values[i]! }))} />
      <DataTable label="Sales over time" rows={rows.toReversed()} keyOf={(row) => row.at}
        columns={[{ head: isCumulative ? 'Up to and with' : 'From', heading: true, cell: (row) => name(row.at) }, ...figures(report.currency, log)]}
        foot={<Totals totals={report.totals} currency={report.currency} log={log} />} />
    </>
  )
}
