/** The current sale: its lines, how long they are reserved, and the two ways to pay. */
import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { TicketType } from '../../app/model.ts'
import { can } from '../../app/session.ts'
import { countdown, money, number, plural } from '../../parts/format.ts'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { myShift } from '../shifts/shift.ts'
import { uncounted } from './drawer.ts'
import { BetweenSales } from './last_sale.tsx'
import { Notices } from './notices.tsx'
import { AMBER_MS, count, isEmpty, same, type Sale } from './sale.ts'
import { leftOf } from './tiles.tsx'
import { amountOf, type Till } from './till.ts'

export const compOpen = signal(false)

export interface BillProps { types: TicketType[]; till: Till; currency: string; now: number; pay: (how: 'cash' | 'card') => void }

/** How sure the lines are, in a word beside a sign. */
function Standing({ sale, till, now }: { sale: Sale; till: Till; now: number }) {
  if (isEmpty(sale.wanted)) return null
  if (sale.lapsed && !sale.cart && !sale.creation) {
    return <Button size="small" icon="refund" onClick={() => till.reserveAgain()}>Reserve again</Button>
  }
  if (till.silent.value.has(sale.id)) return <span class="standing amber"><Icon name="alert" size={16} />No answer yet…</span>
  if (!sale.cart || !same(sale.cart.granted, sale.wanted)) return <span class="standing">Reserving…</span>
  const left = sale.cart.deadline - now
  return (
    <span class={left <= AMBER_MS ? 'standing amber' : 'standing'}>
      <Icon name="clock" size={16} />{left <= AMBER_MS ? 'Runs out in' : 'Reserved'} {countdown(left / 1000)}
    </span>
  )
}

function Line({ type, props, state }: { type: TicketType; props: BillProps; state: '' | 'amber' | 'lapsed' }) {
  const { till, currency } = props, quantity = till.current.value.wanted[type.id] ?? 0
  const price = till.current.value.cart?.prices[type.id] ?? type.price
  return (
    <li class={state}>
      <div><b>{type.name}</b><small>{state === 'lapsed' ? 'No longer reserved' : `${money(price, currency, 'always')} each`}</small></div>
      <div class="stepper">
        <button type="button" aria-label={`One ${type.name} less`} onClick={() => till.remove(type.id)}><Icon name="minus" size={22} /></button>
        <output aria-label={`${type.name} quantity`}>{number(quantity)}</output>
        <button type="button" aria-label={`One ${type.name} more`} disabled={leftOf(type, till) <= 0}
          onClick={() => { if (leftOf(type, till) > 0) till.add(type.id) }}><Icon name="plus" size={22} /></button>
      </div>
      <span class="amount">{money(quantity * price, currency, 'always')}</span>
    </li>
  )
}

/** More lines than there is room for scroll inside; one that was just begun is brought into sight. */
function Lines({ children }: { children: VNode[] }) {
  const list = useRef<HTMLUListElement>(null)
  useLayoutEffect(() => list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' }), [children.length])
  return <ul class="lines" ref={list}>{children}</ul>
}

export function Bill(props: BillProps) {
  const { till, types, currency, now } = props, sale = till.current.value
  const prices = Object.fromEntries(types.map((type) => [type.id, type.price]))
  const tickets = count(sale.wanted), none = tickets === 0
  const lapsed = sale.lapsed && !sale.cart && !sale.creation
  const state = lapsed ? 'lapsed' : sale.cart && sale.cart.deadline - now <= AMBER_MS ? 'amber' : ''
  const lines = Object.keys(sale.wanted).map((id) => types.find((type) => type.id === id)).filter((type) => !!type)
  const due = money(amountOf(sale, prices), currency, 'always'), why = uncounted(myShift.value, currency)
  return (
    <>
      <h2>Current sale <Standing sale={sale} till={till} now={now} /></h2>
      <div class="slip">
        {none
          ? <BetweenSales till={till} currency={currency} now={now} />
          : <Lines>{lines.map((type) => <Line key={type.id} type={type} props={props} state={state} />)}</Lines>}
        <Notices till={till} />
      </div>
      <div class="pay">
        <div class="due"><span>{plural(tickets, 'ticket')}</span><b class={due.length > 11 ? 'long' : ''} aria-live="polite">{due}</b></div>
        <div class="pays">
          <button type="button" class="big by-cash" aria-keyshortcuts="c" disabled={none} onClick={() => props.pay('cash')}>
            <Icon name="cash" size={24} /><span>Cash{why && <small>not counted: {why}</small>}</span></button>
          <button type="button" class="big by-card" aria-keyshortcuts="k" disabled={none} onClick={() => props.pay('card')}><Icon name="card" size={24} />Card</button>
        </div>
        <div class="others">
          {can('sell') && <Button icon="gift" disabled={none} onClick={() => { compOpen.value = true }}>Comp…</Button>}
          <Button icon="x" disabled={none} aria-keyshortcuts="Escape" onClick={() => till.clear()}>Clear</Button>
        </div>
      </div>
    </>
  )
}
