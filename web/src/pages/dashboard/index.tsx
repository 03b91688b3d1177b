/** How does this event stand, and what has just happened? */
import { useSignal } from '@preact/signals'
import { client } from '../../app/api.ts'
import { useKeys } from '../../app/keys.tsx'
import { countsOf, useLive } from '../../app/live.ts'
import type { Event, Inventory } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { navigate } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { useSoon } from '../../app/soon.ts'
import { LiveMark } from '../../app/shell.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { away } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Loaded, Skeleton } from '../../parts/states.tsx'
import { DateTime } from '../../parts/zoned.tsx'
import { isOnSale } from '../events/attention.ts'
import { summed } from '../events/index.tsx'
import { AdjustDialog } from '../inventory/adjust_dialog.tsx'
import { Attention } from './attention.tsx'
import { Headline } from './headline.tsx'
import { LATEST_MAX, Latest, withNewest } from './latest.tsx'
import { SalesChart } from './sales_chart.tsx'
import { TypesTable } from './types_table.tsx'

/** Sums are asked for again this long after a change. */
const REST_MS = 2000

function State({ event, types }: Pick<Inventory, 'event'> & { types: Inventory['ticket_types'] }) {
  const now = Date.now()
  if (event.archived_at) return <Badge>Archived</Badge>
  if (!event.published) return <Badge tone="warn">Not published</Badge>
  if (Date.parse(event.end_date ?? event.start_date) < now) return <Badge>Over</Badge>
  if (!types.some((type) => isOnSale(type, now))) return <Badge>Not on sale</Badge>
  return types.some((type) => isOnSale(type, now) && type.counts.available > 0)
    ? <Badge tone="good">On sale</Badge> : <Badge tone="bad">Sold out</Badge>
}

function Crumb({ event }: { event: Event }) {
  const venue = useResource((signal) => event.venue_id
    ? client.venues.get(event.venue_id, { signal }) : Promise.resolve(null), [event.venue_id])
  return (
    <p class="crumb">
      {venue.data.value && `${venue.data.value.name} · `}
      <DateTime at={event.start_date} zone={event.time_zone} /> · {away(event.start_date, event.time_zone)}
    </p>
  )
}

const Waiting = () => (
  <>
    <header class="page-head"><div><p class="crumb"><Skeleton width="280px" /></p><h1><Skeleton width="220px" /></h1></div></header>
    <Skeleton height="54px" /><Skeleton height="118px" />
    <div class="beside"><Skeleton height="380px" /><Skeleton height="380px" /></div>
    <Skeleton height="340px" />
  </>
)

export function DashboardPage({ eventId }: { eventId: string }) {
  const readsLog = can('read_log'), readsHistory = can('read_history')
  const news = useSignal(0)
  const tell = useSoon(() => { news.value++ }, REST_MS)
  const adjusting = useSignal<string | null>(null)
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  const log = useResource(async (signal) => readsLog
    ? (await client.auditLog.list({ event_id: eventId, limit: LATEST_MAX }, { signal })).data : [], [eventId])
  const sales = useResource((signal) => readsHistory
    ? client.reports.sales({ event_id: eventId }, { signal }) : Promise.resolve(null), [eventId, news.value])
  useLive({
    eventIds: [eventId],
    onAudit: readsLog && readsHistory ? (entry) => {
      log.data.value = withNewest(log.data.value ?? [], [entry])
      if (entry.action === 'sale' || entry.action === 'refund' || entry.action === 'increase') tell()
    } : undefined,
    onReset: () => { void inventory.reload(); void log.reload(); tell() },
  })
  useKeys([
    { key: 'b', label: 'Box office', run: () => navigate(`/admin/events/${eventId}/box-office`) },
    { key: 'i', label: 'Inventory', run: () => navigate(`/admin/events/${eventId}/inventory`) },
  ], [eventId])

  return (
    <Loaded resource={inventory} page="Overview" skeleton={<Waiting />}>
      {({ event, ticket_types }) => {
        const all = ticket_types.map((type) => ({ ...type, counts: countsOf(type) }))
        const shown = all.filter((type) => !type.archived_at || type.counts.sold > 0)
        const open = all.filter((type) => !type.archived_at)
        const chosen = all.find((type) => type.id === adjusting.value)
        const onAdd = (type: { id: string }) => { adjusting.value = type.id }
        document.title = `${event.name} · ticketd`
        return (
          <>
            <header class="page-head">
              <div><Crumb event={event} /><h1>{event.name} <State event={event} types={all} /></h1></div>
              <div class="row">
                <LiveMark />
                {can('sell') && <a class="btn" href={`/admin/events/${eventId}/box-office`}><Icon name="till" />Box office</a>}
                {can('adjust') && !event.archived_at && open[0] &&
                  <Button kind="primary" icon="plus" onClick={() => onAdd(open[0]!)}>Add tickets</Button>}
              </div>
            </header>
            <Attention event={event} types={open} onAdd={onAdd} />
            <Headline counts={summed(all.map((type) => type.counts))} />
            <div class={readsLog ? 'beside' : ''}>
              <TypesTable event={event} types={shown} gross={sales.data.value?.totals.gross ?? null} onAdd={onAdd} />
              {readsLog && <Latest event={event} types={all} log={log} />}
            </div>
            {readsHistory && <SalesChart event={event} types={all} news={news.value} />}
            {chosen && (
              <AdjustDialog type={chosen} choices={open} onChoose={onAdd} action="increase"
                onClose={() => { adjusting.value = null }} onDone={() => void inventory.reload()} />
            )}
          </>
        )
      }}
    </Loaded>
  )
}
