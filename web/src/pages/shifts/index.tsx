/** Shifts: who had which drawer, what was sold from it, and whether the cash was right. */
import { useSignal } from '@preact/signals'
import { client } from '../../app/api.ts'
import { useResource } from '../../app/resource.ts'
import { param, setQuery } from '../../app/router.tsx'
import { can, me } from '../../app/session.ts'
import { event } from '../../app/shell.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { HERE, money, number, plural, stamp } from '../../parts/format.ts'
import { Segmented } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { CloseShiftDialog, OpenShiftDialog, said } from './dialogs.tsx'
import { findMyShift, tenderName, type Shift } from './shift.ts'
import './shifts.css'

const FILTERS = [{ value: 'all', label: 'All' }, { value: 'open', label: 'Open' }, { value: 'closed', label: 'Closed' }] as const

export function ShiftsPage() {
  const status = FILTERS.find((one) => one.value === param('status'))?.value ?? 'all', shown = param('shift')
  const shifts = useResource(
    (signal) => client.shifts.list({ status: status === 'all' ? null : status, limit: 100 }, { signal }), [status])
  const opening = useSignal(false)
  const again = () => { void shifts.reload(); void findMyShift() }
  const mineOpen = shifts.data.value?.data.some((one) => !one.closed_at && one.operator.id === me.value?.actor.id)
  return (
    <div class="shifts">
      <header class="page-head">
        <h1>Shifts</h1>
        {can('sell') && !mineOpen &&
          <Button kind="primary" icon="plus" onClick={() => { opening.value = true }}>Open a shift</Button>}
      </header>
      <Segmented label="Which shifts" options={FILTERS} value={status}
        onValue={(value) => setQuery({ status: value === 'all' ? null : value })} />
      <Loaded resource={shifts} skeleton={<SkeletonRows rows={6} />}>
        {(page) => page.data.length
          ? <ShiftTable shifts={page.data} />
          : <EmptyState icon="shift">No {status === 'all' ? '' : `${status} `}shifts yet. A shift counts what one
            person sells at one drawer.</EmptyState>}
      </Loaded>
      {opening.value && <OpenShiftDialog currency={event.value?.currency ?? shifts.data.value?.data[0]?.currency ?? 'USD'}
        onClose={() => { opening.value = false; again() }} />}
      {shown && <ShiftDialog id={shown} key={shown} onClose={() => setQuery({ shift: null })} onChanged={again} />}
    </div>
  )
}

function ShiftTable({ shifts }: { shifts: Shift[] }) {
  return (
    <div class="card scroll" tabIndex={0} role="region" aria-label="Shifts">
      <table class="table">
        <thead><tr><th scope="col">Opened</th><th scope="col" class="opt">Terminal</th><th scope="col">Person</th><th scope="col" class="r opt">Tickets</th><th class="r">Net</th>
          <th class="r opt">Cash expected</th><th class="r">Difference</th><th>State</th></tr></thead>
        <tbody>
          {shifts.map((one) => (
            <tr key={one.id}>
              <td><a href={`/admin/shifts?shift=${one.id}`}>{stamp(one.opened_at, HERE)}</a></td>
              <td class="opt">{one.terminal}</td>
              <td>{one.operator_name ?? 'Unnamed'}</td>
              <td class="r opt">{number(one.totals.tickets_sold - one.totals.tickets_refunded)}</td>
              <td class="r">{money(one.totals.net, one.currency, 'always')}</td>
              <td class="r opt">{money(one.expected_cash, one.currency, 'always')}</td>
              <td class="r">{said(one.difference, one.currency)}</td>
              <td>{one.closed_at ? <Badge>Closed</Badge> : <Badge tone="good">Open</Badge>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** X while it is open (a look changes nothing), Z once it is closed. */
export function ShiftDialog({ id, onClose, onChanged }: { id: string; onClose: () => void; onChanged: () => void }) {
  const shift = useResource((signal) => client.shifts.get(id, { signal }), [id])
  const closing = useSignal(false)
  const found = shift.data.value
  if (closing.value && found) {
    return <CloseShiftDialog shift={found} onClose={() => { closing.value = false }}
      onClosed={() => { closing.value = false; void shift.reload(); onChanged() }} />
  }
  const mayClose = found && !found.closed_at && (found.operator.id === me.value?.actor.id || can('adjust'))
  return (
    <Dialog title={found?.closed_at ? 'Z report' : 'X report'} onClose={onClose}>
      <Loaded resource={shift} skeleton={<SkeletonRows rows={6} />}>{(data) => <ShiftReport shift={data} />}</Loaded>
      <footer class="row end">
        <Button icon="print" onClick={() => print()} disabled={!found}>Print</Button>
        {mayClose && <Button kind="primary" onClick={() => { closing.value = true }}>Close shift…</Button>}
      </footer>
    </Dialog>
  )
}

function ShiftReport({ shift }: { shift: Shift }) {
  const cents = (minor: number) => money(minor, shift.currency, 'always')
  return (
    <div class="shift-report">
      <p class="sub">{shift.terminal} · {shift.operator_name ?? 'Unnamed'}<br />
        Opened {stamp(shift.opened_at, HERE)}{shift.closed_at && <>, closed {stamp(shift.closed_at, HERE)}</>}</p>
      <table class="table">
        <thead><tr><th>Tender</th><th class="r">Tickets</th><th class="r">Gross</th><th class="r">Refunds</th><th class="r">Net</th></tr></thead>
        <tbody>
          {shift.totals.by_tender.map((row) => (
            <tr key={row.tender}><th scope="row">{tenderName(row.tender)}</th>
              <td class="r">{number(row.tickets_sold - row.tickets_refunded)}</td>
              <td class="r">{cents(row.gross)}</td><td class="r">{cents(row.refunds)}</td><td class="r">{cents(row.net)}</td></tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{plural(shift.totals.sales, 'sale')}</th>
          <td class="r">{number(shift.totals.tickets_sold - shift.totals.tickets_refunded)}</td>
          <td class="r">{cents(shift.totals.gross)}</td><td class="r">{cents(shift.totals.refunds)}</td>
          <td class="r">{cents(shift.totals.net)}</td></tr></tfoot>
      </table>
      <dl class="drawer">
        <div><dt>Opening cash</dt><dd>{cents(shift.opening_cash)}</dd></div>
        <div><dt>Expected in the drawer</dt><dd>{cents(shift.expected_cash)}</dd></div>
        {shift.counted_cash !== null && <div><dt>Counted</dt><dd>{cents(shift.counted_cash)}</dd></div>}
        {shift.counted_cash !== null && <div><dt>Difference</dt>
          <dd class={shift.difference ? 'off' : ''}>{said(shift.difference, shift.currency)}</dd></div>}
      </dl>
      {shift.note && <p>{shift.note}</p>}
    </div>
  )
}
