/** The box office: two taps sell one ticket. Tiles left, the sale right, on a phone below. */
import { batch, computed, effect, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { client, uuidv7 } from '../../app/api.ts'
import { useKeys } from '../../app/keys.tsx'
import { counts, useLive } from '../../app/live.ts'
import { useLook } from '../../app/look.ts'
import type { Inventory, TicketType } from '../../app/model.ts'
import { useResource, type Resource } from '../../app/resource.ts'
import { can, me } from '../../app/session.ts'
import { money, plural } from '../../parts/format.ts'
import { ErrorNote, SkeletonRows } from '../../parts/states.tsx'
import { OpenShiftDialog } from '../shifts/dialogs.tsx'
import { ShiftDialog } from '../shifts/index.tsx'
import { findMyShift } from '../shifts/shift.ts'
import { Bill, compOpen } from './bill.tsx'
import { ReasonDialog } from './dialogs.tsx'
import { useDrawer } from './drawer.ts'
import { Header } from './header.tsx'
import { House } from './house.tsx'
import { tillStore, whileHere } from './kept.ts'
import { keysOn, tillBindings } from './keys.ts'
import { LastSale, undoOpen } from './last_sale.tsx'
import { news, tell, tellByCounts } from './news.ts'
import { Receipt } from './receipt.tsx'
import { count, isEmpty } from './sale.ts'
import { pause, tillServer } from './server.ts'
import { Tiles, leftOf } from './tiles.tsx'
import { Till, amountOf } from './till.ts'
import './box_office.css'

interface Hall { inventory: Inventory; venue: string }

/** A new price, or a ticket type that is archived, shows within so long. */
const LOOK_MS = 60_000

/** One per event for as long as the page lives: what was paid goes on while another page is shown. */
const tills = new Map<string, Till>()
const types = signal<TicketType[]>([])
const selling = computed(() => types.value.filter((type) => !type.archived_at))
const now = signal(Date.now())
const page = uuidv7()
const openingShift = signal(false), shiftShown = signal('')

function tillOf(event: string): Till {
  const who = me.peek()?.actor.id ?? '', found = tills.get(`${event} ${who}`)
  if (found) return found
  const store = tillStore(event, who, { local: localStorage, session: sessionStorage, now: () => Date.now(), newId: uuidv7, page })
  const till = new Till({
    server: tillServer, now: () => Date.now(), uuid: uuidv7, pause, keep: store.keep,
    names: (id) => types.peek().find((type) => type.id === id)?.name ?? 'ticket',
    onSettled: () => void findMyShift(),
  }, store.load())
  whileHere(store, (left) => till.takeOver(left))
  tills.set(`${event} ${who}`, till)
  return till
}

/** The seconds go by, the screen stays awake, and a hand on it keeps the tickets reserved. */
function useWork(till: Till): void {
  useEffect(() => {
    const tick = setInterval(() => batch(() => { now.value = Date.now(); till.tick() }), 500)
    const touch = () => till.touch()
    let awake: WakeLockSentinel | undefined
    const wake = () => {
      if (document.visibilityState !== 'visible') return
      void till.look()
      navigator.wakeLock?.request('screen').then((lock) => { awake = lock }, () => { /* A convenience only. */ })
    }
    wake()
    addEventListener('pointerdown', touch)
    addEventListener('keydown', touch)
    document.addEventListener('visibilitychange', wake)
    return () => {
      clearInterval(tick)
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', touch)
      document.removeEventListener('visibilitychange', wake)
      void awake?.release()
    }
  }, [till])
}

async function loadHall(eventId: string, signal: AbortSignal): Promise<Hall> {
  const inventory = await client.events.inventory(eventId, { signal })
  const id = inventory.event.venue_id
  const venue = id ? await client.venues.get(id, { signal }).then((one) => one.name, () => '') : ''
  signal.throwIfAborted()
  types.value = inventory.ticket_types
  return { inventory, venue }
}

/** What is sold here. A new ticket type is loaded once the stream speaks of it. */
function useHall(eventId: string): Resource<Hall> {
  const hall = useResource((abort) => loadHall(eventId, abort), [eventId])
  useLook(() => void hall.reload(), LOOK_MS, [])
  useEffect(() => {
    types.value = []
    const heardOf = new Set<string>()
    return effect(() => {
      const known = new Set(types.value.map((type) => type.id))
      const news = [...counts.value.values()].filter((one) =>
        one.event_id === eventId && !known.has(one.ticket_type_id) && !heardOf.has(one.ticket_type_id))
      if (!hall.data.value || !news.length) return
      for (const one of news) heardOf.add(one.ticket_type_id)
      void hall.reload()
    })
  }, [eventId])
  return hall
}

function payOf(till: Till) {
  return (how: 'cash' | 'card') => {
    const sale = till.current.peek()
    if (isEmpty(sale.wanted)) return
    till.pay({ channel: 'box_office', tender: how, reason: null, amount: amountOf(sale, pricesNow()) })
  }
}
const pricesNow = () => Object.fromEntries(types.peek().map((type) => [type.id, type.price]))

export function BoxOfficePage({ eventId }: { eventId: string }) {
  const till = useMemo(() => tillOf(eventId), [eventId])
  const hall = useHall(eventId)
  const pay = useMemo(() => payOf(till), [till])
  useWork(till)
  useLive({
    eventIds: [eventId],
    onAudit: can('read_history') ? (entry) => tell(entry, Date.now()) : undefined,
    onReset: () => void hall.reload(),
  })
  useKeys(keysOn.value ? tillBindings({
    add: (i) => { const type = selling.peek()[i]; if (type && leftOf(type, till) > 0) till.add(type.id) },
    removeLast: () => till.removeLast(),
    pay,
    clear: () => till.clear(),
  }) : [], [keysOn.value, till])
  useEffect(() => can('read_history') ? undefined : tellByCounts(), [eventId])
  useEffect(() => { news.value = null }, [eventId])
  useDrawer(till, () => shiftShown.peek() !== '')
  const event = hall.data.value?.inventory.event, ready = !!event
  return (
    <div class="bo">
      <a class="skip" href="#main">Skip to content</a>
      <Header eventId={eventId} event={event} venue={hall.data.value?.venue ?? ''}
        onOpenShift={() => { openingShift.value = true }} onShowShift={(id) => { shiftShown.value = id }} />
      <main class="floor" id="main" tabIndex={-1}>
        {hall.error.value !== null && !ready && <ErrorNote error={hall.error.value} retry={() => void hall.reload()} />}
        {ready ? <Tiles types={selling.value} till={till} zone={event.time_zone} now={now.value} ready={ready} />
          : !hall.error.value && <div class="tiles"><SkeletonRows rows={3} height="158px" /></div>}
        {ready && <House types={selling.value} now={now.value} />}
      </main>
      <section class="bill-side" aria-label="Sale">
        {ready && <Bill till={till} types={types.value} currency={event.currency} now={now.value} pay={pay} />}
        {ready && <LastSale till={till} currency={event.currency} now={now.value} />}
      </section>
      {ready && <Dialogs till={till} currency={event.currency} />}
      {ready && till.last.value && <Receipt sold={till.last.value} event={event} venue={hall.data.value!.venue} types={types.value} />}
    </div>
  )
}

function Dialogs({ till, currency }: { till: Till; currency: string }) {
  const tickets = plural(count(till.current.value.wanted), 'ticket')
  return (
    <>
      {compOpen.value && <ReasonDialog title="Give tickets for free" verb={`Give ${tickets}`} proposals={['Guest list', 'Press', 'Staff']}
        text={`${tickets}, at no price. They count as sold, in the channel comp.`}
        onReason={(reason) => till.pay({ channel: 'comp', tender: null, reason, amount: 0 })}
        onClose={() => { compOpen.value = false }} />}
      {undoOpen.value && <ReasonDialog title="Undo the last sale" verb="Undo the sale" proposals={['Wrong tickets', 'Wrong way to pay', 'Customer changed their mind']}
        text={`${money(undoOpen.value.amount, currency, 'always')} goes back, and so do the tickets.`}
        onReason={(reason) => void till.undo(reason, undoOpen.peek()?.cart)} onClose={() => { undoOpen.value = null }} />}
      {openingShift.value && <OpenShiftDialog currency={currency} onClose={() => { openingShift.value = false }} />}
      {shiftShown.value && <ShiftDialog id={shiftShown.value} onClose={() => { shiftShown.value = '' }} onChanged={() => void findMyShift()} />}
    </>
  )
}
