/** How full is the house, over all channels, and what was sold elsewhere just now? */
import { useEffect, useRef } from 'preact/hooks'
import { countsOf, liveState } from '../../app/live.ts'
import type { Channel, TicketType } from '../../app/model.ts'
import { Bar } from '../../parts/bar.tsx'
import { number, plural } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { keysOn, turnKeys } from './keys.ts'
import { news, type News } from './news.ts'

const WHERE: Record<Channel, string> = {
  online: 'sold online', box_office: 'sold at the box office', partner: 'sold by a partner', comp: 'given for free',
}

/** "8 seconds", by this screen's clock. */
function long(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000)), minutes = Math.floor(seconds / 60)
  if (minutes >= 60) return 'over an hour'
  return minutes ? plural(minutes, 'minute') : plural(seconds, 'second')
}

/** How long the counts have not been live; 0 while they are. */
function useStale(now: number): number {
  const since = useRef(0), isLost = liveState.value === 'reconnecting'
  useEffect(() => { since.current = isLost ? Date.now() : 0 }, [isLost])
  return isLost && since.current ? now - since.current : 0
}

function said({ action, channel }: News): string {
  if (action === 'increase') return 'added'
  if (action === 'refund') return 'refunded'
  return channel ? WHERE[channel] : 'sold'
}

export function House({ types, now }: { types: TicketType[]; now: number }) {
  const sum = { total: 0, sold: 0, reserved: 0, available: 0 }
  for (const type of types) {
    const state = countsOf(type)
    for (const name of ['total', 'sold', 'reserved', 'available'] as const) sum[name] += state[name]
  }
  const latest = news.value, stale = useStale(now)
  const what = latest?.lines.flatMap(({ type, quantity }) => {
    const name = types.find((one) => one.id === type)?.name
    return name ? [`${number(quantity)} ${name}`] : []
  }).join(', ')
  return (
    <section class="house" aria-label="Live inventory, all channels">
      <dl>
        <div><dt>Sold</dt><dd>{number(sum.sold)}</dd></div>
        <div><dt>Reserved</dt><dd>{number(sum.reserved)}</dd></div>
        <div><dt>Left</dt><dd>{number(sum.available)}</dd></div>
      </dl>
      <Bar counts={sum} label="All ticket types" />
      <div class="house-foot">
        {stale > 2000
          ? <p class="attention"><Icon name="alert" size={16} /><span class="told">Not live for {long(stale)}. Counts may have changed; sales go on.</span></p>
          : <p>{latest && what
            ? <><Icon name={latest.action === 'sale' ? 'check' : latest.action === 'refund' ? 'refund' : 'up'} size={16} />
              <span class="told"><b>{what}</b> {said(latest)} {long(now - latest.at)} ago</span></>
            : <span>Nothing has been sold since you opened this page.</span>}</p>}
        <p class="hints">
          {keysOn.value && <span><kbd>1</kbd>–<kbd>9</kbd> add <kbd>⌫</kbd> remove <kbd>C</kbd> cash <kbd>K</kbd> card <kbd>Esc</kbd> clear</span>}
          <button type="button" aria-pressed={keysOn.value} onClick={turnKeys}>{keysOn.value ? 'Turn keys off' : 'Turn keys on'}</button>
        </p>
      </div>
    </section>
  )
}
