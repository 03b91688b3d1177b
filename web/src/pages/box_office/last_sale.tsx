/** What was sold last, what is still on its way, and the way back. */
import { signal, useSignal } from '@preact/signals'
import { can } from '../../app/session.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { money, moneyParse, plural } from '../../parts/format.ts'
import { quickAmounts } from './cash.ts'
import { count } from './sale.ts'
import { UNDO_MS, type Sold, type Till } from './till.ts'

/** The sale that somebody is about to take back: the last one when the question was put. */
export const undoOpen = signal<Sold | null>(null)

const how = (sale: Pick<Sold, 'channel' | 'tender'>): string => sale.channel === 'comp' ? 'free' : sale.tender ?? ''

/** All that were paid and have no answer yet, in one row however many they are. */
function Sending({ till, currency }: { till: Till; currency: string }) {
  const sales = till.sending.value, [first] = sales
  const sum = sales.reduce((amount, sale) => amount + sale.payment!.amount, 0)
  const tickets = sales.reduce((all, sale) => all + count(sale.wanted), 0)
  const silent = sales.some((sale) => till.silent.value.has(sale.id))
  return (
    <div class="last sending" role="status">
      <span class="dot"><Icon name="hourglass" size={20} /></span>
      <span><b>Sending… {money(sum, currency, 'always')} {sales.length > 1 ? `in ${sales.length} sales` : how(first!.payment!)}</b>
        <small>{plural(tickets, 'ticket')}{silent && ' · no answer yet, trying again'}</small></span>
    </div>
  )
}

/** Optional: what was handed over, and what goes back. */
function Change({ sold, till, currency }: { sold: Sold; till: Till; currency: string }) {
  const other = useSignal<string | null>(null)
  const unit = moneyParse('1', currency) ?? 100
  const typed = other.value === null ? null : moneyParse(other.value, currency)
  const received = other.value === null ? sold.received : typed
  const change = received === null ? null : received - sold.amount
  return (
    <div class="change">
      <span class="change-label">Cash received</span>
      <output>{change === null ? '' : change < 0
        ? <>Still due <b>{money(-change, currency, 'always')}</b></> : <>Change <b>{money(change, currency, 'always')}</b></>}</output>
      <div class="amounts" role="group" aria-label="Amounts">
        {quickAmounts(sold.amount, unit).map((amount) => (
          <button type="button" key={amount} aria-pressed={other.value === null && sold.received === amount}
            onClick={() => { other.value = null; till.receive(amount) }}>{money(amount, currency)}</button>
        ))}
        <input aria-label="Other amount received" inputMode="decimal" placeholder="Other" value={other.value ?? ''}
          onKeyDown={(event) => { if (/^(Enter|Escape)$/.test(event.key)) event.currentTarget.blur() }}
          onInput={(event) => { other.value = event.currentTarget.value || null; till.receive(moneyParse(event.currentTarget.value, currency)) }} />
      </div>
    </div>
  )
}

/** Where the lines of the next sale will be: what is owed back from the last one, or how to begin. */
export function BetweenSales({ till, currency, now }: { till: Till; currency: string; now: number }) {
  const sold = till.last.value
  const paidCash = sold && sold.tender === 'cash' && !sold.undo && now - sold.at < UNDO_MS && !till.sending.value.length
  return (
    <>
      <div class="bill-empty"><Icon name="box" size={34} /><p>Tap a ticket type to start a sale.<br />Tap again for more of the same.</p></div>
      {paidCash && <Change key={sold.cart} sold={sold} till={till} currency={currency} />}
    </>
  )
}

export function LastSale({ till, currency, now }: { till: Till; currency: string; now: number }) {
  const sold = till.last.value
  if (till.sending.value.length) return <Sending till={till} currency={currency} />
  if (!sold) return <div class="last idle"><span class="dot"><Icon name="undo" size={20} /></span><span>Your last sale shows here, with the way back.</span></div>
  const mayUndo = can('refund') && !sold.undone && (now - sold.at < UNDO_MS || sold.undo)
  return (
    <div class={sold.undone ? 'last undone' : 'last'} role="status">
      <span class="dot"><Icon name={sold.undone ? 'refund' : 'check'} size={20} /></span>
      <span><b>{money(sold.amount, currency, 'always')} {how(sold)}{sold.undone && ', undone'}</b>
        <small>{plural(sold.lines.reduce((sum, line) => sum + line.quantity, 0), 'ticket')}</small> <small>{sold.order}</small></span>
      <IconButton icon="print" label="Print the receipt" onClick={() => print()} />
      {mayUndo && <Button icon="undo" busy={!!sold.undo} onClick={() => { undoOpen.value = sold }}>{sold.undo ? 'Undoing…' : 'Undo'}</Button>}
    </div>
  )
}
