/** Created initially, total now, less sold, less reserved: available. */
import type { ComponentChildren } from 'preact'
import type { Counts } from '../../app/model.ts'
import { Bar } from '../../parts/bar.tsx'
import { number, percent } from '../../parts/format.ts'

const Operator = ({ sign }: { sign: string }) => <div class="op" aria-hidden="true"><dt class="vh" /><dd>{sign}</dd></div>

function Figure({ label, swatch, value, note, wide = false }: {
  label: string; swatch?: string; value: number; note?: ComponentChildren; wide?: boolean
}) {
  return (
    <div class={wide ? 'sumup' : ''}>
      <dt>{swatch && <i class={`swatch ${swatch}`} />}{label}</dt>
      <dd>{number(value)}{note}</dd>
    </div>
  )
}

function change(counts: Counts): ComponentChildren {
  const added = counts.total - counts.initial
  if (added === 0) return null
  return added > 0 ? <small class="up">+{number(added)} added</small> : <small>{number(-added)} removed</small>
}

export function Headline({ counts, label = 'All ticket types' }: { counts: Counts; label?: string }) {
  return (
    <section class="card headline" aria-label="Inventory">
      <dl>
        <Figure label="Created initially" value={counts.initial} />
        <Figure label="Total now" value={counts.total} note={change(counts)} />
        <Operator sign="−" />
        <Figure label="Sold" swatch="sold" value={counts.sold} note={<small>{percent(counts.sold, counts.total)}</small>} />
        <Operator sign="−" />
        <Figure label="Reserved" swatch="reserved" value={counts.reserved} note={<small>in checkout</small>} />
        <Operator sign="=" />
        <Figure label="Available" swatch="free" value={counts.available} wide />
      </dl>
      <Bar counts={counts} label={label} tall />
    </section>
  )
}
