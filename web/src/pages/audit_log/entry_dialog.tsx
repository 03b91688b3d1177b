/** One audit entry, whole. */
import type { AuditEntry } from '../../app/model.ts'
import { Link } from '../../app/router.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { number } from '../../parts/format.ts'
import { DateTime } from '../../parts/zoned.tsx'
import { entryVerb } from './entry_words.ts'
import type { Names } from './names.ts'

export function EntryDialog({ entry, names, onClose }: { entry: AuditEntry; names: Names; onClose: () => void }) {
  const zone = names.zone(entry.event_id)
  const facts: [string, preact.ComponentChildren][] = [
    ['Written', <DateTime at={entry.created_at} zone={zone} />],
    ['Took effect', entry.effective_at && <DateTime at={entry.effective_at} zone={zone} />],
    ['Event', names.event(entry.event_id)],
    ['Ticket type', names.type(entry.ticket_type_id)],
    ['By', names.actor(entry.actor)],
    ['For the person', entry.user_id],
    ['Reason', entry.reason],
    ['Order', entry.order_id && (
      <Link to={`/admin/events/${entry.event_id}/audit-log?order_id=${encodeURIComponent(entry.order_id)}`} onClick={onClose}>
        {entry.order_id}
      </Link>
    )],
    ['Reservation', entry.reservation_id && (
      <Link to={`/admin/events/${entry.event_id}/audit-log?reservation_id=${entry.reservation_id}`} onClick={onClose}>
        {entry.reservation_id}
      </Link>
    )],
    ['Channel', entry.channel],
    ['Tender', entry.tender],
    ['Shift', entry.shift_id && <Link to={`/admin/shifts?shift=${entry.shift_id}`} onClick={onClose}>{entry.shift_id}</Link>],
    ['Refunded tickets', entry.disposition && (entry.disposition === 'void' ? 'taken out of the total' : 'back on sale')],
    ['Number in the log', number(entry.seq)],
    ['Id', entry.id],
    ['Chain hash', <code class="hash">{entry.chain_hash}</code>],
  ]
  const counts = [
    ['Total', entry.previous_total, entry.new_total],
    ['Sold', entry.previous_sold, entry.new_sold],
    ['Reserved', entry.previous_reserved, entry.new_reserved],
    ['Available', entry.previous_total - entry.previous_sold - entry.previous_reserved,
      entry.new_total - entry.new_sold - entry.new_reserved],
  ] as const
  return (
    <Dialog title={`${number(entry.quantity)} ${entryVerb(entry)}`} onClose={onClose} wide>
      <table class="table">
        <thead><tr><th scope="col">Count</th><th scope="col" class="r">Before</th><th scope="col" class="r">After</th></tr></thead>
        <tbody>
          {counts.map(([name, before, after]) => (
            <tr key={name}>
              <th scope="row">{name}</th><td class="r">{number(before)}</td>
              <td class="r">{before === after ? number(after) : <b>{number(after)}</b>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="facts">
        {facts.filter(([, value]) => value).map(([name, value]) => (
          <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
        ))}
      </dl>
    </Dialog>
  )
}
