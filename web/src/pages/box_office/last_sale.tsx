/** What was sold last, what is still on its way, and the way back. */
import { signal, useSignal } from '@preact/signals'
import { can } from '../../app/session.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { money, moneyParse, plural } from '../../parts/format.ts'
import { quickAmounts } from './cash.ts'
import { count, type Sale } from './sale.ts'
import { UNDO_MS, type Sold, type Till } from './till.ts'

export const undoOpen = signal(false)

const how = (sale: Pick<Sold, 'channel' | 'tender'>): string => sale.channel === 'comp' ? 'comp' : sale.tender ?? ''

function Sending({ sale, currency, silent }: { sale: Sale; currency: string; silent: boolean }) {
  const { payment } = sale
  return payment && (
    <div class="last sending">
      <span class="dot"><Icon name="hourglass" size={20} /></span>
      <span><b>Sending… {money(payment.amount, currency, 'always')} {how(payment)}</b>
        <small>{plural(count(sale.wanted), 'ticket')}{silent && ' · no answer yet, trying again'}</small></span>
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
      <div class="amounts">
        {quickAmounts(sold.amount, unit).map((amount) => (
          <button type="button" key={amount} aria-pressed={other.value === null && sold.received === amount}
            onClick={() => { other.value = null; till.receive(amount) }}>{money(amount, currency)}</button>
        ))}
        <input aria-label="Other amount received" inputMode="decimal" placeholder="Other" value={other.value ?? ''}
          onInput={(event) => { other.value = event.currentTarget.value || null; till.receive(moneyParse(event.currentTarget.value, currency)) }} />
      </div>
      <output>{change === null ? '' : change < 0
        ? <>Still due <b>{money(-change, currency, 'always')}</b></> : <>Change <b>{money(change, currency, 'always')}</b></>}</output>
    </div>
  )
}

export function LastSale({ till, currency, now }: { till: Till; currency: string; now: number }) {
  const sold = till.last.value, left = sold ? UNDO_MS - (now - sold.at) : 0
  return (
    <div class="lasts">
      {till.sending.value.map((sale) => <Sending key={sale.id} sale={sale} currency={currency} silent={till.silent.value.has(sale.id)} />)}
      {sold && sold.tender === 'cash' && !sold.undo && left > 0 && count(till.current.value.wanted) === 0 &&
        <Change key={sold.cart} sold={sold} till={till} currency={currency} />}
      {sold && (
        <div class={sold.undone ? 'last undone' : 'last'} role="status">
          <span class="dot"><Icon name={sold.undone ? 'refund' : 'check'} size={20} /></span>
          <span><b>{money(sold.amount, currency, 'always')} {how(sold)}{sold.undone && ', undone'}</b>
            <small>{plural(sold.lines.reduce((sum, line) => sum + line.quantity, 0), 'ticket')}</small><small>{sold.order}</small></span>
          <IconButton icon="print" label="Print the receipt" onClick={() => print()} />
          {can('refund') && !sold.undone && (left > 0 || sold.undo) &&
            <Button icon="undo" busy={!!sold.undo} onClick={() => { undoOpen.value = true }}>{sold.undo ? 'Undoing…' : 'Undo'}</Button>}
        </div>
      )}
    </div>
  )
}
